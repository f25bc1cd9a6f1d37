"""What Azure says to a name stands beside it: free, taken, kept by a deleted vault, right missing; with the way on by a key."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from screens.app import WizardApp
from screens.widgets.form_row import FormRow
from tests.screens.conftest import check_dump, open_app, place, screen_text, shown, until
from wizard.cloud.transport import practice_process as practice


async def at(pilot: Pilot[int], app: WizardApp, place: str) -> None:
    """Go to a section as someone who is signed in, and wait for what Azure says to it."""
    await pilot.press("enter")
    app.background.sign_in()
    await until(pilot, lambda: app.workspace.cloud)
    app.go(place)
    await until(pilot, lambda: app.workspace.found.get(place) is not None and not app.background.is_looking(place))


def row(app: WizardApp, where: str) -> FormRow:
    return next(item for item in app.screen.query(FormRow) if item.where == where)


async def test_a_name_that_nobody_has_is_said_to_be_free_and_typing_asks_again(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, app, "registry")
        assert row(app, "registry.name").note.text == "✓ nobody uses this name"
        row(app, "registry.name").focus_editor()
        await pilot.press("end", "9")
        assert row(app, "registry.name").note.text == "asking Azure …", "the answer was about another name"
        await until(pilot, lambda: row(app, "registry.name").note.text == "✓ nobody uses this name")
        await pilot.press("_")
        await pilot.pause()
        assert row(app, "registry.name").note.text == "", "a wrong name is not asked about"


async def test_a_name_that_others_have_is_replaced_by_a_key(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        practice.fault(["name-taken"])
        await at(pilot, app, "registry")
        assert row(app, "registry.name").note.text == "✗ taken by someone else"
        assert "1 thing that stands in the way" in screen_text(app)
        check_dump(app, "registry_taken")
        taken = row(app, "registry.name").value
        practice.fault(clear=True)
        await pilot.press("f7")
        await until(pilot, lambda: row(app, "registry.name").note.text == "✓ nobody uses this name")
        assert app.workspace.reading.answers.registry.name == row(app, "registry.name").value != taken
        assert not app.screen.query_one("#press-instead").display


@pytest.mark.usefixtures("cloud_of_its_own")
async def test_a_deleted_vault_that_keeps_the_name_brings_its_question_up(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        practice.fault(["vault-soft-deleted"])
        await at(pilot, app, "key_vault")
        question = row(app, "key_vault.deleted")
        assert row(app, "key_vault.name").note.text == "✗ kept by a deleted one"
        assert question.display
        check_dump(app, "key_vault_deleted")
        question.focus_editor()
        await pilot.press("space")
        await until(pilot, lambda: row(app, "key_vault.name").note.text == "✓ a deleted one comes back")
        assert app.workspace.reading.answers.key_vault.deleted == "recover"
        assert question.display


async def test_a_missing_right_is_said_beside_the_name(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        practice.fault(["account:reader"])
        await at(pilot, app, "storage")
        assert row(app, "storage.account").note.text == "! nobody uses this name · your right is missing: F4"


async def test_a_full_region_is_said_beside_the_place_to_run(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        practice.fault(["environment-quota:0"])
        await at(pilot, app, "environment")
        assert app.workspace.cloud is not None
        await app.workspace.cloud.resources.providers.register("Microsoft.App")  # before that, Azure does not tell how many there may be
        app.background.look_soon("environment", 0)
        await until(pilot, lambda: row(app, "environment.name").note.text == "! no room for one more (quota)")


async def test_a_line_in_the_way_leads_from_the_plan_to_where_it_is_put_right(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        practice.fault(["name-taken"])
        await pilot.press("enter", "f8")
        await shown(pilot, "✓ This account may do all that is needed.")
        await pilot.press("f9")
        await shown(pilot, "to put right (Enter)")
        listed = app.screen.query_one("#plan", OptionList)
        listed.highlighted = next(i for i, option in enumerate(listed.options) if option.id == "registry.registry")
        await pilot.press("enter")
        await shown(pilot, "Go to its section g")
        assert "there a key takes another name" in " ".join(screen_text(app).split())
        await pilot.press("g")
        await until(pilot, lambda: place(app) == "registry")
