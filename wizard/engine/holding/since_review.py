"""What somebody else changed in Azure between the review and the writing: a person confirmed what they saw, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wizard.cloud.errors.cloud_error import CloudError, ErrorKind
from wizard.engine.plan import Plan, PlannedStep, look_at
from wizard.engine.step import Observation, Outputs, Status
from wizard.platform.language import _
from wizard.platform.phrases import with_detail
from wizard.state.snapshot import Snapshot

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.engine.journal import Journal

MOST_TOLD = 5


class ChangedSinceReview(CloudError):
    """Azure is not as the person saw it who confirmed. Nothing was made."""

    def __init__(self, differences: Sequence[str]) -> None:
        told = [*differences[:MOST_TOLD], *(["…"] if len(differences) > MOST_TOLD else [])]
        sentence = _("Since you looked, this has changed, and not by this run: {differences}. Nothing was made.")
        remedy = _("Look again (azwizard plan), and confirm what you see then.")
        super().__init__(ErrorKind.CHANGED, sentence.format(differences="; ".join(told)), remedy)


async def hold_against_review(plan: Plan, cloud: Cloud, journal: Journal, *, removing: bool) -> None:
    """Look at every step of a reviewed plan once more.

    What an earlier run of this computer told Azure to make may have become ready meanwhile, and is no surprise. Before deleting, only
    what would be deleted beyond what was shown is one.

    :raises ChangedSinceReview: when something is not as it was seen.
    """
    snapshot = Snapshot(cloud, plan.answers, plan.snapshot.given)
    seen = [item for item in plan.steps if item.seen is not None and not journal.has_begun(item.step.id)]
    looks = await asyncio.gather(*(look_at(item.step, snapshot, Outputs()) for item in seen))
    differences = [sentence for item, now in zip(seen, looks, strict=True) if (sentence := _difference(item, now, removing=removing))]
    if differences:
        raise ChangedSinceReview(differences)


def _difference(item: PlannedStep, now: Observation, *, removing: bool) -> str:
    """``Your app capp-orders-dev: as your setup says → cpu: 0.5 → 1``; "" where nothing to be told has changed."""
    before = item.seen
    assert before is not None
    is_expected = before.to_remove or not now.to_remove if removing else now.found is Status.UNKNOWN or _is_alike(before, now)
    return "" if is_expected else with_detail(item.step.title, f"{_words(before)} → {_words(now)}")


def _is_alike(one: Observation, other: Observation) -> bool:
    if one.found is not other.found or one.found is not Status.DIFFERENT:
        return one.found is other.found
    return one.detail == other.detail and [change.words for change in one.changes] == [change.words for change in other.changes]


def _words(look: Observation) -> str:
    """An observation in a few words."""
    if look.found is Status.MISSING:
        return _("not there")
    if look.found is Status.SAME:
        return _("as your setup says")
    return look.detail or ", ".join(change.words for change in look.changes) or str(look.found)
