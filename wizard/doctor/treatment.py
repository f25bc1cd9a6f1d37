"""Carrying a cure out: files are written, deleted secrets taken back, and the setup applied, with what must be made again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.engine.plan import Action, Plan
from wizard.engine.polling import until
from wizard.lint.fixes import write

if TYPE_CHECKING:
    from wizard.doctor.verdict import Fix
    from wizard.engine.events import ResultEvent
    from wizard.engine.session import Session


async def apply_fix(session: Session, cure: Fix) -> ResultEvent:
    """Do what a cure says and tell it as a run does. `session` holds the answers from before the files were written.

    Raises SetupLocked, CloudError, HttpResponseError, Stop.
    """
    from wizard.engine.carry_out import carry_out
    from wizard.engine.session import read_answers, signed_in

    write(cure.files)
    renewed = replace(session, answers=signed_in(read_answers(session.options), session.cloud))
    with renewed.journal() as journal, journal.lock():
        await _take_back(renewed, cure)
        if cure.starts:
            await _start(renewed)
        plan = again(await renewed.plan(), cure.again)
        plan.report(renewed.reporter)
        result = await carry_out(plan, renewed.cloud, journal, renewed.secrets, renewed.reporter.event)
    session.answers = renewed.answers
    return result


def again(plan: Plan, ids: tuple[str, ...]) -> Plan:
    """The plan with steps made again that were to be kept."""
    changed = [replace(item, action=Action.CHANGE) if item.step.id in ids and item.action is Action.KEEP else item for item in plan.steps]
    return replace(plan, steps=changed)


async def _take_back(session: Session, cure: Fix) -> None:
    from azure.core.exceptions import ResourceNotFoundError

    if not cure.secrets:
        return
    client = session.cloud.secrets(f"https://{session.answers.key_vault.name}.vault.azure.net")
    for name in cure.secrets:
        await client.recover_deleted_secret(name)

        async def readable(name: str = name) -> bool:
            try:
                return bool(await client.get_secret(name))
            except ResourceNotFoundError:
                return False

        await until(readable, session.reporter.say, name, interval=session.cloud.polling_interval)


async def _start(session: Session) -> None:
    from wizard.state.resources import ResourceRefs

    app = ResourceRefs.named(session.answers, session.cloud.subscription_id).app
    assert app is not None
    poller = await session.cloud.apps.container_apps.begin_start(app.group, app.name, polling_interval=session.cloud.polling_interval)
    await poller.result()
