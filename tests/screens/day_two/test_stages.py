"""Stages at the screens: one is begun, what runs in the other is promoted to it, and each keeps its own answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.sheets.ask_secret import AskSecret
from screens.sheets.dialogs import ConfirmByName, Sheet
from screens.sheets.stages import NewStage, Stages
from tests.screens.conftest import open_app, place, screen_text, shown, until
from tests.screens.day_two.test_standing import back_to_the_state, code, opened, rests, state, steady_metrics  # noqa: F401
from tests.support.nothing_cut import cut_texts
from tests.support.reading import check
from wizard.setup.loading import add_stage, load

pytestmark = pytest.mark.usefixtures("cloud_of_its_own")


async def test_a_stage_is_begun_and_runs_what_the_other_runs(code: Path) -> None:  # noqa: F811
    async with opened(code) as (app, pilot):
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(app.screen, Stages))
        check(app, "stages_new")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, NewStage) and app.focused is not None)
        check(app, "stages_name")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmByName))
        check(app, "stages_promote")
        await pilot.press(*"notes-dev", "enter")
        await shown(pilot, "Nothing is made: type notes-prod exactly.")
        await pilot.press(*["backspace"] * len("notes-dev"), *"notes-prod", "enter")
        await back_to_the_state(pilot, app)
        assert (app.workspace.setup, state(app)) == ("notes-prod", "running")
        promoted = load(app.workspace.draft.file, "prod").pipeline
        assert promoted.build == "existing" and promoted.tag.startswith("sha256:")
        assert load(app.workspace.draft.file).pipeline.build != "existing", "the top of the file builds as it did"
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(app.screen, Stages))
        check(app, "stages_both")
        await pilot.press("down", "enter")
        await until(pilot, lambda: place(app) == "standing" and app.workspace.setup == "notes-dev" and rests(app))
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "home")
        assert "notes-dev" in screen_text(app) and "notes-prod" in screen_text(app)


async def test_a_new_stage_asks_for_the_secrets_that_its_vault_lacks(code: Path) -> None:  # noqa: F811
    file = code.parent / "azwizard.toml"
    async with opened(code) as (app, pilot):
        file.write_text(file.read_text() + '[key_vault]\nsecrets = ["api-key"]\n')
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(app.screen, Stages))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, NewStage) and app.focused is not None)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, AskSecret) and app.focused is not None)
        check(app, "stages_secret")
        await pilot.press(*"canary", "enter")
        await until(pilot, lambda: isinstance(app.screen, ConfirmByName))
        assert "Secret api-key" in screen_text(app) and "canary" not in screen_text(app)
        assert "canary" not in file.read_text()


async def test_what_is_typed_in_a_stage_is_written_there_alone(project: Path) -> None:
    file = project / "azwizard.toml"
    file.write_text('[project]\nname = "notes"\nsource = "orders-api"\n[app]\nport = 8000\n')
    add_stage(file, "prod")
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: place(app) == "home")
        app.open_setup(file, practice=True, place="project", stage="prod")
        await until(pilot, lambda: place(app) == "project")
        assert "Environment" not in screen_text(app), "a stage is named after itself"
        assert cut_texts(app) == []
        app.workspace.put("app.port", "9000")
        app.workspace.put("registry.name", "crnotesdev")
        assert "“crnotesdev” is its name in dev too" in app.workspace.reading.problems["registry.name"]
        app.workspace.draft.forget("registry.name")
        app.workspace.reread()
        assert app.workspace.draft.write_setup()
        assert (load(file).app.port, load(file, "prod").app.port) == (8000, 9000)


async def test_what_runs_nowhere_is_not_promoted(code: Path) -> None:  # noqa: F811
    file = code.parent / "azwizard.toml"
    add_stage(file, "prod")
    add_stage(file, "test")
    async with opened(code) as (app, pilot):
        app.open_setup(file, practice=True, place="standing", stage="prod")
        await until(pilot, lambda: place(app) == "standing" and app.deployment.standing_read and app.deployment.standing_read.is_over)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: isinstance(app.screen, Stages))
        await pilot.press("enter")  # from prod, in which nothing runs, to test
        await shown(pilot, "Nothing that was noted as a release runs in prod")
        assert not isinstance(app.screen, Sheet)
