"""A secret without a value never sends anyone to a command line: where the run is shown, a key asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.sheets.ask_secret import AskSecret
from tests.screens.conftest import open_app, screen_text, shown, until
from wizard.workspace import runs


@pytest.mark.usefixtures("cloud_of_its_own")
async def test_a_run_without_a_value_makes_the_rest_and_asks_for_it_by_a_key(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "f8")
        await shown(pilot, "✓ This account may do all that is needed.")
        await pilot.press("f9")
        await shown(pilot, "without a value (F6)")
        await pilot.press("f8", *app.workspace.setup, "enter")
        await shown(pilot, "The rest waits for a value: Enter on its line types it")
        assert "--env-file" not in "\n".join(app.workspace.progress.log)  # type: ignore[union-attr]
        listed = app.screen.query_one("#steps")
        waiting = next(i for i, line in enumerate(screen_lines(listed)) if line == "key_vault.secret.api-key")
        listed.highlighted = waiting  # type: ignore[attr-defined]
        await pilot.pause()
        assert "type its value: Enter" in screen_text(app)
        listed.focus()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, AskSecret))
        await pilot.press(*"canary-77d0", "enter")
        await shown(pilot, "To create the")
        assert "without a value" not in screen_text(app)
        await runs.undo(app.workspace, lambda _event: None)


def screen_lines(listed: object) -> list[str]:
    """The ids of the listed steps, in order."""
    return [str(option.id) for option in listed.options]  # type: ignore[attr-defined]
