"""The JSON Schema of azwizard.toml, for editors that complete and check it."""

from __future__ import annotations

from typing import Any

import msgspec

from wizard.platform.language import _
from wizard.sections import SECTIONS
from wizard.sections.name_rules import DistinctNames, NameRule
from wizard.sections.storage import Share
from wizard.setup.answers import TABLES
from wizard.setup.introspection import questions
from wizard.setup.toml_reader import FORMAT


def schema() -> dict[str, Any]:
    """The schema (draft 2020-12): every table and key with its question as title and its reason as description."""
    _refs, definitions = msgspec.json.schema_components([*TABLES.values(), Share], ref_template="#/$defs/{name}")
    for answers_type in (*TABLES.values(), Share):
        _describe(definitions[answers_type.__name__], answers_type)
    about = {section.key: section for section in SECTIONS if section.key}
    tables: dict[str, dict[str, Any]] = {name: {"$ref": f"#/$defs/{answers_type.__name__}"} for name, answers_type in TABLES.items()}
    tables["variables"] = {"type": "array", "items": tables["variables"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:azwizard:setup-file:{FORMAT}",
        "title": "azwizard.toml",
        "type": "object",
        "properties": {
            "format": {"type": "integer", "enum": [1, FORMAT], "description": _("The version of this file's form.")},
            "stages": {
                "type": "object",
                "description": _("What is different in another stage: [stages.prod.app] and so on, chosen with --stage prod."),
                "additionalProperties": {"type": "object", "properties": {name: {"type": ["object", "array"]} for name in tables}},
            },
            **{name: {"title": _(about[name].title), "description": _(about[name].why), **table} for name, table in tables.items()},
        },
        "required": ["project"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def _describe(definition: dict[str, Any], answers_type: type) -> None:
    """Give each property its question, its reason and its rule; an empty default means that the answer is derived, so it is not shown."""
    definition.pop("description", None)
    for question in questions(answers_type):
        entry = definition["properties"][question.key]
        if entry.get("default") in ("", None):
            entry.pop("default", None)
        entry |= {"title": _(question.ask.label), "description": _(question.ask.why)}
        match question.ask.check:
            case NameRule() as rule:
                entry |= _pattern(rule)
            case DistinctNames(rule=rule):
                entry |= {"uniqueItems": True, "items": entry["items"] | _pattern(rule)}


def _pattern(rule: NameRule) -> dict[str, str]:
    """The rule as editors check it, with the sentence that azwizard says too (``patternErrorMessage`` is VS Code's)."""
    return {"pattern": rule.schema_pattern, "patternErrorMessage": rule.words_for("…")}
