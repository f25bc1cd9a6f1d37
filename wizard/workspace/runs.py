"""Carrying out, from a wizard, what its plan says, and what a command would do: making, deleting, whatever takes a session."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.engine.session import signed_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from wizard.engine.events import Listener, ResultEvent
    from wizard.engine.journal import Journal
    from wizard.engine.plan import Plan, PlannedStep
    from wizard.engine.reporting.reporter import Reporter
    from wizard.engine.session import Session
    from wizard.workspace.workspace import Workspace


async def make(workspace: Workspace, listen: Listener) -> ResultEvent:
    """Carry the plan out. Raises SetupLocked when another run holds the setup, CloudError when Azure cannot be reached."""
    from wizard.engine.carry_out import carry_out

    assert workspace.cloud is not None
    assert workspace.plan is not None
    workspace.seen_last = ()
    async with held_for(workspace, workspace.plan) as journal:
        workspace.draft.confirm(workspace.reading.answers)
        result = await carry_out(workspace.plan, workspace.cloud, journal, workspace.secret, listen, reviewed=True)
        if result.outcome in ("succeeded", "unchanged"):
            workspace.draft.confirm(None)
    return replace(result, requests=workspace.cloud.requests)


async def undo(workspace: Workspace, listen: Listener) -> ResultEvent:
    """Delete what this setup made. Raises as `make`."""
    from wizard.engine.carry_out import carry_out
    from wizard.engine.destroy import with_cleanup
    from wizard.engine.plan import make_plan
    from wizard.steps.registry_of_steps import contributions

    assert workspace.cloud is not None
    answers = signed_in(workspace.reading.answers, workspace.cloud)
    plan = await with_cleanup(await make_plan(workspace.cloud, answers, workspace.secret, contributions()), contributions())
    with workspace.journal() as journal:
        result = await carry_out(
            _as_shown(plan, workspace.seen_last), workspace.cloud, journal, workspace.secret, listen, removing=True, reviewed=True
        )
    workspace.plan = None
    workspace.found.clear()
    return result


def session_of(workspace: Workspace, reporter: Reporter) -> Session:
    """What a command would have, for what every face does in the same way: testing, the doctor. Someone is signed in."""
    from wizard.engine.session import Session
    from wizard.setup.secret_sources import SecretValues
    from wizard.steps.registry_of_steps import contributions

    assert workspace.cloud is not None
    answers = signed_in(workspace.reading.answers, workspace.cloud, workspace.options.env_file)
    secrets = SecretValues(answers.key_vault.secrets)
    for name in answers.key_vault.secrets:
        if (value := workspace.secret(name)) is not None:
            secrets.give(name, value)
    return Session(workspace.options, reporter, answers, secrets, workspace.cloud, contributions)


@asynccontextmanager
async def held_for(workspace: Workspace, plan: Plan) -> AsyncIterator[Journal]:
    """The setup, held while a plan is carried out, by its journal. Raises SetupLocked, PracticeError where code cannot be confined."""
    from wizard.cloud.transport import practice_process as practice

    if workspace.practice and plan.to_make and not await asyncio.to_thread(practice.may_run_code):
        raise practice.cannot_confine()
    with workspace.journal() as journal, journal.lock():
        yield journal


def _as_shown(plan: Plan, seen_last: tuple[PlannedStep, ...]) -> Plan:
    """A plan in which each step was seen as the person saw it last, as far as it was shown at all."""
    shown = {item.step.id: item.seen for item in seen_last}
    return replace(plan, steps=[replace(item, seen=shown.get(item.step.id)) for item in plan.steps])
