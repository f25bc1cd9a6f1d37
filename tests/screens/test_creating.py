"""Create: what goes wrong is said and can be tried again, edited or undone; stopping is safe; leaving and coming back loses nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.app import WizardApp
from screens.sheets.dialogs import ConfirmByName, Sheet
from screens.widgets.basics import TextBlock
from screens.widgets.run_log import RunLog
from tests.screens.conftest import asked, open_app, place, screen_text, shown, until
from tests.support.nothing_cut import cut_texts
from wizard.cloud.transport import practice_process as practice
from wizard.platform.secret import Secret
from wizard.workspace.missing_values import secrets_without_value

pytestmark = pytest.mark.usefixtures("cloud_of_its_own")


async def begin(pilot: Pilot[int], app: WizardApp) -> None:
    """From home to a run that has begun."""
    await pilot.press("enter", "f8")
    await shown(pilot, "✓ This account may do all that is needed.")
    for name in secrets_without_value(app.workspace):
        app.workspace.give(name, Secret("canary-3c1e"))
    await pilot.press("f9")
    await shown(pilot, "To create the")
    await pilot.press("f8", *app.workspace.setup, "enter")
    await until(pilot, lambda: place(app) == "progress")


async def ended(pilot: Pilot[int], app: WizardApp) -> None:
    await until(pilot, lambda: app.workspace.progress is not None and app.workspace.progress.is_over and not app.background.is_running)


async def goes_on_to_the_end(pilot: Pilot[int], app: WizardApp) -> None:
    """From a run that did not end well: what is there already is said, and the rest is made."""
    await pilot.press("f5")
    await until(pilot, lambda: place(app) == "review" and app.workspace.plan is not None)
    await shown(pilot, "[Go on Ctrl+X]")
    assert "already there" in screen_text(app)
    await pilot.press("ctrl+x")
    await until(pilot, lambda: place(app) == "progress")
    await ended(pilot, app)
    await shown(pilot, "F8 tries it")


async def test_a_failure_keeps_what_was_made_and_is_tried_again(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        practice.fault(["fail:Microsoft.Storage/storageAccounts"])
        await begin(pilot, app)
        await ended(pilot, app)
        for text in ("failed ✗ Storage account", "is kept", "[Repair F7]", "[Try again F5]"):
            await shown(pilot, text)
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "review")
        await pilot.press("ctrl+g")
        await until(pilot, lambda: place(app) == "all_steps")
        app.go("progress")
        await shown(pilot, "[Try again F5]")
        await goes_on_to_the_end(pilot, app)


async def test_after_a_failure_an_answer_is_changed_and_only_the_rest_is_made(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        practice.fault(["fail:Microsoft.Storage/storageAccounts"])
        await begin(pilot, app)
        await ended(pilot, app)
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "review")
        app.go("storage")
        await until(pilot, lambda: place(app) == "storage")
        await pilot.press("end", *"2nd", "f9")
        await shown(pilot, "To create the")
        await shown(pilot, "nothing more is made before you say so")
        await pilot.press("f8", *app.workspace.setup, "enter")
        await until(pilot, lambda: place(app) == "progress")
        await ended(pilot, app)
        await shown(pilot, "F8 tries it")
        records = [item.step.title for item in app.workspace.progress.steps if item.action == "create"] if app.workspace.progress else []
        assert "Storage account stordersdev2nd" in records
        assert "Key vault kv-orders-dev" not in records, "what was made is kept"


async def test_when_nobody_answers_any_more_the_reason_is_said_once_and_the_run_goes_on_later(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        practice.fault(["rbac-delay:20"])
        await begin(pilot, app)
        await until(pilot, lambda: app.workspace.progress is not None and app.workspace.progress.waits)
        await asyncio.to_thread(practice.stop)
        await ended(pilot, app)
        await shown(pilot, "Esc goes back to change an answer.")
        assert " ".join(screen_text(app).split()).count("do the same again; nothing is made twice") == 1
        assert cut_texts(app) == []
        await until(pilot, lambda: app.background.look_trouble)
        await goes_on_to_the_end(pilot, app)


async def test_stopping_asks_first_and_the_next_run_goes_on(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        practice.fault(["rbac-delay:20"])
        await begin(pilot, app)
        await pilot.press("ctrl+x")
        await asked(pilot)
        await pilot.press("escape")
        assert app.background.is_running, "Esc goes on"
        assert not app.screen.query_one(RunLog).display, "a window of 80x24 has no room for the log beside the steps"
        await pilot.press("ctrl+l")
        await until(pilot, lambda: isinstance(app.screen, Sheet))
        await shown(pilot, "waiting You may fill the key vault")  # also what happened after it was opened
        await pilot.press("escape", "escape")
        await until(pilot, lambda: place(app) == "all_steps")
        assert app.background.is_running, "looking elsewhere stops nothing"
        app.go("progress")
        await until(pilot, lambda: place(app) == "progress")
        await pilot.press("ctrl+x")
        await asked(pilot)
        await pilot.press("left", "enter")
        await ended(pilot, app)
        await shown(pilot, "Stopped safely.")
        practice.fault(clear=True)
        await goes_on_to_the_end(pilot, app)


async def test_a_wide_window_shows_the_log_beside_the_steps(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(120, 40)) as pilot:
        practice.fault(["rbac-delay:20"])
        await begin(pilot, app)
        await until(pilot, lambda: app.workspace.progress is not None and app.workspace.progress.waits)
        assert app.workspace.progress is not None
        await until(pilot, lambda: "waiting" in app.screen.query_one("#run-log-lines", TextBlock).text)
        scrolled = app.screen.query_one("#run-log-scroll")
        steps, log = app.screen.query_one("#steps").region, app.screen.query_one(RunLog).region
        assert (steps.y, steps.right) == (log.y, log.x), "beside each other"
        assert cut_texts(app) == []
        await pilot.press("tab")
        assert app.focused is scrolled, "by keyboard"
        app.workspace.progress.log.extend(f"line {number}" for number in range(100))
        await until(pilot, lambda: "line 99" in screen_text(app))
        await pilot.press("pageup")
        await until(pilot, lambda: "line 99" not in screen_text(app))
        app.workspace.progress.log.append("another line")
        await until(pilot, lambda: "another line" in app.screen.query_one("#run-log-lines", TextBlock).text)
        assert "another line" not in screen_text(app), "who scrolled up reads in peace"
        await pilot.press("end")
        await until(pilot, lambda: "another line" in screen_text(app))
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not app.screen.query_one(RunLog).display)
        assert cut_texts(app) == []
        app.background.stop()
        await ended(pilot, app)


async def test_undoing_asks_and_deletes_what_was_made(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        practice.fault(["fail:Microsoft.App/managedEnvironments"])
        await begin(pilot, app)
        await ended(pilot, app)
        await until(pilot, lambda: app.workspace.plan is not None and not app.background.is_looking(""))
        await pilot.press("ctrl+d")
        await until(pilot, lambda: isinstance(app.screen, ConfirmByName))
        named = app.screen.query_one(".text", TextBlock).text
        assert "Key vault kv-orders-dev" in named, "what would be deleted is named"
        assert "First version" not in named, "it was not made"
        await pilot.press("enter")
        await shown(pilot, "Nothing is deleted: type orders-dev exactly.")
        assert not app.background.is_running, "Enter by habit deletes nothing"
        await pilot.press(*"orders-dev", "enter")
        await shown(pilot, "Deleted. Nothing of this setup is left")
        app.workspace.plan = None
        await app.workspace.look()
        assert not [item for item in app.workspace.found["key_vault"] if item.action == "keep"]
