"""Looks at every copy that runs, every few seconds: how many there are, what they use, how often they were started again."""

from __future__ import annotations

import asyncio
import time

from wizard.practice.apps.fleet import Fleet
from wizard.practice.apps.metrics.store import MetricStore
from wizard.practice.apps.replicas import Replica
from wizard.practice.kernel.tasks import spawn

LOOK_EVERY = 15.0  # seconds
NEWS = 1.0  # seconds that a look is new enough
NANO = 1_000_000_000


class Sampler:
    """Samples the apps of one practice cloud into a store."""

    def __init__(self, fleet: Fleet, store: MetricStore) -> None:
        self._fleet, self._store = fleet, store
        self._looked = 0.0
        self._cpu: dict[str, tuple[float, float]] = {}  # replica: when, seconds of processor time
        self._task = spawn(self._look_again())

    async def look(self) -> None:
        """Take a sample now, unless one was just taken."""
        if time.monotonic() - self._looked < NEWS:
            return
        self._looked, before, self._cpu = time.monotonic(), self._cpu, {}
        for revision in self._fleet.every():
            if revision.active:
                self._store.add(revision.app_id, "Replicas", float(len(revision.replicas)), revision.name)
            for replica in revision.replicas:
                await self._look_at(replica, revision.app_id, revision.name, before.get(replica.name))

    async def close(self) -> None:
        """Look no more."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _look_at(self, replica: Replica, app_id: str, revision: str, before: tuple[float, float] | None) -> None:
        self._store.add(app_id, "RestartCount", float(replica.restarts), revision, replica.name)
        if (usage := await replica.usage()) is None:
            return
        now = time.monotonic()
        self._store.add(app_id, "WorkingSetBytes", float(usage.memory), revision, replica.name)
        if before is not None and usage.cpu_seconds >= before[1]:
            cores = (usage.cpu_seconds - before[1]) / max(now - before[0], 0.001)
            self._store.add(app_id, "UsageNanoCores", cores * NANO, revision, replica.name)
        self._cpu[replica.name] = (now, usage.cpu_seconds)

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.look()
