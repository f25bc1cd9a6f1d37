"""The JSON Schema of azwizard.toml agrees with how the file is read."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from wizard.setup.json_schema import schema
from wizard.setup.loading import load
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
