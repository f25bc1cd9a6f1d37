"""The pack: wheels of azwizard and of the starter's packages in one folder, for a room without a network."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote, urlsplit

from wizard.platform.folders import home
from wizard.platform.language import _
from wizard.practice.runtime.packages.index import pip_program

NAME = "azwizard"
SECONDS = 1800


class PackError(Exception):
    """No pack could be made; the text says why."""


def pack(folder: Path, *, with_azwizard: bool = True) -> list[Path]:
    """Fill `folder` with wheels and give them. Raises PackError."""
    program = pip_program(home() / "python")
    if program is None:
        raise PackError(_("Python has no pip"))
    requirements = str(files("wizard.exercises").joinpath("starter").joinpath("requirements.txt"))
    folder.mkdir(parents=True, exist_ok=True)
    requirement_arguments = [*([own_source()] if with_azwizard else []), "--requirement", requirements]
    command = [
        sys.executable,
        str(program),
        "wheel",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--wheel-dir",
        str(folder),
        *requirement_arguments,
    ]
    _run(command)
    return sorted(folder.glob("*.whl"))


def own_source() -> str:
    """What pip gets azwizard from: the folder that it was installed from, else the index, in this version."""
    installed = distribution(NAME)
    origin = json.loads(installed.read_text("direct_url.json") or "{}").get("url", "")
    folder = unquote(urlsplit(origin).path)
    return folder if origin.startswith("file:") and Path(folder).exists() else f"{NAME}=={installed.version}"


def _run(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        raise PackError(_("no answer in {seconds} s").format(seconds=SECONDS)) from None
    if done.returncode != 0:
        raise PackError((done.stderr.strip().splitlines() or [str(done.returncode)])[-1])
