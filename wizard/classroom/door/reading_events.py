"""What a command's events say of where a learner is: a reporter that passes everything on, and tells the courier beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wizard.classroom.door.courier import harmless_error
from wizard.classroom.door.standings import PLACES, Report
from wizard.engine.events import (
    CheckEvent,
    Event,
    ExerciseEvent,
    FindingEvent,
    PlanEvent,
    RequestEvent,
    ResultEvent,
    StepEvent,
    StepState,
    VerdictEvent,
)
from wizard.exercises import record
from wizard.platform.phrases import with_detail
from wizard.sections import ORDER
from wizard.workspace.wording.section_status import TABLES

if TYPE_CHECKING:
    from wizard.engine.reporting.reporter import Reporter

PLACE_OF = {FindingEvent: "review", PlanEvent: "review", RequestEvent: "try_it", VerdictEvent: "repair"}
"""Kind of event -> where a learner is who sees it."""


def _place_of_check(check: str) -> str:
    """The screen on which what a check misses is put right: that of a table of the setup file, or of a step."""
    kind, _colon, where = check.partition(":")
    if kind != "answers":
        return check.partition(".")[0]
    return TABLES.get(where.partition(".")[0].partition("[")[0], "")


class Trail:
    """Where the events of one command lead, and what goes wrong on the way; the first trouble counts."""

    def __init__(self) -> None:
        self.place = ""
        self.trouble = ""

    def hear(self, event: Event) -> Report | None:
        """Take in an event; a report where the learner has come further, or the command has ended."""
        before = self.place
        match event:
            case StepEvent():
                self._step(event)
            case CheckEvent() if event.state == "missing":
                self._blame(_place_of_check(event.check), f"{event.detail} {event.remedy}".strip())
            case PlanEvent() if event.action in ("blocked", "conflict", "unknown"):
                self._blame(event.step, with_detail(event.title, event.detail))
            case FindingEvent() if event.severity == "error":
                self._blame("pipeline", with_detail(f"{event.file}:{event.line}", event.detail))
            case VerdictEvent():
                self._blame("repair", event.detail)
            case RequestEvent() if not event.passed:
                self._blame("try_it", f"{event.method} {event.path}: {event.status}")
            case ExerciseEvent():
                return Report(solved=tuple(sorted(name for name, attempt in record.attempts().items() if attempt.solved)))
            case ResultEvent():
                return self._end(event)
        if not self.place:
            self.place = PLACE_OF.get(type(event), "")
        return Report(place=self.place) if self.place != before and isinstance(event, StepEvent) else None

    def _step(self, event: StepEvent) -> None:
        section = event.step.partition(".")[0]
        if event.state in (StepState.FAILED, StepState.BLOCKED):
            self._blame(section, with_detail(event.title, event.detail))
        elif not self.trouble and section in ORDER and (self.place not in ORDER or ORDER.index(section) > ORDER.index(self.place)):
            self.place = section

    def _blame(self, step: str, sentence: str) -> None:
        """Keep the first trouble, and where it is."""
        if not self.trouble:
            self.trouble = harmless_error(sentence)
            place = step.partition(".")[0]
            self.place = place if place in PLACES else self.place

    def _end(self, event: ResultEvent) -> Report:
        if event.outcome in ("succeeded", "unchanged", "met"):
            runs = bool(event.url) and not event.planned
            return Report(place="running" if runs else self.place or None, error="")
        sentence = self.trouble or harmless_error(event.detail or event.sentence)
        return Report(place=self.place or None, error=sentence or None)


class TrailReporter:
    """A reporter that tells the trainer too."""

    def __init__(self, reporter: Reporter, report: Callable[[Report], None]) -> None:
        self._reporter, self._report = reporter, report
        self._trail = Trail()

    def event(self, event: Event) -> None:
        self._reporter.event(event)
        self._hear(event)

    def answer(self, event: Event) -> None:
        self._reporter.answer(event)
        self._hear(event)

    def say(self, sentence: str) -> None:
        self._reporter.say(sentence)

    def show(self, sentence: str) -> None:
        self._reporter.show(sentence)

    def _hear(self, event: Event) -> None:
        if (report := self._trail.hear(event)) is not None:
            self._report(report)
