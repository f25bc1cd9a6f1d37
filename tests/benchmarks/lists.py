"""How long a list takes to open, and to be there as a whole, when nothing was read before: F3 the instant its screen is shown."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.keys import ENTER, F3, F8, SUBSCRIPTIONS
from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.benchmarks.start import with_bytecode
from tests.end_to_end.conftest import copy_sample

ALL = SUBSCRIPTIONS + 1


@dataclass
class Opened:
    """What was measured, in seconds: until something can be typed into the list, and until all of it is there."""

    usable: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)


def cold_lists(folder: Path, rounds: Mapping[float, int]) -> list[Opened]:
    """Open the list of 2,000 subscriptions, each time in a wizard of its own that still signs in.

    :param rounds: how often under each latency (seconds added to every request).
    """
    project = folder / "project"
    copy_sample(project)
    environment = with_bytecode(folder)
    practice = [sys.executable, "-m", "wizard", "practice"]
    seeds = ["--seed", f"subscriptions:{SUBSCRIPTIONS}"]
    subprocess.run([*practice, "start", *seeds], env=environment, check=True, stdout=subprocess.DEVNULL)
    try:
        with _wizard(project, environment, 0.0) as terminal:  # once, so that the others come back to screen 2
            terminal.wait("1 of 12")
            terminal.press(F8)
            terminal.wait("2 of 12")
            terminal.settle()
        return [_opened(project, environment, latency, count) for latency, count in rounds.items()]
    finally:
        subprocess.run([*practice, "stop"], env=environment, check=True, stdout=subprocess.DEVNULL)


def _opened(project: Path, environment: dict[str, str], latency: float, rounds: int) -> Opened:
    opened = Opened()
    for _round in range(rounds):
        with _wizard(project, environment, latency) as terminal:
            terminal.wait("2 of 12")
            stolen, pressed = terminal.stolen(), terminal.press(F3)
            opened.usable.append(terminal.wait("Type to narrow") - pressed - (terminal.stolen() - stolen))
            opened.whole.append(terminal.wait(rf"\b{ALL} of {ALL}\b(?!.*Asking)") - pressed - (terminal.stolen() - stolen))
    return opened


def _wizard(project: Path, environment: dict[str, str], latency: float) -> PseudoTerminal:
    """A wizard that was just told to open the setup."""
    command = [sys.executable, "-m", "tests.benchmarks.altered_wizard", f"choosing:{latency}", "--practice"]
    terminal = PseudoTerminal(command, project, environment)
    terminal.wait("Open: notes-dev")
    terminal.press(ENTER)
    return terminal
