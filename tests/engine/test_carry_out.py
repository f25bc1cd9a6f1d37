"""Carrying a plan out, the same for every face: under the lock, journalled, with the address; a full disk is an end that says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.steps.conftest import Setup, StartSetup, start_setup
from wizard.engine.carry_out import carry_out
from wizard.engine.journal import Journal, SetupLocked
from wizard.steps import project, storage

__all__ = ["start_setup"]
SHARE = {"storage": {"shares": [{"designation": "db", "mount": "/app/db"}]}}
BOTH = (project.CONTRIBUTION, storage.CONTRIBUTION)


async def carried_out(setup: Setup, *, removing: bool = False) -> str:
    plan = await setup.plan(*BOTH)
    return (await carry_out(plan, setup.cloud, setup.journal, setup.secret, setup.events.append, removing=removing)).outcome


async def test_a_plan_is_made_and_removed_between_two_lines_of_the_journal(start_setup: StartSetup) -> None:
    setup = await start_setup(**SHARE)
    assert await carried_out(setup) == "succeeded", setup.events
    last = setup.journal.last_run()
    assert last is not None
    assert (last.outcome, last.done == last.steps) == ("succeeded", True)
    assert await carried_out(setup, removing=True) == "succeeded", setup.events
    last = setup.journal.last_run()
    assert last is not None
    assert last.outcome == "deleted"


async def test_nobody_else_carries_out_the_same_setup_meanwhile(start_setup: StartSetup, tmp_path: Path) -> None:
    setup = await start_setup(**SHARE)
    with Journal(tmp_path / "journal.db", "orders-dev") as other, other.lock():
        with pytest.raises(SetupLocked):
            await carried_out(setup)
    with setup.journal.lock():  # who planned under the lock holds it already
        assert await carried_out(setup) == "succeeded", setup.events


async def test_a_full_disk_ends_the_run_and_says_so(start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = await start_setup(**SHARE)

    def full(*_line: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(setup.journal, "end", full)
    plan = await setup.plan(*BOTH)
    result = await carry_out(plan, setup.cloud, setup.journal, setup.secret, setup.events.append)
    assert (result.outcome, result.failed) == ("failed", 1)
    assert "No space left" in str(result.detail)
