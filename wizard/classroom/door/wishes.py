"""What a trainer wishes of learners' computers: the same trouble for all, or a step's answers for one. They are fetched, never pushed."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import msgspec

from wizard.platform.folders import write_private


class FaultWish(msgspec.Struct, frozen=True):
    """Faults of the practice cloud, for everybody; none at all clears them. `id` tells one wish from the one before."""

    id: str
    faults: tuple[str, ...] = ()


class HelpWish(msgspec.Struct, frozen=True):
    """Prepared answers up to a step, for one learner.

    :param place: the screen that the learner comes to.
    :param tables: tables of azwizard.toml that replace the learner's.
    """

    id: str
    place: str
    tables: dict[str, Any]


class Wishes(msgspec.Struct, frozen=True):
    """What stands to be done on one learner's computer; what was done already is left out."""

    fault: FaultWish | None = None
    help: HelpWish | None = None


def new_id() -> str:
    """A name for a wish that no other has."""
    return secrets.token_hex(6)


class WishBook:
    """The wishes of one class, in a file that ``class fault`` and ``class help`` write and the board reads."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_at = 0
        self._fault: FaultWish | None = None
        self._helps: dict[str, HelpWish] = {}

    def of(self, suffix: str) -> Wishes:
        """What is wished of one learner's computer."""
        self._refresh()
        return Wishes(self._fault, self._helps.get(suffix))

    @property
    def fault(self) -> FaultWish | None:
        """The trouble that all have now."""
        self._refresh()
        return self._fault

    def wish_fault(self, faults: tuple[str, ...]) -> FaultWish:
        """From now on everybody gets these faults, or none."""
        self._refresh()
        self._fault = FaultWish(new_id(), faults)
        self._write()
        return self._fault

    def wish_help(self, suffix: str, place: str, tables: dict[str, Any]) -> HelpWish:
        """One learner gets these answers."""
        self._refresh()
        wish = self._helps[suffix] = HelpWish(new_id(), place, tables)
        self._write()
        return wish

    def _refresh(self) -> None:
        try:
            changed = self._file.stat().st_mtime_ns
        except OSError:
            return
        if changed != self._read_at:
            content = json.loads(self._file.read_text(encoding="utf-8"))
            self._fault = msgspec.convert(content["fault"], FaultWish | None)
            self._helps = msgspec.convert(content["help"], dict[str, HelpWish])
            self._read_at = changed

    def _write(self) -> None:
        write_private(self._file, json.dumps(msgspec.to_builtins({"fault": self._fault, "help": self._helps}), indent=1))
        self._read_at = self._file.stat().st_mtime_ns
