"""Every fault that can be known beforehand: check names it and exits 3, or warns; what it says is done; then apply succeeds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.practice.apps import write_api
from tests.steps.beforehand.checked import check
from tests.steps.conftest import StartSetup
from tests.steps.deployed import TABLES
from wizard.engine.contribution import Contribution
from wizard.engine.preflight.obstacle import Preflight
from wizard.practice.kernel.faults import KINDS
from wizard.steps import environment, key_vault, project, registry, storage
from wizard.steps.registry_of_steps import contributions

SOON_MADE = (project.CONTRIBUTION, key_vault.CONTRIBUTION, registry.CONTRIBUTION, storage.CONTRIBUTION, environment.CONTRIBUTION)
"""What is made without an image: enough to meet most of what can be refused."""
OTHER = "swedencentral"
NO_SHARES: dict[str, Any] = {"storage": {}, "variables": [{"name": "API_KEY", "secret": "api-key"}]}
BUILT = {"build": "registry"}
DEVOPS = {"build": "azure-devops", "organization": "contoso", "project": "orders", "repository": "orders-api"}


@dataclass(frozen=True)
class FaultRow:
    """One fault.

    :param says: words of the remedy that is told.
    :param tables: what the setup says besides; `answers`: what it says once the remedy was followed.
    :param granted: whether it is Azure, or who looks after it, that gives way.
    :param warns: told at exit 0, since Azure does not tell it for certain.
    """

    fault: str
    what: Preflight
    says: str
    answers: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)
    granted: bool = False
    warns: bool = False


ROWS = [
    FaultRow("mfa", Preflight.MFA, "az login", granted=True),
    FaultRow("lock", Preflight.LOCK, "az lock delete --name no-changes", granted=True),
    FaultRow("environment-quota:0", Preflight.QUOTA, "higher limit", granted=True),
    FaultRow(
        "core-quota:1",
        Preflight.QUOTA,
        "max_replicas",
        {"app": {"port": 5000, "cpu": 0.5, "max_replicas": 1}},
        {"app": {"port": 5000, "cpu": 0.5, "max_replicas": 3}},
    ),
    FaultRow("free-trial", Preflight.OFFER, "pay as you go", granted=True),
    FaultRow(
        "student",
        Preflight.ALLOWED_REGIONS,
        f'region = "{OTHER}"',
        {"project": {"region": OTHER}, "pipeline": BUILT},
        {"pipeline": {"build": "docker"}},
        granted=True,  # the regions that it allows have a row of their own
    ),
    FaultRow(f"allowed-regions:brazilus,{OTHER}", Preflight.ALLOWED_REGIONS, f'region = "{OTHER}"', {"project": {"region": OTHER}}),
    FaultRow("policy-tag:CostCenter", Preflight.TAGS, "[project.tags]", {"project": {"tags": {"CostCenter": "42"}}}),
    FaultRow("policy-tls:1.3", Preflight.POLICY, 'minimum_tls = "1.3"', {"storage": TABLES["storage"] | {"minimum_tls": "1.3"}}),
    FaultRow("policy-no-shared-key", Preflight.POLICY, "[[storage.shares]]", NO_SHARES),
    FaultRow("subscription-disabled", Preflight.SUBSCRIPTION_STATE, "Azure portal under Subscriptions", granted=True),
    FaultRow("spending-limit", Preflight.SUBSCRIPTION_STATE, "Remove the spending limit", granted=True),
    FaultRow("subscription-state:Warned", Preflight.SUBSCRIPTION_STATE, "Whoever pays for it", granted=True),
    FaultRow("subscription-state:PastDue", Preflight.SUBSCRIPTION_STATE, "Whoever pays for it", warns=True),
    FaultRow("account-quota:0", Preflight.QUOTA, "existing = true", granted=True),
    FaultRow("sku-not-available:Microsoft.ContainerRegistry/registries", Preflight.VALIDATION, "another region", granted=True),
    FaultRow("region-capacity", Preflight.REGION_CAPACITY, "another region", granted=True, warns=True),
    FaultRow("no-parallelism", Preflight.PARALLELISM, 'build = "registry"', {"pipeline": BUILT}, {"pipeline": DEVOPS}, warns=True),
]


@pytest.mark.parametrize("made", [pytest.param(SOON_MADE, id="soon"), pytest.param((), id="everything", marks=pytest.mark.nightly)])
@pytest.mark.parametrize("row", [pytest.param(row, id=row.fault.replace(":", "-")) for row in ROWS])
async def test_it_is_named_before_anything_is_made_and_its_remedy_lets_apply_succeed(
    row: FaultRow,
    made: tuple[Contribution, ...],
    start_setup: StartSetup,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    setup = await start_setup(**{**TABLES, "pipeline": BUILT, **row.tables})
    setup.given = {"api-key": "canary-1"}
    monkeypatch.setenv("AZWIZARD_SECRET_API_KEY", "canary-1")
    write_api(setup.folder)
    setup.practice.cloud.faults.add([row.fault])

    status, events = await check(setup, capsys)
    [told] = [event for event in events if event.get("check") == row.what.check and row.says in event["detail"] + event.get("remedy", "")]
    if not row.warns:
        assert (status, told["state"]) == (3, "missing"), events
        others = [event for event in events if event.get("check", "").startswith("preflight.") and event["state"] == "missing"]
        assert others == [told]  # it is named once, and nothing else is
    else:
        assert told["state"] == "unknown"
        assert status == 0 or row.what is Preflight.PARALLELISM, events  # whose setup has no code to send

    if row.granted:
        setup.practice.cloud.faults.clear()
    for table, answers in row.answers.items():
        setup.tables[table] = setup.tables[table] | answers if isinstance(answers, dict) and table == "project" else answers
    result = await setup.apply(*(made or contributions()))
    assert result.outcome == "succeeded", setup.events[-8:]


def test_every_kind_of_obstacle_has_a_row_and_every_row_a_fault() -> None:
    assert {row.what for row in ROWS} == set(Preflight)
    assert {row.fault.partition(":")[0] for row in ROWS} <= set(KINDS)


async def test_a_lock_on_one_thing_stops_what_would_write_there_and_nothing_else(start_setup: StartSetup) -> None:
    setup = await start_setup(**TABLES)
    setup.given = {"api-key": "canary-1"}
    await setup.practice.call("PUT", "/resourceGroups/rg-shared", {"location": "westeurope"})
    account = "/resourceGroups/rg-shared/providers/Microsoft.Storage/storageAccounts/stshared1"
    made = await setup.practice.call("PUT", account, {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}})
    assert made.status == 202
    lock = f"{account}/providers/Microsoft.Authorization/locks/frozen"
    assert (await setup.practice.call("PUT", lock, {"properties": {"level": "ReadOnly"}})).status == 201
    setup.tables["storage"] = TABLES["storage"] | {"account": "stshared1", "existing": True, "resource_group": "rg-shared"}

    plan = await setup.plan(*contributions())
    [obstacle] = [one for one in plan.obstacles if one.certain]
    assert obstacle.what is Preflight.LOCK and f"az lock delete --ids {setup.practice.scope}{lock}" in obstacle.remedy
    assert {"storage.share.db", "environment.storage.db"} <= set(obstacle.steps)
    assert {"key_vault.vault", "registry.registry", "environment.environment"} <= {item.step.id for item in plan.to_make}
    keys = await setup.practice.call("POST", f"{account}/listKeys")
    assert (keys.status, keys.body["error"]["code"]) == (409, "ScopeLocked")
    assert (await setup.practice.call("DELETE", lock)).status == 200
    assert not [one for one in (await setup.plan(*contributions())).obstacles if one.certain]
