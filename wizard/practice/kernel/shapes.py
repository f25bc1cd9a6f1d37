"""What a request's body may hold: small declarations, and the one place that turns what was sent into what is stored.

Azure reads bodies with Json.NET: names match whatever their case, a number may stand in quotation marks (recorded: cpu "1.25" is
1.25), a text may be given as a number, members that a type does not have are passed over, and a null says nothing in a PUT. Whatever
cannot be read so is refused with 400 InvalidRequestContent before a service sees it, so that no service meets another kind of value
than it declared.

A shape is one of `TEXT`, `WHOLE`, `LONG`, `NUMBER`, `FLAG`, `ANYTHING`, `OneOf` a few texts, an object ``{"name": shape}``, a list
``[shape]``, or `Each(shape)` for an object with names of the client's own.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wizard.practice.kernel.errors import GATEWAY, AzureError
from wizard.practice.kernel.relaxed_json import relaxed

DEEPEST = 64  # Json.NET's own limit: MaxDepth


class Kind(StrEnum):
    """A single value, by the name that Json.NET's refusal gives it."""

    TEXT = "System.String"
    WHOLE = "System.Int32"
    LONG = "System.Int64"
    NUMBER = "System.Double"
    FLAG = "System.Boolean"
    ANYTHING = "System.Object"


TEXT, WHOLE, LONG, NUMBER, FLAG, ANYTHING = Kind


@dataclass(frozen=True)
class Each:
    """An object whose names are the client's own, such as tags."""

    shape: Shape


@dataclass(frozen=True)
class OneOf:
    """A text that is one of a few, whatever its case; it is stored as written here.

    :param as_sent: it is stored as the client wrote it.
    """

    values: tuple[str, ...]
    as_sent: bool = False


def among(*values: str) -> OneOf:
    """A text that is one of these, which is stored as it was sent."""
    return OneOf(values, as_sent=True)


Shape = Kind | OneOf | dict[str, Any] | list[Any] | Each
TAGS = Each(TEXT)
IDENTITY = {
    "type": among("None", "SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned", "SystemAssigned, UserAssigned"),
    "userAssignedIdentities": Each({}),
}
_BITS = {Kind.WHOLE: 31, Kind.LONG: 63}
_NUMERALS = frozenset("+-0123456789.eE")


def parsed(raw: bytes) -> Any:
    """The JSON of a body as Json.NET reads it, None for an empty one.

    Raises AzureError 400 for what is not such JSON in UTF-8, too deep, or holds what no JSON may: a number without an end, half a
    character.
    """
    if not raw.strip():
        return None
    try:
        value = relaxed(raw.decode("utf-8-sig"))
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except RecursionError:
        raise unreadable(f"The reader's MaxDepth of {DEEPEST} has been exceeded.") from None
    except (ValueError, OverflowError):  # UnicodeError is one; so is a number of thousands of digits
        raise unreadable("Unexpected character encountered while parsing value. Path '', line 1, position 1.") from None
    if _deeper(value, DEEPEST):
        raise unreadable(f"The reader's MaxDepth of {DEEPEST} has been exceeded.")
    return value


def shaped(shape: Shape, value: Any, *, merge: bool = False) -> Any:
    """A body in its declared shape: names spelled as declared, values of the declared kind, nothing that is not declared.

    :param merge: for a merge patch, where a null takes a member away; otherwise nulls are left out.
    :raises AzureError: 400 InvalidRequestContent, naming the path and the kind that does not fit.
    """
    if not isinstance(value, dict):
        raise unreadable(f"Error converting value {_shown(value)} to type 'System.Object'. Path ''.")
    return _read(shape, value, "", merge)


def unreadable(why: str) -> AzureError:
    """400 InvalidRequestContent around Json.NET's own words."""
    message = f"The request content was invalid and could not be deserialized: '{why}'."
    return AzureError(400, "InvalidRequestContent", message, headers=GATEWAY)


def _read(shape: Shape, value: Any, path: str, merge: bool) -> Any:
    if isinstance(shape, Kind):
        return _single(shape, value, path)
    if isinstance(shape, OneOf):
        return _chosen(shape, value, path)
    if isinstance(shape, list):
        if not isinstance(value, list):
            raise _unfit("a JSON array", value, path)
        return [_read(shape[0], member, f"{path}[{index}]", False) for index, member in enumerate(value)]
    if not isinstance(value, dict):
        raise _unfit("a JSON object", value, path)
    if isinstance(shape, Each):
        members = [(name, shape.shape, member) for name, member in value.items()]
    else:
        declared = {name.lower(): name for name in shape}
        known = [(declared[name.lower()], member) for name, member in value.items() if name.lower() in declared]
        members = [(name, shape[name], member) for name, member in known]
    result = {}
    for name, inner, member in members:
        if member is not None:
            read = _read(inner, member, f"{path}.{name}".lstrip("."), merge)
            if read is not None:
                result[name] = read
        elif merge:
            result[name] = None
    return result


def _single(kind: Kind, value: Any, path: str) -> Any:
    if kind is ANYTHING:
        return value
    if isinstance(value, (dict, list)) or value is None:
        raise _unfit(f"a value of type '{kind.value}'", value, path)
    if kind is TEXT:
        return value if isinstance(value, str) else json.dumps(value)
    if isinstance(value, str) and not value.strip():
        return None
    if kind is FLAG:
        flags = {"true": True, "false": False, "1": True, "0": False}
        if (flag := flags.get(str(value).strip().lower())) is None:
            raise _unfit(f"a value of type '{kind.value}'", value, path)
        return flag
    number = _number(value)
    if number is None or (kind is not NUMBER and (number != int(number) or abs(number) >= 2 ** _BITS[kind])):
        raise _unfit(f"a value of type '{kind.value}'", value, path)
    return number if kind is NUMBER else int(number)


def _chosen(shape: OneOf, value: Any, path: str) -> str:
    chosen = next((known for known in shape.values if str(value).lower() == known.lower()), None)
    if chosen is None:
        raise _unfit(f"one of {', '.join(shape.values)}", value, path)
    return chosen


def _number(value: Any) -> float | int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        text = value.strip()
        if not set(text) <= _NUMERALS or len(text) > 40:
            return None
        try:
            value = int(text) if text.lstrip("+-").isdecimal() else float(text)
        except ValueError:
            return None
    return value if math.isfinite(value) else None


def _unfit(expected: str, value: Any, path: str) -> AzureError:
    return unreadable(f"Error converting value {_shown(value)} to {expected}. Path '{path}'.")


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:60]}..."


def _deeper(value: Any, levels: int) -> bool:
    layer = [value]
    for _ in range(levels):
        layer = [
            member
            for container in layer
            if isinstance(container, (dict, list))
            for member in (container.values() if isinstance(container, dict) else container)
        ]
        if not layer:
            return False
    return any(isinstance(member, (dict, list)) for member in layer)
