"""What the screens take beside an empty Textual app: until they can be used, from one to the next, and in memory after many."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.command_ratios import ROOT, Checkout
from tests.benchmarks.measured_process import measured, wizard_environment
from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.benchmarks.ratio import Ratio
from tests.benchmarks.start import BELL, EMPTY_APP, with_bytecode
from tests.end_to_end.conftest import SECRET, copy_sample

ROUNDS = 7
WAITING_APP = EMPTY_APP.replace("self.bell()", "self.bell(); self.set_timer(20, self.exit)")
CHANGES, EARLY = 700, 200
SECTIONS = 12
NEXT, BACK = "\x1b[19~", "\x1b"
ENTER = "\r"


def first_screen(folder: Path) -> Iterator[Ratio]:
    """Home in a folder with a setup, the practice cloud running, against an empty app: whole processes in a terminal."""
    wizard = Checkout(ROOT, folder)
    environment = with_bytecode(folder)
    wizard("practice", "start", "--speed", "instant")
    home, empty = [], []
    for _round in range(ROUNDS):
        empty.append(_until(BELL, ["-c", EMPTY_APP], wizard.project, environment))
        home.append(_until("Open: notes-dev", ["-m", "wizard", "--practice"], wizard.project, environment))
    wizard("practice", "stop")
    source = f"{min(home):.2f} s / {min(empty):.2f} s"
    yield Ratio("first usable screen with a setup, against an empty app", min(home) / min(empty), 1.25, source)


def _until(text: str, command: list[str], folder: Path, environment: dict[str, str]) -> float:
    """Seconds until it is painted, without those that other programs took."""
    with PseudoTerminal([sys.executable, *command], folder, environment) as terminal:
        return terminal.wait(text) - terminal.began - terminal.stolen()


def many_screens(folder: Path) -> Iterator[Ratio]:
    """Forth and back through the sections: how long each takes, and what stays in memory."""
    copy_sample(folder / "project")
    environment = with_bytecode(folder, AZWIZARD_SECRET_API_KEY=SECRET)
    with PseudoTerminal([sys.executable, "-c", WAITING_APP], folder, environment) as terminal:
        terminal.wait(BELL)
        terminal.settle()
        empty = _memory(terminal.pid)
    waits: list[float] = []
    sizes: dict[int, int] = {}
    with PseudoTerminal([sys.executable, "-m", "wizard", "--practice"], folder / "project", environment) as terminal:
        terminal.wait("Open: notes-dev")
        terminal.press(ENTER)
        terminal.wait(f"1 of {SECTIONS}")
        section, step = 1, 1
        for change in range(1, CHANGES + 1):
            if section + step not in range(1, SECTIONS + 1):
                step = -step
            section += step
            stolen, pressed = terminal.stolen(), terminal.press(NEXT if step > 0 else BACK)
            waits.append(terminal.wait(f"{section} of {SECTIONS}") - pressed - (terminal.stolen() - stolen))
            terminal.settle(0.05)
            if change in (EARLY, CHANGES):
                sizes[change] = _memory(terminal.pid)
    measured([sys.executable, "-m", "wizard", "practice", "stop"], folder, wizard_environment(ROOT, folder / "home"))
    ordered = sorted(waits)
    p50, p99 = ordered[len(ordered) // 2] * 1000, ordered[int(len(ordered) * 0.99)] * 1000
    yield Ratio("the next screen, p50, ms", p50, 50, f"{CHANGES} changes")
    yield Ratio("the next screen, p99, ms", p99, 150, "")
    yield Ratio(f"memory after {CHANGES} screens against an empty app", sizes[CHANGES] / empty, 5, f"{sizes[CHANGES]} / {empty} KiB")
    growth = sizes[CHANGES] / sizes[EARLY] - 1
    yield Ratio(f"its growth from the {EARLY}th to the {CHANGES}th", growth, 0.03, f"{sizes[EARLY]} / {sizes[CHANGES]} KiB")


def _memory(process: int) -> int:
    """The proportional set size of a process and its children, in KiB; of Linux alone."""
    children = [int(child) for tasks in Path(f"/proc/{process}/task").glob("*/children") for child in tasks.read_text().split()]
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    own = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return own + sum(_memory(child) for child in children)
