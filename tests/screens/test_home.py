"""Home, where something is to begin and something was begun elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import OptionList

from tests.screens.conftest import open_app, shown
from tests.screens.test_plain import talk
from wizard.engine.session import CommandOptions
from wizard.workspace.workspace import Workspace


@pytest.fixture
def elsewhere(project: Path) -> Path:
    """Another folder, with a setup that somebody began."""
    folder = project / "elsewhere"
    folder.mkdir()
    Workspace(CommandOptions(setup=folder / "azwizard.toml", practice=True)).begin(project / "orders-api")
    return folder


async def test_code_that_was_never_set_up_comes_before_the_setups_of_other_folders(project: Path, elsewhere: Path) -> None:
    lines, _status = await talk(project, "q")
    assert lines.index("New: put the code in orders-api/") < lines.index("Open orders-dev")
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, "Open: orders-dev")
        ids = [str(option.id).partition("-")[0] for option in app.screen.query_one("#choices", OptionList).options]
        assert ids == ["new", "setup", "needs", "other", "exercises"]
        await pilot.press("enter")
        await shown(pilot, "1 of 12")
        assert app.workspace.draft.file == project / "azwizard.toml"


async def test_where_no_code_is_the_setups_of_other_folders_come_first(
    project: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = project / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    lines, _status = await talk(empty, "q")
    assert lines.index("Open orders-dev") < lines.index("New: say where the code is")


async def test_what_is_needed_is_told_before_any_question(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, "What you need")
        choices = app.screen.query_one("#choices", OptionList)
        choices.highlighted = choices.get_option_index("needs")
        await pilot.press("enter")
        await shown(pilot, "✓ Your API's code: here in orders-api/")
        await pilot.press("escape")
        await shown(pilot, "Exercises")
