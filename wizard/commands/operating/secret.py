"""``azwizard secret set NAME``: a new value for one secret, and the API reads it."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.commands.commands import planned_result
from wizard.engine.events import ResultEvent
from wizard.engine.session import CommandError, ExitCode, Session
from wizard.platform.daemon_thread import in_daemon_thread
from wizard.platform.files import read_given
from wizard.platform.language import _
from wizard.platform.secret import Secret
from wizard.platform.streams import may_ask
from wizard.releases.new_value import prepare_new_value, secret_named, take_new_value
from wizard.sections import step_ids

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 1_000_000
STDIN = "-"


async def set_secret(session: Session, typed_name: str, file: Path | None) -> ExitCode:
    """Give the secret the value that is typed, stands in a file or comes on standard input; what that was is never shown."""
    name = secret_named(session.answers, typed_name)
    value = await _value(session, name, file)
    with session.journal() as journal, journal.lock():
        plan = await prepare_new_value(session, name, value)
        if plan.hindered:
            plan.report(session.reporter)
            return session.finish(replace(planned_result(plan), created=0, changed=0))
        if not plan.to_make:
            return session.finish(
                ResultEvent("unchanged", kept=len(plan.steps), sentence=_("{name} has that value already.").format(name=name))
            )
        result = await take_new_value(session, plan, journal, session.reporter.event)
    if result.outcome == "succeeded":
        result.sentence = _("{name} has its new value, and your API answers.").format(name=name)
    elif result.outcome == "failed":
        result.detail = _("The value before stays in the vault as an earlier version; azwizard secret set {name} gives it another.").format(
            name=name
        )
    return session.finish(result)


async def _value(session: Session, name: str, file: Path | None) -> Secret:
    """The new value. Raises CommandError where there is none."""
    from wizard.platform.terminal_input import typed_hidden

    if file is not None:
        text = await in_daemon_thread(lambda: _read(file))
    elif (given := session.given_secret(name)) is not None:
        return given
    elif may_ask():
        text = await typed_hidden(_("New value of the secret {name} (not shown): ").format(name=name))
    else:
        text = await in_daemon_thread(_read_input)
    if not text:
        raise CommandError([(step_ids.secret(name), _("No value was given for {name}: nothing was changed.").format(name=name))])
    return Secret(text)


def _read(file: Path) -> str:
    """The content of a file (``-`` is standard input) without the line end that editors write last."""
    if str(file) == STDIN:
        return _read_input()
    try:
        content = read_given(file, MOST_BYTES)
    except OSError as error:
        sentence = _("{path} cannot be read: {reason}.").format(path=file, reason=error.strerror)
        raise CommandError([("from-file", sentence)]) from None
    return _text(content, str(file))


def _read_input() -> str:
    return _text(sys.stdin.buffer.read(MOST_BYTES), _("standard input"))


def _text(content: bytes, where: str) -> str:
    try:
        text = content[:MOST_BYTES].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CommandError([("from-file", _("{where} is not UTF-8 text.").format(where=where))]) from None
    return text.removesuffix("\n").removesuffix("\r")
