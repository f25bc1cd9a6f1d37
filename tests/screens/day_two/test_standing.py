"""The state of a deployed API: what it says, in both languages, and every dialog that is at most three keys away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from screens.app import WizardApp
from screens.pages.standing import StandingPage
from screens.pages.standing_text import status_words
from screens.sheets.dialogs import ConfirmByName
from screens.widgets.basics import TextBlock
from tests.screens.conftest import asked, open_app, place, screen_text, shown, until
from tests.support.reading import check
from wizard.cloud.services.metrics import ERRORS, Values
from wizard.engine.session import CommandOptions
from wizard.platform import language
from wizard.releases import metrics
from wizard.releases.metrics import MEBI, MINUTES
from wizard.workspace import runs
from wizard.workspace.workspace import Workspace

pytestmark = pytest.mark.usefixtures("cloud_of_its_own")

SIZES = [(80, 24), (120, 40)]
SETUP = """
format = 1
[project]
name = "notes"
environment = "dev"
region = "westeurope"
source = "orders-api"
[pipeline]
check_code = false
[app]
min_replicas = 1
"""


@pytest.fixture(autouse=True)
def steady_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same half hour in every dump: what this computer really did in it differs each time."""

    async def half_an_hour(*_asked: Any) -> dict[str, Values]:
        calls = [float(minute % 7 * 3) for minute in range(MINUTES)]
        cpu, memory = [value * 4_000_000 for value in calls], [60.0 * MEBI] * MINUTES
        nothing, one = [0.0] * MINUTES, [1.0] * MINUTES
        failed = [*nothing[:-4], 2.0, *nothing[:3]]
        every = {"Requests": calls, ERRORS: failed, "UsageNanoCores": cpu, "WorkingSetBytes": memory}
        return {**every, "RestartCount": nothing, "Replicas": one}

    monkeypatch.setattr(metrics, "read_metrics", half_an_hour)


@pytest.fixture
def code(project: Path) -> Path:
    """The sample's code beside a setup file that keeps nothing on a share."""
    (project / "azwizard.toml").write_text(SETUP)
    return project / "orders-api"


@asynccontextmanager
async def opened(code: Path) -> AsyncIterator[tuple[WizardApp, Pilot[Any]]]:
    """What `azwizard` shows after the API was deployed."""
    workspace = Workspace(CommandOptions(setup=code.parent / "azwizard.toml", practice=True))
    await workspace.sign_in()
    await workspace.look()
    assert (await runs.make(workspace, lambda _event: None)).outcome == "succeeded"
    await workspace.sign_out()
    app = open_app(code.parent)
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: place(app) == "standing" and rests(app))
        yield app, pilot


def rests(app: WizardApp) -> bool:
    """Whether nothing is being asked any more."""
    is_asking = app.deployment.is_busy or app.background.is_looking("")
    return is_read(app) and app.workspace.plan is not None and not is_asking


def is_read(app: WizardApp) -> bool:
    """Whether Azure said how the API stands."""
    page = app.screen
    if not isinstance(page, StandingPage):
        return False
    is_shown = [row.text for row in page.query("#status").results(TextBlock)] == [status_words(page.wizard)]
    return is_shown and app.deployment.standing_read is not None and app.deployment.standing_read.is_over


def state(app: WizardApp) -> str:
    """How the API stands, in its code word."""
    return app.deployment.standing[0].state if app.deployment.standing else ""


def change(code: Path, line: str = "# changed\n") -> None:
    """Other code, as a person saves it."""
    file = code / "run.py"
    file.write_text(file.read_text() + line)


async def look_again(pilot: Pilot[Any], app: WizardApp) -> None:
    before = app.deployment.standing_read
    await pilot.press("f5")
    await until(pilot, lambda: app.deployment.standing_read is not before)
    await until(pilot, lambda: rests(app))


async def run_ends(pilot: Pilot[Any], app: WizardApp) -> None:
    await until(pilot, lambda: place(app) == "progress" and app.workspace.progress and app.workspace.progress.is_over)
    await until(pilot, lambda: not app.background.is_looking(""))


async def agree(pilot: Pilot[Any]) -> None:
    """Answer a question with what it offers; the careful answer has the cursor at first."""
    await asked(pilot)
    await pilot.press("left", "enter")


async def back_to_the_state(pilot: Pilot[Any], app: WizardApp) -> None:
    await run_ends(pilot, app)
    await pilot.press("escape")
    await until(pilot, lambda: place(app) == "standing" and rests(app))


async def check_everywhere(pilot: Pilot[Any], app: WizardApp, name: str) -> None:
    """Compare the state screen with what was read by eye, in both languages."""
    for width, height in SIZES:
        await pilot.resize_terminal(width, height)
        for tongue in ("fr", "en"):
            language.choose(tongue)
            before = app.deployment.standing_read
            app.refresh_place("standing")
            await until(pilot, lambda before=before: app.deployment.standing_read is not before and rests(app))  # type: ignore[misc]
            check(app, name)
    await pilot.resize_terminal(*SIZES[0])


async def test_a_change_is_deployed_gone_back_from_paused_started_and_deleted(code: Path) -> None:
    async with opened(code) as (app, pilot):
        check(app, "standing")
        change(code)
        await look_again(pilot, app)
        await pilot.press("f8")
        await asked(pilot)
        check(app, "standing_deploy")
        await agree(pilot)
        await back_to_the_state(pilot, app)
        await pilot.press("ctrl+r")
        await asked(pilot)
        check(app, "standing_version_before")
        await agree(pilot)
        await back_to_the_state(pilot, app)
        assert "release = 1" in app.workspace.draft.file.read_text()
        await check_everywhere(pilot, app, "standing_went_back")
        await pilot.press("ctrl+x")
        await asked(pilot)
        check(app, "standing_pause")
        await agree(pilot)
        await until(pilot, lambda: rests(app) and state(app) == "paused")
        check(app, "standing_paused")
        await pilot.press("ctrl+x")
        await until(pilot, lambda: rests(app) and state(app) == "running")
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(app.screen, ConfirmByName))
        check(app, "standing_delete", leave_out=" address")
        await pilot.press(*app.workspace.setup, "enter")
        await run_ends(pilot, app)
        assert app.workspace.progress is not None and app.workspace.progress.undoing
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "all_steps")
        app.go("standing")
        await until(pilot, lambda: place(app) == "standing" and rests(app))
        check(app, "standing_nothing_deployed")


async def test_after_a_broken_version_the_version_before_is_nearest_and_nothing_leads_to_deleting(code: Path) -> None:
    async with opened(code) as (app, pilot):
        change(code, "import os\nos.environ['SMTP_HOST']\n")
        docker = code / "Dockerfile"
        docker.write_text(docker.read_text().replace('"gunicorn", ', '"gunicorn", "--preload", '))
        await look_again(pilot, app)
        await pilot.press("f8")
        await agree(pilot)
        await run_ends(pilot, app)
        await shown(pilot, "[Version before Ctrl+R]")
        assert "Delete" not in screen_text(app)
        await pilot.press("ctrl+d")
        assert place(app) == "progress", "no key leads to deleting either"
        await pilot.press("ctrl+r")
        await asked(pilot)
        check(app, "standing_after_failure")
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "standing" and rests(app))
        check(app, "standing_newest_failed")
        await pilot.press("ctrl+r")
        await agree(pilot)
        await back_to_the_state(pilot, app)
        assert state(app) == "running"
        assert "release = 1" in app.workspace.draft.file.read_text()
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "home")
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "standing" and rests(app))
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "try_it")
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "standing")
