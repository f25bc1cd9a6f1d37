"""``python -m tests.soak --plans 500 --minutes 120``: memory, descriptors, processes and files while azwizard is used for a long time.

First so many plans of a finished setup against one practice cloud, then the wizard left open in a terminal. Prints a line for each look and
ends with 1 when anything grew, or when something is left after the end. Linux alone tells a program's numbers (/proc).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.end_to_end.conftest import SAMPLE, SECRET, WizardProcess

LOOKS = 10
MAY_GROW = 1.05  # of memory, from the third look on: the first fill caches


@dataclass
class Look:
    """What a program holds at one moment: kilobytes of memory, open descriptors, child processes, and files in its folders."""

    memory: int
    descriptors: int
    children: int
    files: int


def look_at(pid: int, *folders: Path) -> Look:
    """The numbers of a process that runs, with the files below the folders."""
    status = Path(f"/proc/{pid}/status").read_text()
    memory = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    children = sum(len(tasks.read_text().split()) for tasks in Path(f"/proc/{pid}/task").glob("*/children"))
    files = sum(1 for folder in folders for _ in folder.rglob("*"))
    return Look(memory, len(list(Path(f"/proc/{pid}/fd").iterdir())), children, files)


def growth(looks: list[Look]) -> list[str]:
    """What grew from the third look to the last."""
    names = ("memory", "descriptors", "children", "files")
    first, last = astuple(looks[min(2, len(looks) - 1)]), astuple(looks[-1])
    limits = [first[0] * MAY_GROW, *first[1:]]
    return [f"{name} {before} -> {after}" for name, before, after, most in zip(names, first, last, limits, strict=True) if after > most]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=120)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        place = Path(name)
        os.environ["TMPDIR"] = str(place / "tmp")
        (place / "tmp").mkdir()
        project = place / "project"
        shutil.copytree(SAMPLE, project)
        wizard = WizardProcess(place / "home", project, {"AZWIZARD_SECRET_API_KEY": SECRET})
        grown: list[str] = []
        for part, looks in (("plans", _plans(wizard, place, options.plans)), ("open", _open(wizard, place, options.minutes))):
            taken = []
            for look in looks:
                taken.append(look)
                print(f"{part}: {look}", flush=True)
            grown += [f"{part}: {item}" for item in growth(taken)]
        wizard("practice", "stop")
        left = [path.name for path in (place / "tmp").iterdir()]
    print("grew: " + ("; ".join(grown) or "nothing") + f". Left in the temporary folder: {', '.join(left) or 'nothing'}")
    return 1 if grown or left else 0


def _plans(wizard: WizardProcess, place: Path, plans: int) -> Iterator[Look]:
    """The practice cloud's numbers between the plans, of which each is a process of its own."""
    started = wizard("practice", "start", "--speed", "instant")
    assert started.exit == 0, started.stderr
    applied = wizard.apply()
    assert applied.exit == 0, applied.stdout
    server = int(wizard.practice().info["pid"])
    for number in range(1, plans + 1):
        planned = wizard("plan", "--practice", "--json")
        assert planned.exit == 0, planned.stdout
        if number % max(1, plans // LOOKS) == 0:
            yield look_at(server, place / "tmp", place / "home" / "journal")


def _open(wizard: WizardProcess, place: Path, minutes: float) -> Iterator[Look]:
    """The wizard's own numbers while it stays open and nobody types."""
    environment = {**os.environ, "AZWIZARD_HOME": str(wizard.home), "LANGUAGE": "en"}
    command = [sys.executable, "-m", "wizard", "--practice"]
    with PseudoTerminal(command, wizard.folder, {**environment, "PYTHONPATH": str(Path(__file__).parents[2])}) as terminal:
        terminal.wait("azwizard", seconds=60)
        for number in range(1, LOOKS + 1):
            due = time.monotonic() + minutes * 60 / LOOKS
            while (left := due - time.monotonic()) > 0:
                terminal.settle(0)
                time.sleep(min(1.0, left))  # nothing is waited for: it is left open
            assert Path(f"/proc/{terminal.pid}/exe").exists(), f"it ended by itself at look {number}"
            yield look_at(terminal.pid, place / "tmp")


if __name__ == "__main__":
    sys.exit(main())
