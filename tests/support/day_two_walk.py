"""The walk of day two: deploy, change, go back, pause, start, promote, delete, by keys that the screen shows and no others."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.screens.conftest import SAMPLE
from tests.support.newcomer import Newcomer
from wizard.platform.language import _

CANARY = "canary-d2f0-day-two"
SETUP = """
format = 1
[project]
name = "notes"
source = "orders-api"
[pipeline]
check_code = false
[app]
min_replicas = 1
[key_vault]
secrets = ["api-key"]
"""


def make_project(folder: Path) -> Path:
    """A setup that was never deployed, with a secret whose value nobody gave yet; the API's folder."""
    shutil.copytree(SAMPLE, folder / "orders-api")
    (folder / "azwizard.toml").write_text(SETUP)
    return folder / "orders-api"


def walk_day_two(person: Newcomer, api: Path) -> None:
    """All of it, from Home to the end of the promoted stage."""
    deployed(person)
    source = api / "run.py"
    source.write_text(source.read_text() + "# changed\n")
    person.press_here_or_in_more(_("Look again F5"))
    person.sees(_("changed since: {files}").format(files="run.py"))
    person.dialog(_("Deploy my change F8"), _("Deploy your code as it is now?"))
    person.agree()
    over(person)
    person.dialog(_("Version before Ctrl+R"), _("Run version {number} again?").format(number=1))
    person.agree()
    over(person)
    person.dialog(_("Pause your API Ctrl+X"), _("Pause your API? It answers nobody until you start it again."))
    person.agree()
    person.press(_("Start your API Ctrl+X"))
    person.sees(_("Your API runs again."))
    person.dialog(_("Stages Ctrl+N"), _("New stage, and run in it what runs here"))
    person.press(_("Do it Enter"))
    person.sees(_("What is the new stage called?"))
    person.press(_("Take it Enter"))
    person.sees(_("Value of the secret {name}").format(name="api-key"))
    person.window.type(CANARY)
    person.press(_("Take it Enter"))
    person.sees(_("To run it there, type {name} here:").format(name="notes-prod"))
    person.window.type("notes-prod")
    person.press(_("Run it Enter"))
    over(person, "notes-prod")
    person.dialog(_("Delete everything Ctrl+D"), _("To delete it, type {name} here:").format(name="notes-prod"))
    person.window.type("notes-prod")
    person.press(_("Delete everything Enter"))
    person.sees(_("Deleting {setup}").format(setup="notes-prod"))


def deployed(person: Newcomer) -> None:
    """From Home to the state of the API, the first time."""
    person.sees(_("Arrows choose, Enter opens the line."))
    person.sees("notes-dev")
    person.window.press("Enter")
    person.press(_("Next F8"))
    person.sees(_("✓ This account may do all that is needed."))
    person.press(_("Next F8"))
    person.sees("api-key")
    person.window.type(CANARY)
    person.press_here_or_in_more(_("Check all F9"))
    person.press(_("To the box F8"))
    person.window.type("notes-dev")
    person.sees(_("Enter begins, once {name} stands here.").format(name="notes-dev"))
    person.window.press("Enter")
    over(person)


def over(person: Newcomer, setup: str = "notes-dev") -> None:
    """Wait for a run's end, and go to the state of the API."""
    person.press(_("Your API Esc"))
    person.sees(_("{setup} · your API runs").format(setup=setup))
    person.sees("/health")
