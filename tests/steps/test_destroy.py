"""What destroy lists, removes and counts: what is this setup's, however far it was made, and nothing else."""

from __future__ import annotations

import pytest

from tests.steps.conftest import Setup, StartSetup
from wizard.engine.destroy import deletions, destroy
from wizard.engine.events import StepEvent, StepState
from wizard.steps import key_vault, project, registry, storage

ALL = (project.CONTRIBUTION, key_vault.CONTRIBUTION, registry.CONTRIBUTION, storage.CONTRIBUTION)
SHARES = {"shares": [{"designation": "db", "mount": "/data"}]}
NAMED = ("key_vault.vault", "registry.registry", "storage.account")


async def listed(setup: Setup) -> set[str]:
    """The steps whose lines a person confirms before anything is deleted."""
    return {line.step for line in deletions(await setup.plan(*ALL))}


def ends(setup: Setup, state: StepState) -> set[str]:
    """The steps that a run left in a state."""
    last = {event.step: event.state for event in setup.events if isinstance(event, StepEvent)}
    return {step for step, reached in last.items() if reached is state}


async def test_names_that_others_hold_are_neither_listed_nor_counted_as_deleted(start_setup: StartSetup):
    setup = await start_setup(storage=SHARES, faults=["name-taken"])
    assert [(await setup.actions(*ALL))[step] for step in NAMED] == ["conflict"] * 3
    assert await listed(setup) == set()
    result = await setup.destroy(*ALL)
    assert (result.outcome, result.deleted, result.kept) == ("unchanged", 0, 3), setup.events
    assert ends(setup, StepState.KEPT) == set(NAMED)


async def test_what_someone_gave_is_not_listed_and_stays(start_setup: StartSetup):
    setup = await start_setup(registry={"name": "crshared", "existing": True})
    path = "/resourceGroups/rg-orders-dev/providers/Microsoft.ContainerRegistry/registries/crshared"
    await setup.practice.call("PUT", "/resourceGroups/rg-orders-dev", {"location": "westeurope"})
    await setup.practice.call("PUT", path, {"location": "westeurope", "sku": {"name": "Basic"}}, version="2025-11-01")
    assert "registry.registry" not in await listed(setup)
    await setup.destroy(*ALL)
    assert "registry.registry" in ends(setup, StepState.KEPT)
    assert (await setup.practice.call("GET", path, version="2025-11-01")).status == 200


@pytest.mark.parametrize(
    ("kind", "step"), [("Microsoft.KeyVault/vaults", "key_vault.vault"), ("Microsoft.ContainerRegistry/registries", "registry.registry")]
)
async def test_what_azure_could_not_finish_is_removed_too(start_setup: StartSetup, kind: str, step: str):
    setup = await start_setup(storage=SHARES, faults=[f"fail:{kind}"])
    assert (await setup.apply(*ALL)).outcome == "failed"
    assert step in ends(setup, StepState.FAILED) and (await setup.actions(*ALL))[step] == "create"
    assert step in await listed(setup)
    setup.events.clear()
    result = await setup.destroy(*ALL)
    assert result.outcome == "succeeded" and step in ends(setup, StepState.DONE), setup.events
    assert (await setup.practice.call("GET", "/resources", version="2021-04-01")).body["value"] == []


@pytest.mark.parametrize("choice", ["ask", "recover", "purge"])
async def test_a_vault_of_this_setup_that_is_deleted_already_is_purged_and_counted(start_setup: StartSetup, choice: str):
    setup = await start_setup(key_vault={"deleted": choice})
    await setup.apply(*ALL)
    await setup.cloud.vaults.vaults.delete("rg-orders-dev", "kv-orders-dev")
    assert "key_vault.vault" in await listed(setup)
    await setup.destroy(*ALL)
    assert "key_vault.vault" in ends(setup, StepState.DONE)
    assert [vault async for vault in setup.cloud.vaults.vaults.list_deleted()] == []


async def test_the_end_says_what_was_looked_for_and_what_stays(start_setup: StartSetup):
    setup = await start_setup(registry={"name": "crshared", "existing": True})
    path = "/resourceGroups/rg-orders-dev/providers/Microsoft.ContainerRegistry/registries/crshared"
    await setup.practice.call("PUT", "/resourceGroups/rg-orders-dev", {"location": "westeurope"})
    await setup.practice.call("PUT", path, {"location": "westeurope", "sku": {"name": "Basic"}}, version="2025-11-01")
    result = await destroy(await setup.plan(*ALL), setup.cloud, setup.journal, setup.events.append)
    assert "Looked for again, and not found: anything in your subscription with the tag azwizard-setup = orders-dev" in result.detail
    assert any("crshared" in line for line in result.detail.splitlines() if line.startswith("Stays: "))
    assert result.extra["stays"]
