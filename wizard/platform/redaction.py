"""Values of secrets taken out of text: whatever is printed, kept in the journal or written to the log passes here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import quote

HIDDEN = "***"
SHORTEST = 4
"""A value of fewer characters is not taken out: it would be found inside ordinary words. The person is told once."""
UNMISTAKABLE = 8
"""From so many characters on, a value is taken out inside words too."""
ORDINARY = re.compile(r"[a-z]{1,12}")
"""A value such as ``practice`` stands in our own sentences as well: it is taken out of what others say, not of those."""


def as_written(values: Iterable[str]) -> list[str]:
    """Values as they are, as a part of an address, as Python or JSON writes them, and each line of one that has several."""
    lines = (line for value in values for line in (value, *_lines(value)) if line)
    forms = (
        (line, quote(line, safe=""), json.dumps(line)[1:-1], json.dumps(line, ensure_ascii=False)[1:-1], repr(line)[1:-1]) for line in lines
    )
    return list(dict.fromkeys(form for line in forms for form in line))


def hidden(text: str, values: Iterable[str]) -> str:
    """`text` with every one of the values in it replaced by ``***``; one that is short only where it stands by itself."""
    pattern = _pattern(values)
    return pattern.sub(HIDDEN, text) if pattern else text


class Redaction:
    """Knows the values of the secrets that this process was given."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Know no value any more."""
        self._values: set[str] = set()
        self._everywhere: re.Pattern[str] | None = None
        self._outside: re.Pattern[str] | None = None

    def add(self, value: str) -> None:
        """From now on the value is taken out."""
        if value and value not in self._values:
            self._values.add(value)
            self._outside = _pattern(as_written(self._values))
            self._everywhere = _pattern(as_written(value for value in self._values if not ORDINARY.fullmatch(value)))

    def __call__(self, text: str) -> str:
        """A text of ours, about to leave, without the values."""
        return self._everywhere.sub(HIDDEN, text) if self._everywhere else text

    def of_others(self, text: str) -> str:
        """What Azure, an API or a file says, without the values."""
        return self._outside.sub(HIDDEN, text) if self._outside else text


redaction = Redaction()
"""That of this process."""


def _lines(value: str) -> list[str]:
    lines = value.splitlines()
    return [line for line in lines if len(line) >= UNMISTAKABLE and not line.startswith("-----")] if len(lines) > 1 else []


def _pattern(values: Iterable[str]) -> re.Pattern[str] | None:
    """What matches any of the values, the longest first; None when none is long enough."""
    parts = [_part(value) for value in sorted(set(values), key=len, reverse=True) if len(value) >= SHORTEST]
    return re.compile("|".join(parts)) if parts else None


def _part(value: str) -> str:
    if len(value) >= UNMISTAKABLE:
        return re.escape(value)
    return rf"(?<!\w){re.escape(value)}(?!\w)"
