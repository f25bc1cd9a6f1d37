"""The traffic of a wizard, recorded, and held against Azure's own specifications by check_traffic.py where that lies beside this checkout.

``AZWIZARD_TEST_HAR=build/traffic.har`` keeps what was recorded, as build/traffic-PATH.har for each path.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import takewhile
from pathlib import Path

from ..conftest import ProcessOutcome, WizardProcess
from ..support.small_project import SmallProject

CONTRACT = Path(__file__).parents[3].parent / "shared" / "contract" / "check_traffic.py"
UNSPECIFIED = Path(__file__).with_name("unspecified.toml")
SECRET = "canary-2f9ac4-value"
_COUNTED = re.compile(r" *\d+  (?P<line>.+)")


@dataclass
class Recording:
    """A small project on a practice cloud that records its traffic.

    :param settings: what the setup says besides, in every command.
    """

    project: SmallProject
    settings: Mapping[str, str] = field(default_factory=dict)

    def run(self, *words: str, exits: int = 0, json: bool = True) -> ProcessOutcome:
        """Run a command with the path's settings; it must leave with `exits`."""
        settings = [argument for key, value in self.settings.items() for argument in ("--set", f"{key}={value}")]
        outcome = self.project.wizard(*words, "--practice", *(["--json"] if json else []), *settings)
        assert outcome.exit == exits, (words, outcome.stdout[-2000:], outcome.stderr[-2000:])
        return outcome


@contextmanager
def recorded(name: str, folder: Path, environment: Mapping[str, str] | None = None, engine: str = "process") -> Iterator[Recording]:
    """A recording of the path called `name`, below `folder`; at the end its traffic must hold."""
    har, code = folder / "traffic.har", folder / "project"
    code.mkdir()
    given = {"AZWIZARD_SECRET_API_KEY": SECRET, "AZWIZARD_ENGINE": engine, **(environment or {})}
    wizard = WizardProcess(folder / "home", code, given)
    started = wizard("practice", "start", "--speed", "instant", "--engine", engine, "--har", str(har))
    assert started.exit == 0, started.stderr
    project = SmallProject(wizard, code, name, har)
    project.write()
    try:
        yield Recording(project)
    finally:
        wizard("practice", "stop")
    if wanted := os.environ.get("AZWIZARD_TEST_HAR"):
        shutil.copy(har, Path(wanted).with_stem(f"{Path(wanted).stem}-{name}"))
    hold(har)


def hold(har: Path) -> None:
    """Hold traffic against the specifications: no violation, no unknown property, and no route without one, unless it is listed."""
    held = subprocess.run([sys.executable, str(CONTRACT), str(har)], capture_output=True, text=True, check=False)
    rows = tomllib.loads(UNSPECIFIED.read_text(encoding="utf-8"))
    violations, _notes, rest = held.stdout.partition("Notes:\n")
    _before, _heading, routes = rest.partition("Not held against any specification:\n")
    assert unlisted(violations, [row["violation"] for row in rows["violation"]]) == []
    assert unlisted(routes, [row["route"] for row in rows["route"]]) == []
    assert " violations in " in held.stdout, held.stdout + held.stderr
    print(held.stdout.strip().splitlines()[-1])


def unlisted(printed: str, patterns: list[str]) -> list[str]:
    """The lines at the beginning of what the tool printed, each with its count, that no pattern allows."""
    counted = takewhile(lambda match: match is not None, map(_COUNTED.fullmatch, printed.splitlines()))
    lines = [match["line"].strip() for match in counted if match]
    return [line for line in lines if not any(fnmatchcase(line, pattern) for pattern in patterns)]
