"""What the fleet needs of the thing that runs a replica: a process of this machine, or a container of an engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from wizard.practice.runtime.launch_recipes import Recipe
from wizard.practice.runtime.packages.installing import InstallProgress
from wizard.practice.runtime.usage import ContainerUsage


class RunningReplica(Protocol):
    """Something that was started and can be reached, watched and ended."""

    note: str  # what running it here does not stand for
    listening: list[tuple[str, int]]  # address and port
    changed: asyncio.Event  # set whenever `listening` changed or it ended
    exited: asyncio.Future[int]  # the exit code; negative for a signal
    out_of_memory: bool  # whether it ended for holding more than it was given

    def reachable(self, port: int) -> bool:
        """Whether something listens on `port` of more than loopback."""

    async def bridge(self, port: int) -> str | int:
        """Where that port is reached from here: a Unix socket's path, or a port on 127.0.0.1 (0 for none)."""

    async def usage(self) -> ContainerUsage | None:
        """What it uses; None where that cannot be known."""

    async def stop(self, grace_seconds: float = 2.0) -> None:
        """End it: SIGTERM, and SIGKILL when that does not help in time; nothing of it stays."""


class ReplicaRunner(Protocol):
    """Starts replicas of one practice cloud."""

    @property
    def note(self) -> str:
        """What running processes of this machine does not stand for."""

    async def start(self, recipe: Recipe, say: Callable[[str], None], progress: InstallProgress | None = None) -> RunningReplica:
        """Start one and pass each line of its console to `say`. Raises StartFailed, or InstallFailed where requirements are installed."""

    def close(self) -> None:
        """Remove what the runner keeps outside the cloud's home."""
