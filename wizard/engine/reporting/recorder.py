"""What a command tells, kept for a face that shows it now, or after having looked elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from wizard.engine.events import Event, StepEvent
from wizard.engine.reporting.event_lines import step_line

T = TypeVar("T")


@dataclass
class RecordingReporter(Generic[T]):
    """A reporter that keeps everything, while some work goes on.

    :param now: the latest sentence.
    :param result: what the work came to; None before, and when it did not come to an end.
    :param trouble: why it did not.
    """

    events: list[Event] = field(default_factory=list)
    now: str = ""
    result: T | None = None
    trouble: str = ""
    is_over: bool = False

    def event(self, event: Event) -> None:
        """Keep the event; of a step its line is what happens now."""
        self.events.append(event)
        if isinstance(event, StepEvent):
            self.now = step_line(event)

    def say(self, sentence: str) -> None:
        """Take a sentence as what happens now."""
        self.now = sentence

    answer, show = event, say

    def end(self, result: T | None, trouble: str = "") -> None:
        """The work is over."""
        self.result, self.trouble, self.is_over = result, trouble, True
