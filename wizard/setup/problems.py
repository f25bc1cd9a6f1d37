"""What is wrong with the answers: where it stands, and a sentence that says what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wizard.platform.language import _


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    :param where: its place in azwizard.toml, such as ``storage.shares[1].mount`` (counted from 0), or the option that gave it.
    :param sentence: what is wrong, with the place in words, and what to do.
    """

    where: str
    sentence: str


class AnswersError(Exception):
    """Answers that cannot be used; `problems` holds all that is wrong with them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = list(problems)


def place(where: str) -> str:
    """A place in words: ``app.port`` is ``[app] port``, ``storage.shares[1].mount`` is ``[[storage.shares]] number 2, mount``."""
    if item := re.fullmatch(r"([\w.]+)\[(\d+)\](?:\.(.+))?", where):
        text = _("[[{table}]] number {number}").format(table=item[1], number=int(item[2]) + 1)
        return f"{text}, {item[3]}" if item[3] else text
    table, dot, key = where.partition(".")
    return f"[{table}] {key}" if dot else where


def nearest(text: str, known: Iterable[str]) -> str:
    """`` Did you mean …?``, when a known name is near; else nothing."""
    matches = difflib.get_close_matches(text, list(known), 1, 0.6)
    return " " + _("Did you mean {name}?").format(name=matches[0]) if matches else ""


def in_file_order(problems: Iterable[Problem], document: Mapping[str, Any]) -> list[Problem]:
    """Each problem once, those that stand earlier in the document first, those about what is missing where their table is."""
    order = {where: number for number, where in enumerate(_places("", document))}

    def position(problem: Problem) -> int:
        where = problem.where
        while where and where not in order:
            where = where[: max(where.rfind("."), where.rfind("["), 0)]
        return order.get(where, len(order))

    return sorted(dict.fromkeys(problems), key=position)


def _places(prefix: str, value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            where = f"{prefix}.{key}" if prefix else str(key)
            yield where
            yield from _places(where, inner)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield f"{prefix}[{number}]"
            yield from _places(f"{prefix}[{number}]", inner)
