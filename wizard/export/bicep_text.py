"""How Bicep writes values: from what ARM takes (objects, lists, text, numbers) to the language's own literals and expressions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

INDENT = "  "
UNPRINTABLE = "\ufffd"
_IDENTIFIER = re.compile(r"(?!(?:true|false|null|if|for)$)[A-Za-z_][A-Za-z0-9_]*")
_ESCAPES = {"\\": r"\\", "'": r"\'", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
_TEXT = re.compile(r"'[^']*'")  # in an expression of ours, where no text has a quote in it
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


@dataclass(frozen=True)
class Expression:
    """A piece of Bicep such as ``vault.properties.vaultUri``, in place of a value that only Azure knows."""

    text: str

    @property
    def names(self) -> set[str]:
        """What it refers to: resources and parameters, and functions too."""
        return set(_NAME.findall(_TEXT.sub("", self.text)))


@dataclass(frozen=True)
class Text:
    """Text with expressions in it."""

    parts: tuple[str | Expression, ...]


@dataclass(frozen=True)
class Conditional:
    """One value where `condition` holds and another where it does not."""

    condition: Expression
    yes: Any
    no: Any


class Holes:
    """Expressions in bodies that are made of text: each is kept under a mark that occurs nowhere else, until `filled` finds it.

    Whatever a person wrote stays literal, since nobody can have written the mark.
    """

    def __init__(self) -> None:
        self._mark = uuid4().hex
        self._expressions: list[Expression] = []

    def hole(self, expression: str) -> str:
        """The mark to put where the value would stand."""
        self._expressions.append(Expression(expression))
        return f"<{self._mark}:{len(self._expressions) - 1}>"

    def filled(self, value: Any, known: Mapping[str, Expression]) -> Any:
        """A body with its expressions. What is None is left out, as it is when a body is sent.

        :param known: whole texts that an expression is as good as, such as a resource's id.
        """
        match value:
            case dict():
                return {self._text(key, {}): self.filled(item, known) for key, item in value.items() if item is not None}
            case list():
                return [self.filled(item, known) for item in value]
            case str():
                return self._text(value, known)
        return value

    def _text(self, text: str, known: Mapping[str, Expression]) -> str | Expression | Text:
        if text in known:
            return known[text]
        pieces = re.split(f"<{self._mark}:([0-9]+)>", text)  # literal, number, literal, ..., literal
        if len(pieces) == 1:
            return text
        parts = [self._expressions[int(piece)] if place % 2 else piece for place, piece in enumerate(pieces)]
        parts = [part for part in parts if part]
        return parts[0] if len(parts) == 1 else Text(tuple(parts))


def literal(text: str) -> str:
    """Text in single quotes, as the compiler's own lexer reads it back: nothing in it is code, and it stays on one line."""
    return f"'{_escaped(text)}'"


def written(value: Any, depth: int = 0) -> str:
    """A value in Bicep; `depth` is how far the line that it stands on is indented.

    :param value: what JSON knows, `Expression`, `Text` and `Conditional`. Bicep has no fractions: they are read from JSON.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case float():
            return f"json({literal(repr(value))})"
        case int():
            return str(value)
        case str():
            return literal(value)
        case Expression():
            return value.text
        case Text():
            return f"'{''.join(_part(part) for part in value.parts)}'"
        case Conditional():
            return f"{value.condition.text} ? {written(value.yes, depth)} : {written(value.no, depth)}"
        case dict():
            return _block("{", [f"{_key(key)}: {written(item, depth + 1)}" for key, item in value.items()], "}", depth)
        case list() | tuple():
            return _block("[", [written(item, depth + 1) for item in value], "]", depth)
    raise TypeError(f"Bicep has no literal for {type(value).__name__}")


def mapped(value: Any, change: Callable[[Expression], Expression]) -> Any:
    """A value with every expression in it changed."""
    match value:
        case Expression():
            return change(value)
        case Text():
            return Text(tuple(change(part) if isinstance(part, Expression) else part for part in value.parts))
        case Conditional():
            return Conditional(change(value.condition), mapped(value.yes, change), mapped(value.no, change))
        case dict():
            return {mapped(key, change): mapped(item, change) for key, item in value.items()}
        case list() | tuple():
            return [mapped(item, change) for item in value]
    return value


def expressions_in(value: Any) -> list[Expression]:
    """Every expression in a value."""
    expressions: list[Expression] = []

    def learn(expression: Expression) -> Expression:
        expressions.append(expression)
        return expression

    mapped(value, learn)
    return expressions


def comment(text: str) -> list[str]:
    """Lines of comment: whatever ends a line in the text begins another one, and other control characters are only marked."""
    return [f"// {''.join(item if item.isprintable() else UNPRINTABLE for item in line)}".rstrip() for line in text.splitlines()]


def _block(opening: str, lines: list[str], closing: str, depth: int) -> str:
    if not lines:
        return f"{opening}{closing}"
    inner = INDENT * (depth + 1)
    return "\n".join([opening, *(f"{inner}{line}" for line in lines), f"{INDENT * depth}{closing}"])


def _key(key: str | Expression | Text) -> str:
    if isinstance(key, Expression):
        return written(Text((key,)))
    return key if isinstance(key, str) and _IDENTIFIER.fullmatch(key) else written(key)


def _part(part: str | Expression) -> str:
    return f"${{{part.text}}}" if isinstance(part, Expression) else _escaped(part)


def _escaped(text: str) -> str:
    """Every dollar sign is escaped, not only before a brace: what follows may be an expression."""
    return "".join(_character(character) for character in text)


def _character(character: str) -> str:
    if character == "$":
        return r"\$"
    return _ESCAPES.get(character) or (character if character.isprintable() else f"\\u{{{ord(character):x}}}")
