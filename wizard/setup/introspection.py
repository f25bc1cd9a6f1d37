"""The questions of an answers type, read from its declaration: what every face that asks, checks, documents or describes needs."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from wizard.sections.question import Ask


@dataclass(frozen=True)
class Question:
    """One question: its key in azwizard.toml, how it is asked, and which values it takes.

    :param hint: the declared type, for `msgspec.convert`.
    :param kind: the plain type: str, int, float, bool, or tuple for a list.
    :param item: the msgspec type of a list's tables, when it holds tables.
    :param choices: the values there are, when they are few and fixed.
    :param least: the smallest whole number, and `most` the largest.
    """

    key: str
    ask: Ask
    hint: Any
    kind: type
    required: bool
    default: Any
    item: Any = None
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None


@cache
def questions(answers_type: type) -> tuple[Question, ...]:
    """The questions of a msgspec type whose fields are ``Annotated[type, Ask(...)]``, in their order."""
    hints = get_type_hints(answers_type, vars(sys.modules[answers_type.__module__]), include_extras=True)
    result = []
    for field in msgspec.structs.fields(answers_type):
        hint = hints[field.name]
        ask = next((part for part in get_args(hint) if isinstance(part, Ask)), None) if get_origin(hint) is Annotated else None
        if ask is not None:
            result.append(_question(field, hint, ask))
    return tuple(result)


def _question(field: msgspec.structs.FieldInfo, hint: Any, ask: Ask) -> Question:
    base, *extras = get_args(hint)
    meta = next((extra for extra in extras if isinstance(extra, msgspec.Meta)), msgspec.Meta())
    if get_origin(base) in (Union, UnionType):
        base = next(part for part in get_args(base) if part is not NoneType)
    choices: tuple[str, ...] = get_args(base) if get_origin(base) is Literal else ()
    inner = get_args(base)[0] if get_origin(base) is tuple else None
    return Question(
        key=field.name,
        ask=ask,
        hint=hint,
        kind=str if choices else (get_origin(base) or base),
        required=field.required,
        default=field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory(),
        item=inner if isinstance(inner, type) and issubclass(inner, msgspec.Struct) else None,
        choices=choices,
        least=meta.ge if isinstance(meta.ge, int) else None,
        most=meta.le if isinstance(meta.le, int) else None,
    )
