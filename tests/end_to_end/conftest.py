"""The command line as its user runs it: a process of its own, a home of its own, a practice cloud of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.end_to_end.support.killed_wizard import wait_for
from tests.end_to_end.support.practice_client import PracticeClient
from tests.support.forked import CAN_FORK, run_forked

SAMPLE = Path(__file__).parents[2] / "wizard" / "practice" / "sample"
SECRET = "canary-0b7d1c-value"


@dataclass
class ProcessOutcome:
    """What one command printed and how it left."""

    exit: int
    events: list[dict[str, Any]]
    stdout: str
    stderr: str

    @classmethod
    def of_output(cls, status: int, stdout: str, stderr: str) -> ProcessOutcome:
        """With the events among its lines."""
        return cls(
            status, [json.loads(line) for line in stdout.splitlines() if line.startswith('{"') and line.endswith("}")], stdout, stderr
        )

    @property
    def result(self) -> dict[str, Any]:
        return self.events[-1]

    def of(self, kind: str, **wanted: str) -> list[dict[str, Any]]:
        """The events of a kind whose members have these values."""
        return [e for e in self.events if e["event"] == kind and all(e.get(key) == value for key, value in wanted.items())]


@dataclass
class WizardProcess:
    """The command ``azwizard`` with a home of its own."""

    home: Path
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    may_fork: ClassVar[bool] = CAN_FORK
    """Whether a command that is run to its end is forked from a loaded one; not where something must be so before Python begins."""

    def command(self, arguments: Sequence[str], cwd: Path) -> list[str]:
        """What is run for these arguments of ``azwizard``."""
        return [sys.executable, "-m", "wizard", *arguments]

    def start(self, *arguments: str, cwd: Path | None = None) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        return subprocess.Popen(
            self.command(arguments, cwd or self.folder),
            cwd=cwd or self.folder,
            env=self._variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *arguments: str, cwd: Path | None = None) -> ProcessOutcome:
        """Run a command to its end."""
        if self.may_fork:
            return ProcessOutcome.of_output(*run_forked(arguments, cwd or self.folder, self._variables))
        process = self.start(*arguments, cwd=cwd)
        stdout, stderr = process.communicate(timeout=240)
        return ProcessOutcome.of_output(process.returncode, stdout, stderr)

    def killed_at(self, moment: str, *arguments: str) -> ProcessOutcome:
        """Run a command until that moment, see `killed_wizard`; to its end when the moment never comes."""
        return ProcessOutcome.of_output(*run_forked(arguments, self.folder, self._variables, partial(wait_for, moment)))

    def apply(self, *arguments: str) -> ProcessOutcome:
        """``azwizard apply --practice --yes --json`` with these arguments too."""
        return self("apply", "--practice", "--yes", "--json", *arguments)

    @property
    def _variables(self) -> dict[str, str]:
        return {**os.environ, "AZWIZARD_HOME": str(self.home), "PYTHONPATH": str(Path(__file__).parents[2]), **self.environment}

    def practice(self) -> PracticeClient:
        """The running practice cloud, as any other program sees it."""
        return PracticeClient(json.loads((self.home / "practice" / "practice.json").read_text()))


def copy_sample(folder: Path, project: str = "notes") -> None:
    """Put the embedded sample API into `folder`, under another project's name when one is given."""
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    setup = folder / "azwizard.toml"
    setup.write_text(setup.read_text().replace('name = "notes"', f'name = "{project}"'))


def another_machine(wizard: WizardProcess, folder: Path) -> WizardProcess:
    """A computer with the same cloud and no journal, whose setup file was just written from what Azure holds of ``rg-notes-dev``."""
    (folder / "other").mkdir()
    (folder / "other" / "practice").symlink_to(wizard.home / "practice")
    (folder / "empty").mkdir()
    other = WizardProcess(folder / "other", folder / "empty")
    where = ("--subscription", wizard.practice().info["subscription_id"], "--resource-group", "rg-notes-dev")
    assert other("resume", "--practice", *where).exit == 0
    return other


@pytest.fixture
def wizard(tmp_path: Path) -> Iterator[WizardProcess]:
    """A wizard in an empty home, in a folder with the sample API; its practice cloud is stopped afterwards."""
    folder = tmp_path / "project"
    copy_sample(folder)
    wizard = WizardProcess(tmp_path / "home", folder)
    yield wizard
    wizard("practice", "stop")


@pytest.fixture(scope="module")
def deployed_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WizardProcess]:
    folder = tmp_path_factory.mktemp("deployed")
    copy_sample(folder / "project")
    wizard = WizardProcess(folder / "home", folder / "project", {"AZWIZARD_SECRET_API_KEY": SECRET})
    wizard("practice", "start", "--speed", "instant")
    first = wizard.apply()
    assert first.exit == 0, first.stdout + first.stderr
    yield wizard
    wizard("practice", "stop")


@pytest.fixture
def deployed(deployed_once: WizardProcess) -> Iterator[WizardProcess]:
    """The sample API, deployed once for all tests of a file; afterwards it is as the setup says again."""
    yield deployed_once
    copy_sample(deployed_once.folder)
    assert deployed_once.apply().exit == 0
