"""The memory of a container on Linux: what its processes hold, and the end of the largest one when that is more than it was given.

The kernel does so for a control group, which ordinary processes may not make; here the supervising process looks instead, ten times a
second, and does not see what is taken and given back in between. As in Container Apps the process that took too much is ended by
SIGKILL and not the container: with gunicorn that is a worker, which gunicorn replaces, so that only the console tells of it (measured in
Azure: yeongseon.github.io/azure-paas-troubleshooting-labs, "OOM visibility gap", 2026-04; a container whose first process it is ends
with status 137: microsoft/azure-container-apps#1085).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path

LOOK_EVERY = 0.1  # seconds
PROC = Path("/proc")


async def enforce(first: int, limit: int, killed: Callable[[int], None]) -> None:
    """End the largest process of a container whenever all of them hold more than `limit` bytes, and tell its id.

    :param first: the container's first process, of which all others come. Does nothing where there is no ``/proc``.
    """
    if not limit or not sys.platform.startswith("linux"):
        return
    while True:
        pids = family(first)
        if sum(map(_resident, pids)) > limit:  # counts what is shared several times, and is quick
            held = {pid: _held(pid) for pid in pids}
            if sum(held.values()) > limit:
                largest = max(held, key=lambda pid: held[pid])
                killed(largest)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(largest, signal.SIGKILL)
        await asyncio.sleep(LOOK_EVERY)


def family(first: int) -> list[int]:
    """A process and all that come from it."""
    members = [first]
    for pid in members:
        for children in PROC.glob(f"{pid}/task/*/children"):
            with contextlib.suppress(OSError):
                members += map(int, children.read_text().split())
    return members


def _resident(pid: int) -> int:
    try:
        return int((PROC / str(pid) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _held(pid: int) -> int:
    """The bytes that a process cannot give back, with its share of those that it has together with others."""
    try:
        rollup = (PROC / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(size) for size in re.findall(r"(?m)^Pss_(?:Anon|Shmem):\s+(\d+)", rollup)) * 1024
