"""The table of known differences, differences.toml: where the practice cloud answers other than real Azure was recorded to, and why."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tests.practice.recorded.player import Played

TABLE = Path(__file__).with_name("differences.toml")


class Differences:
    """The table; it remembers which of its rows were needed."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = tomllib.loads(TABLE.read_text(encoding="utf-8"))["difference"]
        self._needed: set[str] = set()

    def without_reason(self, played: Played) -> list[str]:
        """The differences of one exchange that no row explains."""
        return [told for told in played.differences if not self._explained(played, told)]

    def _explained(self, played: Played, told: str) -> bool:
        for row in self._rows:
            here = fnmatchcase(played.exchange.file, f"*{row.get('test', '')}*") and any(
                fnmatchcase(played.route, r) for r in row["routes"]
            )
            if here and any(fnmatchcase(told, f"{pattern}*") for pattern in row["differs"]):
                self._needed.add(row["why"])
                return True
        return False

    def unused(self) -> list[str]:
        """The reasons of rows that explained nothing."""
        return [row["why"] for row in self._rows if row["why"] not in self._needed]
