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
    :param is_free: whether its text may hold all that an environment variable can, such as the lines of a certificate: anything but NUL.
    """

    label: str
    why: str
    derive: Callable[[Any], Any] | None = None
    check: Callable[[Any], str | None] | None = None
    choices: tuple[str, ...] = ()
    shown_when: Callable[[Any], bool] | None = None
    is_free: bool = False
