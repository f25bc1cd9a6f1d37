"""One look says how an API stands: whether it answers, which release runs since when, and whether it is rolled back."""

import asyncio
import dataclasses
from pathlib import Path

from tests.practice.apps import RUN
from tests.releases.deployed_api import BROKEN, LOADED_FIRST, DeployedApi, deployed_api
from tests.steps.conftest import StartSetup
from tests.steps.deployed import TABLES
from wizard.engine.events import StandingEvent
from wizard.engine.reporting.event_lines import standing_lines
from wizard.releases.brief import lightly, wholly
from wizard.releases.standing import read_standing
from wizard.state.snapshot import Snapshot


async def standing(api: DeployedApi) -> StandingEvent:
    read = await read_standing(Snapshot(api.setup.cloud, api.session().answers, api.setup.secret))
    assert read is not None
    return read[0]


async def test_it_says_what_runs_and_what_did_not_come_to_run(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await deployed_api(start_setup, tmp_path)
    first = await standing(api)
    assert (first.state, first.health, first.release, first.replicas, first.rolled_back) == ("running", 200, 1, 1, False)
    await api.change_code("2.0", RUN + "\n")
    await api.deploy()
    await api.roll_back()
    assert "Rolled back" in standing_lines(await standing(api))[1]
    await api.change_code("3.0", BROKEN, dockerfile=LOADED_FIRST)
    assert (await api.deploy()).outcome == "failed"
    broken = await standing(api)
    light, cloud = await asyncio.to_thread(lightly, api.session().answers, practice=True)
    assert light is not None and dataclasses.replace(light, replicas=broken.replicas, code_changed=broken.code_changed) == broken
    assert cloud.requests == 3, "sign-in, the app, and the version that serves because a newer one did not come to run"
    assert await wholly(api.setup.cloud, api.session().answers) == light
    assert (broken.state, broken.release, broken.newest_serves) == ("running", 1, False)


async def test_what_is_not_deployed_is_said_by_the_brief_too(start_setup: StartSetup) -> None:
    setup = await start_setup(**TABLES)
    assert (await asyncio.to_thread(lightly, setup.answers, practice=True))[0] is None
    assert await wholly(setup.cloud, setup.answers) is None
