"""Removes what a setup made, in order, and proves that nothing of it is left."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.engine.events import Listener, PlanEvent, ResultEvent
from wizard.engine.journal import DELETED
from wizard.engine.plan import Action, Plan, PlannedStep
from wizard.engine.run import Run
from wizard.engine.step import Outputs, same
from wizard.platform.language import _
from wizard.sections.naming import SETUP_TAG
from wizard.state.snapshot import Snapshot

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.engine.contribution import Contribution
    from wizard.engine.journal import Journal
    from wizard.setup.answers import Answers


def deletions(plan: Plan) -> list[PlanEvent]:
    """The lines that a person confirms before anything is deleted."""
    return [
        PlanEvent(item.step.id, Action.DELETE, item.step.title, item.step.holds, None)
        for item in reversed(plan.steps)
        if item.step.removes and item.look.to_remove
    ]


async def with_cleanup(plan: Plan, contributions: Sequence[Contribution]) -> Plan:
    """The plan with what the setup once made and the answers no longer name, where that does not go with anything else."""
    left = [
        step
        for contribution in contributions
        if contribution.cleanup_steps
        for step in await contribution.cleanup_steps(plan.answers, plan.snapshot)
    ]
    return replace(plan, steps=[*plan.steps, *(PlannedStep(step, Action.KEEP, same()) for step in left)])


async def destroy(plan: Plan, cloud: Cloud, journal: Journal, listen: Listener) -> ResultEvent:
    """Undo every step, then look again with fresh eyes: what is still there and did not say why makes the outcome ``failed``."""
    run = Run(plan, cloud, journal, _no_secret, listen)
    result = await run.undo()
    if result.failed:
        return result
    gone, there = await _looked_at_again(cloud, plan, run.undone)
    left = [*await verify_deleted(cloud, plan.answers), *there]
    if left:
        return replace(result, outcome="failed", detail=_("Still there: {names}").format(names=", ".join(left)))
    proof = [_("Gone: {what}").format(what=title) for title in gone]
    result.detail = "\n".join([*proof, _looked_for(plan), *(_("Stays: {what}").format(what=what) for what in run.stays)])
    result.extra = {"gone": gone, "stays": run.stays}
    journal.forget_all()
    if result.deleted:
        journal.begin(0)
        journal.end(DELETED, 0)
    return result


async def _looked_at_again(cloud: Cloud, plan: Plan, undone: Sequence[PlannedStep]) -> tuple[list[str], list[str]]:
    """The titles of what was deleted, each looked for with fresh eyes, and of what is there all the same."""
    after = Snapshot(cloud, plan.answers, _no_secret)
    deleted = [item for item in undone if item.step.removes and item.look.to_remove]
    looks = await asyncio.gather(*(item.step.look(after, Outputs()) for item in deleted), return_exceptions=True)
    there = [item.step.title for item, look in zip(deleted, looks, strict=True) if not isinstance(look, BaseException) and look.to_remove]
    return [item.step.title for item in deleted if item.step.title not in there], there


async def verify_deleted(cloud: Cloud, answers: Answers) -> list[str]:
    """What of a setup Azure still holds, as ids: anything with its tag, and a deleted vault of its name that was its own."""
    after = Snapshot(cloud, answers, _no_secret)
    tagged = await after.tagged_everywhere()
    group = await after.group()
    stays = {group.id.lower()} if group is not None and group.id else set()
    buried = [vault.id for vault in [await after.deleted_vault()] if vault is not None and after.is_ours(vault)]
    return [str(name) for name in [*tagged, *buried] if str(name).lower() not in stays]


def _looked_for(plan: Plan) -> str:
    """What `verify_deleted` looked for, in a sentence."""
    answers = plan.answers
    sentence = _(
        "Looked for again, and not found: anything in your subscription with the tag {tag} = {setup}, and a deleted key vault {vault}."
    )
    return sentence.format(tag=SETUP_TAG, setup=answers.project.setup, vault=answers.key_vault.name)


def _no_secret(_name: str) -> None:
    return None
