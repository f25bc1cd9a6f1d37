"""Code without a Dockerfile: the files are shown first, written when the person says so, on the screens that need them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from screens.sheets.choose_line import ChooseLine
from screens.sheets.dialogs import Confirm
from screens.sheets.plan_item import PlanLine
from tests.screens.conftest import asked, leave_home, open_app, place, screen_text, shown, until
from wizard.sections.step_ids import IMAGE
from wizard.source.starting.app_objects import AppObject
from wizard.workspace.wording.code_phrases import code_lines


@pytest.mark.parametrize("place", ["project", "pipeline"])
async def test_missing_files_are_shown_and_written_when_the_person_says_so(project: Path, place: str) -> None:
    code = project / "orders-api"
    for file in [code / "Dockerfile", code / ".dockerignore"]:
        file.unlink(missing_ok=True)
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await leave_home(pilot)
        app.go(place)
        await pilot.pause()
        await pilot.pause()
        assert "[Files Ctrl+E]" in screen_text(app)
        await pilot.press("ctrl+e")
        await asked(pilot)
        assert "FROM python" in screen_text(app)
        assert "[Write them] [Not now" in screen_text(app), "however long the folder's name is"
        await pilot.press("enter")
        await pilot.pause()
        assert not (code / "Dockerfile").exists(), "Enter by habit writes nothing"
        await pilot.press("ctrl+e")
        await asked(pilot)
        await pilot.press("left", "enter")
        await until(pilot, lambda: not isinstance(app.screen, Confirm))
        assert "gunicorn" in (code / "Dockerfile").read_text()
        assert (code / ".dockerignore").exists()
        assert app.workspace.reading.answers.pipeline.dockerfile == "Dockerfile"
        assert "[Files Ctrl+E]" not in screen_text(app)


async def test_the_check_leads_to_where_a_missing_dockerfile_is_written(project: Path) -> None:
    (project / "orders-api" / "Dockerfile").unlink()
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "f8")
        app.background.sign_in()
        await until(pilot, lambda: app.workspace.cloud)
        await pilot.press("f9")
        await until(pilot, lambda: app.workspace.plan is not None and app.screen.query("#plan"))
        plan = app.workspace.plan
        assert plan is not None
        image = next(item for item in plan.steps if item.step.id == IMAGE)
        app.push_screen(PlanLine(image, plan))
        await shown(pilot, "g goes to its section: there Ctrl+E shows")
        await pilot.press("g")
        await until(pilot, lambda: place(app) == "pipeline")
        await shown(pilot, "[Files Ctrl+E]")


async def test_in_a_folder_that_cannot_be_written_one_is_told_and_goes_on(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_written: object) -> None:
        raise PermissionError(13, "Permission denied", str(project))

    (project / "orders-api" / ".dockerignore").unlink()
    app = open_app(project, is_practice=False)
    records: list[str] = []  # notices go after some seconds, which a busy computer may take to look
    notify = app.notify

    def noted(words: str, **look: Any) -> None:
        records.append(words)
        notify(words, **look)

    monkeypatch.setattr(app, "notify", noted)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project")
        monkeypatch.setattr("wizard.workspace.draft.write", refused)
        monkeypatch.setattr("wizard.workspace.workspace.Workspace.write_beside_code", refused)
        await pilot.press("ctrl+e")
        await asked(pilot)
        await pilot.press("left", "enter")
        await until(pilot, lambda: any("Permission denied" in words for words in records))
        await pilot.press("f8")
        await until(pilot, lambda: any("What you type is kept" in words for words in records))
        await until(pilot, lambda: place(app) == "sign_in")
        assert not (project / "orders-api" / ".dockerignore").exists()


def put_two_apis(code: Path) -> None:
    """No Dockerfile, and two APIs of which nothing says which is started."""
    for file in [*code.rglob("Dockerfile"), *code.rglob("*.py")]:
        file.unlink()
    for name in ("orders", "prices"):
        (code / name).mkdir(exist_ok=True)
        (code / name / "main.py").write_text("from flask import Flask\n\napp = Flask(__name__)\n")


async def test_of_several_apis_in_one_folder_the_person_chooses_the_one_to_start(project: Path) -> None:
    code = project / "orders-api"
    put_two_apis(code)
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await leave_home(pilot)
        app.go("project")
        await until(pilot, lambda: "[Files Ctrl+E]" in screen_text(app))
        assert any("several APIs here, orders.main:app, prices.main:app" in line for line in code_lines(app.workspace.code))
        await pilot.press("ctrl+e")
        await until(pilot, lambda: isinstance(app.screen, ChooseLine))
        await pilot.press("down", "enter")
        await asked(pilot)
        await pilot.press("left", "enter")
        await until(pilot, lambda: (code / "Dockerfile").is_file())
        assert '"prices.main:app"' in (code / "Dockerfile").read_text()


async def test_of_several_apis_the_chosen_one_is_tried_here(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_two_apis(project / "orders-api")
    tried: list[str] = []

    async def run_here(*_places: object, started: AppObject | None = None, **_options: object) -> None:
        tried.append(started.target if started else "")

    monkeypatch.setattr("screens.sheets.try_here.run_here", run_here)
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await leave_home(pilot)
        app.go("project")
        await until(pilot, lambda: "[Try here Ctrl+T]" in screen_text(app))
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(app.screen, ChooseLine))
        await pilot.press("down", "enter")
        await until(pilot, lambda: tried == ["prices.main:app"])
