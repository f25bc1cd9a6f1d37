"""Try it where there is nothing to try yet, and an answer that is longer than the screen."""

from __future__ import annotations

from pathlib import Path

from textual.containers import VerticalScroll

from screens.pages.try_it import TryIt
from tests.screens.conftest import open_app, place, screen_text, shown, until


async def test_an_api_that_is_not_made_is_not_said_to_run(project: Path, nothing_switched_on: None) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        app.go("try_it")
        await shown(pilot, "Nobody is signed in")
        app.background.sign_in()
        await shown(pilot, "Your API is not made yet")
        assert "your API runs" not in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: screen_text(app).count("not made yet") == 2)


async def test_an_answer_longer_than_the_screen_is_read_by_page_down_wherever_the_cursor_is(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        app.go("try_it")
        await until(pilot, lambda: place(app) == "try_it")
        screen = app.screen
        assert isinstance(screen, TryIt)
        screen._answer("\n".join(f"line {number}" for number in range(60)))
        await shown(pilot, "more below: Page Down")
        await pilot.press("pagedown")
        await until(pilot, lambda: screen.query_one("#answer", VerticalScroll).scroll_offset.y > 0)
        assert "line 0 " not in screen_text(app)
