"""In the narrowest window, what has the cursor is in sight: after a line is added, and after what is wrong was named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from screens.app import WizardApp
from tests.screens.conftest import open_app, place, until


async def in_sight(pilot: Pilot[Any], app: WizardApp, where: str) -> None:
    """Wait until the field of the last such row has the cursor and lies inside of what the body shows."""

    def shows() -> bool:
        focused, body = app.focused, app.screen.query_one("#body")
        row = next((each for each in reversed(getattr(app.screen, "rows", ())) if each.where.endswith(where)), None)
        return isinstance(focused, Input) and row is not None and row.editor is focused and body.region.contains_region(focused.region)

    await until(pilot, shows)


async def test_a_line_that_is_added_has_the_cursor_where_one_sees_it(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        app.go("storage")
        await until(pilot, lambda: place(app) == "storage")
        await pilot.press("f6")
        await in_sight(pilot, app, ".designation")
        await pilot.press("f8")
        await in_sight(pilot, app, ".designation")
