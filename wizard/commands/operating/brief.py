"""``azwizard status --brief``: address, health and version, as quickly as can be."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from wizard.cloud.light import TakeTheWholeWay
from wizard.engine.events import ResultEvent, StandingEvent
from wizard.engine.reporting.reporter import JsonReporter
from wizard.engine.session import CommandError, CommandOptions, ExitCode, read_answers, reporter_for, tell_stop
from wizard.platform.language import _
from wizard.releases.brief import lightly, wholly

if TYPE_CHECKING:
    from wizard.engine.reporting.reporter import Reporter
    from wizard.engine.session import Session


def brief(options: CommandOptions) -> ExitCode | None:
    """Tell how the API stands; None where only the whole way (`session_brief`) can tell."""
    reporter, began = reporter_for(options), time.monotonic()
    try:
        event, cloud = lightly(read_answers(options), practice=options.practice)
    except CommandError as stop:
        return tell_stop(stop, reporter)
    except TakeTheWholeWay:
        return None
    return _tell(reporter, event, cloud.requests, began)


async def session_brief(session: Session) -> ExitCode:
    """The same with a session; exit status 5 where nothing is deployed."""
    event = await wholly(session.cloud, session.answers)
    return _tell(session.reporter, event, session.cloud.requests, session.began)


def _tell(reporter: Reporter, event: StandingEvent | None, requests: int, began: float) -> ExitCode:
    """The one answer, for programs with its result."""
    seconds = round(time.monotonic() - began, 1)
    if event is None:
        sentence = _("Nothing is deployed yet: azwizard apply deploys it.")
        reporter.event(ResultEvent("changes", sentence=sentence, requests=requests, seconds=seconds))
        return ExitCode.CHANGES
    reporter.answer(event)
    result = ResultEvent("succeeded", url=event.address, requests=requests, seconds=seconds, extra={"state": event.state})
    if isinstance(reporter, JsonReporter):
        reporter.event(result)
    return ExitCode.DONE
