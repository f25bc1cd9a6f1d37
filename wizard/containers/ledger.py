"""What was made in a container engine, written down at once, so that it can be removed after a kill, and nothing else ever is."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path

LEDGER = "engine.jsonl"  # the name of that file, in a practice cloud's home or among the wizard's images


def practice_label(home: Path) -> str:
    """The label of everything that the practice cloud in `home` makes in an engine: two of them never remove each other's."""
    return f"azwizard.practice={hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]}"


class Ledger:
    """A file with one JSON line ``{"kind", "id"}`` for each thing that was made."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def add(self, kind: str, identifier: str) -> None:
        """Write down that something was made."""
        if identifier in self.entries(kind):
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"kind": kind, "id": identifier}) + "\n")

    def entries(self, kind: str) -> list[str]:
        """The ids of that kind, the oldest first."""
        records = []
        with suppress(FileNotFoundError):
            for line in self._file.read_text(encoding="utf-8").splitlines():
                with suppress(ValueError):  # a line that a kill cut short
                    entry = json.loads(line)
                    if entry.get("kind") == kind:
                        records.append(str(entry["id"]))
        return records

    def drop(self, kind: str, identifier: str) -> None:
        """Strike out what was removed."""
        lines = self._file.read_text(encoding="utf-8").splitlines()
        gone = json.dumps({"kind": kind, "id": identifier})
        self._file.write_text("".join(f"{line}\n" for line in lines if line != gone), encoding="utf-8")

    def forget(self) -> None:
        """Begin anew, once all of it is removed."""
        self._file.unlink(missing_ok=True)
