"""One reading of Azure for all looks: shared, few requests, nothing raised for what is not there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.steps.conftest import Setup, StartSetup
from tests.steps.deployed import deployed
from wizard.cloud.permissions.checker import Permitted
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.resource_ids import ROLES, group_id, resource_id
from wizard.state.discovery import SeveralSetups, snapshot_of_group
from wizard.state.snapshot import Snapshot
from wizard.steps.registry_of_steps import contributions

GROUP = "/resourceGroups/rg-orders-dev"


def snapshot(setup: Setup) -> Snapshot:
    return Snapshot(setup.cloud, setup.answers, setup.secret)


async def requests(setup: Setup, *readings: Any) -> int:
    """How many requests these readings take together."""
    before = setup.cloud.requests
    await asyncio.gather(*readings)
    return setup.cloud.requests - before


async def test_however_many_look_azure_is_asked_once(start_setup: StartSetup):
    setup = await start_setup()
    reading = snapshot(setup)
    assert await requests(setup, *(reading.group() for _ in range(10))) == 1
    assert await requests(setup, reading.group()) == 0


async def test_a_look_that_is_given_up_leaves_the_answer_to_the_others(start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch):
    setup, event = await start_setup(), asyncio.Event()
    reading, operations = snapshot(setup), setup.cloud.resources.resources
    ask = operations.list_by_resource_group

    def asking(*how: Any, **more: Any) -> Any:
        event.set()
        return ask(*how, **more)

    monkeypatch.setattr(operations, "list_by_resource_group", asking)
    first, second = asyncio.ensure_future(reading.resources()), asyncio.ensure_future(reading.resources())
    await event.wait()
    first.cancel()
    assert await second == {}
    assert first.cancelled()


async def test_nothing_is_there_before_anything_is_made(start_setup: StartSetup):
    reading = snapshot(await start_setup())
    nothing: Sequence[Any] = await asyncio.gather(
        reading.group(),
        reading.resources(),
        reading.vault(),
        reading.secret_properties(),
        reading.secret("api-key"),
        reading.registry(),
        reading.image_digest("orders-api:1.0"),
        reading.image_tags("orders-api"),
        reading.storage_account(),
        reading.file_service(),
        reading.shares(),
        reading.environment(),
        reading.environment_storages(),
        reading.app(),
        reading.revisions(),
        reading.identity(),
        reading.deleted_vault(),
        reading.tagged_everywhere(),
    )
    assert not any(nothing)


async def test_a_plan_of_a_finished_setup_stays_within_its_budget_of_requests(start_setup: StartSetup, tmp_path: Path):
    setup = await deployed(start_setup, tmp_path)
    before = setup.cloud.requests
    await setup.plan(*contributions())
    assert setup.cloud.requests - before <= 40  # the whole command may take 45, sign-in included


async def test_rights_asked_together_are_one_question_at_the_nearest_scope_that_exists(start_setup: StartSetup):
    setup = await start_setup()
    reading = snapshot(setup)
    group = group_id(setup.cloud.subscription_id, "rg-orders-dev")
    vault = resource_id(setup.cloud.subscription_id, "rg-orders-dev", "Microsoft.KeyVault/vaults", "kv-orders-dev")
    rights = [
        PermissionRequirement("Microsoft.KeyVault/vaults/write", vault, "Contributor"),
        PermissionRequirement("Microsoft.App/containerApps/write", group, "Contributor"),
        PermissionRequirement("Microsoft.KeyVault/vaults/secrets/setSecret/action", vault, "Key Vault Secrets Officer", data=True),
    ]
    await reading.resources()
    await reading.group()
    before = setup.cloud.requests
    verdicts = await asyncio.gather(*map(reading.may, rights))
    assert verdicts == [Permitted.ALLOWED, Permitted.ALLOWED, Permitted.DENIED]
    assert setup.cloud.requests - before == 1


async def test_role_assignments_are_those_that_hold_at_a_scope_from_one_list(start_setup: StartSetup, tmp_path: Path):
    setup = await deployed(start_setup, tmp_path)
    reading = snapshot(setup)
    targets = reading.targets
    assert targets.registry and targets.vault
    app = await reading.app()
    assert app and app.identity
    scopes = [targets.registry.id, targets.vault.id]
    before = setup.cloud.requests
    held = await asyncio.gather(*map(reading.role_assignments, scopes))
    assert setup.cloud.requests - before == 1
    for scope, role, assignments in zip(scopes, ("AcrPull", "Key Vault Secrets User"), held, strict=True):
        mine = [assignment for assignment in assignments if assignment.principal_id == app.identity.principal_id]
        assert [(item.scope, str(item.role_definition_id).rpartition("/")[2]) for item in mine] == [(scope, ROLES[role])]


async def test_a_setup_is_found_again_from_its_group_alone(start_setup: StartSetup, tmp_path: Path):
    setup = await deployed(start_setup, tmp_path)
    reading = await snapshot_of_group(setup.cloud, "rg-orders-dev")
    assert reading is not None
    named = {target.kind: (target.name, target.existing) for target in snapshot(setup).targets.all}
    assert {target.kind: (target.name, target.existing) for target in reading.targets.all} == named
    assert reading.targets.setup == "orders-dev"
    assert await snapshot_of_group(setup.cloud, "rg-nobody") is None


async def test_two_setups_in_one_group_are_told_by_name(start_setup: StartSetup):
    setup = await start_setup()
    await setup.practice.call("PUT", GROUP, {"location": "westeurope"})
    for name, owner in (("id-a", "orders-dev"), ("id-b", "orders-test")):
        path = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        await setup.practice.call("PUT", path, {"location": "westeurope", "tags": {"azwizard-setup": owner}}, version="2023-01-31")
    with pytest.raises(SeveralSetups, match="orders-dev, orders-test"):
        await snapshot_of_group(setup.cloud, "rg-orders-dev")
