"""One shape of the gallery deployed on a practice cloud as a newcomer would: every suggestion taken, missing files written, applied, asked.

Lock files are made by the tools themselves (uv, poetry and pipenv, where they are installed): an invented one installs nothing anywhere.
"""

from __future__ import annotations

import shutil
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from tests.end_to_end.conftest import ProcessOutcome, WizardProcess
from tests.gallery.shapes import ProjectShape
from tests.support.base_project import PersonsProject
from wizard.lint.scaffold import missing_files
from wizard.practice.runtime.packages.index import PYPI

ANSWERS, ASKED, SILENT, NO_LOCK = "deployed and answers", "asked about", "does not answer", "not tried: its tool made no lock file"
LOCKS = {"uv": ["uv", "lock"], "poetry": ["poetry", "lock"], "pipenv": ["pipenv", "lock"]}
LOCKED_SECONDS = 300
ANSWER_SECONDS = 30
GIVEN = {"AZWIZARD_SECRET_DATABASE_URL": "postgresql://shop:not-a-real-one@db.example/shop"}
"""What a person would type where the gallery's projects ask for a password."""


def deploy_shape(shape: ProjectShape, folder: Path, home: Path) -> tuple[str, str]:
    """What became of it, and why; the practice cloud of that home runs."""
    folder.mkdir(parents=True)
    project = PersonsProject(folder).write({name: text for name, text in shape.files().items() if name != "_"})
    if shape.tool in LOCKS and (refused := _locked(folder, LOCKS[shape.tool])):
        return NO_LOCK, refused
    if shape.form == "none":
        project.write(dict(missing_files(project.facts())))
    tables = project.accepted()
    if shape.database_folder is None:
        return ASKED, ""
    project.check(**tables)  # writes the setup file
    wizard = WizardProcess(home, folder, GIVEN)
    try:
        applied = wizard.apply()
        if applied.exit != 0:
            return SILENT, _why(applied)
        return _asked(f"{applied.result['local_url']}{'/health' if shape.framework in ('flask', 'factory', 'fastapi') else '/'}")
    finally:
        wizard("destroy", "--practice", "--yes", "--json")


def _locked(folder: Path, command: list[str]) -> str:
    """Let the tool make its lock file anew; what hinders it, or "".

    Poetry asks the index through its JSON pages, which a mirror may not have: then it is told to read the simple ones, as people with an
    index of their own tell it.
    """
    if shutil.which(command[0]) is None:
        return f"{command[0]} is not installed"
    for name in ("uv.lock", "poetry.lock", "Pipfile.lock"):
        (folder / name).unlink(missing_ok=True)
    locked = _run(folder, command)
    if locked.returncode != 0 and command[0] == "poetry":
        with (folder / "pyproject.toml").open("a") as project:
            project.write(f'\n[[tool.poetry.source]]\nname = "simple"\nurl = "{PYPI}/"\npriority = "primary"\n')
        locked = _run(folder, command)
    return (locked.stderr or locked.stdout).strip()[-300:] if locked.returncode != 0 else ""


def _run(folder: Path, command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LOCKED_SECONDS, check=False)


def _asked(url: str) -> tuple[str, str]:
    """What the API says to one request: whatever comes from it, a 404 of its own too, is an answer; a server error is none."""
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_SECONDS):
            return ANSWERS, ""
    except urllib.error.HTTPError as error:
        return (ANSWERS, "") if error.code < 500 else (SILENT, f"{url} answered {error.code}")


def _why(applied: ProcessOutcome) -> str:
    """The steps that failed, or the last words."""
    failed = [f"{event['step']}: {event['detail']}" for event in applied.events if event.get("state") == "failed"]
    return "; ".join(failed) or applied.stdout[-600:] + applied.stderr[-600:]
