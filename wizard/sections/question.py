"""How a question is declared, once, for every face that asks or shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A question of a section, as metadata of an answer's type: ``name: Annotated[str, Ask(label=..., why=...)] = ""``.

    :param label: what is asked, marked with ``N_`` and translated when shown.
    :param why: one plain sentence for someone who never saw Azure.
    :param derive: the answer when none was given, from the other `Answers` (a room above this one, hence `Any`).
    :param check: a sentence that says what to do about a wrong value, or None when it is right.
    :param choices: the values there are, when they are few and fixed.
    :param shown_when: whether the question applies, given the other `Answers`.
    """

    label: str
    why: str
    derive: Callable[[Any], Any] | None = None
    check: Callable[[Any], str | None] | None = None
    choices: tuple[str, ...] = ()
    shown_when: Callable[[Any], bool] | None = None


class Secret:
    """A value that is never shown: its text is ``***`` everywhere but in `reveal`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)
