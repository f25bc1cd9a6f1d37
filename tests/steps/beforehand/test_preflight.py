"""What Azure would refuse is known before the review, with what would help, and costs a finished setup nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.steps.conftest import Setup, StartSetup
from tests.steps.deployed import TABLES, deployed
from wizard.engine.plan import HINDERS, MAKES, make_plan
from wizard.engine.preflight.obstacle import Preflight
from wizard.steps.registry_of_steps import contributions

BUILT = {**TABLES, "pipeline": {"build": "registry"}}


async def planned(start_setup: StartSetup, *faults: str, **tables: Any) -> Any:
    setup = await start_setup(faults=list(faults), **{**TABLES, **tables})
    setup.given = {"api-key": "canary-1"}
    return await setup.plan(*contributions())


@pytest.mark.parametrize(
    ("fault", "what", "remedy"),
    [
        ("policy-tag:CostCenter", Preflight.TAGS, "CostCenter"),
        ("allowed-regions:swedencentral,italynorth", Preflight.ALLOWED_REGIONS, 'region = "swedencentral"'),
        ("student", Preflight.ALLOWED_REGIONS, "swedencentral"),
        ("policy-no-shared-key", Preflight.POLICY, "exemption"),
        ("lock", Preflight.LOCK, "az lock delete --name no-changes"),
        ("mfa", Preflight.MFA, "az login"),
        ("core-quota:0", Preflight.QUOTA, "higher limit"),
    ],
)
async def test_what_azure_would_refuse_stops_the_plan_with_what_helps(
    start_setup: StartSetup, fault: str, what: Preflight, remedy: str
) -> None:
    plan = await planned(start_setup, fault)
    (obstacle,) = [one for one in plan.obstacles if one.certain]
    assert obstacle.what == what
    assert remedy in obstacle.remedy
    stopped = [item for item in plan.steps if item.look.preflight == what]
    assert stopped and all(item.action in HINDERS for item in stopped)
    assert [event.check for event in plan.checks if event.state == "missing"] == [f"preflight.{what}"]


async def test_a_plan_that_asks_nothing_beforehand_sends_fewer_requests_and_knows_no_obstacle(start_setup: StartSetup) -> None:
    setup = await start_setup(faults=["policy-tag:CostCenter"], **TABLES)
    requests, obstacles = [], []
    for has_preflight in (True, False):
        before = setup.cloud.requests
        plan = await make_plan(setup.cloud, setup.answers, setup.secret, contributions(), has_preflight=has_preflight)
        requests.append(setup.cloud.requests - before)
        obstacles.append(len(plan.obstacles))
    assert requests[1] < requests[0] - 5
    assert obstacles[0] and not obstacles[1]


async def test_a_quota_of_environments_is_read_although_container_apps_are_not_switched_on_yet(start_setup: StartSetup) -> None:
    setup = await start_setup(registered=False, faults=["environment-quota:0"], **TABLES)
    plan = await setup.plan(*contributions())
    environment = next(item for item in plan.steps if item.step.id == "environment.environment")
    assert (environment.action in HINDERS, environment.look.preflight) == (True, Preflight.QUOTA)


async def test_what_a_rule_forbids_beforehand_it_forbids_at_the_write_too(start_setup: StartSetup) -> None:
    setup = await start_setup(faults=["policy-tag:CostCenter"], **TABLES)
    path = "/resourceGroups/rg-orders-dev"
    assert (await setup.practice.call("PUT", path, {"location": "westeurope"}, version="2021-04-01")).status == 201
    registry = f"{path}/providers/Microsoft.ContainerRegistry/registries/crordersdev"
    body: dict[str, Any] = {"location": "westeurope", "sku": {"name": "Basic"}, "tags": {}}
    refused = await setup.practice.call("PUT", registry, body, version="2023-07-01")
    assert (refused.status, refused.body["error"]["code"]) == (403, "RequestDisallowedByPolicy")
    assert "Please provide the tag CostCenter" in refused.body["error"]["message"]
    body["tags"] = {"CostCenter": "42"}
    assert (await setup.practice.call("PUT", registry, body, version="2023-07-01")).status in (200, 201)


async def test_a_machine_that_cannot_be_known_of_is_a_warning_and_stops_nothing(start_setup: StartSetup) -> None:
    plan = await planned(start_setup, "region-capacity")
    assert [(one.what, one.certain) for one in plan.obstacles] == [(Preflight.REGION_CAPACITY, False)]
    assert any(item.action in MAKES for item in plan.steps)
    assert not [item for item in plan.steps if item.look.preflight]


async def test_a_healthy_subscription_gets_no_alarm_and_a_finished_setup_asks_nothing(start_setup: StartSetup, tmp_path: Path) -> None:
    setup: Setup = await deployed(start_setup, tmp_path)
    plan = await setup.plan(*contributions())
    assert plan.obstacles == []
