"""How a run stands, gathered from its events: for every face that shows it, now or after having looked elsewhere."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from wizard.engine.events import Event, ResultEvent, StepEvent, StepReason, StepState
from wizard.engine.plan import MAKES, PlannedStep
from wizard.engine.reporting.event_lines import step_line
from wizard.platform.language import _, plural
from wizard.steps.vault.secret import SecretStep

ENDED = (StepState.DONE, StepState.KEPT, StepState.FAILED, StepState.SKIPPED, StepState.BLOCKED)
LEAST_PACE = 0.02  # where operations take no time, what is around them does
BUSY = (StepState.RUNNING, StepState.WAITING)


@dataclass
class Progress:
    """One run as it goes on. `hear` is its listener.

    :param steps: what the plan has to do.
    :param undoing: whether it deletes.
    :param tempo: how long operations take in this cloud, as a share of what they take in Azure.
    :param latest: step id -> its latest event.
    :param heard: step id -> when that came.
    :param waits: step id -> when it first and when it last told that it waits.
    :param log: every change in one line, the oldest first; of a wait that only grows longer the last line.
    """

    steps: Sequence[PlannedStep]
    undoing: bool = False
    tempo: float = 1.0
    latest: dict[str, StepEvent] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)
    waits: dict[str, tuple[float, float]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    result: ResultEvent | None = None
    trouble: str = ""
    began: float = field(default_factory=time.monotonic)
    ended: float = 0.0
    _noted: dict[str, int] = field(default_factory=dict)

    def hear(self, event: Event) -> None:
        """Take in an event of the run."""
        if isinstance(event, StepEvent):
            event = self._without_command(event)
            before = self.latest.get(event.step)
            self.latest[event.step] = event
            now = self.heard[event.step] = time.monotonic()
            if event.state is StepState.WAITING:
                self.waits[event.step] = self.waits.get(event.step, (now, now))[0], now
            if before is None or event.state is StepState.WAITING or (before.state, before.detail) != (event.state, event.detail):
                self._note(event, before)

    def _note(self, event: StepEvent, before: StepEvent | None) -> None:
        """A line for the log; of a detail in which only numbers change, such as seconds, the latest stands for all."""
        line = step_line(event)
        only_counts = before is not None and before.state is event.state and _without_numbers(before) == _without_numbers(event)
        if only_counts and event.step in self._noted:
            first = self.log[self._noted[event.step]].partition("  ")[0]  # so that the times of all lines go up
            self.log[self._noted[event.step]] = f"{first}  {line}"
        else:
            self._noted[event.step] = len(self.log)
            self.log.append(f"{self._clock()}  {line}")

    def lacks_value(self, item: PlannedStep) -> bool:
        """Whether a secret waits for someone to type its value."""
        event = self.latest.get(item.step.id)
        return event is not None and event.reason is StepReason.NEEDS_VALUE

    def _without_command(self, event: StepEvent) -> StepEvent:
        """A missing value is typed where the run is shown: what a command line would take helps nobody there."""
        item = next((step for step in self.steps if step.step.id == event.step), None)
        if item is None or not isinstance(item.step, SecretStep) or event.reason is not StepReason.NEEDS_VALUE:
            return event
        return replace(event, detail=item.step.needs_value().detail)

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

    def state(self, item: PlannedStep) -> StepState | None:
        """Where a step stands; None before its turn."""
        event = self.latest.get(item.step.id)
        return event.state if event else None

    def elapsed(self, item: PlannedStep) -> float:
        """The seconds a step took, or takes so far."""
        event = self.latest.get(item.step.id)
        if event is None:
            return 0.0
        return event.seconds + ((self.ended or time.monotonic()) - self.heard[item.step.id] if event.state in BUSY else 0.0)

    def ordered(self) -> list[PlannedStep]:
        """What is over first, in the order it ended; then what goes on; then what comes."""
        rank = {item.step.id: number for number, item in enumerate(self.steps)}

        def key(item: PlannedStep) -> tuple[int, float]:
            state = self.state(item)
            if state is StepState.FAILED:
                return 1, self.heard[item.step.id]
            if state in (StepState.DONE, StepState.KEPT):
                return 0, self.heard[item.step.id]
            return (2 if state in BUSY else 3), rank[item.step.id]

        return sorted(self.steps, key=key)

    def waited(self, item: PlannedStep) -> float:
        """For how many seconds a step told that it waits for Azure."""
        first, last = self.waits.get(item.step.id, (0.0, 0.0))
        return last - first

    def waits_for(self, item: PlannedStep) -> PlannedStep | None:
        """Of what comes before a step and is not over, what takes longest."""
        chains = self._chains()
        before = [self._by_id[key] for key in self._before[item.step.id] if self.state(self._by_id[key]) not in ENDED]
        return max(before, key=lambda planned: chains[planned.step.id], default=None)

    def is_slowest(self, item: PlannedStep) -> bool:
        """Whether nothing that is made takes longer."""
        return item.step.expected_seconds == max(step.step.expected_seconds for step in self.steps if self._is_work(step))

    def expected(self, item: PlannedStep) -> float:
        """How many seconds a step takes, at the pace seen so far."""
        return item.step.expected_seconds * self._pace()

    def seconds_left(self) -> float:
        """About how long the longest chain of what is left takes, at the pace seen so far."""
        return max(self._chains().values(), default=0.0) * self._pace()

    def _chains(self) -> dict[str, float]:
        """Step id -> the seconds expected of it and of all that must come before it."""
        chains: dict[str, float] = {}

        def chain(key: str) -> float:
            if key not in chains:
                chains[key] = self._left(self._by_id[key]) + max((chain(before) for before in self._before[key]), default=0.0)
            return chains[key]

        for key in self._by_id:
            chain(key)
        return chains

    @cached_property
    def _by_id(self) -> dict[str, PlannedStep]:
        return {item.step.id: item for item in self.steps}

    @cached_property
    def _before(self) -> dict[str, list[str]]:
        """Step id -> the ids of what must be over first: what it needs, and, when it is deleted, what needs it."""
        needs = {key: [need for need in item.step.needs if need in self._by_id] for key, item in self._by_id.items()}
        return {key: [other for other in needs if key in needs[other]] for key in needs} if self.undoing else needs

    def _is_work(self, item: PlannedStep) -> bool:
        return self.undoing or item.action in MAKES

    def _left(self, item: PlannedStep) -> float:
        if not self._is_work(item) or self.state(item) in ENDED:
            return 0.0
        return max(item.step.expected_seconds - self.elapsed(item) / self._pace(), 1.0)

    def _pace(self) -> float:
        """How long finished steps took against what was expected of them; what the cloud says until some have."""
        finished = [item for item in self.steps if self.state(item) is StepState.DONE]
        expected = sum(item.step.expected_seconds for item in finished)
        pace = sum(self.elapsed(item) for item in finished) / expected if expected > 3 else self.tempo
        return max(pace, LEAST_PACE)

    def _clock(self) -> str:
        seconds = int(self.seconds)
        return f"{seconds // 60}:{seconds % 60:02}"


def _without_numbers(event: StepEvent) -> str:
    return re.sub(r"\d+", "", event.detail)


def left_words(seconds: float) -> str:
    """``about 2 minutes to go``."""
    if seconds < 50:
        return _("less than a minute to go")
    return plural("about {count} minute to go", "about {count} minutes to go", minutes(seconds)).format(count=minutes(seconds))


def minutes(seconds: float) -> int:
    """Whole minutes, at least one."""
    return round(seconds / 60) or 1
