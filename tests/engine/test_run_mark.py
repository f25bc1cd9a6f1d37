"""Two computers on one setup: the second is told who holds it and since when; what a kill left counts as over after half an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.steps.conftest import Setup, StartSetup, start_setup
from wizard.engine.carry_out import carry_out
from wizard.engine.holding.run_mark import RunMark
from wizard.engine.journal import Journal, SetupLocked
from wizard.sections.naming import RUN_TAG
from wizard.steps import project, storage

__all__ = ["start_setup"]
SHARE = {"storage": {"shares": [{"designation": "db", "mount": "/app/db"}]}}
BOTH = (project.CONTRIBUTION, storage.CONTRIBUTION)
GROUP = "rg-orders-dev"


async def carried_out(setup: Setup, *, removing: bool = False) -> str:
    plan = await setup.plan(*BOTH)
    return (await carry_out(plan, setup.cloud, setup.journal, setup.secret, setup.events.append, removing=removing)).outcome


async def marks(setup: Setup) -> dict[str, str]:
    """The marks in Azure, by the name of what they stand on."""
    groups = [group async for group in setup.cloud.resources.resource_groups.list()]
    resources = [resource async for resource in setup.cloud.resources.resources.list_by_resource_group(GROUP)]
    return {str(one.name): one.tags[RUN_TAG] for one in [*groups, *resources] if RUN_TAG in (one.tags or {})}


async def mark_group(setup: Setup, mark: RunMark | str) -> None:
    group = await setup.cloud.resources.resource_groups.get(GROUP)
    await setup.cloud.resources.resource_groups.update(GROUP, {"tags": {**(group.tags or {}), RUN_TAG: str(mark)}})


def held(minutes: float, run: str = "0123456789ab") -> RunMark:
    return RunMark("laptop-of-ana", datetime.now(UTC) - timedelta(minutes=minutes), run)


async def test_the_mark_stands_on_the_group_while_a_run_goes_on_and_not_afterwards(start_setup: StartSetup) -> None:
    setup = await start_setup(**SHARE)
    seen: list[dict[str, str]] = []
    make = storage.ShareStep.make

    async def watched(step: storage.ShareStep, making: object) -> None:
        seen.append(await marks(setup))
        await make(step, making)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage.ShareStep, "make", watched)
        assert await carried_out(setup) == "succeeded", setup.events
    assert [list(each) for each in seen] == [[GROUP]]
    mark = RunMark.parse(seen[0][GROUP])
    assert mark is not None
    assert datetime.now(UTC) - mark.since < timedelta(minutes=2)
    assert await marks(setup) == {}


async def test_who_comes_second_is_told_where_and_since_when_and_makes_nothing(start_setup: StartSetup) -> None:
    setup = await start_setup(**SHARE)
    assert await carried_out(setup) == "succeeded", setup.events
    mark = held(minutes=3)
    await mark_group(setup, mark)
    with pytest.raises(SetupLocked) as refused:
        await carried_out(setup, removing=True)
    assert "laptop-of-ana" in str(refused.value)
    assert f"{mark.since:%Y-%m-%d %H:%M:%S}" in str(refused.value)
    assert await marks(setup) == {GROUP: str(mark)}
    assert await carried_out(setup) == "unchanged"  # who makes nothing disturbs nobody


@pytest.mark.parametrize("left", [held(minutes=31), "something a person wrote"], ids=["half an hour old", "no mark of ours"])
async def test_what_no_run_holds_is_taken_over(start_setup: StartSetup, left: RunMark | str) -> None:
    setup = await start_setup(**SHARE)
    assert await carried_out(setup) == "succeeded", setup.events
    await mark_group(setup, left)
    assert await carried_out(setup, removing=True) == "succeeded", setup.events


async def test_a_run_goes_on_after_a_kill_on_the_same_computer(start_setup: StartSetup, tmp_path: Path) -> None:
    setup = await start_setup(**SHARE)
    assert await carried_out(setup) == "succeeded", setup.events
    await mark_group(setup, held(minutes=1))
    setup.journal.remember("run-mark", "id", "0123456789ab")  # as the killed run left it
    assert await carried_out(setup) == "unchanged", setup.events
    assert await marks(setup) == {}


async def test_on_one_computer_the_refusal_says_since_when(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal.db", "orders-dev") as one, one.lock(), Journal(tmp_path / "journal.db", "orders-dev") as other:
        with pytest.raises(SetupLocked) as refused, other.lock():
            raise AssertionError
        assert f"{datetime.now(UTC):%Y-%m-%d %H:}" in str(refused.value)


async def test_a_group_of_others_is_never_marked(start_setup: StartSetup) -> None:
    setup = await start_setup(**SHARE, project={"resource_group": GROUP, "existing_group": True})
    await setup.cloud.resources.resource_groups.create_or_update(GROUP, {"location": "westeurope"})
    seen: list[dict[str, str]] = []
    make = storage.ShareStep.make

    async def watched(step: storage.ShareStep, making: object) -> None:
        seen.append(await marks(setup))
        await make(step, making)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage.ShareStep, "make", watched)
        assert await carried_out(setup) == "succeeded", setup.events
    assert [list(each) for each in seen] == [["stordersdev"]]
    assert await marks(setup) == {}
