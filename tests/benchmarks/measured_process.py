"""A command of azwizard as one process: what it told and when, and what it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Measured:
    """What one process told and took.

    :param events: each with the second at which it was told (since the epoch).
    :param seconds: from its start to its end; `processor` those of a processor, children included.
    :param memory: its largest resident set, in KiB.
    :param tail: seconds from its last line to its end.
    """

    events: list[tuple[float, dict[str, Any]]]
    seconds: float
    processor: float
    memory: int
    tail: float

    @property
    def result(self) -> dict[str, Any]:
        return self.events[-1][1]

    def done(self) -> dict[str, float]:
        """Step -> when it was told done."""
        return {event["step"]: at for at, event in self.events if event["event"] == "step" and event["state"] == "done"}


def measured(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Measured:
    """Run a command to its end; its stdout is taken as events where a line is a JSON object."""
    began = last = time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    events = []
    for line in process.stdout:
        last = time.monotonic()
        if line.startswith('{"'):
            events.append((time.time(), json.loads(line)))
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    ended = time.monotonic()
    return Measured(events, ended - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, ended - last)


def wizard_environment(root: Path, home: Path, **more: str) -> dict[str, str]:
    """The environment in which the azwizard of a checkout runs with a home of its own, compiled as an installation leaves it."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, "AZWIZARD_HOME": str(home), "PYTHONPATH": str(root), "LANGUAGE": "en", **more}


def interpreter(root: Path) -> str:
    """The Python that runs a checkout: its own environment's where it has one."""
    own = root / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable
