"""What a run does not wait for, and what it asks only once: counted, never timed."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from azure.core.exceptions import HttpResponseError

from tests.steps.conftest import Setup, StartSetup, start_setup
from wizard.cloud.transport.pauses import LONGEST, next_pause
from wizard.engine.events import StepState
from wizard.engine.plan import Action, PlannedStep
from wizard.engine.run import Run
from wizard.engine.step import Observation, Outputs, Status, Step, StepContext
from wizard.state.snapshot import Snapshot
from wizard.steps import environment, key_vault, project, storage

__all__ = ["start_setup"]
SHARES = [{"designation": f"s{number}", "mount": f"/data/{number}"} for number in range(4)]


class Fake(Step):
    """A step whose making is given."""

    section = "project"

    def __init__(self, key: str, needs: tuple[str, ...] = (), early: tuple[str, ...] = (), make: Any = None) -> None:
        self.id = self.title = key
        self.needs, self.early, self._make = needs, early, make

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        raise NotImplementedError

    async def make(self, making: StepContext) -> None:
        if self._make is not None:
            await self._make(making)


async def carried_out(setup: Setup, *steps: Step) -> list[tuple[str, StepState]]:
    """Make these steps; what was told of them."""
    planned = [PlannedStep(step, Action.CREATE, Observation(Status.MISSING)) for step in steps]
    plan = replace(await setup.plan(project.CONTRIBUTION), steps=planned)
    records: list[Any] = []
    await Run(plan, setup.cloud, setup.journal, setup.secret, records.append).make()
    return [(event.step, event.state) for event in records]


async def test_what_needs_only_a_name_begins_when_the_name_is_told(start_setup: StartSetup) -> None:
    begun = asyncio.Event()

    async def tell_and_go_on(making: StepContext) -> None:
        making.told()
        await asyncio.wait_for(begun.wait(), 5)  # ends only when the other has been made meanwhile

    async def note(_making: StepContext) -> None:
        begun.set()

    outcome = await carried_out(
        await start_setup(), Fake("app", make=tell_and_go_on), Fake("role", ("app",), ("app",), note), Fake("revision", ("app", "role"))
    )
    assert outcome.index(("role", StepState.DONE)) < outcome.index(("app", StepState.DONE)) < outcome.index(("revision", StepState.RUNNING))


async def test_what_needs_only_a_name_is_not_begun_when_it_is_never_told(start_setup: StartSetup) -> None:
    async def refused(_making: StepContext) -> None:
        raise HttpResponseError("no")

    outcome = await carried_out(await start_setup(), Fake("app", make=refused), Fake("role", ("app",), ("app",)))
    assert outcome[-1] == ("role", StepState.SKIPPED)


async def test_nothing_waits_for_a_service_to_be_switched_on_everywhere(start_setup: StartSetup) -> None:
    setup = await start_setup(registered=False, speed="real")
    result = await setup.apply(project.CONTRIBUTION)
    assert result.outcome == "succeeded"
    state = (await setup.practice.call("GET", f"{setup.practice.scope}/providers/Microsoft.App", version="2021-04-01")).body
    assert state["registrationState"] == "Registering"
    assert set((await setup.actions(project.CONTRIBUTION)).values()) == {"keep"}


async def test_what_azure_refuses_because_a_service_is_not_there_yet_is_begun_again(start_setup: StartSetup) -> None:
    tries: list[int] = []
    refusal = HttpResponseError("not yet")
    refusal.error = type("Error", (), {"code": "MissingSubscriptionRegistration", "message": "not yet"})()

    async def refused_twice(_making: StepContext) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise refusal

    outcome = await carried_out(await start_setup(), Fake("provider.X"), Fake("thing", ("provider.X",), make=refused_twice))
    assert len(tries) == 3 and outcome[-1] == ("thing", StepState.DONE)


async def test_the_same_refusal_is_told_where_this_run_switched_nothing_on(start_setup: StartSetup) -> None:
    refusal = HttpResponseError("off")
    refusal.error = type("Error", (), {"code": "MissingSubscriptionRegistration", "message": "off"})()

    async def refused(_making: StepContext) -> None:
        raise refusal

    outcome = await carried_out(await start_setup(), Fake("thing", make=refused))
    assert outcome[-1] == ("thing", StepState.FAILED)


async def test_a_further_share_or_secret_takes_one_request_for_each_thing_that_is_made(start_setup: StartSetup, tmp_path: Path) -> None:
    names = [f"secret-{number}" for number in range(4)]
    har = tmp_path / "traffic.har"
    setup = await start_setup(key_vault={"secrets": names}, storage={"shares": SHARES}, har=har)
    setup.given = dict.fromkeys(names, "canary-1")
    plan = await setup.plan(project.CONTRIBUTION, key_vault.CONTRIBUTION, storage.CONTRIBUTION, environment.CONTRIBUTION)
    planned = len(sent(har))
    assert (await setup.make(plan)).outcome == "succeeded"
    created = sent(har)[planned:]
    assert sum("/listKeys" in one for one in created) == 1
    assert sum("/shares/" in one for one in created) == sum("/storages/" in one for one in created) == len(SHARES)
    assert sum("/secrets/" in one for one in created) == len(names)


async def test_what_the_plan_has_just_found_missing_is_not_asked_for_again(start_setup: StartSetup, tmp_path: Path) -> None:
    har = tmp_path / "traffic.har"
    setup = await start_setup(storage={"shares": SHARES[:1]}, har=har)
    plan = await setup.plan(project.CONTRIBUTION, storage.CONTRIBUTION, environment.CONTRIBUTION)
    planned = len(sent(har))
    assert (await setup.make(plan)).outcome == "succeeded"
    assert before_they_are_put(sent(har)[planned:]) == []


async def test_what_a_plan_found_missing_some_time_ago_is_looked_for_before_it_is_made(start_setup: StartSetup, tmp_path: Path) -> None:
    har = tmp_path / "traffic.har"
    setup = await start_setup(storage={"shares": SHARES[:1]}, har=har)
    plan = replace(await setup.plan(project.CONTRIBUTION, storage.CONTRIBUTION, environment.CONTRIBUTION), read_at=0.0)
    planned = len(sent(har))
    assert (await setup.make(plan)).outcome == "succeeded"
    assert before_they_are_put(sent(har)[planned:]) == ["managedEnvironments", "storageAccounts"]


async def test_what_an_earlier_run_told_azure_to_make_is_looked_for_before_it_is_made(start_setup: StartSetup, tmp_path: Path) -> None:
    har = tmp_path / "traffic.har"
    setup = await start_setup(har=har)
    setup.journal.intend("environment.environment", "make")
    plan = await setup.plan(project.CONTRIBUTION, environment.CONTRIBUTION)
    planned = len(sent(har))
    assert (await setup.make(plan)).outcome == "succeeded"
    assert before_they_are_put(sent(har)[planned:]) == ["managedEnvironments"]


def before_they_are_put(requests: list[str]) -> list[str]:
    """The kinds of things that were read before they were made."""
    kinds = ("managedEnvironments", "storageAccounts")
    first = {
        kind: next(one for one in requests if f"/{kind}/" in one.partition("?")[0]) for kind in kinds if any(kind in r for r in requests)
    }
    return sorted(kind for kind, request in first.items() if request.startswith("GET"))


def sent(har: Path) -> list[str]:
    """The requests so far, as ``PUT https://...``."""
    lines = har.with_name("traffic.har.part").read_text().splitlines()
    return [f"{entry['request']['method']} {entry['request']['url']}" for entry in map(json.loads, lines)]


def test_what_has_taken_long_is_asked_after_more_rarely_and_never_late() -> None:
    waited, questions = 0.0, 0
    while waited < 120:
        waited, questions = waited + next_pause(waited, 0.2), questions + 1
    assert questions < 100
    assert next_pause(10_000, 0.2) == LONGEST <= 5.0
    assert next_pause(0, 3.0) == 3.0
