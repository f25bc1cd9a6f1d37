"""The ends that no command tells by itself: a wrong command line, a lost output, a stop before it began, a fault of the program."""

from __future__ import annotations

import sys
from contextlib import suppress

import click

from wizard.engine.crash_record import error_and_causes, report_crash
from wizard.engine.session import ExitCode
from wizard.platform.language import _
from wizard.platform.streams import OutputLost, lead_nowhere


def tell_crash(error: BaseException, *, json: bool) -> ExitCode:
    """Say why a command ended that could not say so itself: its output was lost, a file is in the way, or the program is wrong.

    :param json: whether stdout is for a program, which gets a result too.
    """
    from wizard.cloud.errors.translation import from_os_error

    errors = error_and_causes(error)
    if lost := next((one for one in errors if isinstance(one, OutputLost)), None):
        return tell_lost_output(lost)
    if problem := next((problem for one in errors[:1] if (problem := from_os_error(one))), None):
        return _tell(ExitCode.NOT_READY, "blocked", str(problem), json=json)
    return _tell(ExitCode.FAILED, "failed", report_crash(error), json=json)


def tell_stopped(*, json: bool) -> ExitCode:
    """Say that the command was stopped where it could not say so itself: before it had begun, or while it was ending."""
    return _tell(ExitCode.INTERRUPTED, "interrupted", _("Stopped: the same command goes on from there."), json=json)


def tell_usage(error: click.ClickException, *, json: bool) -> ExitCode:
    """Say what is wrong with the command line, and where its help is."""
    sentence = error.format_message()
    print(sentence, file=sys.stderr)
    context = getattr(error, "ctx", None)
    if context is not None and not isinstance(error, click.exceptions.NoArgsIsHelpError):
        print(_("{command} --help shows what there is.").format(command=context.command_path), file=sys.stderr)
    if json:
        _tell_result("usage", sentence)
    return ExitCode.USAGE


def tell_lost_output(lost: OutputLost) -> ExitCode:
    """Say that standard output takes no more. A reader who left (``| head``) stopped the command; anything else is a failure."""
    lead_nowhere(1)
    if lost.reader_left:
        print(_("Stopped, because nobody reads this any more: the same command goes on from there."), file=sys.stderr)
        return ExitCode.INTERRUPTED
    sentence = _("Standard output cannot be written: {reason}. Make room there, or print elsewhere; the same command goes on from there.")
    print(sentence.format(reason=lost.reason), file=sys.stderr)
    return ExitCode.FAILED


def _tell(status: ExitCode, outcome: str, sentence: str, *, json: bool) -> ExitCode:
    """A sentence for the person, and the last line for a program."""
    print(sentence, file=sys.stderr)
    if json:
        _tell_result(outcome, sentence)
    return status


def _tell_result(outcome: str, sentence: str) -> None:
    """The last line for a program; where nobody takes it any more, the sentence and the status have to do."""
    from wizard.engine.events import ResultEvent
    from wizard.engine.reporting.reporter import JsonReporter

    with suppress(OutputLost):
        JsonReporter().event(ResultEvent(outcome, failed=int(outcome == "failed"), blocked=int(outcome == "blocked"), detail=sentence))
