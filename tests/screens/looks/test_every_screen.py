"""Each screen at 80x24 as it was read by eye; nothing wrong is said too early, Next is gated, Back is free."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from screens.sections.section_screen import SectionScreen
from screens.sheets.ask_secret import AskSecret
from screens.widgets.basics import ActionButton
from tests.screens.conftest import check_dump, colours, leave_home, open_app, place, screen_text, shown, until
from tests.support.nothing_cut import cut_texts
from tests.support.reading import check, settled, stands
from wizard.platform.secret import Secret
from wizard.workspace import runs
from wizard.workspace.missing_values import secrets_without_value
from wizard.workspace.wording.section_status import NAMES

WRONG = {
    "project": "project.name",
    "key_vault": "key_vault.name",
    "registry": "registry.name",
    "pipeline": "pipeline.image",
    "storage": "storage.account",
    "environment": "environment.name",
    "container_app": "app.cpu",
}


@pytest.mark.usefixtures("nothing_switched_on")
async def test_each_section_reads_as_committed(project: Path, size: tuple[int, int], tongue: str) -> None:
    app = open_app(project)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        check(app, "home")
        await pilot.press("f1")
        await pilot.pause()
        check(app, "why_home")
        await pilot.press("escape", "enter")
        app.background.sign_in()
        await until(pilot, lambda: app.workspace.cloud)
        for name in NAMES:
            app.go(name)
            await until(pilot, lambda name=name: stands(app, name))  # type: ignore[misc]
            await settled(pilot, app)
            check(app, name)
            await pilot.press("f1")
            await pilot.pause()
            check(app, f"why_{name}", leave_out=r".*(/pytest-|/Dockerfile)" if name == "pipeline" else "")  # where the folder lies
            await pilot.press("escape")
            assert place(app) == name


async def test_each_section_reads_as_committed_before_signing_in(project: Path, size: tuple[int, int], tongue: str) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter", "f8")
        await pilot.pause()
        check(app, "sign_in_azure")
        for name in [*NAMES, "all_steps"]:
            app.go(name)
            await pilot.pause()
            await pilot.pause()
            assert cut_texts(app) == [], name


@pytest.mark.parametrize(("name", "where"), WRONG.items())
async def test_a_wrong_value_stops_next_but_never_back(project: Path, name: str, where: str) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await leave_home(pilot)
        app.go(name)
        await pilot.pause()
        assert isinstance(app.screen, SectionScreen)
        row = next(row for row in app.screen.rows if row.where == where)
        assert isinstance(row.editor, Input)
        app.screen.set_focus(row.editor)
        row.editor.value = ""
        await pilot.press(*"No!")
        assert "✗" not in row.below.text, "nothing is called wrong while it is typed for the first time"
        await pilot.press("f8")
        await pilot.pause()
        assert isinstance(app.screen, SectionScreen)
        assert app.screen.place == name
        assert row.below.text.startswith("✗")
        assert app.focused is row.editor
        await pilot.press("escape")
        await pilot.pause()
        assert place(app) != name
        app.go(name)
        await pilot.pause()
        again = next(row for row in app.screen.rows if row.where == where)  # type: ignore[union-attr]
        assert again.value == "No!"
        assert again.below.text.startswith("✗")


async def test_a_wrong_line_of_the_table_stops_next_but_never_back(project: Path) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await leave_home(pilot)
        app.go("key_vault")
        await until(pilot, lambda: place(app) == "key_vault")
        await pilot.press("f6")
        await pilot.pause()
        await pilot.press(*"No!")
        assert "✗" not in screen_text(app), "nothing is called wrong while it is typed for the first time"
        await pilot.press("f8")
        await shown(pilot, "1 to put right before you go on. Back is free.")
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "sign_in")
        app.go("key_vault")
        await shown(pilot, "✗ “No!” cannot be a variable's name")
        await shown(pilot, "1 to put right before you go on. Back is free.")


async def test_a_wrong_sign_in_choice_cannot_be_made_and_next_is_free(project: Path) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await pilot.press("f8")
        await pilot.pause()
        await pilot.press("f8")
        await pilot.pause()
        assert place(app) == "key_vault", "what is missing never blocks"


@pytest.mark.parametrize("name", ["identity", "secrets", "variables"])
async def test_sections_that_ask_nothing_go_on_with_enter(project: Path, name: str) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await leave_home(pilot)
        app.go(name)
        await pilot.pause()
        await pilot.pause()
        assert isinstance(app.focused, ActionButton)
        before = app.screen
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is not before


@pytest.mark.usefixtures("nothing_switched_on")
async def test_the_whole_way_to_an_answer(project: Path, size: tuple[int, int], tongue: str) -> None:
    app = open_app(project)
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter", "f8")
        await until(pilot, lambda: stands(app, "sign_in") and not app.background.is_looking(""))
        await pilot.press("f9")
        await until(pilot, lambda: app.workspace.plan is not None and app.screen.query("#plan"))
        check(app, "review_without_values")
        await pilot.press("f6")
        await until(pilot, lambda: isinstance(app.screen, AskSecret))
        check(app, "ask_secret_1")
        await pilot.press(*"canary-5f2e", "enter")
        await until(pilot, lambda: app.workspace.plan is not None and not secrets_without_value(app.workspace))
        check(app, "review")
        await pilot.press("enter")
        await pilot.pause()
        check(app, "review_line")
        await pilot.press("escape", "f4")
        await pilot.pause()
        check(app, "whom_to_ask_nobody")
        await pilot.press("escape", "ctrl+g")
        await pilot.pause()
        check(app, "all_steps")
        await pilot.press("f9")
        await pilot.pause()
        await pilot.press("f8", *"wrong", "enter")
        assert app.workspace.progress is None, "nothing is made before the name is typed exactly"
        await pilot.press("end", *["backspace"] * 5, *app.workspace.setup, "enter")
        await until(
            pilot, lambda: app.workspace.progress and app.workspace.progress.is_over and app.screen.query_one("#press-next").display
        )
        await until(pilot, lambda: app.workspace.plan is not None and not app.background.is_looking(""))
        check(app, "progress", any_order=["#steps", "#run-log", "#status"])
        await pilot.press("f8")
        await until(pilot, lambda: app.screen.query("#requests"))
        await pilot.press("enter")
        await shown(pilot, "200 OK")
        check(app, "try_it", any_order=["#address"])
        assert "canary-5f2e" not in screen_text(app)
        app.screen.query_one("#address").display = False  # behind a sheet its lines break where the run's own name ends
        await pilot.press("f8")
        await pilot.pause()
        check(app, "what_now")
        await pilot.press("escape", "ctrl+d")
        await pilot.pause()
        check(app, "delete_all")
        await pilot.press("escape", "escape", "f9")
        await until(pilot, lambda: app.workspace.plan is not None and app.screen.query("#plan") and not app.background.is_looking(""))
        check(app, "review_nothing_to_make")
        await runs.undo(app.workspace, lambda _event: None)


async def test_a_secret_is_in_no_draft_and_no_report(project: Path, practice_home: Path) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await leave_home(pilot)
        app.go("key_vault")
        await pilot.pause()
        await pilot.pause()
        await pilot.press(*"canary-91aa")
        await pilot.pause()
        name = app.workspace.reading.answers.key_vault.secrets[0]
        assert app.workspace.secret(name) == Secret("canary-91aa")
        assert "canary" not in screen_text(app)
        await pilot.press("shift+home", "ctrl+c")
        assert "canary" not in app.clipboard
    assert _files_with(practice_home, b"canary-91aa") == []


def _files_with(folder: Path, text: bytes) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and text in file.read_bytes()]


@pytest.mark.usefixtures("nothing_switched_on")
async def test_what_a_reader_may_not_do_is_said_at_once(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "f8")
        await shown(pilot, "✓ This account")
        await pilot.press("space", "space", "enter")
        await shown(pilot, "need a right that this account does not have")
        check(app, "sign_in_reader")
        await pilot.press("f4")
        await pilot.pause()
        assert "What to send them" in screen_text(app)
        await pilot.press("escape", "f8")
        await pilot.pause()
        assert place(app) == "key_vault"


async def test_without_colour_every_word_is_still_there(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        check_dump(app, "home")
        await pilot.press("enter")
        await pilot.pause()
        assert "[Next F8]" in screen_text(app)
        assert colours(app) == set()
    monkeypatch.delenv("NO_COLOR")
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert colours(app), "else this would see none in any case"
