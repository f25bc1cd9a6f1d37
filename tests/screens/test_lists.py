"""A list opens at once whatever Azure takes, fills while its pages come, and leaves alone what is typed and where the cursor stands."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from screens.app import WizardApp
from screens.sheets.choose_from_azure import Choose
from screens.widgets.form_row import FormRow
from tests.screens.conftest import open_app, place, screen_text, shown, until
from wizard.cloud import Cloud
from wizard.cloud.transport import practice_process as practice
from wizard.cloud.transport.practice_start import StartOptions
from wizard.setup.answers import Answers
from wizard.state.choices import LIVE, Choice

SUBSCRIPTIONS = 450  # three pages of Azure


@pytest.fixture
def many(project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A practice cloud with many subscriptions."""
    checkout = Path(__file__).parents[2]
    monkeypatch.chdir(checkout)  # it is started as a module of this checkout
    practice.reset()
    practice.start(StartOptions(speed="instant", seeds=(f"subscriptions:{SUBSCRIPTIONS}",)))
    monkeypatch.chdir(project)
    yield
    monkeypatch.chdir(checkout)
    practice.reset()
    practice.start(StartOptions(speed="instant"))


class SlowPages:
    """A list of Azure whose pages come only when the test lets them."""

    def __init__(self, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun = 0
        self._let = asyncio.Semaphore(0)
        self._real = LIVE[where]
        monkeypatch.setitem(LIVE, where, self._pages)

    def let(self, pages: int) -> None:
        for _page in range(pages):
            self._let.release()

    async def _pages(self, cloud: Cloud, answers: Answers) -> AsyncIterator[list[Choice]]:
        self.begun += 1
        async for page in self._real(cloud, answers):
            await self._let.acquire()
            yield page


def sheet(app: WizardApp) -> Choose:
    assert isinstance(app.screen, Choose)
    return app.screen


def chosen_line(app: WizardApp) -> str:
    """What Enter would take."""
    option = sheet(app).query_one(OptionList).highlighted_option
    return str(option.prompt) if option else ""


async def signed_in(pilot: Pilot[int], app: WizardApp) -> None:
    await pilot.press("enter")
    app.background.sign_in()
    await until(pilot, lambda: app.workspace.cloud)


async def test_a_list_fills_below_the_cursor_while_its_pages_come(project: Path, many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = SlowPages("sign_in.subscription", monkeypatch)
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await signed_in(pilot, app)
        app.choose("sign_in.subscription", lambda: None)
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press(*"seeded")
        assert "Asking Azure…" in screen_text(app), "it is open before Azure has answered"
        slow.let(1)
        await shown(pilot, "199 of 200 · the first 50 are shown: type more · Asking Azure…")
        await pilot.press("down", "down", "down")
        before = chosen_line(app)
        assert before.startswith("Seeded subscription 0004")
        slow.let(1)
        await shown(pilot, "399 of 400")
        assert chosen_line(app) == before, "nothing moves under the cursor"
        await pilot.press(*" 0440")
        await shown(pilot, "0 of 400")
        slow.let(1)
        await shown(pilot, f"1 of {SUBSCRIPTIONS + 1}")
        assert sheet(app).query_one(Input).value == "seeded 0440"
        assert chosen_line(app).startswith("Seeded subscription 0440"), "Enter would take the first that matches"
        assert "Asking Azure…" not in screen_text(app)
        await pilot.press("escape")
        assert slow.begun == 1, "it was read early, and once for all who asked"
        remaining = app.workspace.lists["sign_in.subscription"]
        assert [item.words for item in remaining] == sorted((item.words for item in remaining), key=str.casefold)


async def test_f3_before_anyone_is_signed_in_opens_the_list_and_then_fills_it(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        await app.workspace.sign_out()
        field(app, "project.region").focus_editor()
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press(*"sweden")
        await shown(pilot, "Sweden Central (swedencentral)")
        await pilot.press(*" cen", "enter")
        await until(pilot, lambda: place(app) == "project")
        assert app.workspace.reading.answers.project.region == "swedencentral"
        await until(pilot, lambda: app.focused is field(app, "project.region").editor)
        await pilot.press("enter")
        await until(pilot, lambda: app.focused is field(app, "project.source").editor)  # the next field, not the button beside this one


async def test_a_list_that_azure_refuses_says_why_and_the_field_stays_typeable(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await signed_in(pilot, app)
        app.go("registry")
        await until(pilot, lambda: place(app) == "registry")
        practice.fault(["account:none"])
        name = field(app, "registry.name")
        name.focus_editor()
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        await pilot.press("f5")
        await shown(pilot, "✗ ")
        assert "make a new one" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "registry")
        assert app.focused is name.editor
        await pilot.press("end", "7")
        await pilot.pause()
        assert app.workspace.reading.answers.registry.name.endswith("7")


def field(app: WizardApp, where: str) -> FormRow:
    return next(item for item in app.screen.query(FormRow) if item.where == where)


async def test_f3_opens_the_list_from_its_button_too_and_the_cursor_comes_back_to_the_field(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: place(app) == "home")
        app.go("project")
        await until(pilot, lambda: place(app) == "project")
        app.background.sign_in()
        await until(pilot, lambda: app.workspace.cloud is not None)
        app.screen.set_focus(app.screen.query_one("#list-project-region"))
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, Choose) and app.screen.query_one(OptionList).option_count)
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        field = next(row.editor for row in app.screen.query(FormRow) if row.where == "project.region")
        await until(pilot, lambda: app.focused is field)
        assert app.workspace.reading.answers.project.region
