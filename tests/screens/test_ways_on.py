"""What cannot start here gets a page with the ways on: no subscription, no Azure DevOps organization, several subscriptions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from screens.sheets.choose_from_azure import Choose
from screens.sheets.dialogs import Sheet
from tests.screens.conftest import check_dump, open_app, place, screen_text, shown, until
from wizard.cloud import NoSubscriptionError, SeveralSubscriptions, Subscription
from wizard.cloud.transport import practice_process as practice
from wizard.platform.device_code import DeviceCode


async def to_sign_in(pilot: Pilot[int]) -> None:
    await pilot.press("enter", "f8")
    await pilot.pause()


async def test_an_account_without_a_subscription_is_shown_the_ways_on(project: Path) -> None:
    practice.fault(["account:none"])
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_sign_in(pilot)
        await until(pilot, lambda: place(app) == "no_subscription")
        check_dump(app, "no_subscription")
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, Sheet))
        assert "My account: " in screen_text(app)
        assert "Contributor" in screen_text(app)
        await pilot.press("escape", "f5")
        await shown(pilot, "✗ Your account sees no subscription.")
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "sign_in")
        assert "nobody: has no subscription yet" in screen_text(app)
        assert "[Ways on F7]" in screen_text(app)
        await pilot.press("f8")
        await until(pilot, lambda: place(app) == "key_vault")
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "sign_in")
        await pilot.press("f7")
        await until(pilot, lambda: place(app) == "no_subscription")
        await pilot.press("f5")
        practice.fault(["account:contributor"])
        await pilot.press("f5")
        await shown(pilot, "✓ Signed in to the practice cloud")
        assert "contributor: may not give rights" in screen_text(app)


async def test_practising_as_the_owner_is_one_of_the_ways(project: Path) -> None:
    practice.fault(["account:none"])
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_sign_in(pilot)
        await until(pilot, lambda: place(app) == "no_subscription")
        await pilot.press("enter")
        await shown(pilot, "✓ This account may do all that is needed.")
        assert app.workspace.account == "owner"


async def test_in_azure_the_ways_name_the_organizations_and_the_free_account(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_choice: object, **_options: object) -> None:
        raise NoSubscriptionError("ada@example.com", ["Example 11111111-2222-3333-4444-555555555555"])

    monkeypatch.setattr("wizard.cloud.connect", refused)
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_sign_in(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: place(app) == "no_subscription")
        check_dump(app, "no_subscription_azure")
        await pilot.press("down", "down")
        await shown(pilot, "https://azure.microsoft.com/free")
        await pilot.press("down", "enter")
        await shown(pilot, "✓ Signed in to the practice cloud")
        assert app.workspace.practice


async def test_several_subscriptions_are_offered_and_the_chosen_one_is_signed_in_to(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records: list[str] = []

    async def several(choice: object, **_options: object) -> None:
        records.append(str(getattr(choice, "subscription", "")))
        raise SeveralSubscriptions([Subscription(f"{n}" * 8, f"Team {n}", "", "Enabled", "") for n in (1, 2)], "")

    monkeypatch.setattr("wizard.cloud.connect", several)
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_sign_in(pilot)
        await pilot.press("f5")
        await until(pilot, lambda: isinstance(app.screen, Choose))
        assert "Team 2" in screen_text(app)
        await pilot.press(*"team 2", "enter")
        await until(pilot, lambda: records == ["", "22222222"])
        await pilot.pause()


async def test_the_code_for_another_device_stays_while_one_looks_elsewhere_and_goes_with_the_sign_in(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def waiting(_choice: object, *, prompt: Callable[[DeviceCode], None]) -> None:
        code = DeviceCode("https://microsoft.com/devicelogin", "ABCD2345E", datetime.now(UTC) + timedelta(minutes=15))
        await asyncio.to_thread(prompt, code)
        await asyncio.Event().wait()

    monkeypatch.setattr("wizard.cloud.connect", waiting)
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await to_sign_in(pilot)
        await pilot.press("f5")
        await shown(pilot, "A B C D 2 3 4 5 E")
        assert "[Copy the code Ctrl+Y]" in screen_text(app)
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "project")
        await pilot.press("f8")
        await until(pilot, lambda: place(app) == "sign_in")
        await shown(pilot, "A B C D 2 3 4 5 E")
        app.go("home")
        await until(pilot, lambda: place(app) == "home")
        await pilot.press("end", "up", "enter")  # Practise
        await shown(pilot, "Leave practice")
        assert not app.background.signing_in
        app.go("sign_in")
        await shown(pilot, "✓ Signed in to the practice cloud")
        assert "A B C D" not in screen_text(app)


async def test_who_belongs_to_no_organization_builds_in_the_registry_or_is_helped_to_one(project: Path) -> None:
    practice.fault(["no-organization"])
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        app.background.sign_in()
        await until(pilot, lambda: app.workspace.cloud)
        app.go("pipeline")
        await until(pilot, lambda: place(app) == "pipeline")
        app.workspace.put("pipeline.build", "azure-devops")
        app.refresh_place("pipeline")
        await shown(pilot, "✗ you belong to none: F7")
        await pilot.press("f7")
        await until(pilot, lambda: place(app) == "no_organization")
        check_dump(app, "no_organization")
        await pilot.press("f5")
        await shown(pilot, "✗ Still none.")
        await pilot.press("escape")
        await until(pilot, lambda: place(app) == "pipeline")
        await pilot.press("f7")
        await until(pilot, lambda: place(app) == "no_organization")
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "pipeline")
        assert app.workspace.reading.answers.pipeline.build == "registry"


async def test_an_organization_that_is_there_by_now_leads_back_to_build(project: Path) -> None:
    practice.fault(["no-organization"])
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        app.workspace.put("pipeline.build", "azure-devops")
        app.background.sign_in()
        await until(pilot, lambda: app.workspace.cloud)
        app.go("no_organization")
        await until(pilot, lambda: place(app) == "no_organization")
        practice.fault(clear=True)
        await pilot.press("f5")
        await until(pilot, lambda: place(app) == "pipeline")
        assert app.workspace.lists["pipeline.organization"]
