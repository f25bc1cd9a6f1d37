"""The JSON Schema of the lines of ``--json``: ``python -m wizard.commands.events_schema > docs/events.schema.json``."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any, get_args, get_type_hints

from wizard.engine import events
from wizard.engine.reporting.event_json import EVENT_NAMES, JSON_FORMAT
from wizard.engine.reporting.event_lines import ACTION_WORDS, OUTCOME_SENTENCES

CHOICES: dict[tuple[str, str], list[str]] = {
    ("step", "state"): [str(state) for state in events.StepState],
    ("check", "state"): ["met", "missing", "unknown"],
    ("plan", "action"): list(ACTION_WORDS),
    ("exercise", "state"): [str(state) for state in events.ExerciseState],
    ("finding", "severity"): ["error", "warning", "info"],
    ("result", "outcome"): list(OUTCOME_SENTENCES),
}
"""The words that a key of an event may have."""
TYPES: dict[type, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
}


def schema() -> dict[str, Any]:
    """Every event is one of the definitions; keys may be added to each."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:azwizard:events:1",
        "title": "A line of azwizard --json",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in EVENT_NAMES.values()],
        "$defs": {name: _event(kind, name) for kind, name in EVENT_NAMES.items()},
    }


def _event(kind: type, name: str) -> dict[str, Any]:
    hints = get_type_hints(kind)
    keys = [field.name for field in dataclasses.fields(kind) if field.name != "extra"]  # its content stands beside the other keys
    own = {key: _type(hints[key], CHOICES.get((name, key))) for key in keys}
    shared = {
        "format": {"const": JSON_FORMAT},
        "time": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "event": {"const": name},
    }
    about = re.split(r"\n\n|\. ", (kind.__doc__ or "").strip())[0].rstrip(".") + "."
    return {"description": about, "type": "object", "properties": {**shared, **own}, "required": list(shared | own)}


def _type(hint: Any, choices: list[str] | None) -> dict[str, Any]:
    if choices:
        return {"enum": choices}
    if hint in TYPES:
        return TYPES[hint]
    if getattr(hint, "__origin__", None) is tuple:
        return {"type": "array", "items": _type(get_args(hint)[0], None)}
    if isinstance(hint, type) and issubclass(hint, str):
        return TYPES[str]
    return {"anyOf": [_type(part, None) for part in get_args(hint)]}


if __name__ == "__main__":
    print(json.dumps(schema(), indent=2))
