"""What stands beside and over the sections, as it was read by eye: ways on, whom to ask, lists, files, a try here."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.pages.repair import Repair
from screens.sheets.ask_path import AskPath
from screens.sheets.choose_from_azure import Choose
from screens.sheets.handoff import WhomToAsk
from screens.sheets.try_here import TryHere
from screens.shell.registry import PLACES, make_page
from screens.widgets.basics import TextBlock
from tests.screens.conftest import asked, leave_home, open_app, place, until
from tests.support.nothing_cut import cut_texts
from tests.support.reading import check, stands
from wizard.cloud.transport import practice_process as practice
from wizard.workspace.wording.explanations import EXPLANATIONS


@pytest.mark.usefixtures("nothing_switched_on")
async def test_what_stands_beside_the_sections_reads_as_committed(project: Path, size: tuple[int, int], tongue: str) -> None:
    practice.fault(["account:none", "no-organization"])
    app = open_app(project)
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter", "f8")
        await until(pilot, lambda: place(app) == "no_subscription")
        check(app, "no_subscription")
        practice.fault(["account:contributor"])
        await pilot.press("f5")
        await until(pilot, lambda: stands(app, "sign_in") and not app.background.is_looking(""))
        assert cut_texts(app) == []
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, WhomToAsk))
        check(app, "hand_off")
        await pilot.press("escape")
        app.choose("project.region", lambda: None)
        await until(pilot, lambda: isinstance(app.screen, Choose) and app.screen.choices)
        check(app, "choose")
        await pilot.press("escape")
        app.workspace.put("pipeline.build", "azure-devops")
        app.go("pipeline")
        await until(pilot, lambda: app.screen.query("#press-ways_on") and app.screen.query_one("#press-ways_on").display)
        assert cut_texts(app) == []
        await pilot.press("f7")
        await until(pilot, lambda: place(app) == "no_organization")
        check(app, "no_organization")
        app.workspace.put("pipeline.build", "registry")
        app.go("identity")
        await until(pilot, lambda: stands(app, "identity"))
        check(app, "identity_contributor")
        app.go("repair")
        await until(pilot, lambda: isinstance(app.screen, Repair) and app.screen.found and not app.deployment.is_busy)
        check(app, "repair_nothing_there")


async def test_the_sheets_over_the_sections_read_as_committed(project: Path, size: tuple[int, int], tongue: str) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=size) as pilot:
        await leave_home(pilot)
        app.go("key_vault")
        await until(pilot, lambda: place(app) == "key_vault")
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, AskPath))
        check(app, "ask_path")
        await pilot.press("escape")
        for file in ("Dockerfile", ".dockerignore"):
            (project / "orders-api" / file).unlink(missing_ok=True)
        app.workspace.look_at_code_again()
        app.go("pipeline")
        await until(pilot, lambda: place(app) == "pipeline")
        await pilot.press("ctrl+e")
        await asked(pilot)
        title = app.screen.query_one(".sheet-title", TextBlock)
        title.say(title.text.replace(str(project), "/home/ada"))  # how long the test's folder is called would move the lines
        await pilot.pause()
        check(app, "files")
        await pilot.press("escape")
        app.push_screen(TryHere())
        await until(pilot, lambda: "http:" in "".join(result.text for result in app.screen.query("#told").results(TextBlock)))
        check(app, "try_here", leave_out=r".* port \d")
        await pilot.press("escape")
        await until(pilot, lambda: not [worker for worker in app.workers if worker.group == "try-here"])  # the API has ended
        assert place(app) == "pipeline"


def test_every_page_explains_itself_in_words_of_its_own() -> None:
    explained = {place: page.explained or page.place for place in PLACES if (page := make_page(place))}
    assert explained.keys() == PLACES.keys()
    assert set(explained.values()) <= EXPLANATIONS.keys()
