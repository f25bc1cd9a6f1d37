"""What a check of the code found: where, how bad, and the exact text that should stand there instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from wizard.engine.events import FindingEvent
from wizard.platform.shown import clean


class Severity(StrEnum):
    """``error``: it certainly breaks, so nothing is built. ``warning``: it runs and may hurt. ``info``: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True)
class Finding:
    """One thing found.

    :param id: such as ``dev-server``; docs/code-check.md lists them.
    :param path: the file, which need not exist yet.
    :param file: the same as a person writes it, such as ``docker/Dockerfile``.
    :param line: the first line concerned, from 1; 0 for the file as a whole.
    :param end: the last line concerned; less than `line` when `replacement` is to be put in before it.
    :param replacement: what should stand there instead, or the content of a new file when `line` is 0; "" when only a person can decide.
    """

    id: str
    severity: Severity
    path: Path
    file: str
    line: int
    sentence: str
    replacement: str = ""
    end: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentence", clean(self.sentence))

    @property
    def where(self) -> str:
        """``docker/Dockerfile:17``."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def event(self) -> FindingEvent:
        """As a command tells it."""
        return FindingEvent(self.id, self.severity, self.file, self.line, self.sentence, self.replacement)
