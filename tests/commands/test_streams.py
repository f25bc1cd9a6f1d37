"""Every command with every output that it may meet: whatever its encoding, closed, or left by who read it, nothing crashes."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
import pytest

from tests.commands.forked_commands import SHAPES
from tests.end_to_end.conftest import SECRET, WizardProcess, copy_sample
from tests.support.figures import Figures
from wizard.cli import azwizard

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks; the encodings are tried on Windows by PYTHONIOENCODING alone")
ENCODINGS = ("cp1252", "cp437", "ascii")
COMMANDS: list[list[str]] = [
    ["--help"],
    ["--version"],
    ["--practice"],
    ["aply"],
    ["aply", "--json"],
    ["check", "--practice"],
    ["check", "--machine"],
    ["plan", "--practice", "--set", "app.cpu=0.5", "--no-preflight"],
    ["plan", "--practice", "--set", "app.cpu=0.5", "--json"],
    ["apply", "--practice", "--yes"],
    ["apply", "--practice", "--set", "app.cpu=0.5"],
    ["status", "--practice"],
    ["status", "--practice", "--steps"],
    ["status", "--practice", "--brief"],
    ["start", "--practice"],
    ["pause", "--practice", "--set", "app.name=not-there"],
    ["releases", "--practice"],
    ["diff", "1", "1", "--practice"],
    ["diff", "--stages", "dev", "prod", "--practice"],
    ["promote", "dev", "prod", "--practice"],
    ["rollback", "--practice"],
    ["cost", "--practice"],
    ["metrics", "--practice"],
    ["deploy", "--practice"],
    ["secret", "set", "nonsense", "--practice"],
    ["handoff", "--practice"],
    ["destroy", "--practice"],
    ["doctor", "--practice"],
    ["test", "--practice"],
    ["logs", "--practice"],
    ["logs", "--practice", "--since", "5m", "--grep", "health", "--level", "info"],
    ["report", "--practice"],
    ["resume", "--practice", "--subscription", "x", "--resource-group", "x"],
    ["serve", "--port", "70000"],
    ["schema"],
    ["completion", "bash"],
    ["export", "az", "--practice"],
    ["export", "bicep", "--practice"],
    ["export", "arm", "--practice"],
    ["export", "rest", "--practice"],
    ["export", "rest"],
    ["export", "pipeline"],
    ["class", "handout"],
    ["class", "cost"],
    ["class", "fault", "role-denied"],
    ["class", "help", "Anna"],
    ["exercise"],
    ["exercise", "port", "--check"],
    ["practice", "status"],
    ["practice", "fault", "--help"],
    ["practice", "fault", "nonsense"],
]
MATRIX = list(itertools.product(COMMANDS, ENCODINGS, SHAPES))
SHORT = [(command, ENCODINGS[number % 3], SHAPES[number % 4]) for number, command in enumerate(COMMANDS)]
"""Each command once; three encodings and four shapes, so that twelve commands meet every pair."""
STATUSES = {0, 1, 2, 3, 5, 130}


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WizardProcess]:
    folder = tmp_path_factory.mktemp("streams")
    copy_sample(folder / "project")
    wizard = WizardProcess(folder / "home", folder / "project", {"AZWIZARD_SECRET_API_KEY": SECRET})
    wizard("practice", "start", "--speed", "instant")
    assert wizard.apply().exit == 0
    yield wizard
    wizard("practice", "stop")


def outcomes(wizard: WizardProcess, cases: Sequence[tuple[list[str], str, str]]) -> list[dict[str, Any]]:
    """What each case printed and how it left."""
    environment = {key: value for key, value in os.environ.items() if key != "CI"}
    environment |= {
        "AZWIZARD_HOME": str(wizard.home),
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "PIP_NO_INDEX": "1",
        **wizard.environment,
    }
    records = [{"arguments": command, "encoding": encoding, "shape": shape} for command, encoding, shape in cases]
    command = [sys.executable, "-m", "tests.commands.forked_commands"]
    done = subprocess.run(
        command, input=json.dumps(records), cwd=wizard.folder, env=environment, capture_output=True, text=True, check=True
    )
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


def problems(case: tuple[list[str], str, str], outcome: dict[str, Any]) -> list[str]:
    """What is wrong with how a command met its streams."""
    command, encoding, shape = case
    stdout, stderr = outcome["stdout"], outcome["stderr"]
    wrong = [
        f"{word} in {name}"
        for name, text in (("stdout", stdout), ("stderr", stderr))
        for word in ("Traceback", "went wrong", "Exception ignored")
        if word in text
    ]
    if outcome["status"] not in STATUSES:
        wrong.append(f"status {outcome['status']}")
    try:
        stdout.encode("latin-1").decode(encoding)
    except UnicodeDecodeError as error:
        wrong.append(f"stdout is no {encoding}: {error}")
    if SECRET in stdout + stderr:
        wrong.append("a secret")
    if command[0] == "export" and stdout and not stdout.startswith(("#!/bin/sh", "// ", "# ", "targetScope", "{")):
        wrong.append(f"no export: {stdout[:80]!r}")
    if shape == "closed stdout" and stdout:
        wrong.append("stdout was closed")
    if "--json" in command and shape == "piped":
        wrong += [f"no JSON: {line}" for line in stdout.splitlines() if json.loads(line).get("format") != 1]
    return wrong


def told_problems(wizard: WizardProcess, cases: Sequence[tuple[list[str], str, str]], figures: Figures) -> list[str]:
    pairs = zip(cases, outcomes(wizard, cases), strict=True)
    told = [f"{' '.join(case[0])} | {case[1]} | {case[2]}: {one}" for case, outcome in pairs for one in problems(case, outcome)]
    figures(inputs=len(cases), broken=len(told))
    return told


def test_every_command_is_tried() -> None:
    tried = {command[0] for command in COMMANDS}
    assert set(azwizard.commands) <= tried
    group = azwizard.commands["export"]
    assert isinstance(group, click.Group)
    assert set(group.commands) <= {command[1] for command in COMMANDS if command[0] == "export"}


def test_each_command_meets_an_encoding_and_a_broken_stream(deployed: WizardProcess, figures: Figures) -> None:
    assert told_problems(deployed, SHORT, figures) == []


@pytest.mark.nightly
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_command_meets_every_stream(deployed: WizardProcess, encoding: str, figures: Figures) -> None:
    assert told_problems(deployed, [case for case in MATRIX if case[1] == encoding], figures) == []
