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

ANSWERS, ASKED, SILENT, NO_TOOL = "deployed and answers", "asked about", "does not answer", "not tried: its tool is not installed"
LOCKS = {"uv": ["uv", "lock"], "poetry": ["poetry", "lock"], "pipenv": ["pipenv", "lock"]}
ANSWER_SECONDS = 30
GIVEN = {"AZWIZARD_SECRET_DATABASE_URL": "postgresql://shop:not-a-real-one@db.example/shop"}
"""What a person would type where the gallery's projects ask for a password."""


def deploy_shape(shape: ProjectShape, folder: Path, home: Path) -> tuple[str, str]:
    """What became of it, and why; the practice cloud of that home runs."""
    folder.mkdir(parents=True)
    project = PersonsProject(folder).write({name: text for name, text in shape.files().items() if name != "_"})
    if shape.tool in LOCKS and not _locked(folder, LOCKS[shape.tool]):
        return NO_TOOL, ""
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


def _locked(folder: Path, command: list[str]) -> bool:
    """Whether the tool is there and made its lock file anew."""
    if shutil.which(command[0]) is None:
        return False
    for name in ("uv.lock", "poetry.lock", "Pipfile.lock"):
        (folder / name).unlink(missing_ok=True)
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    return True


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
