"""The JSON Schema of azwizard.toml agrees with how the file is read."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wizard.sections import name_rules
from wizard.setup.json_schema import schema
from wizard.setup.loading import load, write
from wizard.setup.problems import AnswersError

REFERENCE = Path(__file__).parents[3] / "shared" / "examples" / "azwizard.toml"


def test_it_is_a_schema_that_refuses_unknown_tables() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert jsonschema.Draft202012Validator(schema()).is_valid({"format": 1, "project": {"name": "orders"}})
    assert not jsonschema.Draft202012Validator(schema()).is_valid({"format": 1, "project": {"name": "orders"}, "projects": {}})


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference setup file is not beside this checkout")
def test_the_reference_setup_file_is_valid() -> None:
    answers = tomllib.loads(REFERENCE.read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema.Draft202012Validator(schema()).iter_errors(answers)] == []


@pytest.mark.parametrize(
    "text",
    [
        "[app]\nport = 5000\n",
        '[project]\nname = "a1"\nnom = "b"\n',
        "[project]\nname = 1\n",
        '[project]\nname = "a1"\n[app]\nport = 0\n',
        '[project]\nname = "a1"\n[app]\nidentity = "me"\n',
        '[project]\nname = "a1"\n[[storage.shares]]\ndesignation = "db"\n',
        '[project]\nname = "a1"\n[[variables]]\nvalue = "x"\n',
        '[project]\nname = "a1"\n[other]\n',
        '[project]\nname = "Bad Name!"\n',
        '[project]\nname = "a1"\n[registry]\nname = "with-hyphen"\n',
        '[project]\nname = "a1"\n[key_vault]\nsecrets = ["API_KEY"]\n',
        '[project]\nname = "a1"\n[key_vault]\nsecrets = ["api-key", "api-key"]\n',
        '[project]\nname = "a1"\n[app]\nmemory = "0.7Gi"\n',
        '[project]\nname = "a1"\n[app]\nhealth_path = "health"\n',
        '[project]\nname = "a1"\nresource_group = "rg."\n',
    ],
)
def test_the_schema_refuses_what_reading_refuses(tmp_path: Path, text: str) -> None:
    assert not jsonschema.Draft202012Validator(schema()).is_valid(tomllib.loads(text))
    (tmp_path / "azwizard.toml").write_text(text)
    with pytest.raises(AnswersError):
        load(tmp_path / "azwizard.toml")


def test_every_key_has_its_question_and_its_reason() -> None:
    def properties(node: Any) -> list[dict[str, Any]]:
        return [entry for definition in node["$defs"].values() for entry in definition["properties"].values()]

    assert all(entry["title"] and entry["description"] for entry in properties(schema()))


def test_a_wrong_name_is_told_in_an_editor_as_azwizard_tells_it() -> None:
    registry = schema()["$defs"]["Registry"]["properties"]["name"]
    assert registry["patternErrorMessage"] == (name_rules.REGISTRY("with-hyphen") or "").replace("with-hyphen", "…")
    assert schema()["$id"].startswith("urn:")


RULES = [(name, rule) for name, rule in vars(name_rules).items() if isinstance(rule, name_rules.NameRule)]


@pytest.mark.parametrize("rule", [rule for _name, rule in RULES], ids=[name for name, _rule in RULES])
@given(name=st.text("aZ09-._/:( ü", min_size=1, max_size=9))
@settings(max_examples=60)
def test_an_editor_takes_every_name_that_azwizard_takes(rule: name_rules.NameRule, name: str) -> None:
    if rule(name) is None:
        assert re.search(rule.schema_pattern, name)
    elif re.search(rule.schema_pattern, name):
        assert rule.editor_pattern, "only where the two languages differ may an editor take more"


def test_a_new_setup_file_names_its_schema_and_an_old_one_keeps_its_first_line(tmp_path: Path) -> None:
    file = tmp_path / "azwizard.toml"
    write(file, {"format": 1, "project": {"name": "orders"}})
    assert file.read_text().startswith("#:schema ./azwizard.schema.json\n")
    file.write_text('# mine\nformat = 1\n[project]\nname = "orders"\n')
    write(file, {"format": 1, "project": {"name": "orders", "environment": "test"}})
    assert file.read_text().startswith("# mine\n")


def test_patterns_escape_only_what_ecma_262_lets_them_escape() -> None:
    """With the flag ``u``, which JSON Schema asks for, an escaped quotation mark is an error, and an editor drops the whole schema."""
    patterns = re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', json.dumps(schema()))
    assert len(patterns) > 5
    for pattern in map(json.loads, patterns):
        assert set(re.findall(r"\\(.)", pattern)) <= set(r"^$\\.*+?()[]{}|/-dDwWsSbBnrtvfux"), pattern
