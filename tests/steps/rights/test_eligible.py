"""Roles that one may activate (PIM): said in place of whom to ask, and never taken for a yes or a no."""

from __future__ import annotations

from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.steps.conftest import StartSetup
from tests.steps.deployed import TABLES
from wizard.handoff.request import request_for
from wizard.steps.registry_of_steps import contributions


async def test_a_role_that_may_be_activated_is_said_and_nobody_is_asked_for_it(start_setup: StartSetup):
    setup = await start_setup(**TABLES)
    setup.practice.cloud.faults.add(["account:contributor"])
    before = await setup.plan(*contributions())
    assert before.passport.lacking and all(stamp.remedy.startswith("An owner can give you") for stamp in before.passport.lacking)
    setup.practice.cloud.faults.add(["eligible:owner"])
    plan = await setup.plan(*contributions())
    assert [stamp.right for stamp in plan.passport.lacking] == [stamp.right for stamp in before.passport.lacking]
    for stamp in plan.passport.lacking:
        assert stamp.event().state == "missing" and "may activate the role “Owner” yourself" in stamp.event().remedy
    assert request_for(plan.steps, setup.answers) is None
    assert {item.look.remedy for item in plan.hindered if "You may not" in item.look.detail} == {plan.passport.lacking[0].remedy}
    setup.practice.cloud.faults.add(["account:owner"])
    assert (await setup.plan(*contributions())).passport.lacking == []


async def test_an_eligible_role_that_does_not_give_the_right_is_no_way(start_setup: StartSetup):
    setup = await start_setup(**TABLES)
    setup.practice.cloud.faults.add(["account:reader", "eligible:contributor"])
    lacking = (await setup.plan(*contributions())).passport.lacking
    assert {stamp.eligible for stamp in lacking if stamp.right.assigns} == {""}
    assert {stamp.eligible for stamp in lacking if not stamp.right.assigns and not stamp.right.data} == {"Contributor"}


async def test_where_azure_does_not_tell_what_may_be_activated_nothing_changes(start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch):
    setup = await start_setup(**TABLES)
    setup.practice.cloud.faults.add(["account:contributor", "eligible:owner"])
    arm = setup.cloud.arm

    async def without_licence(method: str, path: str, version: str, body: Any = None, **more: Any) -> Any:
        if "roleEligibility" in path:
            raise HttpResponseError("AadPremiumLicenseRequired")
        return await arm(method, path, version, body, **more)

    monkeypatch.setattr(setup.cloud, "arm", without_licence)
    lacking = (await setup.plan(*contributions())).passport.lacking
    assert lacking and {stamp.eligible for stamp in lacking} == {""}
