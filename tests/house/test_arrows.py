"""The directions in which the parts of the program may know each other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def modules_after(code: str) -> set[str]:
    """The names of all modules that are loaded after running `code` in a fresh interpreter."""
    script = f"{code}\nimport sys\nprint('\\n'.join(sys.modules))"
    return set(subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split())


def test_the_import_contracts_hold() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_engine_loads_no_screen() -> None:
    loaded = modules_after(
        "import wizard.engine.plan, wizard.engine.run, wizard.commands.commands, wizard.engine.destroy, wizard.engine.recovery"
    )
    assert not {name for name in loaded if name.split(".")[0] in {"textual", "screens"}}


@pytest.mark.parametrize("module", ["wizard.cli", "wizard.cloud", "wizard.sections", "wizard.setup.answers"])
def test_no_sdk_is_loaded_before_someone_signs_in(module: str) -> None:
    assert not {name for name in modules_after(f"import {module}") if name.startswith("azure.")}


HOME_SHOWN = """
from pathlib import Path
from screens.app import WizardApp
from wizard.engine.session import CommandOptions

class Shown(WizardApp):
    def on_ready(self):
        self.exit()

Shown.CSS_PATH = Path("screens/wizard.tcss").absolute()
app = Shown(CommandOptions(setup=Path("tests/azwizard.toml"), practice=True))
app.run(headless=True)
assert app.return_code == 0
"""
ONLY_LATER = {"aiohttp", "azure", "cryptography", "msal", "ruamel", "sqlite3", "tomlkit"}
"""What the first screen has no use for; each takes longer than a person should wait for it."""


def test_the_first_screen_loads_no_sdk_no_parser_and_no_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path))
    loaded = modules_after(HOME_SHOWN)
    assert "screens.pages.home" in loaded
    assert not {name for name in loaded if name.split(".")[0] in ONLY_LATER}
    assert not {name for name in loaded if name == "wizard.engine.step" or name.startswith("wizard.steps.")}


def test_the_practice_cloud_loads_nothing_else_of_the_wizard() -> None:
    loaded = modules_after("import wizard.practice.server")
    assert not {name for name in loaded if name.startswith("wizard.") and not name.startswith(("wizard.practice", "wizard.containers"))}
