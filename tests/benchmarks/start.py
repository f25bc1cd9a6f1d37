"""How long it takes until the first screen can be used, against an empty Textual app: whole processes, each in a terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.benchmarks.measured_process import wizard_environment
from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.end_to_end.conftest import copy_sample

ROOT = Path(__file__).parents[2]
ROUNDS = 9  # of which the quickest counts, since other programs only ever make it slower
EMPTY_APP = """
from textual.app import App
class Empty(App):
    def on_ready(self):
        self.bell()
Empty().run()
"""
BELL, HOME = "\\x07", "Practise: a local Azure"


def with_bytecode(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a wizard with its home in `folder`, which has bytecode, as an installation leaves it."""
    environment = wizard_environment(ROOT, folder / "home", **more)
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(ROOT / "wizard"), str(ROOT / "screens")], env=environment, check=False)
    return environment


def start_seconds(folder: Path) -> tuple[float, float]:
    """Seconds until Home in a folder with an API in which nothing was typed, and until an empty app is there."""
    copy_sample(folder / "project" / "api")
    (folder / "project" / "api" / "azwizard.toml").unlink()
    environment = with_bytecode(folder)
    home, empty = [], []
    for _round in range(ROUNDS):
        empty.append(_until(BELL, ["-c", EMPTY_APP], folder / "project", environment))
        home.append(_until(HOME, ["-m", "wizard"], folder / "project", environment))
    return min(home), min(empty)


def _until(text: str, command: list[str], folder: Path, environment: dict[str, str]) -> float:
    with PseudoTerminal([sys.executable, *command], folder, environment) as terminal:
        return terminal.wait(text) - terminal.began
