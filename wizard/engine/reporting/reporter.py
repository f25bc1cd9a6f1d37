"""Tells events: one JSON object a line for programs, plain lines for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, Protocol

from wizard.engine.events import (
    CheckEvent,
    CostEvent,
    DifferenceEvent,
    Event,
    ExerciseEvent,
    FindingEvent,
    LogEvent,
    MetricEvent,
    PlanEvent,
    ReleaseEvent,
    RequestEvent,
    ResultEvent,
    ShareEvent,
    StandingEvent,
    StepEvent,
    VerdictEvent,
)
from wizard.engine.reporting.event_json import as_json
from wizard.engine.reporting.event_lines import (
    ACTION_WORDS,
    check_line,
    exercise_line,
    finding_lines,
    release_lines,
    request_lines,
    result_lines,
    share_line,
    standing_lines,
    step_line,
    verdict_lines,
)
from wizard.platform.language import _
from wizard.platform.phrases import with_detail
from wizard.platform.redaction import redaction
from wizard.platform.streams import is_terminal
from wizard.platform.terminal_text import plain


class Reporter(Protocol):
    """Where a command's events and its sentences for people go."""

    def event(self, event: Event) -> None:
        """Tell one event on the way: progress, a refusal, how the command ended."""

    def answer(self, event: Event) -> None:
        """Tell one event that the command was asked for: a line of the plan, a check, a line of the log."""

    def say(self, sentence: str) -> None:
        """Tell a person something that is no event."""

    def show(self, sentence: str) -> None:
        """Tell a person a text that the command was asked for and that is no event."""


class JsonReporter:
    """One JSON object a line on standard output; sentences for people on standard error."""

    def event(self, event: Event) -> None:
        """Write one event as a line of JSON to the standard output, at once."""
        sys.stdout.write(json.dumps(self.body(event), ensure_ascii=False) + "\n")
        sys.stdout.flush()

    answer = event

    def body(self, event: Event) -> dict[str, Any]:
        """The line's content."""
        return as_json(event)

    def say(self, sentence: str) -> None:
        """Write a sentence for people to the standard error, where it does not disturb the lines of JSON."""
        print(redaction(plain(sentence)), file=sys.stderr, flush=True)

    show = say


class TextReporter:
    """Plain lines for people: words rather than signs, so that a screen reader and a log read the same.

    What was asked for goes to standard output, everything else to standard error.
    """

    def __init__(self) -> None:
        self._last: dict[str, tuple[str, str]] = {}
        self._group = ""

    def say(self, sentence: str) -> None:
        """Write a sentence that accompanies the work to the standard error."""
        print(redaction(plain(sentence)), file=sys.stderr, flush=True)

    def show(self, sentence: str) -> None:
        """Write a sentence that was asked for to the standard output."""
        print(redaction(plain(sentence)), file=sys.stdout, flush=True)

    def event(self, event: Event) -> None:
        """Tell an event in lines on the standard error."""
        self._tell(event, self.say)

    def answer(self, event: Event) -> None:
        """Tell an event that was asked for in lines on the standard output."""
        self._tell(event, self.show)

    def _tell(self, event: Event, tell: Callable[[str], None]) -> None:
        match event:
            case StepEvent():
                if self._last.get(event.step) == (event.state, event.detail):
                    return
                self._last[event.step] = (event.state, event.detail)
                tell(step_line(event))
            case CheckEvent():
                if event.group and event.group != self._group:
                    self._group = event.group
                    tell(event.group)
                if event.group or event.state != "met":
                    tell(check_line(event))
            case PlanEvent():
                tell(f"{_(ACTION_WORDS[event.action]):<10} {event.title}" + (f": {event.detail}" if event.detail else ""))
            case FindingEvent():
                tell(finding_lines(event))
            case RequestEvent():
                tell(request_lines(event))
            case ShareEvent():
                tell(share_line(event))
            case VerdictEvent():
                tell(verdict_lines(event))
            case LogEvent():
                tell(f"{event.source:<10} {event.at} {event.line}")
            case ExerciseEvent():
                tell(exercise_line(event))
            case ReleaseEvent():
                tell(release_lines(event))
            case StandingEvent():
                tell("\n".join(standing_lines(event)))
            case DifferenceEvent():
                tell(with_detail(event.what, f"{event.before} → {event.after}"))
            case MetricEvent():
                tell(f"{event.title:<10} {event.line}  {event.words}")
            case CostEvent():
                tell(f"{event.amount:>10.2f} {event.currency}  {event.what}")
            case ResultEvent():
                self._tell_result(event)

    def _tell_result(self, event: ResultEvent) -> None:
        """How the command ended; the address that it was to bring about goes to a file or a program by itself too."""
        for line in result_lines(event):
            self.say(line)
        if event.url and not event.planned and not is_terminal(sys.stdout):
            self.show(event.url)
