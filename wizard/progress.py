"""How a run stands, gathered from its events: for every face that shows it, now or after having looked elsewhere."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from wizard.events import Event, ResultEvent, StepEvent, StepState
from wizard.plan import MAKES, Planned
from wizard.report import step_line
from wizard.sections.secret_steps import SecretStep

ENDED = (StepState.DONE, StepState.KEPT, StepState.FAILED, StepState.SKIPPED, StepState.BLOCKED)
BUSY = (StepState.RUNNING, StepState.WAITING)


@dataclass
class Progress:
    """One run as it goes on. `hear` is its listener.

    :param steps: what the plan has to do.
    :param undoing: whether it deletes.
    :param latest: step id -> its latest event.
    :param log: every change in one line, the oldest first.
    """

    steps: Sequence[Planned]
    undoing: bool = False
    latest: dict[str, StepEvent] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    result: ResultEvent | None = None
    trouble: str = ""
    began: float = field(default_factory=time.monotonic)
    ended: float = 0.0

    def hear(self, event: Event) -> None:
        """Take in an event of the run."""
        if isinstance(event, StepEvent):
            event = self._without_command(event)
            before = self.latest.get(event.step)
            self.latest[event.step] = event
            self.heard[event.step] = time.monotonic()
            if before is None or (before.state, before.detail) != (event.state, event.detail):
                self.log.append(f"{self._clock()}  {step_line(event)}")

    def lacks_value(self, item: Planned) -> bool:
        """Whether a secret waits for someone to type its value."""
        event = self.latest.get(item.step.id)
        return isinstance(item.step, SecretStep) and event is not None and event.detail == item.step.needs_value().detail

    def _without_command(self, event: StepEvent) -> StepEvent:
        """A missing value is typed where the run is shown: what a command line would take helps nobody there."""
        item = next((it for it in self.steps if it.step.id == event.step), None)
        if item is None or not isinstance(item.step, SecretStep):
            return event
        look = item.step.needs_value()
        return replace(event, detail=look.detail) if event.detail == f"{look.detail} {look.remedy}" else event

    def end(self, result: ResultEvent | None, trouble: str = "") -> None:
        """The run is over: with a result, or because of some trouble, in a sentence."""
        self.result = result
        self.trouble = trouble
        self.ended = time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether nothing happens any more."""
        return self.ended > 0

    @property
    def seconds(self) -> float:
        """How long it took so far."""
        return (self.ended or time.monotonic()) - self.began

    @property
    def done(self) -> int:
        """How many steps are done or were there already."""
        return sum(self.state(item) in (StepState.DONE, StepState.KEPT) for item in self.steps)

    def state(self, item: Planned) -> StepState | None:
        """Where a step stands; None before its turn."""
        event = self.latest.get(item.step.id)
        return event.state if event else None

    def elapsed(self, item: Planned) -> float:
        """The seconds a step took, or takes so far."""
        event = self.latest.get(item.step.id)
        if event is None:
            return 0.0
        return event.seconds + (time.monotonic() - self.heard[item.step.id] if event.state in BUSY and not self.is_over else 0.0)

    def ordered(self) -> list[Planned]:
        """What is over first, in the order it ended; then what goes on; then what comes."""
        rank = {item.step.id: number for number, item in enumerate(self.steps)}

        def key(item: Planned) -> tuple[int, float]:
            state = self.state(item)
            if state is StepState.FAILED:
                return 1, self.heard[item.step.id]
            if state in (StepState.DONE, StepState.KEPT):
                return 0, self.heard[item.step.id]
            return (2 if state in BUSY else 3), rank[item.step.id]

        return sorted(self.steps, key=key)

    def seconds_left(self) -> float:
        """About how long the longest chain of what is left takes, at the pace seen so far."""
        by_id = {item.step.id: item for item in self.steps}
        found: dict[str, float] = {}

        def chain(key: str) -> float:
            if key not in found:
                item = by_id[key]
                found[key] = self._left(item) + max((chain(need) for need in item.step.needs if need in by_id), default=0.0)
            return found[key]

        return max((chain(key) for key in by_id), default=0.0) * self._pace()

    def _left(self, item: Planned) -> float:
        if item.action not in MAKES or self.state(item) in ENDED:
            return 0.0
        return max(item.step.expected_seconds - self.elapsed(item) / self._pace(), 1.0)

    def _pace(self) -> float:
        """How long finished steps took against what was expected of them."""
        finished = [item for item in self.steps if self.state(item) is StepState.DONE]
        expected = sum(item.step.expected_seconds for item in finished)
        return max(sum(self.elapsed(item) for item in finished) / expected, 0.02) if expected > 3 else 1.0

    def _clock(self) -> str:
        seconds = int(self.seconds)
        return f"{seconds // 60}:{seconds % 60:02}"
