"""What a revision has to do: the requests of the last seconds, and what its copies use of their processor."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime

from wizard.practice.apps.replicas import Replica
from wizard.practice.apps.scaling.rules import Load
from wizard.practice.kernel.clock import Clock

WINDOW, SHORTEST_WINDOW = 15.0, 1.0  # seconds of requests that are looked at: Azure's (learn: Set scaling rules, HTTP), and here at least
MOST_REQUESTS = 100_000  # of one window


class LoadMeter:
    """Counts requests as they begin, and reads the processor time of copies between two looks."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._begun: deque[float] = deque(maxlen=MOST_REQUESTS)
        self._looked = time.monotonic()
        self._cpu_seconds: dict[str, float] = {}

    def count(self) -> None:
        """Note that a request begins."""
        self._begun.append(time.monotonic())

    async def look(self, replicas: Sequence[Replica], cores: float) -> Load:
        """The load since the last look; a copy that is new has used nothing yet."""
        now = time.monotonic()
        window = max(self._clock.lasts(WINDOW), SHORTEST_WINDOW)
        while self._begun and self._begun[0] < now - window:
            self._begun.popleft()
        usages = {replica.name: usage.cpu_seconds for replica in replicas if (usage := await replica.usage()) is not None}
        used = sum(seconds - self._cpu_seconds[name] for name, seconds in usages.items() if name in self._cpu_seconds)
        passed, self._looked, self._cpu_seconds = max(now - self._looked, 0.001), now, usages
        share = used / passed / (cores * len(replicas)) if replicas else 0.0
        return Load(len(self._begun) / window, share, len(replicas), datetime.fromtimestamp(self._clock.now(), UTC))
