"""What happens beside the straight way: a run that fails, deleting, taking a rehearsed setup to Azure, a practice cloud that was reset."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from screens.app import WizardApp
from tests.screens.conftest import open_app, place, screen_text, shown, until
from tests.support.nothing_cut import cut_texts
from wizard.cloud.transport import practice_process as practice
from wizard.cloud.transport.practice_start import StartOptions
from wizard.workspace.missing_values import secrets_without_value

pytestmark = pytest.mark.usefixtures("nothing_switched_on")


async def make_it(app: WizardApp, pilot: Pilot[int]) -> None:
    """From home until the run is over, with the one value given."""
    await begin_it(app, pilot)
    await until(pilot, lambda: app.workspace.progress is not None and app.workspace.progress.is_over)


async def begin_it(app: WizardApp, pilot: Pilot[int]) -> None:
    """The same until the run has begun."""
    await pilot.press("enter", "f8")
    await shown(pilot, "✓ This account may do all that is needed.")
    await pilot.press("f9")
    await until(pilot, lambda: app.workspace.plan is not None and app.screen.query("#plan"))
    await pilot.press("f6", *"any-value", "enter")
    await until(pilot, lambda: app.workspace.plan is not None and not secrets_without_value(app.workspace))
    await pilot.press("f8", *app.workspace.setup, "enter")
    await until(pilot, lambda: app.workspace.progress is not None)


async def test_a_failed_run_is_said_whole_then_tried_again_and_deleted(project: Path) -> None:
    practice.fault(["build-failure"])
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await make_it(app, pilot)
        await shown(pilot, "✗ Image orders, built from your code: The image could not be built.")
        await shown(pilot, "F5 tries again, Esc goes back to change an answer.")
        assert cut_texts(app) == []
        done = {item.step.id for item in app.workspace.progress.steps if item.step.id in app.workspace.progress.latest}  # type: ignore[union-attr]
        await pilot.press("f5")
        await shown(pilot, "Ctrl+X goes on from there: nothing is made twice.")
        by_name = {item.step.id for item in app.workspace.plan.steps if item.action == "keep"} if app.workspace.plan else set()
        assert "key_vault.vault" in done & by_name
        await pilot.press("ctrl+x")
        await shown(pilot, "F8 tries it.")
        await pilot.press("f8")
        await shown(pilot, "Enter sends the request")
        await pilot.press("ctrl+d")
        await pilot.pause()
        await pilot.press("escape")
        assert app.workspace.address, "deleting is not begun by habit"
        await pilot.press("ctrl+d")
        await pilot.pause()
        await pilot.press(*"orders-dev", "enter")
        await shown(pilot, "Deleted. Nothing of this setup is left")
        assert "next" not in screen_text(app), "what goes with others is no line of its own"


async def test_taken_to_azure_without_a_way_in_it_ends_in_a_sentence_and_nothing_is_lost(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await make_it(app, pilot)
        await shown(pilot, "F8 tries it.")
        before = (project / "azwizard.toml").read_text(encoding="utf-8")
    monkeypatch.setenv("PATH", "")  # no az on this computer
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: place(app) == "standing")
        await pilot.press("escape")
        await shown(pilot, "Now for real: orders-dev in Azure")
        choices = app.screen.query_one("#choices", OptionList)
        choices.highlighted = next(n for n, it in enumerate(choices.options) if str(it.id).startswith("real"))
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "sign_in")
        await pilot.press("f5")
        await shown(pilot, "The Azure CLI (az) is not installed")
        assert "PRACTICE" not in screen_text(app)
        await pilot.press("f8")
        await until(pilot, lambda: place(app) == "key_vault")
        assert app.workspace.setup == "orders-dev"
    assert (project / "azwizard.toml").read_text(encoding="utf-8") == before


async def test_a_setup_whose_practice_cloud_was_reset_is_ready_to_be_made_again(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await make_it(app, pilot)
        await shown(pilot, "F8 tries it.")
    practice.reset()
    practice.start(StartOptions(speed="instant"))
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, "orders-dev")
        await pilot.press("enter")
        await until(pilot, lambda: app.workspace.cloud)
        app.check_everything()
        await until(pilot, lambda: app.workspace.plan is not None and app.screen.query("#plan"))
        await shown(pilot, "ready to create")
        assert not app.workspace.address
        assert secrets_without_value(app.workspace) == ["api-key"], "the vault is gone, and its values with it"


@pytest.mark.usefixtures("cloud_of_its_own")
async def test_the_window_may_change_its_size_while_a_run_goes_on(project: Path) -> None:
    practice.fault(["rbac-delay:120"])  # the run waits for a right for as long as the window changes
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await begin_it(app, pilot)
        await until(pilot, lambda: app.workspace.progress is not None and app.workspace.progress.waits)
        for size in ((120, 40), (60, 20), (40, 12), (80, 24)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda size=size: app.size == size and "orders-dev" in screen_text(app))  # type: ignore[misc]
            assert app.background.is_running
        await until(pilot, lambda: not cut_texts(app))
        app.background.stop()
        await until(pilot, lambda: app.workspace.progress is not None and app.workspace.progress.is_over)
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: not cut_texts(app))
