"""What a learner began and solved, kept in azwizard's home."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from wizard.platform.folders import home, write_private


@dataclass(frozen=True)
class Attempt:
    """One exercise that was begun. Times are seconds since 1970; `solved` is 0 until it is. `hints` were shown so far.

    :param ready: whether everything that is wrong has been brought about.
    """

    folder: str
    begun: float
    hints: int = 0
    solved: float = 0.0
    ready: bool = False

    @property
    def seconds(self) -> float:
        """From its beginning to its solution, or to now."""
        return (self.solved or time.time()) - self.begun


def attempts() -> dict[str, Attempt]:
    """Every exercise that was begun, by name; none when the file is not there or cannot be read."""
    try:
        record = json.loads(_file().read_text(encoding="utf-8"))
        return {str(name): Attempt(**one) for name, one in record.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def begin(name: str, folder: Path, *, ready: bool) -> None:
    """Keep that an exercise begins now; its beginning is not `ready` until everything that is wrong is."""
    _keep(name, Attempt(str(folder), time.time(), ready=ready))


def note_hints(name: str, count: int) -> None:
    """Keep that so many of its hints were shown."""
    attempt = attempts()[name]
    _keep(name, replace(attempt, hints=max(count, attempt.hints)))


def note_solved(name: str) -> Attempt:
    """Keep that it is solved now, unless it was before."""
    attempt = attempts()[name]
    solved = replace(attempt, solved=attempt.solved or time.time())
    _keep(name, solved)
    return solved


def _keep(name: str, attempt: Attempt) -> None:
    everything = {**attempts(), name: attempt}
    write_private(_file(), json.dumps({key: asdict(one) for key, one in everything.items()}, indent=1))


def _file() -> Path:
    return home() / "exercises.json"
