"""However a command ends, it ends in the contract's way: an exit status, and for programs a last line ``result``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from wizard.cli import azwizard
from wizard.commands import commands

CANARY = "canary-4410aa-value"
STOPPED_AT = """
import os, signal, sys

class Moment:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.{signal})
            signal.pause() if signal.getsignal(signal.{signal}) in (signal.SIG_DFL, None) else None

from wizard.__main__ import main
sys.meta_path.insert(0, Moment())
sys.argv = ["azwizard", "plan", "--practice", "--json"]
main()
"""


def test_a_fault_of_the_program_is_told_as_such_and_keeps_no_value(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(f"a bug beside {CANARY}")

    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(commands, "open_session", broken)
    ended = CliRunner().invoke(azwizard, ["apply", "--practice", "--json"])
    assert ended.exit_code == 1
    last = json.loads(ended.stdout.splitlines()[-1])
    [record] = (tmp_path / "home" / "crashes").iterdir()
    assert (last["event"], last["outcome"], last["failed"]) == ("result", "failed", 1)
    assert "azwizard itself went wrong" in last["detail"] and "the same command goes on" in last["detail"]
    assert str(record) in last["detail"] and last["detail"] in ended.stderr
    assert "RuntimeError" in record.read_text() and "in broken" in record.read_text()
    assert CANARY not in record.read_text() + ended.output


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("signal", ["SIGTERM", "SIGINT", "SIGHUP"])
@pytest.mark.parametrize(
    "module", ["wizard.cli", "click", "wizard.commands.commands", "wizard.setup.answers", "wizard.setup.secret_sources"]
)
def test_a_command_that_is_stopped_while_it_starts_ends_as_stopped(tmp_path: Path, module: str, signal: str) -> None:
    (tmp_path / "azwizard.toml").write_text('format = 1\n[project]\nname = "early"\nenvironment = "dev"\nregion = "westeurope"\n')
    environment = {"AZWIZARD_HOME": str(tmp_path / "home"), "PYTHONPATH": str(Path(__file__).parents[2]), "PATH": ""}
    script = STOPPED_AT.format(module=module, signal=signal)
    ended = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 130, ended.stdout + ended.stderr
    assert json.loads(ended.stdout.splitlines()[-1])["outcome"] == "interrupted"
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "home" / "crashes").exists()
