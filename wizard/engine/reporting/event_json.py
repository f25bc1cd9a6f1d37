"""Events as JSON for programs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

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
from wizard.platform.redaction import redaction
from wizard.platform.terminal_text import plain

JSON_FORMAT = 1
"""The version of the lines of ``--json``; keys may be added within one."""
EVENT_NAMES: dict[type, str] = {
    StepEvent: "step",
    CheckEvent: "check",
    PlanEvent: "plan",
    FindingEvent: "finding",
    RequestEvent: "request",
    ShareEvent: "share",
    VerdictEvent: "verdict",
    LogEvent: "log",
    ExerciseEvent: "exercise",
    ReleaseEvent: "release",
    DifferenceEvent: "difference",
    StandingEvent: "status",
    CostEvent: "cost",
    MetricEvent: "metric",
    ResultEvent: "result",
}
"""What each kind of event is called in ``--json``."""


def as_json(event: Event) -> dict[str, Any]:
    """The event as the contract of ``--json`` has it."""
    body = asdict(event)
    extra = body.pop("extra", {})
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return {"format": JSON_FORMAT, "time": at, "event": EVENT_NAMES[type(event)], **harmless({**body, **extra})}


def harmless(value: Any) -> Any:
    """Every text in a value without secrets, and without anything that a terminal would obey."""
    if isinstance(value, str):
        return redaction(plain(value))
    if isinstance(value, Mapping):
        return {key: harmless(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [harmless(inner) for inner in value]
    return value
