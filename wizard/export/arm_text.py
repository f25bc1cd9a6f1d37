"""How ARM templates write values: what ARM takes, and the expressions of our Bicep, as JSON with ``[...]`` for what is worked out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.export.bicep_text import Conditional, Expression, Text

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<number>\d+)|(?P<name>[A-Za-z_]\w*)|(?P<sign>&&|\|\||==|[!?:.,()\[\]]))")
_HOLE = re.compile(r"\$\{([^}]*)\}")

Named = Callable[[str, list[str]], str | None]
"""A name and what follows it (members such as ``.id``, ``.listKeys()``, ``[0]``) as ARM writes it; None for a function."""


@dataclass(frozen=True)
class ArmWriter:
    """Writes values of one template.

    :param named: what a name of the template (parameter, variable, resource) is in ARM's language.
    """

    named: Named

    def json(self, value: Any) -> Any:
        """A value as it stands in the template."""
        match value:
            case Expression() | Text() | Conditional():
                return f"[{self.expression(value)}]"
            case dict():
                return {self.json(key): self.json(item) for key, item in value.items()}
            case list() | tuple():
                return [self.json(item) for item in value]
            case str() if value.startswith("[") and value.endswith("]"):
                return f"[{value}"  # so that it is no expression
        return value

    def expression(self, value: Any) -> str:
        """A value inside an expression, where objects and lists are made by functions."""
        match value:
            case None:
                return "null()"
            case bool():
                return "true()" if value else "false()"
            case int():
                return str(value)
            case float():
                return f"json('{value!r}')"
            case str():
                return quoted(value)
            case Expression():
                return self.compiled(value.text)
            case Text():
                return f"concat({', '.join(self.expression(part) for part in value.parts)})"
            case Conditional():
                return f"if({', '.join(self.expression(part) for part in (value.condition, value.yes, value.no))})"
            case dict():
                pairs = [self.expression(part) for pair in value.items() for part in pair]
                return f"createObject({', '.join(pairs)})"
            case list() | tuple():
                return f"createArray({', '.join(map(self.expression, value))})"
        raise TypeError(f"ARM has no expression for {type(value).__name__}")

    def compiled(self, bicep: str) -> str:
        """An expression of our Bicep in ARM's language."""
        reader = _Reader(bicep, self)
        compiled = reader.choice()
        if reader.token():
            raise ValueError(f"not an expression: {bicep}")
        return compiled


class _Reader:
    """Reads the Bicep that `wizard.export` writes, from left to right: names, calls, members, ``!``, ``&&``, ``||``, ``==`` and choices."""

    def __init__(self, text: str, writer: ArmWriter) -> None:
        self._tokens = [match for match in _TOKEN.finditer(text) if match[0].strip()]
        self._writer = writer

    def token(self) -> str:
        """The next one; "" at the end."""
        return self._tokens[0][0].strip() if self._tokens else ""

    def _take(self) -> re.Match[str]:
        return self._tokens.pop(0)

    def _goes_on(self, sign: str) -> bool:
        if self.token() != sign:
            return False
        self._take()
        return True

    def choice(self) -> str:
        condition = self._several("||", "or", lambda: self._several("&&", "and", lambda: self._several("==", "equals", self._single)))
        if not self._goes_on("?"):
            return condition
        yes = self.choice()
        self._goes_on(":")
        return f"if({condition}, {yes}, {self.choice()})"

    def _several(self, sign: str, function: str, part: Callable[[], str]) -> str:
        parts = [part()]
        while self._goes_on(sign):
            parts.append(part())
        return parts[0] if len(parts) == 1 else f"{function}({', '.join(parts)})"

    def _single(self) -> str:
        if self._goes_on("!"):
            return f"not({self._single()})"
        match = self._take()
        if match["text"]:
            return self._filled(match["text"])
        if match["number"]:
            return match["number"]
        name = match["name"]
        arguments = self._arguments() if self.token() == "(" else None
        members = self._members()
        known = self._writer.named(name, members) if arguments is None else None
        return known if known is not None else f"{name}({', '.join(arguments or [])}){''.join(members)}"

    def _arguments(self) -> list[str]:
        self._take()
        arguments = []
        while not self._goes_on(")"):
            arguments.append(self.choice())
            self._goes_on(",")
        return arguments

    def _members(self) -> list[str]:
        members = []
        while self.token() in (".", "[", "!"):
            if self._goes_on("!"):
                continue  # which tells Bicep that it is there
            if self._take()[0].strip() == ".":
                name = self._take()["name"]
                members.append(f".{name}()" if self.token() == "(" and not self._arguments() else f".{name}")
            else:
                members.append(f"[{self._take()[0].strip()}]")
                self._take()
        return members

    def _filled(self, text: str) -> str:
        """Text in quotes, with the expressions that stand in it."""
        pieces = _HOLE.split(text[1:-1])  # literal, expression, literal, ...
        whole = len(pieces) == 1
        parts = [self._writer.compiled(piece) if place % 2 else quoted(piece) for place, piece in enumerate(pieces) if piece or whole]
        return parts[0] if len(parts) == 1 else f"concat({', '.join(parts)})"


def quoted(text: str) -> str:
    """Text inside an expression."""
    return "'{}'".format(text.replace("'", "''"))


def parameters_given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of parameters as a deployment takes them."""
    return {name: {"value": value} for name, value in values.items()}
