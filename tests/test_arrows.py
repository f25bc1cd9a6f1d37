"""The directions in which the parts of the program may know each other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def modules_after(code: str) -> set[str]:
    """The names of all modules that are loaded after running `code` in a fresh interpreter."""
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    return set(subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split())


def test_the_import_contracts_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_engine_loads_no_screen() -> None:
    loaded = modules_after("import wizard.plan, wizard.run, wizard.commands, wizard.destroy, wizard.resume")
    assert not {name for name in loaded if name.split(".")[0] in {"textual", "screens"}}


@pytest.mark.parametrize("module", ["wizard.cli", "wizard.cloud", "wizard.sections", "wizard.answers"])
def test_no_sdk_is_loaded_before_someone_signs_in(module: str) -> None:
    assert not {name for name in modules_after(f"import {module}") if name.startswith("azure.")}


def test_the_practice_cloud_loads_nothing_else_of_the_wizard() -> None:
    loaded = modules_after("import wizard.practice.server")
    assert not {name for name in loaded if name.startswith("wizard.") and not name.startswith("wizard.practice")}
