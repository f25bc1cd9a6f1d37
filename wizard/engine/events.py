"""What a command tells while it works: the objects of ``--json`` (docs/events.md), and what screens and line prompts show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from wizard.platform.shown import Shown


class StepState(StrEnum):
    """Where a step stands during a run."""

    LOOKING = "looking"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    KEPT = "kept"
    FAILED = "failed"
    SKIPPED = "skipped"
    BLOCKED = "blocked"


class StepReason(StrEnum):
    """Why a step is not done, where a face or a program can do something about it."""

    NEEDS_VALUE = "needs-value"  # nobody gave the value of its secret
    NO_DOCKERFILE = "no-dockerfile"  # the wizard can write one that fits the code


@dataclass(frozen=True)
class StepEvent(Shown):
    """A step changed its state, or has a new latest line."""

    step: str
    title: str
    state: StepState
    detail: str = ""
    seconds: float = 0.0
    reason: StepReason | None = None


@dataclass(frozen=True)
class CheckEvent(Shown):
    """A prerequisite was checked. `action` and `scope` are given for rights, `group` where checks are shown under headings."""

    check: str
    state: str  # met | missing | unknown
    detail: str
    action: str | None = None
    scope: str | None = None
    remedy: str = ""
    group: str = ""


@dataclass(frozen=True)
class PlanEvent(Shown):
    """One line of a plan."""

    step: str
    action: str
    title: str
    detail: str
    monthly_cost: float | None = None


@dataclass(frozen=True)
class FindingEvent(Shown):
    """Something that the code check found (`wizard.lint.finding.Finding`)."""

    finding: str
    severity: str  # error | warning | info
    file: str
    line: int
    detail: str
    replacement: str


@dataclass(frozen=True)
class RequestEvent(Shown):
    """A request of a .rest file was answered, or not (status 0). `expected` are the statuses that it wants; none takes any below 500.

    :param sent: whether it was sent at all; what was not has the reason as `body`.
    :param why: why it did not pass, where its status alone does not show it.
    """

    title: str
    method: str
    path: str
    status: int
    expected: tuple[int, ...]
    passed: bool
    seconds: float
    body: str
    sent: bool = True
    why: str = ""


@dataclass(frozen=True)
class ShareEvent(Shown):
    """A file was put onto a share before a restart of the API, and looked for after it. `mount` is where the API finds the share."""

    share: str
    mount: str
    passed: bool
    seconds: float
    detail: str


@dataclass(frozen=True)
class VerdictEvent(Shown):
    """What the doctor says of a deployment; docs/doctor.md lists the verdicts. `fix` is a command, or what only a person can do."""

    verdict: str
    detail: str
    evidence: tuple[str, ...]
    fix: str


@dataclass(frozen=True)
class LogEvent(Shown):
    """A line that a copy of the app printed, or an event of Azure's.

    :param source: the copy's name, or ``system``.
    :param at: Azure's time.
    :param level: debug, info, warning, error or critical, as far as the line says.
    """

    source: str
    at: str
    line: str
    level: str = "info"


class ExerciseState(StrEnum):
    """How far a learner is with an exercise."""

    NEW = "new"
    BEGUN = "begun"
    SOLVED = "solved"


@dataclass(frozen=True)
class ExerciseEvent(Shown):
    """How a learner stands with an exercise. `detail` says what is left to do, `hints` how many were shown, `seconds` how long it took."""

    exercise: str
    title: str
    state: ExerciseState
    detail: str = ""
    hints: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class ReleaseEvent(Shown):
    """A deployment that came to run. `digest` and `commit` are cut to 12 digits; `changes` says what differed from the one before.

    `time` is the release's own, as in its tag, and stands in the line in place of the event's.
    """

    number: int
    digest: str
    time: str
    who: str
    commit: str
    running: bool
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class StandingEvent(Shown):
    """How a deployed API stands now.

    :param state: running, failing (it does not answer), paused (the person wanted it so), stopped (somebody else did).
    :param health: the status that its health path answers; 0 for no answer.
    :param release: the number of the release that serves; 0 where it was noted as none.
    :param newest_serves: false where a newer version did not come to run.
    :param replicas: how many copies run; None where it was not asked.
    :param code_changed: files of the source that are newer than what runs.
    """

    state: str
    address: str
    health: int
    release: int
    since: str
    who: str
    commit: str
    rolled_back: bool
    newest_serves: bool
    replicas: int | None
    code_changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class DifferenceEvent(Shown):
    """Something that differs between two releases; `section` is where it is asked."""

    what: str
    before: str
    after: str
    section: str


@dataclass(frozen=True)
class CostEvent(Shown):
    """What a thing of the setup has cost since the month began.

    :param resource: its ARM id; "" for what is no resource of the setup any more.
    """

    what: str
    resource: str
    amount: float
    currency: str


@dataclass(frozen=True)
class MetricEvent(Shown):
    """How one metric of an API went in its last minutes.

    :param metric: requests, errors, cpu (nano cores), memory (bytes), restarts or replicas.
    :param line: a column for each minute, for a person; `words` what they come to, `why` what it is.
    :param values: one for each minute, the present one last; None where nothing is known of one.
    """

    metric: str
    title: str
    line: str
    words: str
    why: str
    values: tuple[float | None, ...]


@dataclass
class ResultEvent(Shown):
    """The end of a command; counts are of steps."""

    outcome: str
    created: int = 0
    changed: int = 0
    kept: int = 0
    deleted: int = 0
    failed: int = 0
    blocked: int = 0
    url: str | None = None
    local_url: str | None = None
    requests: int = 0
    seconds: float = 0.0
    detail: str = ""
    sentence: str = ""
    """What a person is told in place of the outcome's own sentence."""
    planned: bool = False
    """Whether the counts are of what would be done, rather than of what was."""
    extra: dict[str, Any] = field(default_factory=dict)


Event = (
    StepEvent
    | CheckEvent
    | PlanEvent
    | FindingEvent
    | RequestEvent
    | ShareEvent
    | VerdictEvent
    | LogEvent
    | ExerciseEvent
    | ReleaseEvent
    | DifferenceEvent
    | StandingEvent
    | CostEvent
    | MetricEvent
    | ResultEvent
)
Listener = Callable[[Event], None]
