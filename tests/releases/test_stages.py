"""One setup file, two stages: what runs in the one is promoted to the other as it is, and what differs is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.practice.apps import RUN
from tests.releases.deployed_api import DeployedApi, deployed_api
from tests.steps.conftest import StartSetup
from wizard.commands.operating.stages import diff_stages, promote_stage
from wizard.engine.events import DifferenceEvent, PlanEvent, ResultEvent
from wizard.engine.session import CommandError, CommandOptions, Session, read_answers, read_secrets, signed_in
from wizard.practice.registry import images
from wizard.setup.loading import load, write
from wizard.steps.registry_of_steps import contributions

APP = "/resourceGroups/rg-orders-prod/providers/Microsoft.App/containerApps/capp-orders-prod"
STAGES = {"prod": {"app": {"min_replicas": 0, "max_replicas": 2}, "variables": [{"name": "LOG_LEVEL", "value": "warning"}]}}
SIMPLE = {"storage": {"shares": []}, "variables": [{"name": "LOG_LEVEL", "value": "info"}], "key_vault": {"secrets": []}}


async def two_stages(start_setup: StartSetup, tmp_path: Path) -> DeployedApi:
    """An API that runs in dev; prod is only written down."""
    api = await deployed_api(start_setup, tmp_path, **SIMPLE)
    api.setup.tables["stages"] = STAGES
    write(api.file, api.setup.tables)
    return api


def stage_session(api: DeployedApi, stage: str) -> Session:
    """A command's hold on a stage."""
    options = CommandOptions(setup=api.file, yes=True, practice=True, stage=stage)
    answers = read_answers(options)
    api.told.events.clear()
    return Session(options, api.told, signed_in(answers, api.setup.cloud), read_secrets(options, answers), api.setup.cloud, contributions)


def differences(api: DeployedApi) -> dict[str, tuple[str, str]]:
    return {event.what: (event.before, event.after) for event in api.told.events if isinstance(event, DifferenceEvent)}


async def image_of(api: DeployedApi, path: str) -> str:
    """The digest that an app runs."""
    app = (await api.setup.practice.call("GET", path)).body
    return str(app["properties"]["template"]["containers"][0]["image"]).partition("@")[2]


async def test_the_same_image_is_promoted_and_nothing_is_built(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await two_stages(start_setup, tmp_path)
    assert await promote_stage(stage_session(api, "prod"), "dev") == 0, api.told.events[-5:]
    image_line = next(event for event in api.told.events if isinstance(event, PlanEvent) and event.step == "pipeline.image")
    assert (str(image_line.action), image_line.detail) == ("create", "copied from crordersdev")
    assert differences(api)["variable LOG_LEVEL"] == ("info", "warning")
    (copied,) = images.of(api.setup.practice.cloud, "crordersprod.azurecr.io", "orders-api")
    dev = APP.replace("prod", "dev")
    assert await image_of(api, APP) == copied["digest"] == await image_of(api, dev)
    assert load(api.file, "prod").pipeline.tag == copied["digest"]
    assert load(api.file).pipeline.tag == "1.0", "the top of the file builds its own code as before"
    assert (await stage_session(api, "prod").plan()).to_make == []
    assert (await stage_session(api, "dev").plan()).to_make == []


async def test_what_differs_is_told_until_it_is_promoted_again(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await two_stages(start_setup, tmp_path)
    await diff_stages(stage_session(api, "prod"), "dev")
    assert differences(api)["what runs"][1] == "nothing deployed"
    assert await promote_stage(stage_session(api, "prod"), "dev") == 0
    await diff_stages(stage_session(api, "prod"), "dev")
    told = differences(api)
    assert (told["Most copies at once"], "what runs" in told, "Name of your app" in told) == (("1", "2"), False, False)

    await api.change_code("2.0", RUN.replace("ok", "second"))
    assert (await api.deploy()).outcome == "succeeded"
    await diff_stages(stage_session(api, "prod"), "dev")
    before, after = differences(api)["what runs"]
    assert before.startswith("release 2") and after.startswith("release 1")
    assert await promote_stage(stage_session(api, "prod"), "dev") == 0
    result = api.told.events[-1]
    assert isinstance(result, ResultEvent) and "release 2 of dev" in result.sentence
    assert await image_of(api, APP) == await image_of(api, APP.replace("prod", "dev"))


@pytest.mark.parametrize(("target", "source", "told"), [("dev", "prod", "promote to a stage under"), ("prod", "prod", "name two")])
async def test_what_cannot_be_promoted_is_said(start_setup: StartSetup, tmp_path: Path, target: str, source: str, told: str) -> None:
    setup = await start_setup(**SIMPLE, stages=STAGES)
    api = DeployedApi(setup, tmp_path)
    write(api.file, setup.tables)
    with pytest.raises(CommandError, match=told):
        await promote_stage(stage_session(api, target), source)


async def test_nothing_is_promoted_from_where_nothing_runs(start_setup: StartSetup, tmp_path: Path) -> None:
    setup = await start_setup(**SIMPLE, stages=STAGES)
    api = DeployedApi(setup, tmp_path)
    write(api.file, setup.tables)
    with pytest.raises(CommandError, match="Nothing that was noted as a release runs in dev"):
        await promote_stage(stage_session(api, "prod"), "dev")
    assert "[stages.prod.pipeline]" not in api.file.read_text()
