"""What somebody else changes between the review and the confirmation stops the run, and is shown."""

from __future__ import annotations

import pytest

from tests.steps.conftest import Setup, StartSetup, start_setup
from wizard.engine.carry_out import carry_out
from wizard.engine.holding.since_review import ChangedSinceReview
from wizard.engine.plan import Plan
from wizard.sections.naming import RUN_TAG
from wizard.steps import project, storage

__all__ = ["start_setup"]
SHARE = {"storage": {"shares": [{"designation": "db", "mount": "/app/db"}]}}
BOTH = (project.CONTRIBUTION, storage.CONTRIBUTION)
GROUP = "rg-orders-dev"


async def confirmed(setup: Setup, plan: Plan, *, removing: bool = False) -> str:
    """Carry a plan out that a person has looked at."""
    result = await carry_out(plan, setup.cloud, setup.journal, setup.secret, setup.events.append, removing=removing, reviewed=True)
    return result.outcome


async def change_account(setup: Setup, **properties: object) -> None:
    """What a colleague does in the portal."""
    await setup.cloud.storage.storage_accounts.update(GROUP, setup.answers.storage.account, {"properties": properties})


async def test_a_plan_that_still_holds_is_carried_out(start_setup: StartSetup) -> None:
    setup = await start_setup(**SHARE)
    assert await confirmed(setup, await setup.plan(*BOTH)) == "succeeded", setup.events
    assert await confirmed(setup, await setup.plan(*BOTH)) == "unchanged", setup.events
    assert await confirmed(setup, await setup.plan(*BOTH), removing=True) == "succeeded", setup.events


async def test_what_was_to_be_kept_and_is_changed_meanwhile_stops_the_run(start_setup: StartSetup) -> None:
    setup = await start_setup(**SHARE)
    assert await confirmed(setup, await setup.plan(*BOTH)) == "succeeded", setup.events
    setup.tables["storage"] = {"shares": [*SHARE["storage"]["shares"], {"designation": "logs", "mount": "/app/logs"}]}
    plan = await setup.plan(*BOTH)
    assert len(plan.to_make) == 1
    await change_account(setup, minimumTlsVersion="TLS1_0")
    with pytest.raises(ChangedSinceReview) as stopped:
        await confirmed(setup, plan)
    assert "as your setup says →" in stopped.value.sentence and "TLS" in stopped.value.sentence
    assert "azwizard plan" in stopped.value.remedy
    assert "storage.share.logs" in {item.step.id for item in (await setup.plan(*BOTH)).to_make}, "nothing was made"
    group = await setup.cloud.resources.resource_groups.get(GROUP)
    assert RUN_TAG not in (group.tags or {}), "the next run finds the setup free"
    assert await confirmed(setup, await setup.plan(*BOTH)) == "succeeded", setup.events


async def test_what_another_computer_made_meanwhile_is_not_made_again(start_setup: StartSetup) -> None:
    setup = await start_setup(**SHARE)
    mine = await setup.plan(*BOTH)
    assert (await setup.apply(*BOTH)).outcome == "succeeded"
    with pytest.raises(ChangedSinceReview) as stopped:
        await confirmed(setup, mine)
    assert "not there → as your setup says" in stopped.value.sentence


async def test_a_difference_that_became_another_one_is_shown(start_setup: StartSetup) -> None:
    setup = await start_setup(**SHARE)
    assert await confirmed(setup, await setup.plan(*BOTH)) == "succeeded", setup.events
    await change_account(setup, minimumTlsVersion="TLS1_0")
    plan = await setup.plan(*BOTH)
    await change_account(setup, minimumTlsVersion="TLS1_1")
    with pytest.raises(ChangedSinceReview) as stopped:
        await confirmed(setup, plan)
    assert "1.0" in stopped.value.sentence.replace("_", ".") and "1.1" in stopped.value.sentence.replace("_", ".")


async def test_only_what_was_shown_is_deleted(start_setup: StartSetup) -> None:
    setup = await start_setup(**SHARE)
    before = await setup.plan(*BOTH)
    assert (await setup.apply(*BOTH)).outcome == "succeeded"
    with pytest.raises(ChangedSinceReview):
        await confirmed(setup, before, removing=True)
    shown = await setup.plan(*BOTH)
    await change_account(setup, minimumTlsVersion="TLS1_0")  # what is deleted anyway may be changed before
    assert await confirmed(setup, shown, removing=True) == "succeeded", setup.events


async def test_what_this_computer_began_and_azure_finished_is_no_surprise(start_setup: StartSetup) -> None:
    setup = await start_setup(**SHARE)
    mine = await setup.plan(*BOTH)
    assert (await setup.apply(*BOTH)).outcome == "succeeded"
    for item in mine.steps:
        setup.journal.intend(item.step.id, "make")  # as a run left them that was killed
    assert await confirmed(setup, mine) == "succeeded", setup.events


async def test_a_clock_that_was_put_back_does_not_hide_what_was_begun(start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = await start_setup(**SHARE)
    setup.journal.finished("storage.account")
    monkeypatch.setattr("wizard.engine.journal.time.time", lambda: 1_000_000.0)
    setup.journal.intend("storage.account", "make")
    assert setup.journal.has_begun("storage.account")
