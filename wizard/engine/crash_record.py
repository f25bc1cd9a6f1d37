"""A record of a fault of azwizard's own: where it happened, without any text or value."""

from __future__ import annotations

import time
import traceback

from wizard.platform.folders import home, write_private
from wizard.platform.language import _


def report_crash(error: BaseException) -> str:
    """Keep where it happened, in a file of its own, and give the sentence that says so.

    The record holds the places in the code and the kinds of the errors, never their texts or values: those may quote a secret.
    """
    frames = [(type(one).__name__, traceback.extract_tb(one.__traceback__)) for one in error_and_causes(error)]
    places = [f"{kind}\n{''.join(traceback.format_list(stack))}" for kind, stack in frames]
    file = home() / "crashes" / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}.txt"
    sentence = _("azwizard itself went wrong; this is not your doing. What was made is kept, and the same command goes on from there.")
    try:
        write_private(file, "\n".join(places))
    except OSError:
        return sentence
    return sentence + " " + _("Details: {file}").format(file=file)


def describe_error(error: Exception) -> str:
    """What happened, and what would help; for a fault of the wizard's own, where its record lies."""
    from wizard.cloud import translate

    try:
        problem = translate(error)
    except Exception:
        return report_crash(error)
    return f"{problem.sentence} {problem.remedy}".strip()


def error_and_causes(error: BaseException) -> list[BaseException]:
    """The error, those inside a group, and what led to each."""
    inside = list(error.exceptions) if isinstance(error, BaseExceptionGroup) else []
    causes = [cause for cause in (error.__cause__, error.__context__) if cause is not None]
    return [error, *(found for one in [*inside, *causes[:1]] for found in error_and_causes(one))]
