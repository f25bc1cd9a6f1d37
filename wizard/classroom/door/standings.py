"""How far each learner is, gathered from what their computers tell; kept in a file, so that a board that is started again knows it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from wizard.platform.folders import write_private
from wizard.platform.terminal_text import plain
from wizard.sections import ORDER

PLACES = (*ORDER, "review", "progress", "try_it", "repair", "running")
"""Where a learner can be: a step, the check of everything, creating, trying, repairing; or the API runs."""
LONGEST_TEXT = 300
MOST_NAMES = 20
LONGEST_NAME = 120

Name = Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]
Names = Annotated[tuple[Name, ...], msgspec.Meta(max_length=MOST_NAMES)]


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one learner's computer tells; what it leaves out has not changed.

    :param place: one of `PLACES`.
    :param error: the last thing that went wrong, in a sentence; "" when something succeeded since.
    :param laptop: what ``class check`` came to, with the checks that `lacking` names.
    :param solved: exercises that are solved by now.
    :param done: ids of the wishes that were carried out.
    """

    place: Name | None = None
    error: Annotated[str, msgspec.Meta(max_length=LONGEST_TEXT)] | None = None
    laptop: Literal["met", "missing"] | None = None
    lacking: Names | None = None
    solved: Names | None = None
    done: Names = ()


class Standing(msgspec.Struct):
    """How one learner stands. Times are seconds since 1970; 0 for never."""

    place: str = ""
    since: float = 0.0
    heard: float = 0.0
    error: str = ""
    laptop: str = ""
    lacking: tuple[str, ...] = ()
    solved: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    in_azure: str = ""


class Standings:
    """Everybody's, by suffix.

    :param version: grows with every change that the board shows.
    """

    def __init__(self, file: Path, suffixes: Sequence[str], clock: Callable[[], float] = time.time) -> None:
        self._file = file
        self._clock = clock
        self.version = 0
        kept = read_standings(file)
        self.by_suffix = {suffix: kept.get(suffix, Standing()) for suffix in suffixes}

    def hear(self, suffix: str, report: Report) -> Standing:
        """Take in what a learner's computer tells."""
        standing, now = self.by_suffix[suffix], self._clock()
        before = msgspec.structs.replace(standing)
        if report.place in PLACES and report.place != standing.place:
            standing.place, standing.since = str(report.place), now
        if report.error is not None:
            standing.error = plain(report.error)
        if report.laptop is not None:
            standing.laptop, standing.lacking = report.laptop, tuple(map(plain, report.lacking or ()))
        if report.solved is not None:
            standing.solved = tuple(map(plain, report.solved))
        if report.done:
            standing.done = tuple(dict.fromkeys([*standing.done, *report.done]))[-2 * MOST_NAMES :]
        if standing != before:
            self._changed()
        standing.heard = now
        return standing

    def seen_in_azure(self, suffix: str, section: str) -> None:
        """Azure holds resources of a learner's setup up to a section."""
        if self.by_suffix[suffix].in_azure != section:
            self.by_suffix[suffix].in_azure = section
            self._changed()

    def _changed(self) -> None:
        self.version += 1
        write_private(self._file, msgspec.json.encode(self.by_suffix).decode())


def read_standings(file: Path) -> dict[str, Standing]:
    """What was kept, by suffix; nothing when it is not there or cannot be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Standing])
    except (OSError, msgspec.MsgspecError):
        return {}
