"""Values written in Bicep, read back with another program's grammar."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.export.bicep_reader import Evaluation, parsed, text_of
from wizard.export.bicep_text import Conditional, Expression, Holes, Text, comment, literal, written

ANY_TEXT = st.text(st.characters(codec="utf-8")) | st.text("${}'\\nru\n\r\t\x00\x1b\u2028 ", max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)


def evaluated(bicep: str, **known: Any) -> Any:
    declaration = parsed(f"var x = {bicep}\n").named_children[0]
    return Evaluation(known)(declaration.named_children[-1])


@given(ANY_TEXT)
@example("it's ${vault.id}")
@example("\\${")
@example("$${'a'}")
@example("'''\n")
def test_whatever_the_text_it_is_one_literal_on_one_line(text: str) -> None:
    bicep = literal(text)
    assert len(bicep.splitlines()) == 1
    (declaration,) = parsed(f"var x = {bicep}\n").named_children
    assert text_of(declaration.named_children[-1]) == text


@given(VALUES)
def test_every_value_is_read_back_as_it_was(value: Any) -> None:
    assert evaluated(written(value)) == value


def test_what_json_does_not_know_is_no_value() -> None:
    with pytest.raises(TypeError):
        written({"x": b"bytes"})


@given(ANY_TEXT)
def test_an_expression_stands_between_text_of_any_kind(text: str) -> None:
    bicep = written(Text((text, Expression("app.name"), text)))
    assert evaluated(bicep, **{"app.name": "capp"}) == f"{text}capp{text}"


@given(ANY_TEXT, ANY_TEXT)
def test_holes_become_expressions_and_what_a_person_wrote_stays_text(before: str, after: str) -> None:
    holes = Holes()
    body = {
        "url": f"{before}{holes.hole('vault.name')}{after}",
        holes.hole("identity.id"): {},
        "text": before,
        "id": "/id",
        "nothing": None,
    }
    filled = holes.filled(body, {"/id": Expression("app.id")})
    known = {"vault.name": "kv", "identity.id": "/i", "app.id": "/id"}
    assert evaluated(written(filled), **known) == {"url": f"{before}kv{after}", "/i": {}, "text": before, "id": "/id"}


@pytest.mark.parametrize("first", [True, False])
def test_a_choice_is_one_of_two_values(first: bool) -> None:
    bicep = written({"p": Conditional(Expression("first"), {"a": [1]}, {"b": {}})})
    assert evaluated(bicep, first=first) == {"p": {"a": [1]} if first else {"b": {}}}


@pytest.mark.parametrize("name", ["true", "null", "if", "azwizard-setup", "1st", "", "naïve"])
def test_a_key_that_is_no_identifier_is_quoted(name: str) -> None:
    assert written({name: 1}) == f"{{\n  '{name}': 1\n}}"


@given(ANY_TEXT)
def test_nothing_gets_out_of_a_comment(text: str) -> None:
    lines = comment(text.replace("\\", ""))  # to this grammar, and not to the compiler, a comment goes on after one at a line's end
    assert [node.type for node in parsed("\n".join([*lines, ""])).named_children] == ["comment"] * len(lines)


def test_an_expression_knows_what_it_refers_to() -> None:
    assert Expression("you == 'vault' ? guid(registry.id, you) : app.identity.principalId").names >= {"you", "registry", "app"}
    assert not Expression("'vault'").names
