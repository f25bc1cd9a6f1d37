"""One measured ratio beside its limit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """A ratio that holds on any machine, its limit, and the two values it comes from."""

    what: str
    value: float
    limit: float
    source: str

    @property
    def holds(self) -> bool:
        return self.value <= self.limit

    def __str__(self) -> str:
        source = f"  [{self.source}]" if self.source else ""
        return f"{'holds ' if self.holds else 'MISSED'}  {self.what}: {self.value:.3g} (limit {self.limit:g}){source}"
