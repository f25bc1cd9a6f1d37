"""The language of ARM templates: ``[format('{0}-dev', parameters('name'))]`` and the functions that compiled Bicep uses."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import uuid
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from wizard.practice.kernel.errors import AzureError

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+)|(?P<name>[A-Za-z_]\w*)|(?P<sign>\?\.|[().,\[\]]))")
_GUIDS = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")  # the namespace of the function guid()
MOST_DEEP = 50

Function = Callable[[list[Any]], Awaitable[Any]]


class Expressions:
    """Evaluates whatever of a template is an expression; `functions` know parameters, variables and resources."""

    def __init__(self, functions: dict[str, Function]) -> None:
        self._functions = functions

    async def evaluated(self, node: Any) -> Any:
        """A part of a template with every expression in it replaced by its value. Raises AzureError 400 InvalidTemplate."""
        if isinstance(node, dict):
            return {str(await self.evaluated(name)): await self.evaluated(value) for name, value in node.items()}
        if isinstance(node, list):
            return [await self.evaluated(member) for member in node]
        if not isinstance(node, str) or not (node.startswith("[") and node.endswith("]")):
            return node
        if node.startswith("[["):
            return node[1:]
        reader = _ExpressionReader(node[1:-1], self._functions)
        value = await reader.expression(0)
        if reader.left():
            raise invalid_template(f"Unable to parse language expression '{node[1:-1]}'")
        return value


class _ExpressionReader:
    """Reads and evaluates one expression from left to right."""

    def __init__(self, text: str, functions: dict[str, Function]) -> None:
        self._text, self._place, self._functions = text, 0, functions
        self._skipped = False  # in the branch of an if() that is not taken: read, and not evaluated

    def left(self) -> bool:
        return bool(self._text[self._place :].strip())

    async def expression(self, depth: int) -> Any:
        if depth > MOST_DEEP:
            raise invalid_template("The language expression is nested too deeply")
        kind, token = self._take()
        if kind == "text":
            return token[1:-1].replace("''", "'")
        if kind == "number":
            return int(token)
        if kind != "name":
            raise self._broken()
        value = await self._call(token, depth)
        return await self._members(value, depth)

    async def _call(self, name: str, depth: int) -> Any:
        if self._peek() != "(":
            raise self._broken()
        self._take()
        arguments: list[Any] = []
        skipped = self._skipped
        while self._peek() != ")":
            self._skipped = skipped or (name.lower() == "if" and len(arguments) > 0 and bool(arguments[0]) is (len(arguments) == 2))
            arguments.append(await self.expression(depth + 1))
            if self._peek() == ",":
                self._take()
            elif self._peek() != ")":
                raise self._broken()
        self._take()
        self._skipped = skipped
        if skipped:
            return None
        function = self._functions.get(name.lower()) or _PLAIN.get(name.lower())
        if function is None:
            raise invalid_template(f"The template function '{name}' is not valid in the practice cloud")
        try:
            return await function(arguments)
        except AzureError:
            raise
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, ZeroDivisionError):
            raise invalid_template(f"The arguments of the template function '{name}' are not valid") from None

    async def _members(self, value: Any, depth: int) -> Any:
        while (sign := self._peek()) in (".", "?.", "["):
            self._take()
            key = await self.expression(depth + 1) if sign == "[" else self._take()[1]
            if sign == "[":
                self._take()
            value = None if self._skipped else self._member(value, key, optional=sign == "?.")
        return value

    def _member(self, value: Any, key: Any, *, optional: bool) -> Any:
        if isinstance(value, dict):
            named = {name.lower(): name for name in value}
            if str(key).lower() in named:
                return value[named[str(key).lower()]]
        elif isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
            return value[key]
        if optional:
            return None
        raise invalid_template(f"The language expression property '{key}' doesn't exist")

    def _peek(self) -> str:
        match = _TOKEN.match(self._text, self._place)
        return match[0].strip() if match else ""

    def _take(self) -> tuple[str, str]:
        match = _TOKEN.match(self._text, self._place)
        if match is None or match.lastgroup is None:
            raise self._broken()
        self._place = match.end()
        return match.lastgroup, match[match.lastgroup]

    def _broken(self) -> AzureError:
        return invalid_template(f"Unable to parse language expression '{self._text}'")


def invalid_template(why: str) -> AzureError:
    """400 InvalidTemplate in Resource Manager's words."""
    return AzureError(400, "InvalidTemplate", f"Deployment template validation failed: '{why}.'.")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def _format(template: str, *values: Any) -> str:
    return re.sub(r"\{(\d+)\}", lambda hole: _text(values[int(hole[1])]), template)


def _concat(*values: Any) -> Any:
    return [member for value in values for member in value] if isinstance(values[0], list) else "".join(_text(value) for value in values)


def _unique(*values: Any) -> str:
    """Thirteen letters and digits that depend on the arguments alone; not those that Azure would give."""
    return base64.b32encode(hashlib.sha256("-".join(map(_text, values)).encode()).digest()).decode().lower()[:13]


def _union(*values: Any) -> Any:
    if isinstance(values[0], list):
        members = _concat(*values)
        return [member for index, member in enumerate(members) if member not in members[:index]]
    return {name: value for each in values for name, value in each.items()}


def _contains(container: Any, item: Any) -> bool:
    return str(item).lower() in {name.lower() for name in container} if isinstance(container, dict) else item in container


def _coalesce(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _pairs(*values: Any) -> dict[str, Any]:
    return dict(zip(values[::2], values[1::2], strict=True))


def _same(one: Any, other: Any) -> bool:
    return one.lower() == other.lower() if isinstance(one, str) and isinstance(other, str) else one == other


def _later(base: str, duration: str, layout: str = "u") -> str:
    """dateTimeAdd: a time and an ISO duration of days, hours, minutes and seconds; as ARM writes it without a layout of its own."""
    sign, days, hours, minutes, seconds = re.fullmatch(r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", duration).groups("0")  # type: ignore[union-attr]
    time = datetime.fromisoformat(base.replace("Z", "+00:00"))
    moved = timedelta(days=int(days), hours=int(hours), minutes=int(minutes), seconds=int(seconds)) * (-1 if sign == "-" else 1)
    return (time + moved).strftime("%Y-%m-%d %H:%M:%SZ" if layout == "u" else "%Y-%m-%dT%H:%M:%SZ")


def _plain(function: Callable[..., Any]) -> Function:
    async def called(arguments: list[Any]) -> Any:
        return function(*arguments)

    return called


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "concat": _concat,
    "format": _format,
    "guid": lambda *values: str(uuid.uuid5(_GUIDS, "-".join(map(_text, values)))),
    "uniquestring": _unique,
    "tolower": lambda text: text.lower(),
    "toupper": lambda text: text.upper(),
    "trim": lambda text: text.strip(),
    "replace": lambda text, old, new: text.replace(old, new),
    "substring": lambda text, start, length=None: text[start:] if length is None else text[start : start + length],
    "split": lambda text, sign: text.split(sign),
    "join": lambda values, sign: sign.join(map(_text, values)),
    "startswith": lambda text, part: text.lower().startswith(part.lower()),
    "endswith": lambda text, part: text.lower().endswith(part.lower()),
    "indexof": lambda text, part: text.lower().find(part.lower()),
    "take": lambda values, number: values[: max(0, number)],
    "skip": lambda values, number: values[max(0, number) :],
    "string": _text,
    "int": int,
    "bool": lambda value: str(value).lower() in ("true", "1"),
    "json": json.loads,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64tostring": lambda text: base64.b64decode(text).decode(),
    "if": lambda condition, yes, no: yes if condition else no,
    "equals": _same,
    "not": lambda value: not value,
    "and": lambda *values: all(values),
    "or": lambda *values: any(values),
    "less": lambda one, other: one < other,
    "lessorequals": lambda one, other: one <= other,
    "greater": lambda one, other: one > other,
    "greaterorequals": lambda one, other: one >= other,
    "add": lambda one, other: one + other,
    "sub": lambda one, other: one - other,
    "mul": lambda one, other: one * other,
    "div": lambda one, other: one // other,
    "mod": lambda one, other: one % other,
    "min": lambda *values: min(values[0] if isinstance(values[0], list) else values),
    "max": lambda *values: max(values[0] if isinstance(values[0], list) else values),
    "range": lambda start, count: list(range(start, start + min(count, 800))),
    "datetimeadd": _later,
    "empty": lambda value: not value,
    "length": len,
    "first": lambda values: values[0] if values else None,
    "last": lambda values: values[-1] if values else None,
    "contains": _contains,
    "union": _union,
    "array": lambda value: value if isinstance(value, list) else [value],
    "createarray": lambda *values: list(values),
    "createobject": _pairs,
    "coalesce": _coalesce,
    "tryget": lambda value, key: value.get(key) if isinstance(value, dict) else None,
    "true": lambda: True,
    "false": lambda: False,
    "null": lambda: None,
}
_PLAIN: dict[str, Function] = {name: _plain(function) for name, function in _FUNCTIONS.items()}
