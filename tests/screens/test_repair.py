"""Repair and Try it on a deployed API: the verdict, the fix shown before it is done, what is expected, the proof, and the log."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, RichLog

from screens.app import WizardApp
from screens.pages.log_page import LogPage
from screens.pages.repair import Repair
from screens.widgets.basics import TextBlock
from screens.widgets.log_pane import MOST_LINES
from tests.screens.conftest import asked, check_dump, open_app, place, screen_text, shown, until
from tests.support.nothing_cut import cut_texts
from wizard.cloud.transport import practice_process as practice
from wizard.doctor.examination import DoctorReport
from wizard.doctor.verdict import Fix, Verdict
from wizard.engine.events import LogEvent
from wizard.engine.reporting.recorder import RecordingReporter
from wizard.engine.session import CommandOptions
from wizard.platform import language
from wizard.workspace import runs
from wizard.workspace.workspace import Workspace

SETUP = """
format = 1
[project]
name = "notes"
environment = "dev"
region = "westeurope"
source = "orders-api"
[pipeline]
check_code = false
[key_vault]
secrets = ["api-key"]
[[storage.shares]]
designation = "db"
mount = "/srv/notes/databases"
nobrl = true
[[storage.shares]]
designation = "logs"
mount = "/srv/notes/logs"
[[variables]]
name = "DATABASE_PATH"
value = "/srv/notes/databases/notes.db"
[[variables]]
name = "API_KEY"
secret = "api-key"
"""
SERVER = 'CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]'
LOOPBACK = 'CMD ["gunicorn", "--bind", "127.0.0.1:5000", "run:app"]'
DOMAIN = "westeurope.azurecontainerapps.io"
CUT = "|".join(re.escape(DOMAIN[number:]) for number in range(len(DOMAIN)))  # what a long address leaves on the next line
ADDRESS = rf".*(https:|\s({CUT})$)"
REVISION = rf".*(capp-notes-dev--|https:|\s({CUT})$)"
CHANGES = r".*(r[eé]vision|capp-notes-dev--| (once|times|fois)\))"


@pytest.fixture
def code(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample's code beside a setup file, with a value for its secret."""
    monkeypatch.setenv("AZWIZARD_SECRET_API_KEY", "canary-5f2e")
    (project / "azwizard.toml").write_text(SETUP)
    return project / "orders-api"


@asynccontextmanager
async def deployed(code: Path, place: str, size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[WizardApp, Pilot[Any]]]:
    """The wizard on what was made of the code; it is all deleted again."""
    file = code.parent / "azwizard.toml"
    workspace = Workspace(CommandOptions(setup=file, practice=True))
    await workspace.sign_in()
    await workspace.look()
    await runs.make(workspace, lambda _event: None)
    try:
        app = open_app(code.parent)
        async with app.run_test(size=size) as pilot:
            await shown(pilot, "notes-dev")
            app.open_setup(file, practice=True, place=place)
            yield app, pilot
    finally:
        await runs.undo(workspace, lambda _event: None)
        await workspace.sign_out()


async def look_again(pilot: Pilot[int], app: WizardApp, tongue: str) -> None:
    """Have the doctor say it all in a language."""
    language.choose(tongue)
    app.refresh_place("repair")
    await until(pilot, lambda: isinstance(app.screen, Repair) and app.focused)
    before = app.deployment.examination
    await pilot.press("f5")
    await until(pilot, lambda: app.deployment.examination is not before and not app.deployment.is_busy and app.screen.found)  # type: ignore[attr-defined]


def check(app: WizardApp, name: str, leave_out: str = "") -> None:
    """Compare with what was read by eye, and see that nothing is cut."""
    check_dump(app, name, leave_out)
    assert cut_texts(app) == []


async def test_without_a_setup_nothing_is_deployed_and_it_says_so(project: Path) -> None:
    shutil.rmtree(project / "orders-api")
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f7")
        await shown(pilot, "nothing is deployed")
        await pilot.press("f8")
        assert isinstance(app.screen, Repair)
        check(app, "repair_without_setup")
        await pilot.press("escape")
        await shown(pilot, "From your Flask project")


async def test_what_was_never_deployed_leads_to_the_check_of_everything(code: Path) -> None:
    app = open_app(code.parent)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, "notes-dev")
        await pilot.press("f7")
        await shown(pilot, "is not deployed yet.")
        check(app, "repair_not_deployed")
        await pilot.press("f9")
        await shown(pilot, "Check everything")


async def test_where_signing_in_takes_a_person_nothing_is_begun_by_itself(code: Path) -> None:
    (code.parent / "azwizard.toml").write_text(SETUP + '[sign_in]\ncredential = "browser"\n')
    app = open_app(code.parent, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_setup(code.parent / "azwizard.toml", practice=False, place="repair")
        await shown(pilot, "F5 goes to Sign in.")
        assert not app.background.signing_in
        await pilot.press("f5")
        await until(pilot, lambda: place(app) == "sign_in")


@pytest.mark.parametrize(
    ("cure", "says", "leads_to", "focus"),
    [
        (
            Fix("Ask for another path.", "apply", fields=("app.health_path",)),
            "F7 goes to step 8, to “Path to try”.",
            "container_app",
            "app.health_path",
        ),
        (Fix("Give it its address.", "apply", fields=("variables",)), "F7 goes to step 3.", "key_vault", "variables"),
        (Fix("Give it a value.", "apply", fields=("key_vault",)), "Then F9 checks everything", "key_vault", "key_vault"),
        (Fix(then="start"), "where Ctrl+X starts it again", "standing", ""),
        (Fix("Correct the code.", "apply"), "Then F9 checks everything", "repair", ""),
        (Fix("az acr update --name crnotesdev", "doctor"), "Then F5 looks again.", "repair", ""),
    ],
    ids=["a field", "a variable", "a secret", "a paused API", "the code", "someone else"],
)
async def test_what_a_person_does_has_a_key_here_and_no_command(code: Path, cure: Fix, says: str, leads_to: str, focus: str) -> None:
    app = open_app(code.parent)
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_setup(code.parent / "azwizard.toml", practice=True, place="home")
        app.deployment.turn_to_setup()
        app.deployment.examination = RecordingReporter(is_over=True)
        app.deployment.examination.result = DoctorReport(Verdict("crash", "It does not run.", cure=cure), {}, (), code)
        app.go("repair")
        await shown(pilot, says)
        assert "azwizard " not in str(app.screen.query_one("#fix", TextBlock).render())
        await pilot.press("f7")
        await until(pilot, lambda: place(app) == leads_to)
        assert app.workspace.draft.focus == focus


async def test_a_subscription_that_is_switched_off_is_a_verdict(code: Path) -> None:
    practice.fault(["subscription-disabled"])
    app = open_app(code.parent)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, "notes-dev")
        await pilot.press("f7")
        await shown(pilot, "What to try: Re-enable it")
        practice.fault(clear=True)
        await pilot.press("f5")
        await shown(pilot, "is not deployed yet.")
        assert "Re-enable it" not in screen_text(app)


async def test_a_server_on_127_0_0_1_is_found_shown_mended_and_looked_at_again(code: Path, size: tuple[int, int]) -> None:
    dockerfile = code / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace(SERVER, LOOPBACK))
    async with deployed(code, "repair", size) as (app, pilot):
        await shown(pilot, "[Mend it F8]")
        check(app, "repair_loopback", leave_out=REVISION)
        await look_again(pilot, app, "fr")
        check(app, "repair_loopback", leave_out=REVISION)
        await pilot.press("f8")
        await asked(pilot)
        check(app, "repair_difference", leave_out=CHANGES)
        await pilot.press("escape")
        await look_again(pilot, app, "en")
        await pilot.press("f8")
        await shown(pilot, "[Write it and apply]")
        check(app, "repair_difference", leave_out=CHANGES)
        assert f"-{LOOPBACK}" in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Repair))
        assert LOOPBACK in dockerfile.read_text(), "nothing is written before the person agrees"
        await pilot.press("f8")
        await shown(pilot, "[Write it and apply]")
        await pilot.press("left", "enter")
        await shown(pilot, "✓ Healthy:")
        await shown(pilot, "The fix was carried out")
        assert SERVER in dockerfile.read_text()
        check(app, "repair_healthy", leave_out=REVISION)
        assert app.focused is not None, "the key that mended is gone, and the cursor is somewhere"
        await look_again(pilot, app, "fr")
        check(app, "repair_healthy", leave_out=REVISION)


async def test_answers_are_held_against_what_is_expected_and_a_restart_is_proven(code: Path) -> None:
    (code / "notes.rest").write_text(
        "### Is it well?\n# expect 200\nGET {{host}}/health\n\n### Without the key\n# expect 200\nGET {{host}}/notes\n"
    )
    async with deployed(code, "try_it") as (app, pilot):
        await shown(pilot, "https://capp-notes-dev")
        await pilot.press("enter")
        await shown(pilot, "✓ as expected: 200")
        await pilot.press("ctrl+t")
        await shown(pilot, "✗ expected 200, got")
        lines = [str(option.prompt) for option in app.screen.query_one("#requests", OptionList).options]
        assert [line.split()[:2] for line in lines] == [["✓", "200"], ["✗", "401"]]
        await pilot.press("ctrl+a")
        await shown(pilot, "Start your API anew?")
        await pilot.press("left", "enter")
        await shown(pilot, "✓ Proven:")
        outcome = " ".join(screen_text(app).split())
        assert "fileshare-db-notes-dev (/srv/notes/databases)" in outcome
        check(app, "try_it_proven", leave_out=ADDRESS)
        app.go("repair")
        await shown(pilot, "✓ Healthy:")
        await pilot.press("escape")
        await shown(pilot, "✓ Proven:")


async def test_the_log_follows_filters_pauses_and_obeys_nothing(code: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = code / "run.py"
    run.write_text(run.read_text() + "\nprint('\\x1b[31m[bold]red[/bold] ' + __import__('os').environ['API_KEY'], flush=True)\n")
    async with deployed(code, "try_it") as (app, pilot):
        await shown(pilot, "https://capp-notes-dev")
        monkeypatch.delenv("AZWIZARD_SECRET_API_KEY")  # now only the vault knows what is to be hidden
        page = app.screen
        assert isinstance(page, LogPage)
        await pilot.press("ctrl+l")
        await until(pilot, lambda: any("ContainerStarted" in item.line for item in page.log_pane.kept))
        await until(pilot, lambda: any("Listening at" in item.line for item in page.log_pane.kept))
        await pilot.press("ctrl+f")
        await shown(pilot, "Log of your API ·")
        await shown(pilot, "Listening at")
        await shown(pilot, "[bold]red[/bold] ***")
        assert "system" not in screen_text(app)
        await pilot.press("ctrl+f")
        await shown(pilot, "Log of Azure ·")
        assert "Listening at" not in screen_text(app)
        await pilot.press("ctrl+f", "ctrl+s")
        await shown(pilot, "paused")
        before = screen_text(app)
        assert app.workspace.cloud is not None
        await app.workspace.cloud.call_app(app.workspace.host, "/health")
        page.log_pane._new.extend(LogEvent("a-copy", "2026-11-22T10:00:00", f"line {number}") for number in range(3 * MOST_LINES))
        await pilot.pause()
        assert screen_text(app) == before, "nothing moves while it is paused"
        await pilot.press("ctrl+s")
        await shown(pilot, f"line {3 * MOST_LINES - 1}")
        assert len(page.log_pane.kept) <= MOST_LINES
        assert len(page.query_one(RichLog).lines) <= MOST_LINES
        await pilot.press("ctrl+l")
        await until(pilot, lambda: not page.log_pane.display)
        assert not [worker for worker in app.workers if worker.group == "log" and not worker.is_finished], "closed, it follows nothing"


async def test_what_only_may_hurt_is_offered_to_be_written_and_nothing_is_applied(code: Path) -> None:
    file = code.parent / "azwizard.toml"
    file.write_text(SETUP.replace('[[storage.shares]]\ndesignation = "logs"\nmount = "/srv/notes/logs"\n', ""))
    async with deployed(code, "repair") as (app, pilot):
        await shown(pilot, "[Write it F8]")
        assert "✓ Healthy" in screen_text(app)
        await pilot.press("f8")
        await shown(pilot, '+mount = "/srv/notes/logs"')
        await pilot.press("left", "enter")
        await shown(pilot, "Written.")
        assert 'designation = "logs"' in file.read_text()
        await until(pilot, lambda: [share.mount for share in app.workspace.reading.answers.storage.shares][1:] == ["/srv/notes/logs"])


async def test_after_a_create_that_failed_f7_leads_to_the_doctor_and_esc_back(code: Path) -> None:
    dockerfile = code / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace(SERVER, LOOPBACK))
    app = open_app(code.parent)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, "notes-dev")
        app.open_setup(code.parent / "azwizard.toml", practice=True, place="review")
        await shown(pilot, "To create the")
        app.background.make()
        app.go("progress")
        await shown(pilot, "[Repair F7]")
        await pilot.press("f7")
        await shown(pilot, "✗ Your API listens on 127.0.0.1 only")
        await pilot.press("escape")
        await shown(pilot, "[Repair F7]")
        assert place(app) == "progress"
        await runs.undo(app.workspace, lambda _event: None)
