"""A secret without a value never sends anyone to a command line: where the run is shown, a key asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.sheets.ask_secret import AskSecret, ask_missing_values
from tests.screens.conftest import leave_home, open_app, screen_text, shown, until
from tests.support.nothing_cut import cut_texts
from wizard.setup.env_table import Place
from wizard.workspace import runs
from wizard.workspace.missing_values import secrets_without_value
from wizard.workspace.suggestions import row


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


async def test_a_secret_that_the_code_can_do_without_may_be_left_out(project: Path) -> None:
    (project / "orders-api" / "mail.py").write_text('import os\nPASSWORD = os.environ.get("SMTP_PASSWORD")\n', encoding="utf-8")
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await leave_home(pilot)
        workspace = app.workspace
        workspace.put("variables", [row("SMTP_PASSWORD", Place.LOCKED)])
        assert secrets_without_value(workspace) == ["smtp-password"]
        are_all_there: list[bool] = []
        ask_missing_values(app, workspace, lambda: are_all_there.append(True))
        await shown(pilot, "Your code starts without it too")
        assert cut_texts(app) == []
        await pilot.press("tab", "tab", "enter")
        await until(pilot, lambda: are_all_there)
        assert secrets_without_value(workspace) == []
        assert [line["place"] for line in workspace.draft.lines("variables")] == ["out"]
