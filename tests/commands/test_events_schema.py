"""What ``--json`` prints is what the committed schema says."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from wizard.commands import events_schema
from wizard.engine.events import (
    CheckEvent,
    CostEvent,
    DifferenceEvent,
    Event,
    ExerciseEvent,
    ExerciseState,
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
    StepState,
    VerdictEvent,
)
from wizard.engine.reporting.event_json import EVENT_NAMES, as_json
from wizard.engine.reporting.event_lines import OUTCOME_SENTENCES
from wizard.engine.session import OUTCOME_EXITS

FILE = Path(__file__).parents[2] / "docs" / "events.schema.json"
EVENTS: list[Event] = [
    *(StepEvent("app.revision", "Your app", state, "detail", 1.5) for state in StepState),
    CheckEvent("right:x", "missing", "A sentence.", "Microsoft.App/x", "/subscriptions/1"),
    PlanEvent("app.revision", "create", "Your app", "", None),
    PlanEvent("app.revision", "change", "Your app", "0.25 → 0.5", 9.5),
    FindingEvent("loopback", "error", "Dockerfile", 3, "A sentence.", "CMD x"),
    RequestEvent("Every order", "GET", "/orders", 200, (200, 404), True, 0.1, "[]"),
    ShareEvent("share", "/data", True, 1.0, ""),
    VerdictEvent("healthy", "It answers.", ("a line",), ""),
    LogEvent("system", "2026-11-30", "a line"),
    ExerciseEvent("port", "Another port", ExerciseState.SOLVED, "", 3, 61.0),
    ReleaseEvent(2, "0123456789ab", "2026-11-30T05:20:00Z", "lin@example.com", "", True, ("memory: 0.5Gi → 1Gi",)),
    StandingEvent("running", "https://x", 200, 2, "2026-11-30T05:20:00Z", "lin", "", False, True, 1, ("app.py",)),
    MetricEvent("requests", "calls", "▁█", "2 calls", "A sentence.", (None, 2.0)),
    CostEvent("Image store (crordersdev)", "/subscriptions/s", 0.17, "USD"),
    DifferenceEvent("memory", "0.5Gi", "1Gi", "revision"),
    *(ResultEvent(outcome, extra={"asked": 2}) for outcome in OUTCOME_SENTENCES),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_each_event_is_one_of_the_schema(event: Event) -> None:
    line = json.loads(json.dumps(as_json(event)))
    jsonschema.validate(line, json.loads(FILE.read_text(encoding="utf-8")))
    assert line["format"] == 1


def test_every_kind_of_event_was_tried_and_every_outcome_has_a_status() -> None:
    assert {type(event) for event in EVENTS} == set(EVENT_NAMES)
    assert set(OUTCOME_SENTENCES) == set(OUTCOME_EXITS)


def test_the_committed_schema_is_todays() -> None:
    again = "write it again: python -m wizard.commands.events_schema > docs/events.schema.json"
    assert json.loads(FILE.read_text(encoding="utf-8")) == events_schema.schema(), again


@pytest.mark.parametrize("line", [{}, {"format": 1, "event": "result"}, {"format": 2, "event": "log"}])
def test_what_is_no_event_is_refused(line: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(line, json.loads(FILE.read_text(encoding="utf-8")))
