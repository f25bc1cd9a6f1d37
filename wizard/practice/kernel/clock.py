"""How long things take: real Azure's measured seconds, scaled by ``--speed``."""

from __future__ import annotations

import time

SCALE = {"real": 1.0, "fast": 0.1, "instant": 0.0}


class Clock:
    """The practice cloud's time.

    :param speed: ``real`` (seconds as Azure needs them), ``fast`` (a tenth) or ``instant`` (none).
    """

    def __init__(self, speed: str) -> None:
        self.speed = speed
        self.slow_factor = 1.0

    def slow_down(self, factor: float) -> None:
        """Make everything take that many times longer from now on (fault ``slow``)."""
        self.slow_factor = factor

    def now(self) -> float:
        """Seconds since the epoch, never scaled."""
        return time.time()

    def lasts(self, real_seconds: float) -> float:
        """The seconds something takes here that takes `real_seconds` in Azure."""
        return real_seconds * SCALE[self.speed] * self.slow_factor

    def timestamp(self, *, after: float = 0.0) -> str:
        """Now, or that many unscaled seconds later, as ARM writes it: ``2026-11-22T10:00:00.0000000Z``."""
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self.now() + after)) + ".0000000Z"
