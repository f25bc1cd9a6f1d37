"""A command runs once as a job before each new version: its failure keeps the old one, and a rollback does without it."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

from tests.practice.apps import RUN
from tests.releases.deployed_api import DeployedApi, deployed_api
from tests.steps.conftest import Setup, StartSetup
from tests.steps.deployed import GROUP, app, ask, changes
from tests.support.waiting import eventually
from wizard.engine.destroy import destroy, with_cleanup
from wizard.engine.events import StepEvent, StepState
from wizard.steps import container_app
from wizard.steps.registry_of_steps import contributions

JOB = f"{GROUP}/providers/Microsoft.App/jobs/caj-orders-dev"
STEP = "app.before_deploy"
NAMED = {"port": 5000, "health_path": "/health", "identity": "user", "before_deploy": "python run.py && echo migrated"}
MIGRATES = """
if __name__ == "__main__":
    with open(os.path.dirname(DATABASE) + "/migrated", "a") as file:
        file.write("once")
"""
FAILS = """
if __name__ == "__main__":
    print("no column total, key", os.environ["API_KEY"], flush=True)
    raise SystemExit(3)
"""
WAITS = """
if __name__ == "__main__":
    import time
    rows("INSERT INTO orders VALUES ('waited')")
    while not os.path.exists(os.path.dirname(DATABASE) + "/go-on"):
        time.sleep(0.05)
"""


async def runs(setup: Setup) -> list[str]:
    """The states of the job's executions, the newest first."""
    called = await setup.practice.call("GET", f"{JOB}/executions")
    return [execution["properties"]["status"] for execution in called.body["value"]]


async def orders(api: DeployedApi) -> Any:
    """What the database on the share holds, as the API that serves says it."""
    return (await ask(api.setup, "/orders"))[1]


def share_of(folder: Path) -> Path:
    """Where the files of the one share lie."""
    (share,) = (folder / "practice/shares").glob("*/*")
    return share


async def serving(api: DeployedApi) -> Any:
    return (await app(api.setup))["properties"]["latestReadyRevisionName"]


async def test_it_prepares_each_version_and_its_failure_keeps_the_old_one(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await deployed_api(start_setup, tmp_path, app={**NAMED, "before_deploy": "echo nothing to do"})
    first = await serving(api)
    assert (await runs(api.setup), await changes(api.setup)) == (["Succeeded"], {})

    api.setup.tables["app"] = NAMED
    await api.change_code("2.0", RUN + FAILS)
    assert "python run.py" in (await api.changes())[STEP]
    async with api.called_all_the_time() as failed:
        result = await make_all(api)
    assert (result.outcome, failed, await serving(api)) == ("failed", [], first)
    told = api.setup.told(STEP)[-1]
    assert "no column total, key ***" in told and "canary" not in told
    assert not any(event.state is StepState.RUNNING for event in steps_of(api, "app.revision")[1:]), "the app was not written"

    await api.change_code("3.0", RUN.replace("ok", "third") + MIGRATES)
    assert (await api.deploy()).outcome == "succeeded", api.told.events[-6:]
    assert (share_of(tmp_path) / "migrated").read_text() == "once"
    assert (await ask(api.setup, "/health"))[1] == {"status": "third"}
    assert (await api.roll_back()).outcome == "succeeded", "back to the first, which was prepared when it was deployed"
    assert await runs(api.setup) == ["Succeeded", "Failed", "Succeeded"]
    assert await api.changes() == {}


async def test_with_one_writer_the_old_version_stands_still_meanwhile_and_a_killed_run_is_followed(
    start_setup: StartSetup, tmp_path: Path
) -> None:
    api = await deployed_api(start_setup, tmp_path, nobrl=True, app=NAMED | {"before_deploy": "python run.py"})
    share = share_of(tmp_path)
    await api.change_code("2.0", RUN.replace("ok", "second") + WAITS)
    killed = asyncio.create_task(make_all(api))
    await eventually(partial(has_run, api, "Running", "Succeeded"))
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    assert (await ask_front(api))[0] >= 404, "nobody else writes while the command does"

    (share / "go-on").touch()
    assert (await make_all(api)).outcome == "succeeded", api.setup.events[-6:]
    assert (await runs(api.setup), await orders(api)) == (["Succeeded", "Succeeded"], ["waited"]), "it ran once"

    await api.change_code("3.0", RUN + FAILS)
    assert (await make_all(api)).outcome == "failed"
    await eventually(partial(answers_again, api))
    assert (await ask(api.setup, "/health"))[1] == {"status": "second"}


async def test_it_comes_back_from_azure_alone_and_goes_with_the_rest(start_setup: StartSetup, tmp_path: Path) -> None:
    api = await deployed_api(start_setup, tmp_path, app=NAMED)
    assert (await api.setup.recovered(container_app.CONTRIBUTION))["before_deploy"] == NAMED["before_deploy"]
    api.setup.tables["app"] = {**NAMED, "before_deploy": ""}
    plan = await with_cleanup(await api.setup.plan(*contributions()), contributions())
    assert any("caj-orders-dev" in note for note in plan.notes)
    result = await destroy(plan, api.setup.cloud, api.setup.journal, api.setup.events.append)
    assert result.outcome == "succeeded", result
    assert "Gone: Job caj-orders-dev" in result.detail
    assert (await api.setup.practice.call("GET", JOB)).status == 404


def steps_of(api: DeployedApi, step: str) -> list[StepEvent]:
    return [event for event in api.setup.events if isinstance(event, StepEvent) and event.step == step]


async def make_all(api: DeployedApi) -> Any:
    """Apply every section."""
    return await api.setup.apply(*contributions())


async def ask_front(api: DeployedApi) -> tuple[int, bytes]:
    """What the address answers, be it Azure's own front."""
    fqdn = (await app(api.setup))["properties"]["configuration"]["ingress"]["fqdn"]
    answer = await api.setup.cloud.call_app(fqdn, "/health")
    return answer.status, answer.body


async def answers_again(api: DeployedApi) -> bool:
    return (await ask_front(api))[0] == 200


async def has_run(api: DeployedApi, *states: str) -> bool:
    """Whether the job's executions are in these states, the newest first."""
    return await runs(api.setup) == list(states)
