"""azwizard as people install it: a wheel built from the source archive, in an environment that has only what the wheel asks for.

Needs a package index. ``AZWIZARD_TEST_INSTALLER=uv`` installs with ``uv tool install`` in place of pipx.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wizard.practice.runtime.child_process import passed_on

ROOT = Path(__file__).parents[2]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv*", "build", "dist", "*.egg-info", "__pycache__", ".*_cache", "tests", "docs")
LONGEST = 280.0  # seconds of one command


@dataclass
class Installed:
    """An installation with an empty home.

    :param folder: of this test session; projects lie in it.
    """

    folder: Path
    wheel: Path
    program: Path
    python: Path

    @property
    def environment(self) -> dict[str, str]:
        """What a newcomer's terminal has, with the package index of this machine."""
        kept = {name: value for name, value in passed_on(os.environ).items() if not name.startswith("XDG_")}
        return {**kept, "HOME": str(self.folder / "home"), "AZWIZARD_HOME": str(self.folder / "home" / "azwizard"), "LANG": "C.UTF-8"}

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


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """Build and install once for all tests; the practice cloud is stopped at the end."""
    folder = tmp_path_factory.mktemp("installed")
    (folder / "home").mkdir()
    tools = folder / "tools"
    called(sys.executable, "-m", "venv", tools)
    called(tools / "bin" / "pip", "install", "--quiet", "build", "pipx", "uv")
    shutil.copytree(ROOT, folder / "source", ignore=NOT_COPIED)
    called(tools / "bin" / "python", "-m", "build", "--installer", "uv", "--outdir", folder / "dist", folder / "source")
    [wheel] = (folder / "dist").glob("*.whl")
    if os.environ.get("AZWIZARD_TEST_INSTALLER") == "uv":
        places = {"UV_TOOL_DIR": str(folder / "venvs"), "UV_TOOL_BIN_DIR": str(folder / "bin")}
        called(tools / "bin" / "uv", "tool", "install", "--python", sys.executable, wheel, **places)
    else:
        places = {"PIPX_HOME": str(folder), "PIPX_BIN_DIR": str(folder / "bin"), "PIPX_MAN_DIR": str(folder / "man")}
        called(tools / "bin" / "pipx", "install", "--python", sys.executable, wheel, **places)
    made = Installed(folder, wheel, folder / "bin" / "azwizard", folder / "venvs" / "azwizard" / "bin" / "python")
    made.run("practice", "start", "--speed", "instant")
    yield made
    made.run("practice", "stop")


def called(*command: object, **variables: str) -> None:
    """Run a tool; what it said when it failed."""
    words = [str(word) for word in command]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VIRTUAL_ENV", "PYTHON"))}
    ended = subprocess.run(words, env={**kept, **variables}, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert ended.returncode == 0, f"{' '.join(words)}\n{ended.stdout[-3000:]}\n{ended.stderr[-3000:]}"
