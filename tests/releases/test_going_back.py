"""A release, a broken one, and back: nobody who calls notices, except where only one version may run at a time."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.practice.apps import RUN
from tests.releases.deployed_api import BROKEN, LOADED_FIRST, SILENT, DeployedApi, deployed_api
from tests.steps.conftest import StartSetup
from tests.steps.deployed import app, ask, make
from wizard.engine.holding.since_review import ChangedSinceReview
from wizard.engine.recovery import resume
from wizard.engine.session import CommandError
from wizard.releases.going import choose_release, go, prepare_rollback
from wizard.setup.loading import load
from wizard.steps.registry_of_steps import contributions

SECOND = RUN.replace('status="ok"', 'status="second"')


async def health(api: DeployedApi) -> str:
    _status, body = await ask(api.setup, "/health")
    return str(body["status"])


async def test_every_deployment_that_runs_is_a_release_and_one_goes_back_and_on_again(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await deployed_api(start_setup, tmp_path)
    [first] = (await api.history()).releases
    assert (first.number, first.who) == (1, api.setup.cloud.principal.name)
    async with api.called_all_the_time() as failed:
        await api.change_code("2.0", SECOND)
        assert (await api.deploy()).extra == {"release": 2}
        assert (await health(api), await api.running()) == ("second", 2)
        assert (await api.roll_back()).outcome == "succeeded"
        assert (await health(api), await api.running()) == ("ok", 1)
        assert (await api.history()).is_rolled_back
        assert load(api.file).revision.release == 1
        assert await api.changes() == {}, "a rollback is no drift, and the code that differs is not built"
        assert (await api.deploy()).outcome == "succeeded"
    assert failed == []
    assert await health(api) == "second"
    assert "release" not in api.file.read_text()
    assert [release.number for release in (await api.history()).releases] == [1, 2, 3]


async def test_a_broken_version_leaves_the_one_before_serving(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await deployed_api(start_setup, tmp_path)
    await api.change_code("2.0", BROKEN, dockerfile=LOADED_FIRST)
    async with api.called_all_the_time() as failed:
        assert (await api.deploy()).outcome == "failed"
        assert "The version before goes on serving." in _last_failure(api)
        assert await api.running() == 1
        assert (await api.roll_back()).outcome == "succeeded", "the one that serves is the one to go back to"
    assert failed == []
    assert [release.number for release in (await api.history()).releases] == [1], "what did not run is no release"
    assert await api.changes() == {}


async def test_a_version_that_listens_and_never_answers_gives_way_to_the_one_before(
    start_setup: StartSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wizard.steps.app.revision_status.ANSWER_PATIENCE", 1.0)
    api = await deployed_api(start_setup, tmp_path)
    await api.change_code("2.0", SILENT)
    assert (await api.deploy()).outcome == "failed"
    assert "The version before was put back, and serves again." in _last_failure(api)
    assert (await health(api), await api.running()) == ("ok", 1)


async def test_where_two_must_not_run_at_once_the_version_before_is_put_back(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await deployed_api(start_setup, tmp_path, nobrl=True)
    await api.change_code("2.0", BROKEN)
    async with api.called_all_the_time() as failed:
        assert (await api.deploy()).outcome == "failed"
    assert failed, "two versions would have written to one database"
    assert "The version before was put back, and serves again; your API was away for" in _last_failure(api)
    assert (await health(api), await api.running()) == ("ok", 1)
    active = [r.name for r in await _revisions(api) if r.properties.active]
    assert active == [(await app(api.setup))["properties"]["latestReadyRevisionName"]]
    assert "app.revision" in await api.changes(), "the broken code is still what the setup asks for"


@pytest.mark.parametrize("nobrl", [False, True], ids=["two at once", "one at a time"])
async def test_another_computer_goes_back_after_a_version_that_broke(start_setup: StartSetup, tmp_path: Path, nobrl: bool) -> None:
    api = await deployed_api(start_setup, tmp_path, nobrl=nobrl)
    await api.change_code("2.0", SECOND)
    await api.deploy()
    await api.change_code("3.0", BROKEN, dockerfile=LOADED_FIRST)
    assert (await api.deploy()).outcome == "failed"
    elsewhere = tmp_path / "elsewhere" / "azwizard.toml"
    elsewhere.parent.mkdir()
    await resume(api.setup.cloud, "rg-orders-dev", elsewhere, contributions())
    api.file = elsewhere
    shutil.rmtree(api.setup.folder)
    assert [share.nobrl for share in load(elsewhere).storage.shares] == [nobrl] * len(load(elsewhere).storage.shares)
    assert [release.number for release in (await api.history()).releases] == [1, 2]
    assert (await health(api), await api.running()) == ("second", 2)
    async with api.called_all_the_time() as failed:
        assert (await api.roll_back(1)).outcome == "succeeded"
    assert nobrl or failed == []
    assert (await health(api), await api.running(), await api.changes()) == ("ok", 1, {})


async def test_what_a_colleague_changes_after_the_review_stops_a_rollback_and_is_shown(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await deployed_api(start_setup, tmp_path)
    await api.change_code("2.0", SECOND)
    assert (await api.deploy()).outcome == "succeeded"
    asked = api.session()
    asked = replace(asked, options=replace(asked.options, yes=False))  # a person reads the plan, and confirms it
    prepared = await prepare_rollback(asked)
    assert (await api.roll_back()).outcome == "succeeded", "a colleague was quicker"
    choose_release(api.file, 0)  # which the setup file of this computer does not know
    before = api.file.read_text()
    with asked.journal() as journal, journal.lock(), pytest.raises(ChangedSinceReview):
        await go(asked, prepared, journal, api.told.event)
    assert api.file.read_text() == before
    assert [release.number for release in (await api.history()).releases] == [1, 2]


async def test_what_cannot_be_gone_back_to_is_said_before_anything_is_made(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await deployed_api(start_setup, tmp_path)
    with pytest.raises(CommandError, match="no release before the one that runs"):
        await api.roll_back()
    with pytest.raises(CommandError, match=r"There is no release 7\. There are: 1"):
        await api.roll_back(7)
    api.setup.tables["app"] = {**api.setup.tables["app"], "cpu": 0.5}
    await api.change_code("2.0", SECOND)
    with pytest.raises(CommandError, match=r"processor cores: 0\.25 → 0\.5"):
        await api.deploy()
    assert await api.running() == 1


async def test_two_releases_differ_by_image_and_settings(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await deployed_api(start_setup, tmp_path)
    api.setup.tables["variables"] = [
        {**line, "value": "debug"} if line["name"] == "LOG_LEVEL" else line for line in api.setup.tables["variables"]
    ]
    await api.change_code("2.0", SECOND)
    assert (await make(api.setup)).outcome == "succeeded"
    history = await api.history()
    differences = [(change.what, change.after) for change in history.between(*history.releases) if not change.what.startswith("image")]
    assert differences == [("variable LOG_LEVEL", "debug")]
    assert history.event(history.releases[1]).changes[1:] == ("variable LOG_LEVEL: info → debug",)


def _last_failure(api: DeployedApi) -> str:
    return next(event.detail for event in reversed(api.told.events) if getattr(event, "state", "") == "failed")


async def _revisions(api: DeployedApi) -> list:
    place = ("rg-orders-dev", "capp-orders-dev")
    return [revision async for revision in api.setup.cloud.apps.container_apps_revisions.list_revisions(*place)]
