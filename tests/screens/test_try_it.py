"""Try it where there is nothing to try yet, and an answer that is longer than the screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.containers import VerticalScroll

from screens.pages.try_it import TryIt
from tests.screens.conftest import asked, open_app, place, screen_text, shown, until
from wizard.testing.requests import RequestList
from wizard.testing.rest.file import parse
from wizard.testing.rest.message import Message


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


PROMPTS = "# @name login\n# @prompt code The code in your mail\n# @prompt password\nPOST https://h/{{code}}\n\n{{password}}\n"


async def test_what_a_request_wants_typed_is_asked_for_on_a_sheet(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        app.go("try_it")
        await until(pilot, lambda: place(app) == "try_it")
        screen = app.screen
        assert isinstance(screen, TryIt)
        (request,) = parse(PROMPTS).requests
        messages: list[Message] = []

        async def nothing_set(_name: str) -> str | None:
            return None

        async def fill() -> None:
            messages.append(await screen.request_run.message(request, nothing_set))

        screen.run_worker(fill())
        await shown(pilot, "The code in your mail")
        await pilot.press("7", "enter")
        await shown(pilot, "Value of password")
        await pilot.press(*"canary", "enter")
        await until(pilot, lambda: messages)
        assert (messages[0].target, messages[0].body) == ("/7", b"canary")
        assert "canary" not in screen_text(app)


async def test_guessed_requests_that_change_data_are_sent_only_when_the_person_says_so(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        app.go("try_it")
        await until(pilot, lambda: place(app) == "try_it")
        screen = app.screen
        assert isinstance(screen, TryIt)
        begun: list[list[int]] = []
        monkeypatch.setattr(screen, "_begin", lambda numbers: begun.append(list(numbers)))
        reading, changing = parse("GET https://h/a\n###\nDELETE https://h/a\n").requests
        screen.requests = [replace(reading, is_guessed=True), replace(changing, is_guessed=True)]
        screen.listed = RequestList(screen.requests)
        await pilot.press("ctrl+t")
        await shown(pilot, "DELETE /a")
        await pilot.press("escape")
        await until(pilot, lambda: begun == [[0]])
        await pilot.press("ctrl+t")
        await shown(pilot, "DELETE /a")
        await pilot.press("left", "enter")
        await until(pilot, lambda: begun == [[0], [0, 1]])


async def test_guessed_requests_are_written_into_a_file_by_a_key(project: Path) -> None:
    (project / "orders-api" / "notes.rest").unlink()
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        app.go("try_it")
        await shown(pilot, "these requests are guessed")
        await pilot.press("ctrl+e")
        await asked(pilot)
        assert not (project / "orders-api" / "orders.rest").exists(), "nothing is written before it was agreed to"
        await pilot.press("left", "enter")
        await shown(pilot, "Requests of orders.rest")
        assert "GET {{host}}/" in (project / "orders-api" / "orders.rest").read_text()
        assert "Ctrl+E" not in screen_text(app)
