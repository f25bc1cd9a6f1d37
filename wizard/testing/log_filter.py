"""Which lines of a log are meant: since when, with which words, of which weight, which every framework says in its own way."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

LEVELS = ("debug", "info", "warning", "error", "critical")
"""From the lightest to the heaviest."""
OTHER_NAMES = {
    "trace": "debug",
    "notice": "info",
    "normal": "info",
    "warn": "warning",
    "err": "error",
    "exception": "error",
    "fatal": "critical",
}
WORD = re.compile(r"\b(TRACE|DEBUG|INFO|NOTICE|WARNING|WARN|ERROR|ERR|EXCEPTION|CRITICAL|FATAL)\b", re.IGNORECASE)
BEGINNING = 80  # characters in which a line names its weight; later such a word is part of what it says
ACCESS = re.compile(r'"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S+ HTTP/[\d.]+" (\d)\d\d\b')
TRACEBACK = "Traceback (most recent call last)"
EXCEPTION = re.compile(r"[A-Za-z_][\w.]*(?::|$)")
"""The last line of a traceback, the first that is not indented."""
SPAN = re.compile(r"(\d+)\s*(s|m|h|d)")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
KEYS = ("level", "levelname", "severity", "log.level")


@dataclass(frozen=True)
class LogFilter:
    """What is wanted; the plain one lets everything through.

    :param since: nothing older; a line without a time is never too old.
    :param pattern: what a line must hold somewhere.
    :param least: the lightest of `LEVELS` that is wanted.
    """

    since: datetime | None = None
    pattern: re.Pattern[str] | None = None
    least: str = LEVELS[0]

    def wants(self, at: str, line: str, level: str) -> bool:
        """Whether a line is meant. `at` is Azure's time, `level` one of `LEVELS`."""
        if self.since is not None and (time := moment(at)) is not None and time < self.since:
            return False
        if LEVELS.index(level) < LEVELS.index(self.least):
            return False
        return self.pattern is None or self.pattern.search(line) is not None


class Weigher:
    """Says how heavy each line of one stream is; the lines of a traceback are as heavy as its first."""

    def __init__(self) -> None:
        self._in_traceback = False

    def level(self, line: str, kind: str = "") -> str:
        """One of `LEVELS`. `kind` is the ``Type`` of Azure's events: Normal or Warning."""
        if kind:
            return _named(kind) or LEVELS[1]
        if TRACEBACK in line:
            self._in_traceback = True
            return "error"
        if self._in_traceback:
            self._in_traceback = line[:1].isspace() or not line
            if self._in_traceback or EXCEPTION.match(line):
                return "error"
        return _of_json(line) or _of_access(line) or _of_word(line) or "info"


def _of_json(line: str) -> str:
    """The weight that a structured log names."""
    if not line.startswith("{"):
        return ""
    try:
        content = json.loads(line)
    except ValueError:
        return ""
    named = next((content[key] for key in KEYS if content.get(key)), "") if isinstance(content, Mapping) else ""
    return _named(named)


def _of_access(line: str) -> str:
    """A request that the API answered with a mistake of its own."""
    found = ACCESS.search(line)
    return "" if found is None else "error" if found[1] == "5" else "info"


def _of_word(line: str) -> str:
    found = WORD.search(line[:BEGINNING])
    return _named(found[1]) if found else ""


def _named(name: Any) -> str:
    word = str(name).lower()
    return word if word in LEVELS else OTHER_NAMES.get(word, "")


def moment(text: str) -> datetime | None:
    """A time as Azure writes it: ``2026-11-30T09:13:18.5Z``, or ``2026-11-30 09:13:18 +0000 UTC`` in its events; None for no such."""
    cut = re.sub(r"(\.\d{6})\d+", r"\1", text.strip().removesuffix(" UTC"))
    cut = re.sub(r" ([+-]\d{4})$", r"\1", cut)
    try:
        time = datetime.fromisoformat(cut)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def since(text: str, now: datetime) -> datetime:
    """``30m``, ``2h`` or ``1d`` before now, or an ISO time, of this computer's zone where it names none. Raises ValueError."""
    if span := SPAN.fullmatch(text.strip().lower()):
        return now - timedelta(**{UNITS[span[2]]: int(span[1])})
    time = datetime.fromisoformat(text.strip())
    return time if time.tzinfo else time.astimezone()
