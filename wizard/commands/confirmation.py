"""What a command asks before it begins: the setup's name typed, values of secrets, trust in code that cannot be confined."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from wizard.engine.session import CommandError, ExitCode, Session
from wizard.platform.language import _
from wizard.platform.streams import may_ask
from wizard.sections import step_ids

if TYPE_CHECKING:
    from wizard.engine.plan import Plan


async def ask_for_secrets(session: Session, current_plan: Plan) -> bool:
    """Let the person type the values that neither the vault nor anything else gave; whether there is one more now."""
    from wizard.platform.secret import Secret
    from wizard.platform.terminal_input import typed_hidden

    if session.options.json or session.options.unattended or not may_ask():
        return False
    needed = [item.step.id.removeprefix(step_ids.SECRET) for item in current_plan.hindered if item.step.id.startswith(step_ids.SECRET)]
    missing = [name for name in needed if not session.secrets.given(name)]
    for name in missing:
        value = await typed_hidden(_("Value of the secret {name} (not shown; Enter for none): ").format(name=name))
        again = _("That is a single character. Type it once more to take it:") + " "
        if value and (len(value) > 1 or await typed_hidden(again) == value):
            session.secrets.give(name, Secret(value))
    return any(session.secrets.given(name) for name in missing)


async def confirm(session: Session, question: str) -> None:
    """Let the person type the setup's name; raises Stop when they do not, or cannot because there is no terminal."""
    if not session.options.yes:
        await confirm_by_name(question, session.answers.project.setup)


async def confirm_by_name(question: str, name: str) -> None:
    """Let the person type a name. Raises CommandError when they do not, or cannot because there is no terminal."""
    from wizard.platform.terminal_input import typed_line

    if not may_ask():
        raise CommandError([("confirm", _("Nothing was made: without a terminal to ask on, add --yes."))], ExitCode.USAGE)
    print(question.format(name=name), end="", file=sys.stderr, flush=True)
    typed = await typed_line()
    if typed.strip() != name:
        raise CommandError([("confirm", _("Nothing was made: “{typed}” is not {name}.").format(typed=typed.strip(), name=name))])


async def confirm_unconfined(session: Session) -> None:
    """Ask whether code runs that the practice cloud cannot keep apart from this computer; `--yes` is no answer to that."""
    from wizard.cloud.transport import practice_process as practice
    from wizard.platform.terminal_input import typed_line

    if session.cloud.kind != "practice" or await asyncio.to_thread(practice.may_run_code):
        return
    refusal = practice.cannot_confine()
    if session.options.yes or not may_ask():
        raise CommandError([("confined", f"{refusal.sentence} {refusal.remedy}")])
    name = session.answers.project.setup
    question = _("If you trust it, type {name} to run it all the same: ").format(name=name)
    print(f"{refusal.sentence}\n{question}", end="", file=sys.stderr, flush=True)
    if (await typed_line()).strip() != name:
        raise CommandError([("confined", f"{refusal.sentence} {refusal.remedy}")])
    await asyncio.to_thread(practice.allow_unconfined)
