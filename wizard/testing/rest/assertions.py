"""What a request's answer must be: lines such as ``?? status == 201``, ``?? body $.item == tea`` (httpyac's dialect)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

OPERATORS = ("==", "!=", ">=", "<=", ">", "<", "includes", "contains", "startsWith", "endsWith", "matches", "exists", "isFalse")
LINE = re.compile(
    r"\s*\?\?\s*(?P<subject>status|header|body|duration)(?:\s+(?P<what>\S.*?))?\s+"
    rf"(?P<operator>{'|'.join(map(re.escape, OPERATORS))})\s*(?P<wanted>.*?)\s*",
    re.IGNORECASE,
)


class Unreadable(ValueError):
    """A line that asks for something that is not checked here."""


@dataclass(frozen=True)
class Assertion:
    """One of them.

    :param subject: ``status``, ``header``, ``body`` or ``duration`` (milliseconds).
    :param what: the header's name, or a JSONPath into the body; "" for all of it.
    """

    subject: str
    what: str
    operator: str
    wanted: str
    text: str

    @property
    def status(self) -> int:
        """The one status that it wants, when it says so; otherwise 0."""
        return int(self.wanted) if self.subject == "status" and self.operator == "==" and self.wanted.isdigit() else 0

    def holds(self, value: str | None) -> bool:
        """Whether a value is as it wants it; None when the answer has none."""
        if self.operator == "exists":
            return value is not None
        if self.operator == "isFalse":
            return value in (None, "", "false", "0")
        if value is None:
            return self.operator == "!="
        if self.operator in COMPARED:
            first, second = _number(value), _number(self.wanted)
            return first is not None and second is not None and COMPARED[self.operator](first, second)
        return MATCHED[self.operator](value, self.wanted)


COMPARED: dict[str, Callable[[float, float], bool]] = {
    ">": lambda value, wanted: value > wanted,
    "<": lambda value, wanted: value < wanted,
    ">=": lambda value, wanted: value >= wanted,
    "<=": lambda value, wanted: value <= wanted,
}
MATCHED: dict[str, Callable[[str, str], bool]] = {
    "==": lambda value, wanted: value in (wanted, wanted.strip("\"'")),
    "!=": lambda value, wanted: value not in (wanted, wanted.strip("\"'")),
    "includes": lambda value, wanted: wanted in value,
    "contains": lambda value, wanted: wanted in value,
    "startsWith": lambda value, wanted: value.startswith(wanted),
    "endsWith": lambda value, wanted: value.endswith(wanted),
    "matches": lambda value, wanted: re.search(wanted, value) is not None,
}


def read_assertion(line: str) -> Assertion:
    """One line. Raises Unreadable for what is not checked here, such as JavaScript."""
    match = LINE.fullmatch(line)
    if match is None:
        raise Unreadable(line)
    operator = next(name for name in OPERATORS if name.lower() == match["operator"].lower())
    if operator == "matches":
        try:
            re.compile(match["wanted"])
        except re.error:
            raise Unreadable(line) from None
    return Assertion(match["subject"].lower(), match["what"] or "", operator, match["wanted"], line.strip())


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
