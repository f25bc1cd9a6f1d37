"""What is still open is said where one stands, as one types it, and a dialog's text can be read from any of its buttons."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from textual.command import CommandPalette
from textual.containers import VerticalScroll
from textual.widgets import Input

from screens.pages.repair import Repair
from screens.sheets.dialogs import Confirm, ConfirmByName
from screens.widgets.progress_text import own_error
from tests.screens.conftest import open_app, place, screen_text, shown, until
from wizard.doctor.verdict import HEALTHY, Verdict
from wizard.engine.events import RequestEvent
from wizard.engine.reporting.recorder import RecordingReporter
from wizard.engine.session import CommandOptions
from wizard.testing.requests import result_words
from wizard.workspace.typed_reader import SHARES
from wizard.workspace.workspace import Workspace


async def test_a_name_is_asked_for_where_all_names_are_made(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        app.workspace.put("project.name", "")
        app.screen.renew()  # type: ignore[attr-defined]
        await pilot.pause()
        assert "It can wait" not in screen_text(app)
        await pilot.press("f8")
        await shown(pilot, "Type a name: all other names are made from it.")
        assert place(app) == "project"


async def test_what_the_code_lacks_is_left_to_do_and_stands_first(project: Path) -> None:
    (project / "orders-api" / "docker" / "Dockerfile").unlink(missing_ok=True)
    (project / "orders-api" / "Dockerfile").unlink(missing_ok=True)
    app = open_app(project)
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.press("enter")
        await shown(pilot, "in your code")
        text = screen_text(app)
        assert "Nothing is left to do here" not in text
        assert text.index("No Dockerfile") < text.index("Variables it reads")


async def test_a_folder_that_is_not_there_is_called_wrong_at_its_field(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        source = next(row for row in app.screen.rows if row.where == "project.source")  # type: ignore[attr-defined]
        source.focus_editor()
        await pilot.press(*"-gone", "tab")
        await shown(pilot, "✗ There is no folder")
        assert "Nothing is left to do here" not in screen_text(app)


async def test_a_share_without_a_purpose_is_asked_for_it(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        app.workspace.put(SHARES, [])
        app.go("storage")
        await until(pilot, lambda: place(app) == "storage")
        await pilot.press("f6")
        await shown(pilot, "What for")
        assert "It can wait" not in screen_text(app)
        await pilot.press("f8")
        await shown(pilot, "Say what the folder is for, or remove it.")
        assert "fileshare--" not in screen_text(app)


async def test_a_wrong_number_is_told_by_its_label(project: Path) -> None:
    app = open_app(project)
    app.workspace.put("app.port", "0")
    sentence = app.workspace.reading.problems["app.port"]
    assert "[app]" not in sentence
    assert "must be a whole number from 1 to 65535" in sentence


async def test_page_down_reads_a_dialog_from_any_of_its_buttons(project: Path) -> None:
    text = "\n".join(f"line {number}" for number in range(99))
    by_name = ConfirmByName(
        "Delete it?", "orders-dev", text, ask="Type {name}:", refusal="Not {name}.", yes="Do it Enter", no="Keep it Esc"
    )
    for dialog in (Confirm("Write it?", "Write", "Not now", text), by_name):
        app = open_app(project)
        async with app.run_test(size=(80, 24)) as pilot:
            app.push_screen(dialog)
            await shown(pilot, "more below: Page Down")
            await pilot.press("pagedown")
            await until(pilot, lambda dialog=dialog: dialog.query_one(VerticalScroll).scroll_offset.y > 0)  # type: ignore[misc]
            assert not any(isinstance(widget, VerticalScroll) for widget in dialog.focus_chain)


async def test_what_was_said_about_a_name_goes_when_another_is_typed(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "f8")
        await shown(pilot, "✓ This account may do all that is needed.")
        await pilot.press("f9")
        await shown(pilot, "without a value (F6)")
        await pilot.press("f8", "x", "enter")
        await shown(pilot, "Nothing was made: type")
        await pilot.press("y")
        await until(pilot, lambda: "Nothing was made: type" not in screen_text(app))
        assert app.screen.query_one("#name", Input).value == "xy"


def test_an_unexpected_answer_says_what_was_expected_and_what_came() -> None:
    event = RequestEvent("POST", "/books", "Add", status=401, expected=(201,), passed=False, sent=True, seconds=0.1, body="")
    assert result_words(event).startswith("✗ expected 201, got 401 Unauthorized")


def test_the_apis_own_error_is_found_in_the_log_of_a_run() -> None:
    log = ["Traceback (most recent call last):", '  File "app.py", line 3', "KeyError: 'SMTP_HOST'", "upstream connect error or disconnect"]
    assert own_error(log) == "KeyError: 'SMTP_HOST'"
    assert own_error(["HttpResponseError: (Conflict) another operation"]) == ""


async def test_the_palette_is_among_what_f2_names_and_opens(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f2")
        await shown(pilot, "Go to Ctrl+P")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, CommandPalette))
        assert place(app) == "home"


async def test_repair_names_the_file_that_a_restart_lost_and_goes_to_its_step(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        monkeypatch.setattr(Repair, "found", SimpleNamespace(verdict=Verdict(HEALTHY, "Healthy"), applies=False, offers=False))
        monkeypatch.setattr(Repair, "action_examine", lambda page: None)
        app.workspace.put(SHARES, [])
        app.go("repair")
        await until(pilot, lambda: place(app) == "repair")
        app.deployment.proof = RecordingReporter()
        app.deployment.proof.result = [RequestEvent("Orders", "GET", "/orders", 200, (200,), False, 0.1, "")]
        app.deployment.proof.is_over = True
        await shown(pilot, "a restart loses")
        await pilot.press("f7")
        await until(pilot, lambda: place(app) == "storage")
        assert app.workspace.draft.lines(SHARES) == []  # what to add is the person's to say


async def test_repair_fills_in_the_variable_that_the_api_stops_for(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        verdict = Verdict("variable-missing", "It needs SMTP_HOST.", variable="SMTP_HOST")
        monkeypatch.setattr(Repair, "found", SimpleNamespace(verdict=verdict, applies=False, offers=False))
        monkeypatch.setattr(Repair, "action_examine", lambda page: None)
        app.go("repair")
        await shown(pilot, "F7 goes to step 3 with SMTP_HOST filled in")
        await pilot.press("f7")
        await until(pilot, lambda: place(app) == "key_vault")
        assert "SMTP_HOST" in [line["name"] for line in app.workspace.draft.lines("variables")]


async def test_what_another_wizard_changes_counts_where_everything_is_checked(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        other = Workspace(CommandOptions(setup=app.workspace.draft.file, practice=True))
        other.put("app.port", "8080")
        app.go("review")
        await until(pilot, lambda: place(app) == "review")
        assert app.workspace.reading.answers.app.port == 8080
        assert not app.workspace.has_others_changes, "it was told"
        other.put("app.port", "9090")
        assert not app.screen._is_as_shown()  # type: ignore[attr-defined]
        await until(pilot, lambda: app.workspace.reading.answers.app.port == 9090)
