"""Who may not give rights: whose identity the app gets, what to send, the folder, and how much of it was given."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from screens.app import WizardApp
from screens.sheets.dialogs import Sheet
from tests.screens.conftest import check_dump, open_app, screen_text, shown, until
from wizard.cloud.transport import practice_process as practice


async def as_contributor(pilot: Pilot[int], app: WizardApp) -> None:
    """Sign in as someone who may make everything and give no role."""
    practice.fault(["account:contributor"])
    await pilot.press("enter", "f8")
    await shown(pilot, "need a right that this account does not have")


async def to_identity(pilot: Pilot[int], app: WizardApp) -> None:
    app.go("identity")
    await until(pilot, lambda: app.workspace.found.get("identity") and not app.background.is_looking("identity"))


async def test_an_identity_made_beforehand_is_one_key_away_and_says_who_does_what(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await as_contributor(pilot, app)
        await to_identity(pilot, app)
        await shown(pilot, "[Identity beforehand F7]")
        check_dump(app, "identity_contributor")
        await pilot.press("f7")
        await shown(pilot, "[Its own identity F7]")
        await until(pilot, lambda: app.workspace.found.get("identity") and not app.background.is_looking("identity"))
        await shown(pilot, "1. F4 writes what to send.")
        check_dump(app, "identity_beforehand")
        assert app.workspace.reading.answers.app.identity == "user"
        await pilot.press("f7")
        await shown(pilot, "[Identity beforehand F7]")
        assert app.workspace.reading.answers.app.identity == "system"


async def test_an_owner_is_offered_no_other_identity(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "f8")
        await shown(pilot, "✓ This account may do all that is needed.")
        await to_identity(pilot, app)
        assert not app.screen.query_one("#press-other").display
        await pilot.press("f7")
        assert app.workspace.reading.answers.app.identity == "system"


async def test_the_folder_is_written_by_a_key_and_later_it_says_how_much_was_given(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await as_contributor(pilot, app)
        await pilot.press("f4")
        await shown(pilot, "[Write the folder Ctrl+E]")
        check_dump(app, "hand_off")
        await pilot.press("ctrl+e")
        await shown(pilot, "Written: the folder to send")
        assert isinstance(app.screen, Sheet)
        assert "give-rights.sh" in screen_text(app)
        folder = app.workspace.reading.answers.handoff_folder
        assert {path.name for path in folder.iterdir()} == {"message.txt", "give-rights.sh", "answer.txt"}
        await pilot.press("escape")
        await shown(pilot, "Asked on ")
        assert ": 0 of " in screen_text(app)
        app.go("home")
        await shown(pilot, "typed, nothing made yet, asked for ")
        app.go("sign_in")
        await shown(pilot, "need a right")
        practice.fault(["account:owner"])
        app.background.look_soon("", 0)
        await shown(pilot, "✓ This account may do all that is needed.")
        query = app.background.asked
        count = query.split(" of ")[1].split()[0]
        assert f"{count} of {count} given" in query


async def test_who_lacks_nothing_has_no_folder_to_write(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "f8")
        await shown(pilot, "✓ This account may do all that is needed.")
        await pilot.press("f4")
        await shown(pilot, "Nothing that was checked so far needs anyone else.")
        assert "Write the folder" not in screen_text(app)
        await pilot.press("ctrl+e")
        assert not app.workspace.reading.answers.handoff_folder.exists()
