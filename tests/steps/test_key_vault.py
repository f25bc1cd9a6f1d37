"""The vault, the right to fill it and its secrets, on the practice cloud."""

import pytest

from tests.steps.conftest import Setup, StartSetup
from wizard.engine.events import StepEvent, StepState
from wizard.engine.step import Status
from wizard.steps import key_vault, project

PATH = "/resourceGroups/rg-orders-dev/providers/Microsoft.KeyVault/vaults/kv-orders-dev"
VERSION = "2023-07-01"
BOTH = (project.CONTRIBUTION, key_vault.CONTRIBUTION)
CANARY = "canary-5f31-value"
SECRET = "key_vault.secret.api-key"


async def started(start_setup: StartSetup, **tables: object) -> Setup:
    faults = tables.pop("faults", ())
    setup = await start_setup(faults=faults, **{"key_vault": {"secrets": ["api-key"]}, **tables})
    setup.given = {"api-key": CANARY}
    return setup


async def test_the_vault_is_made_with_roles_and_a_short_retention_and_the_secret_lies_in_it(start_setup: StartSetup):
    setup = await started(start_setup)
    result = await setup.apply(*BOTH)
    assert (result.outcome, result.created) == ("succeeded", 4), setup.events
    properties = (await setup.practice.call("GET", PATH, version=VERSION)).body["properties"]
    assert properties["enableRbacAuthorization"] is True and properties["softDeleteRetentionInDays"] == 7
    remaining = await setup.cloud.secrets("https://kv-orders-dev.vault.azure.net/").get_secret("api-key")
    assert remaining.value == CANARY and remaining.properties.tags["azwizard-setup"] == "orders-dev"
    assert set((await setup.actions(*BOTH)).values()) == {"keep"}


async def test_an_equal_value_is_not_written_again_and_another_is(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*BOTH)
    assert (await setup.apply(*BOTH)).outcome == "unchanged"
    setup.given = {"api-key": "another-value"}
    assert (await setup.actions(*BOTH))[SECRET] == "change"
    await setup.apply(*BOTH)
    client = setup.cloud.secrets("https://kv-orders-dev.vault.azure.net/")
    assert (await client.get_secret("api-key")).value == "another-value"
    assert len([version async for version in client.list_properties_of_secret_versions("api-key")]) == 2


async def test_a_value_that_is_in_the_vault_is_not_asked_for_again(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*BOTH)
    setup.given = {}
    assert (await setup.apply(*BOTH)).outcome == "unchanged"


async def test_a_secret_that_was_switched_off_blocks_until_it_is_switched_on_or_given_a_value(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*BOTH)
    client = setup.cloud.secrets("https://kv-orders-dev.vault.azure.net/")
    await client.update_secret_properties("api-key", enabled=False)
    setup.given = {}
    look = next(item.look for item in (await setup.plan(*BOTH)).steps if item.step.id == SECRET)
    assert look.found is Status.BLOCKED and "switched off" in look.detail
    assert "az keyvault secret set-attributes --vault-name kv-orders-dev --name api-key --enabled true" in look.remedy
    setup.given = {"api-key": CANARY}
    result = await setup.apply(*BOTH)
    assert (result.outcome, result.changed) == ("succeeded", 1), setup.events
    assert (await client.get_secret("api-key")).value == CANARY


async def test_a_secret_without_a_value_blocks_and_says_how_to_give_it(start_setup: StartSetup):
    setup = await started(start_setup)
    setup.given = {}
    plan = await setup.plan(*BOTH)
    look = next(item.look for item in plan.steps if item.step.id == SECRET)
    assert look.found is Status.BLOCKED and "api-key" in look.detail
    assert "--env-file" in look.remedy and "AZWIZARD_SECRET_API_KEY" in look.remedy


async def test_nothing_that_is_told_holds_the_value(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*BOTH)
    plan = await setup.plan(*BOTH)
    lines = [line for item in plan.steps for line in item.step.az(plan.facts)]
    assert CANARY not in repr(setup.events) + repr(plan.steps) + repr(lines)


async def test_a_deleted_secret_of_the_name_is_brought_back_and_given_the_value(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*BOTH)
    client = setup.cloud.secrets("https://kv-orders-dev.vault.azure.net/")
    await client.delete_secret("api-key")
    assert (await setup.actions(*BOTH))[SECRET] == "create"
    await setup.apply(*BOTH)
    assert (await client.get_secret("api-key")).value == CANARY


async def test_the_role_is_waited_for_by_trying_with_the_time_shown(start_setup: StartSetup):
    setup = await started(start_setup, faults=["rbac-delay:0.4"])
    assert (await setup.apply(*BOTH)).outcome == "succeeded"
    waits = [e for e in setup.events if isinstance(e, StepEvent) and e.step == "key_vault.administrator" and e.state is StepState.WAITING]
    assert waits and waits[-1].seconds > 0


async def test_a_run_that_was_stopped_before_the_role_was_given_goes_on(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.practice.call(
        "PUT", "/resourceGroups/rg-orders-dev", {"location": "westeurope", "tags": setup.answers.project.resource_tags("project")}
    )
    body = {
        "location": "westeurope",
        "tags": setup.answers.project.resource_tags("key_vault"),
        "properties": {
            "tenantId": setup.cloud.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            "accessPolicies": [],
        },
    }
    await setup.practice.call("PUT", PATH, body, version=VERSION)
    actions = await setup.actions(*BOTH)
    assert (actions["key_vault.vault"], actions["key_vault.administrator"], actions[SECRET]) == ("keep", "create", "create")
    assert (await setup.apply(*BOTH)).outcome == "succeeded"


async def test_a_vault_of_others_is_a_conflict_until_it_is_called_existing(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(project.CONTRIBUTION)
    body = {
        "location": "westeurope",
        "properties": {
            "tenantId": setup.cloud.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            "accessPolicies": [],
        },
    }
    await setup.practice.call("PUT", PATH, body, version=VERSION)
    look = next(item.look for item in (await setup.plan(*BOTH)).steps if item.step.id == "key_vault.vault")
    assert look.found is Status.CONFLICT and "existing = true" in look.remedy
    setup.tables["key_vault"]["existing"] = True
    assert (await setup.actions(*BOTH))["key_vault.vault"] == "keep"
    assert (await setup.apply(*BOTH)).outcome == "succeeded"
    before = (await setup.practice.call("GET", PATH, version=VERSION)).body
    assert "tags" not in before or not before["tags"]
    assert len(setup.practice.cloud.store.collection("vault_secrets")) == 1
    await setup.destroy(key_vault.CONTRIBUTION)
    assert (await setup.practice.call("GET", PATH, version=VERSION)).status == 200
    assert not setup.practice.cloud.store.collection("vault_secrets")


async def test_an_existing_vault_with_access_policies_is_a_conflict(start_setup: StartSetup):
    setup = await started(start_setup, key_vault={"existing": True, "secrets": []})
    await setup.apply(project.CONTRIBUTION)
    body = {
        "location": "westeurope",
        "properties": {
            "tenantId": setup.cloud.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": False,
            "accessPolicies": [],
        },
    }
    await setup.practice.call("PUT", PATH, body, version=VERSION)
    look = next(item.look for item in (await setup.plan(*BOTH)).steps if item.step.id == "key_vault.vault")
    assert look.found is Status.CONFLICT and "RBAC" in look.remedy


async def test_a_vault_that_should_exist_and_does_not_blocks(start_setup: StartSetup):
    setup = await started(start_setup, key_vault={"existing": True, "name": "kv-shared", "resource_group": "rg-shared"})
    look = next(item.look for item in (await setup.plan(*BOTH)).steps if item.step.id == "key_vault.vault")
    assert look.found is Status.BLOCKED and "kv-shared" in look.detail and "rg-shared" in look.detail


async def test_a_name_that_others_have_is_a_conflict_with_another_one_offered(start_setup: StartSetup):
    setup = await started(start_setup, faults=["name-taken"])
    first = next(item.look for item in (await setup.plan(*BOTH)).steps if item.step.id == "key_vault.vault")
    again = next(item.look for item in (await setup.plan(*BOTH)).steps if item.step.id == "key_vault.vault")
    assert first.found is Status.CONFLICT and 'name = "kv-orders-dev-' in first.remedy
    assert first == again


async def test_a_deleted_vault_that_holds_the_name_is_a_conflict_with_three_ways_out(start_setup: StartSetup):
    setup = await started(start_setup, faults=["vault-soft-deleted"])
    look = next(item.look for item in (await setup.plan(*BOTH)).steps if item.step.id == "key_vault.vault")
    assert look.found is Status.CONFLICT
    assert all(way in look.remedy for way in ('deleted = "recover"', 'deleted = "purge"', "name ="))


@pytest.mark.parametrize("choice", ["recover", "purge"])
async def test_a_deleted_vault_is_brought_back_or_removed_for_good_as_chosen(start_setup: StartSetup, choice: str):
    setup = await started(start_setup)
    await setup.apply(*BOTH)
    await setup.cloud.vaults.vaults.delete("rg-orders-dev", "kv-orders-dev")
    assert (await setup.actions(*BOTH))["key_vault.vault"] == "conflict"

    setup.tables["key_vault"] |= {"deleted": choice}
    planned = next(item for item in (await setup.plan(*BOTH)).steps if item.step.id == "key_vault.vault")
    assert planned.action == "create" and ("brought back" if choice == "recover" else "removed for good") in planned.look.detail
    setup.given = {"api-key": "another"} if choice == "purge" else {}
    result = await setup.apply(*BOTH)
    assert result.outcome == "succeeded", setup.events[-5:]
    vault = setup.cloud.secrets("https://kv-orders-dev.vault.azure.net/")
    versions = [secret async for secret in vault.list_properties_of_secret_versions("api-key")]
    assert len(versions) == 1 and (await vault.get_secret("api-key")).value == ("another" if choice == "purge" else CANARY)
    assert [vault async for vault in setup.cloud.vaults.vaults.list_deleted()] == []
    assert set((await setup.actions(*BOTH)).values()) == {"keep"}


async def test_destroy_purges_the_vault_so_that_its_name_is_free(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*BOTH)
    result = await setup.destroy(*BOTH)
    assert result.outcome == "succeeded" and not result.failed, setup.events
    assert [vault async for vault in setup.cloud.vaults.vaults.list_deleted()] == []
    assert (await setup.actions(*BOTH))["key_vault.vault"] == "create"


async def test_a_contributor_may_make_the_vault_and_is_told_who_may_let_them_fill_it(start_setup: StartSetup):
    setup = await started(start_setup, faults=["account:contributor"])
    plan = await setup.plan(*BOTH)
    actions = {item.step.id: str(item.action) for item in plan.steps}
    assert actions["key_vault.vault"] == "create" and actions["key_vault.administrator"] == actions[SECRET] == "blocked"
    lacking = [check for check in plan.checks if check.state == "missing"]
    assert [check.action for check in lacking] == ["Microsoft.Authorization/roleAssignments/write"]
    assert str(lacking[0].scope).endswith("/vaults/kv-orders-dev")


async def test_the_vault_and_its_secrets_are_recovered_and_old_ones_are_said(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*BOTH)
    assert await setup.recovered(key_vault.CONTRIBUTION) == {"name": "kv-orders-dev", "secrets": ["api-key"]}
    setup.tables["key_vault"] = {"secrets": []}
    assert any("api-key" in note for note in (await setup.plan(*BOTH)).notes)
