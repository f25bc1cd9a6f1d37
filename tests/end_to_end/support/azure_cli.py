"""The Azure CLI as its user runs it, on a machine whose hosts file names the practice cloud; nothing else of it is changed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.end_to_end.conftest import WizardProcess
from tests.end_to_end.support.own_machine import ROOT, OwnMachine

INSTALL = "python3 -m venv .venv-azure-cli && .venv-azure-cli/bin/pip install azure-cli"


def find_az() -> Path | None:
    """The program that AZWIZARD_TEST_AZ names, or the one in this checkout's .venv-azure-cli."""
    named = os.environ.get("AZWIZARD_TEST_AZ")
    program = Path(named) if named else ROOT / ".venv-azure-cli" / "bin" / "az"
    return program if program.is_file() else None


@dataclass
class WizardOnMachine(WizardProcess):
    """The command ``azwizard`` on a machine of its own."""

    machine: OwnMachine = field(kw_only=True)
    may_fork = False

    def command(self, arguments: Sequence[str], cwd: Path) -> list[str]:
        return self.machine.command(super().command(arguments, cwd), cwd)

    @property
    def practice_json(self) -> dict[str, Any]:
        """What the running practice cloud says of itself."""
        content: dict[str, Any] = json.loads((self.home / "practice" / "practice.json").read_text())
        return content


@dataclass
class AzureCli:
    """``az``, signed in nowhere at first; `folder` takes its settings."""

    program: Path
    wizard: WizardOnMachine
    folder: Path

    def sign_in(self) -> Any:
        """``az login`` as the service principal of practice.json."""
        info = self.wizard.practice_json
        self.learn_names()
        who = ["--username", info["client_id"], "--password", info["client_secret"], "--tenant", info["tenant_id"]]
        return self("login", "--service-principal", *who)

    def learn_names(self, *more: str) -> None:
        """Write the host names of practice.json into the hosts file."""
        self.wizard.machine.resolve([*self.wizard.practice_json["hosts"], *more])

    def __call__(self, *arguments: str) -> Any:
        """What a command prints as JSON, None for nothing; it must succeed."""
        stdout = self.text(*arguments, "--output", "json")
        return json.loads(stdout) if stdout.strip() else None

    def text(self, *arguments: str) -> str:
        """What a command prints; it must succeed."""
        done = self.run([self.program, *arguments])
        assert done.returncode == 0, f"az {' '.join(arguments[:4])}: {done.stderr}"
        return done.stdout

    def run(self, argv: Sequence[str | Path], *, seconds: float = 240, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run any program on the machine, with ``az`` on its PATH."""
        ca_file = self.wizard.practice_json["ca_file"]
        return subprocess.run(
            self.wizard.machine.command(argv, self.folder),
            env={
                **os.environ,
                "PATH": f"{self.program.parent}{os.pathsep}{os.environ['PATH']}",
                "AZURE_CONFIG_DIR": str(self.folder),
                "AZURE_CORE_COLLECT_TELEMETRY": "no",
                "REQUESTS_CA_BUNDLE": ca_file,
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
