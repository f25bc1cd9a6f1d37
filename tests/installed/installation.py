"""azwizard as people install it: a wheel built from the source archive, in an environment that has only what the wheel asks for.

Needs a package index. ``AZWIZARD_TEST_INSTALLER=uv`` installs with ``uv tool install`` in place of pipx.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from wizard.practice.runtime.child_process import passed_on

ROOT = Path(__file__).parents[2]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv*", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", "tests", "docs")
LONGEST = 280.0  # seconds of one command


@dataclass(frozen=True)
class Installed:
    """An installation with an empty home.

    :param folder: of this test session; projects lie in it.
    :param home: the person's home folder.
    :param variables: what else stands in the person's environment.
    """

    folder: Path
    wheel: Path
    program: Path
    python: Path
    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What a newcomer's terminal has, with the package index of this machine."""
        by_name = {name: value for name, value in passed_on(os.environ).items() if not name.startswith("XDG_")}
        return {**by_name, "HOME": str(self.home), "AZWIZARD_HOME": str(self.home / "azwizard"), "LANG": "C.UTF-8", **self.variables}

    def with_home(self, home: Path, **variables: str) -> Installed:
        """The same installation for another person."""
        home.mkdir(parents=True)
        return replace(self, home=home, variables=variables)

    def run(self, *arguments: str, status: int = 0, **variables: str) -> list[dict[str, Any]]:
        """One command; the events that it printed."""
        command = [str(self.program), *arguments]
        ended = subprocess.run(
            command, env={**self.environment, **variables}, cwd=self.folder, capture_output=True, text=True, timeout=LONGEST, check=False
        )
        assert ended.returncode == status, f"{ended.stdout[-4000:]}\n{ended.stderr[-4000:]}"
        return [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{") and line.endswith("}")]

    def script(self, code: str, *arguments: str) -> str:
        """What a script prints that runs in the installation's own Python."""
        command = [str(self.python), "-I", "-c", code, *arguments]
        ended = subprocess.run(command, env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=LONGEST, check=False)
        assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
        return ended.stdout


def install(folder: Path, installer: str = "pipx") -> Installed:
    """Build a wheel from this checkout's source archive and install it below the folder with ``pipx`` or ``uv``."""
    (folder / "home").mkdir()
    tools = folder / "tools"
    called(sys.executable, "-m", "venv", tools)
    called(tools / "bin" / "pip", "install", "--quiet", "build", "pipx", "uv")
    shutil.copytree(ROOT, folder / "source", ignore=NOT_COPIED)
    called(tools / "bin" / "python", "-m", "build", "--installer", "uv", "--outdir", folder / "dist", folder / "source")
    [wheel] = (folder / "dist").glob("*.whl")
    if installer == "uv":
        places = {"UV_TOOL_DIR": str(folder / "venvs"), "UV_TOOL_BIN_DIR": str(folder / "bin")}
        called(tools / "bin" / "uv", "tool", "install", "--python", sys.executable, wheel, **places)
    else:
        places = {"PIPX_HOME": str(folder), "PIPX_BIN_DIR": str(folder / "bin"), "PIPX_MAN_DIR": str(folder / "man")}
        called(tools / "bin" / "pipx", "install", "--python", sys.executable, wheel, **places)
    return Installed(folder, wheel, folder / "bin" / "azwizard", folder / "venvs" / "azwizard" / "bin" / "python", folder / "home")


def called(*command: object, **variables: str) -> None:
    """Run a tool; what it said when it failed."""
    words = [str(word) for word in command]
    by_name = {name: value for name, value in os.environ.items() if not name.startswith(("VIRTUAL_ENV", "PYTHON"))}
    ended = subprocess.run(words, env={**by_name, **variables}, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert ended.returncode == 0, f"{' '.join(words)}\n{ended.stdout[-3000:]}\n{ended.stderr[-3000:]}"


def answer(result: dict[str, Any]) -> str:
    """What the deployed API answers at its plain door, by the last event of an apply."""
    with urllib.request.urlopen(f"{result['local_url']}/health", timeout=30) as response:
        return str(response.read().decode())
