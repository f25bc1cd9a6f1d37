"""Every command in a stranger's folder, where a file is no file, too large, too deep, or drives a terminal.

A sentence and a documented exit status, soon, and nothing on the terminal but text. Every form is harmless: it tries our own readers.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import SECRET, WizardProcess, copy_sample
from tests.source.test_hostile_folders import GOOD, SHAPES
from tests.support.figures import Figures
from wizard.cli import azwizard

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks, pipes and devices of POSIX")
COMMANDS: list[list[str]] = [
    ["--practice"],
    ["--plain", "--practice"],
    ["check", "--practice", "--json"],
    ["plan", "--practice", "--env-file", ".env"],
    ["plan", "--practice", "--json", "--no-preflight"],
    ["apply", "--practice"],
    ["apply", "--practice", "--stage", "prod"],
    ["status", "--practice"],
    ["status", "--practice", "--brief"],
    ["status", "--practice", "--steps"],
    ["doctor", "--practice"],
    ["test", "--practice"],
    ["logs", "--practice"],
    ["metrics", "--practice"],
    ["releases", "--practice"],
    ["diff", "1", "2", "--practice"],
    ["diff", "--stages", "dev", "prod", "--practice"],
    ["promote", "dev", "prod", "--practice"],
    ["rollback", "--practice"],
    ["deploy", "--practice"],
    ["pause", "--practice"],
    ["start", "--practice"],
    ["cost", "--practice"],
    ["secret", "set", "api-key", "--from-file", ".env", "--practice"],
    ["handoff", "--practice"],
    ["destroy", "--practice"],
    ["report", "--practice"],
    ["resume", "--practice", "--subscription", "x", "--resource-group", "x"],
    ["export", "az"],
    ["export", "bicep", "--practice"],
    ["export", "arm", "--practice"],
    ["export", "rest"],
    ["export", "pipeline"],
    ["export", "pipeline", "--github"],
    ["exercise", "port", "--check"],
    ["class", "check"],
    ["class", "handout"],
    ["class", "cost"],
    ["completion", "bash"],
    ["schema"],
    ["practice", "status"],
    ["serve", "--port", "70000"],
]
NAMES = (
    "azwizard.toml",
    "class.toml",
    *GOOD,
    ".env",
    ".dockerignore",
    ".gitignore",
    "azure-pipelines.yml",
    ".github/workflows/image.yml",
    "requests.rest",
    "http-client.env.json",
    "gunicorn.conf.py",
    "compose.yaml",
    ".git/config",
    ".git/HEAD",
)
PAIRS = [(name, shape) for name in NAMES for shape in SHAPES]
STATUSES = {0, 1, 2, 3, 5}
SECONDS = 4.0  # of the processor, the program's own start in them; 2 s on a computer that does nothing else
DRIVES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

Case = tuple[str, str, list[str]]


def cases(pairs: Sequence[tuple[str, str]], each: int, first: int = 0) -> list[Case]:
    """`each` commands for every pair of a file and a shape, so that all commands come in turn, from the one numbered `first`."""
    turn = itertools.islice(itertools.cycle(COMMANDS), first, None)
    return [(name, shape, next(turn)) for name, shape in pairs for _ in range(each)]


@pytest.fixture(scope="module")
def wizard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WizardProcess]:
    folder = tmp_path_factory.mktemp("hostile")
    copy_sample(folder / "project")
    wizard = WizardProcess(folder / "home", folder / "project", {"AZWIZARD_SECRET_API_KEY": SECRET})
    wizard("practice", "start", "--speed", "instant")
    yield wizard
    wizard("practice", "stop")


def made(folder: Path, name: str, shape: str) -> Path:
    """A project whose one file of that name has that shape."""
    folder.mkdir(parents=True)
    copy_sample(folder / "project")
    file = folder / "project" / name
    for good, text in GOOD.items():
        (folder / "project" / good).write_text(text)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    SHAPES[shape](file)
    return folder / "project"


def outcomes(wizard: WizardProcess, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    environment = {key: value for key, value in os.environ.items() if key != "CI"}
    environment |= {"AZWIZARD_HOME": str(wizard.home), "PYTHONPATH": str(Path(__file__).parents[2]), **wizard.environment}
    command = [sys.executable, "-m", "tests.commands.forked_commands"]
    done = subprocess.run(
        command, input=json.dumps(records), env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout)
    return told


def problems(case: Case, outcome: dict[str, Any]) -> list[str]:
    """What is wrong with how a command met a folder."""
    texts = [outcome[name].encode("latin-1").decode("utf-8", "replace") for name in ("stdout", "stderr")]
    said = "".join(texts)
    wrong = [f"{word}: {said[-300:]}" for word in ("Traceback", "went wrong", "never retrieved", "Exception ignored") if word in said]
    if outcome["status"] not in STATUSES:
        wrong.append(f"status {outcome['status']}")
    if outcome["status"] in (1, 2, 3) and not said.strip():
        wrong.append("no word")
    if drives := DRIVES.search(said):
        wrong.append(f"drives a terminal: {said[max(0, drives.start() - 60) : drives.end() + 20]!r}")
    if outcome["seconds"] > SECONDS:
        wrong.append(f"{outcome['seconds']:.1f} s")
    if len(said) > 100_000:
        wrong.append(f"{len(said)} characters")
    if "--json" in case[2]:
        wrong += [f"no JSON: {line[:80]}" for line in texts[0].splitlines() if json.loads(line).get("format") != 1]
    return wrong


def told_problems(wizard: WizardProcess, tmp_path: Path, chosen: Sequence[Case], figures: Figures) -> list[str]:
    folders: dict[tuple[str, str], Path] = {}
    for name, shape, _command in chosen:
        if (name, shape) not in folders:
            folders[name, shape] = made(tmp_path / str(len(folders)), name, shape)
    records = [
        {"arguments": command, "encoding": "utf-8", "shape": "piped", "folder": str(folders[name, shape])}
        for name, shape, command in chosen
    ]
    pairs = zip(chosen, outcomes(wizard, records), strict=True)
    told = [f"{case[0]} | {case[1]} | {' '.join(case[2])}: {one}" for case, outcome in pairs for one in problems(case, outcome)]
    figures(inputs=len(chosen), broken=len(told))
    return told


def test_every_command_meets_a_hostile_folder() -> None:
    assert set(azwizard.commands) <= {command[0] for command in COMMANDS}


def test_some_commands_in_hostile_folders(wizard: WizardProcess, tmp_path: Path, figures: Figures) -> None:
    some = [pair for pair in PAIRS if pair[0] == "azwizard.toml"][::3] + PAIRS[:: 1 + len(PAIRS) // 12]
    assert told_problems(wizard, tmp_path, cases(some, 1), figures) == []


@pytest.mark.nightly
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("shape", SHAPES)
def test_many_commands_with_a_hostile_setup_file(wizard: WizardProcess, tmp_path: Path, shape: str, figures: Figures) -> None:
    first = 12 * list(SHAPES).index(shape)
    assert told_problems(wizard, tmp_path, cases([("azwizard.toml", shape)], 12, first), figures) == []


@pytest.mark.nightly
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", NAMES[1:])
def test_a_command_for_each_hostile_file(wizard: WizardProcess, tmp_path: Path, name: str, figures: Figures) -> None:
    first = len(SHAPES) * NAMES.index(name)
    assert told_problems(wizard, tmp_path, cases([pair for pair in PAIRS if pair[0] == name], 1, first), figures) == []
