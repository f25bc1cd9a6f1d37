"""Plain values, from a file or an option, read as answers; each value that does not fit becomes a problem with its sentence."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping
from typing import Any

import msgspec

from wizard.platform.language import _
from wizard.platform.phrases import quoted
from wizard.setup.introspection import Question, questions
from wizard.setup.problems import Problem, nearest, place

SHOWN = 60  # characters of a wrong value that a sentence shows


def read_tables(document: Mapping[str, Any], table_types: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """Every table of a setup file as its answers type; a table with problems is filled in as far as it goes, or left away.

    :param document: the file's content as plain values.
    :param table_types: the answers type of each table; ``variables`` holds a list of tables.
    """
    values: dict[str, Any] = {}
    problems = [
        Problem(key, _("{place} is not a table of the setup file.").format(place=f"[{key}]") + nearest(key, table_types))
        for key in document
        if key not in table_types and key != "format"
    ]
    for name, table_type in table_types.items():
        if name == "variables":
            values[name] = _read_items(name, document.get(name, []), table_type, problems)
        elif (table := _read_table(name, document.get(name, {}), table_type, problems)) is not None:
            values[name] = table
    return values, problems


def read_text(text: str, question: Question, where: str) -> tuple[Any, list[Problem]]:
    """The value that a text means for a question, and what is wrong with it."""
    value: Any = text
    if question.kind is dict:
        value = _pairs(text)
    elif question.kind is bool:
        value = {"true": True, "false": False}.get(text.lower(), text)
    elif question.kind in (int, float):
        try:
            value = question.kind(text)
        except ValueError:
            value = text
    problems: list[Problem] = []
    return _read_value(where, where, value, question, problems), problems


def shown_value(value: Any) -> str:
    """A value as the text of a field, which `read_text` reads back."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={text}" for key, text in value.items())
    return "" if value is None else str(value)


def _pairs(text: str) -> Any:
    """``CostCenter=42, Owner=me`` as a table; the text itself when it is none."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if not all(equals and name.strip() for name, equals, _value in pairs):
        return text
    return {name.strip(): value.strip() for name, _equals, value in pairs}


def _read_table(where: str, content: Any, table_type: Any, problems: list[Problem]) -> Any:
    """The table as its type, with defaults for what is wrong in it; None when something required is missing or wrong."""
    if not isinstance(content, Mapping):
        problems.append(Problem(where, _("{place} must be a table, but is {value}.").format(place=place(where), value=_shown(content))))
        content = {}
    known = {question.key: question for question in questions(table_type)}
    values: dict[str, Any] = {}
    for key, value in content.items():
        inner = f"{where}.{key}"
        if key not in known:
            sentence = _("{place}: there is no such key.").format(place=place(inner)) + nearest(key, known)
            problems.append(Problem(inner, sentence))
            continue
        before = len(problems)
        read = _read_value(inner, place(inner), value, known[key], problems)
        if len(problems) == before or known[key].item:
            values[key] = read
    for key, question in known.items():
        if question.required and key not in content:
            sentence = _("{place} is missing: {why}").format(place=place(f"{where}.{key}"), why=_(question.ask.why))
            problems.append(Problem(f"{where}.{key}", sentence))
    lacking = [key for key, question in known.items() if question.required and key not in values]
    return None if lacking else table_type(**values)


def _read_value(where: str, named: str, value: Any, question: Question, problems: list[Problem]) -> Any:
    """The value as the question's type; appends what is wrong with it."""
    if question.item:
        return _read_items(where, value, question.item, problems)
    try:
        read = msgspec.convert(value, question.hint)
    except msgspec.ValidationError:
        sentence = _("{place} must be {wanted}, but is {value}.").format(place=named, wanted=_wanted(question), value=_shown(value))
        problems.append(Problem(where, sentence))
        return None
    wrong = _unseen(read, question) or (question.ask.check(read) if question.ask.check and read not in ("", None) else None)
    if wrong:
        problems.append(Problem(where, f"{named}: {wrong}"))
    return read


def _unseen(value: Any, question: Question) -> str | None:
    """What is said of a character that nobody sees: no name in Azure has one, no path, and a terminal obeys some."""
    texts = [*value, *value.values()] if isinstance(value, Mapping) else value if isinstance(value, tuple) else [value]
    for character in "".join(text for text in texts if isinstance(text, str)):
        if character == "\0" or (unicodedata.category(character) == "Cc" and not question.ask.is_free):
            return _("it holds a character that cannot be seen ({code}): write it anew.").format(code=f"U+{ord(character):04X}")
    return None


def _read_items(where: str, value: Any, table_type: Any, problems: list[Problem]) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        sentence = _("{place} must be written as [[{where}]], once for each, but is {value}.")
        problems.append(Problem(where, sentence.format(place=place(where), where=where, value=_shown(value))))
        return ()
    items = (_read_table(f"{where}[{number}]", item, table_type, problems) for number, item in enumerate(value))
    return tuple(item for item in items if item is not None)


def _wanted(question: Question) -> str:
    """The values that a question takes, in words."""
    if question.choices:
        *first, last = (quoted(choice) for choice in question.choices)
        return _("{first} or {last}").format(first=", ".join(first), last=last)
    if question.kind is int and question.least is not None and question.most is not None:
        return _("a whole number from {least} to {most}").format(least=question.least, most=question.most)
    words = {
        str: _("a text"),
        int: _("a whole number"),
        float: _("a number"),
        bool: _("true or false"),
        tuple: _("a list of texts"),
        dict: _("names with values, such as CostCenter=42"),
    }
    return words[question.kind]


def _shown(value: Any) -> str:
    """A wrong value in words, cut short when it is long."""
    text = str(value) if len(str(value)) <= SHOWN else f"{str(value)[:SHOWN]}…"
    match value:
        case bool():
            return text.lower()
        case str():
            return _("the text “{text}”").format(text=text)
        case int() | float():
            return _("the number {text}").format(text=text)
        case Mapping():
            return _("a table")
        case list() | tuple():
            return _("a list")
        case datetime.date() | datetime.time():
            return _("the date {text}").format(text=text)
    return text
