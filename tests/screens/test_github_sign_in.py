"""Signing in to GitHub by a code on the screen Build, where no token is at hand."""

from __future__ import annotations

from pathlib import Path

from textual.pilot import Pilot

from screens.app import WizardApp
from tests.screens.conftest import leave_home, open_app, place, screen_text, shown, until
from tests.support.nothing_cut import cut_texts
from tests.support.reading import check
from wizard.cloud.transport import practice_process as practice

NOBODY = "Nobody is signed in to GitHub. F5"


async def at_build(app: WizardApp, pilot: Pilot[int]) -> None:
    """Go to Build with GitHub chosen, signed in to the practice cloud."""
    await leave_home(pilot)
    app.workspace.put("pipeline.build", "github")
    app.workspace.put("pipeline.owner", "contoso")
    app.background.sign_in()
    await until(pilot, lambda: looked(app, "project"))
    app.go("pipeline")
    await until(pilot, lambda: place(app) == "pipeline" and looked(app, "pipeline"))


def looked(app: WizardApp, section: str) -> bool:
    """Whether Azure was asked about a section, and has answered."""
    return app.workspace.cloud is not None and bool(app.workspace.found.get(section)) and not app.background.is_looking(section)


async def test_a_code_signs_in_to_github_and_the_list_of_accounts_is_read(project: Path) -> None:
    practice.fault(["github-token:none"])
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_build(app, pilot)
        await shown(pilot, NOBODY)
        assert "pipeline.owner" not in app.workspace.lists
        await pilot.press("f5")
        await until(pilot, lambda: app.workspace.lists.get("pipeline.owner"))
        await until(pilot, lambda: NOBODY not in screen_text(app) and not app.background.github.is_waiting)
        assert "Sign in to GitHub" not in screen_text(app)


async def test_giving_the_code_up_is_free_and_it_stays_while_one_looks_elsewhere(project: Path) -> None:
    practice.fault(["github-token:none", "github-sign-in:untyped"])
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_build(app, pilot)
        await shown(pilot, NOBODY)
        await pilot.press("f5")
        await shown(pilot, "Open https://github.com/login/device on any device and type:")
        code = app.background.github.code
        assert code is not None
        assert " ".join(code.code) in screen_text(app)
        await pilot.press("ctrl+y")
        assert app.clipboard == code.code
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "registry")
        await pilot.press("f8")
        await until(pilot, lambda: place(app) == "pipeline")
        await shown(pilot, " ".join(code.code))
        await pilot.press("f5")
        await shown(pilot, NOBODY)
        assert app.background.github.code is None
        assert not [worker for worker in app.workers if worker.group == "github" and not worker.is_finished]


async def test_a_code_that_comes_to_nothing_is_said_and_can_be_asked_for_again(project: Path) -> None:
    practice.fault(["github-token:none", "github-sign-in:denied"])
    app = open_app(project)
    async with app.run_test(size=(120, 40)) as pilot:
        await at_build(app, pilot)
        await shown(pilot, NOBODY)
        await pilot.press("f5")
        await shown(pilot, "You declined to sign in to GitHub.")
        practice.fault(clear=True)
        practice.fault(["github-token:none"])
        await pilot.press("f5")
        await until(pilot, lambda: app.workspace.lists.get("pipeline.owner"))
        assert "You declined" not in screen_text(app)


async def test_the_code_for_github_reads_as_committed(project: Path, size: tuple[int, int], tongue: str) -> None:
    practice.fault(["github-token:none", "github-sign-in:untyped"])
    app = open_app(project)
    async with app.run_test(size=size) as pilot:
        await at_build(app, pilot)
        await until(pilot, lambda: app.screen.query_one("#press-github").display)
        check(app, "github_nobody")
        await pilot.press("f5")
        await until(pilot, lambda: app.background.github.code and app.screen.query_one("#press-copy_code").display)
        await pilot.pause()
        assert cut_texts(app) == []
        check(app, "github_code")
