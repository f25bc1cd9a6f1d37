"""The ends that no command tells by itself: the program is wrong, nobody reads what it says, it was stopped before it began."""

from __future__ import annotations

import os
import sys

from wizard.engine.crash_record import report_crash
from wizard.engine.session import ExitCode
from wizard.platform.language import _


def tell_crash(error: BaseException, *, json: bool) -> ExitCode:
    """Say that the program went wrong, and give the exit status; a reader who left (``| head``) is a stop and no fault.

    :param json: whether stdout is for a program, which gets a result too.
    """
    if any(type(one) is BrokenPipeError for one in (error.exceptions if isinstance(error, BaseExceptionGroup) else [error])):
        return _tell_nobody()
    sentence = report_crash(error)
    print(sentence, file=sys.stderr)
    if json:
        _tell_result("failed", sentence)
    return ExitCode.FAILED


def tell_stopped(*, json: bool) -> ExitCode:
    """Say that the command was stopped where it could not say so itself: before it had begun, or while it was ending."""
    sentence = _("Stopped: the same command goes on from there.")
    print(sentence, file=sys.stderr)
    if json:
        _tell_result("interrupted", sentence)
    return ExitCode.INTERRUPTED


def _tell_result(outcome: str, sentence: str) -> None:
    """The last line for a program."""
    from wizard.engine.events import ResultEvent
    from wizard.engine.reporter import JsonReporter

    JsonReporter().event(ResultEvent(outcome, failed=int(outcome == "failed"), blocked=int(outcome == "blocked"), detail=sentence))


def tell_files(error: OSError, *, json: bool) -> ExitCode:
    """Say which file or folder of this computer is in the way. Raises `error` itself when it is about none."""
    from wizard.cloud.errors.translation import from_os_error

    problem = from_os_error(error)
    if problem is None:
        raise error
    print(problem, file=sys.stderr)
    if json:
        _tell_result("blocked", str(problem))
    return ExitCode.NOT_READY


def _tell_nobody() -> ExitCode:
    """Whoever read stdout has left, perhaps stderr's reader too: from here on both lead nowhere, so that leaving writes nothing more."""
    try:
        print(_("Stopped, because nobody reads this any more: the same command goes on from there."), file=sys.stderr, flush=True)
    except OSError:
        _lead_nowhere(2)
    _lead_nowhere(1)
    return ExitCode.INTERRUPTED


def _lead_nowhere(descriptor: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
