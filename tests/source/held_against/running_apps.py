"""Generated apps that are really loaded, for what they say of themselves to be held against our reading."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


def told_by_apps(folder: Path, generated: Callable[[int], dict[str, str]], seeds: range, program: str) -> Iterator[list[Any]]:
    """Write an app below `folder` for each seed, and give what a program says of each: the name of its folder, and more.

    :param generated: gives the files of an app: name -> content.
    :param program: Python that is told the folder and prints a line of JSON for each app.
    """
    for seed in seeds:
        for name, text in generated(seed).items():
            path = folder / f"{seed:04}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    told = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True, timeout=600, check=True)
    for line in told.stdout.splitlines():
        yield json.loads(line)


def unlike(name: str, ours: set[Any], truth: set[Any]) -> list[str]:
    """What differs between our reading of an app and what it says of itself, in a line; empty where nothing does."""
    return [] if ours == truth else [f"{name}: only ours {sorted(ours - truth)}, only the app's {sorted(truth - ours)}"]
