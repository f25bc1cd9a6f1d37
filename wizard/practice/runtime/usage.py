"""What a container uses of the computer: the processor time it has had, and the memory it holds."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from wizard.practice.runtime.memory_limit import PROC, family


@dataclass(frozen=True)
class ContainerUsage:
    """Since a container started: seconds of processor time, of all cores together; and the bytes that it holds now."""

    cpu_seconds: float
    memory: int


def usage_of(first: int) -> ContainerUsage | None:
    """What a process and all that come from it use; None where the system does not tell (no ``/proc``), or it has ended.

    What ended children used is with those who waited for them (proc(5), stat: cutime, cstime).
    """
    if not first or not sys.platform.startswith("linux"):
        return None
    ticks = memory = 0
    pids = family(first)
    for pid in pids:
        with contextlib.suppress(OSError, IndexError, ValueError):
            process = PROC / str(pid)
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
            memory += _resident(process)
    return ContainerUsage(ticks / os.sysconf("SC_CLK_TCK"), memory) if memory else None


def _resident(process: Path) -> int:
    """The bytes that a process holds, without what it only shares with others (a program's text, as forked workers do)."""
    _size, resident, shared, *_rest = (process / "statm").read_text().split()
    return (int(resident) - int(shared)) * os.sysconf("SC_PAGE_SIZE")
