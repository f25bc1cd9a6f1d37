"""Each screen at 80x24 as it was read by eye; nothing wrong is said too early, Next is gated, Back is free."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from screens.parts import Press, Say
from screens.section_screen import SectionScreen
from screens.standing import NAMES
from tests.screens.conftest import check_dump, open_app, screen_text, shown, until
from wizard import language
from wizard.field import Secret

WRONG = {
    "project": "project.name",
    "key_vault": "key_vault.name",
    "registry": "registry.name",
    "pipeline": "pipeline.image",
    "storage": "storage.account",
    "environment": "environment.name",
    "container_app": "app.cpu",
}


async def test_home_offers_the_code_it_found(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        check_dump(app, "home")


@pytest.mark.parametrize("name", NAMES)
async def test_each_section_reads_as_committed(project: Path, name: str) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        app.background.sign_in()
        await until(pilot, lambda: app.desk.cloud)
        app.go(name)
        await until(pilot, lambda: app.desk.found.get(name) is not None and not app.background.is_looking(name))
        check_dump(app, name)


@pytest.mark.parametrize(("name", "where"), WRONG.items())
async def test_a_wrong_value_stops_next_but_never_back(project: Path, name: str, where: str) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
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
        assert getattr(app.screen, "place", "") != name
        app.go(name)
        await pilot.pause()
        again = next(row for row in app.screen.rows if row.where == where)  # type: ignore[union-attr]
        assert again.value == "No!"
        assert again.below.text.startswith("✗")


async def test_a_wrong_sign_in_choice_cannot_be_made_and_next_is_free(project: Path) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await pilot.press("f8")
        await pilot.pause()
        check_dump(app, "sign_in_azure")
        await pilot.press("f8")
        await pilot.pause()
        assert getattr(app.screen, "place", "") == "key_vault", "what is missing never blocks"


@pytest.mark.parametrize("name", ["revision", "identity", "secrets", "variables"])
async def test_sections_that_ask_nothing_go_on_with_enter(project: Path, name: str) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        app.go(name)
        await pilot.pause()
        await pilot.pause()
        assert isinstance(app.focused, Press)
        before = app.screen
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is not before


async def test_the_whole_way_to_an_answer(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "f8")
        await shown(pilot, "✓ This account may do all that is needed.")
        await pilot.press("f9")
        await shown(pilot, "without a value (F6)")
        check_dump(app, "review_without_values")
        await pilot.press("f6")
        while app.desk.without_value():
            await shown(pilot, "Value of the secret")
            check_dump(app, f"ask_secret_{len(app.desk.without_value())}")
            await pilot.press(*"canary-5f2e", "enter")
            await pilot.pause()
        await until(pilot, lambda: app.desk.plan is not None and not app.desk.without_value())
        await shown(pilot, "To create the")
        check_dump(app, "review")
        await pilot.press("f2")
        await pilot.pause()
        check_dump(app, "all_steps")
        await pilot.press("f8")
        await shown(pilot, "To create the")
        await pilot.press("f8", *"wrong", "enter")
        assert "Nothing was made" in screen_text(app)
        await pilot.press("end", *["backspace"] * 5, *app.desk.setup, "enter")
        await shown(pilot, "F8 tries it")
        check_dump(app, "progress", leave_out=r" (kept|done|Done:|https:|io|F8|tries)\b")
        await pilot.press("f8")
        await shown(pilot, "Enter sends the request")
        await pilot.press("enter")
        await shown(pilot, "200 OK")
        check_dump(app, "try_it", leave_out=r" (https:|io)\b")
        assert "canary-5f2e" not in screen_text(app)
        await app.desk.undo(lambda _event: None)


async def test_a_secret_is_in_no_draft_and_no_report(project: Path, practice_home: Path) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        app.go("key_vault")
        await pilot.pause()
        await pilot.pause()
        await pilot.press(*"canary-91aa")
        await pilot.pause()
        name = app.desk.reading.answers.key_vault.secrets[0]
        assert app.desk.secret(name) == Secret("canary-91aa")
        assert "canary" not in screen_text(app)
        await pilot.press("shift+home", "ctrl+c")
        assert "canary" not in app.clipboard
    assert _files_with(practice_home, b"canary-91aa") == []


def _files_with(folder: Path, text: bytes) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and text in file.read_bytes()]


async def test_what_a_reader_may_not_do_is_said_at_once(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "f8")
        await shown(pilot, "✓ This account")
        await pilot.press("space", "space")
        await shown(pilot, "need a right that this account does not have")
        check_dump(app, "sign_in_reader", leave_out=r" ! \d+ steps need")  # fewer where a service is switched on already
        await pilot.press("f4")
        await pilot.pause()
        assert "What to send them" in screen_text(app)
        await pilot.press("escape", "f8")
        await pilot.pause()
        assert getattr(app.screen, "place", "") == "key_vault"


async def test_without_colour_every_word_is_still_there(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        check_dump(app, "home")
        await pilot.press("enter")
        await pilot.pause()
        assert "[Next F8]" in screen_text(app)
        colours = {
            segment.style.color.name
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style and segment.style.color
        }
        assert all(_is_grey(name) for name in colours)


def _is_grey(name: str) -> bool:
    return not name.startswith("#") or len({name[1:3], name[3:5], name[5:7]}) == 1


@pytest.mark.parametrize("tongue", ["en", "fr"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_no_title_and_no_button_is_cut(project: Path, size: tuple[int, int], tongue: str) -> None:
    language.choose(tongue)
    app = open_app(project, is_practice=False)
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter")
        for name in ["home", *NAMES, "all_steps"]:
            app.go(name)
            await pilot.pause()
            await pilot.pause()
            text = screen_text(app)
            assert all(press.label in text for press in app.screen.query("#buttons Press").results(Press) if press.display), name
            title = app.screen.query_one("#title", Say)
            assert title.region.width >= len(title.text), name
    language.choose("en")
