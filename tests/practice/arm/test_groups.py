"""Resource groups: made, changed, deleted with what is in them, and refused in Azure's words."""

import asyncio

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.mgmt.resource.resources.aio import ResourceManagementClient

from tests.conftest import Practice, StartPractice

GROUP = "/resourceGroups/rg-orders-dev"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities"


def sdk(practice: Practice) -> ResourceManagementClient:
    return ResourceManagementClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport())


async def test_a_group_is_made_read_and_deleted_through_the_sdk(practice: Practice):
    client = sdk(practice)
    created = await client.resource_groups.create_or_update("rg-orders-dev", {"location": "West Europe", "tags": {"a": "b"}})
    assert (created.location, created.tags, created.properties.provisioning_state) == ("westeurope", {"a": "b"}, "Succeeded")
    assert await client.resource_groups.check_existence("RG-ORDERS-DEV")
    assert [group.name async for group in client.resource_groups.list(filter="tagName eq 'a' and tagValue eq 'b'")] == ["rg-orders-dev"]
    assert [group.name async for group in client.resource_groups.list(filter="tagName eq 'a' and tagValue eq 'c'")] == []
    poller = await client.resource_groups.begin_delete("rg-orders-dev", polling_interval=0.1)
    await poller.result()
    assert not await client.resource_groups.check_existence("rg-orders-dev")
    with pytest.raises(ResourceNotFoundError) as refused:
        await client.resource_groups.get("rg-orders-dev")
    assert refused.value.error.message == "Resource group 'rg-orders-dev' could not be found."


async def test_a_group_is_201_when_new_and_200_again_and_stays_where_it_is(practice: Practice):
    assert (await practice.call("PUT", GROUP, {"location": "westeurope"})).status == 201
    again = await practice.call("PUT", GROUP, {"location": "westeurope", "tags": {"x": "y"}})
    assert (again.status, again.body["tags"]) == (200, {"x": "y"})
    patched = await practice.call("PATCH", GROUP, {"tags": {"z": "1"}})
    assert (patched.body["location"], patched.body["tags"]) == ("westeurope", {"z": "1"})
    moved = await practice.call("PUT", GROUP, {"location": "northeurope"})
    assert (moved.status, moved.body["error"]["code"]) == (409, "InvalidResourceGroupLocation")
    message = "Invalid resource group location 'northeurope'. The Resource group already exists in location 'westeurope'."
    assert moved.body["error"]["message"] == message


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("rg", {"location": "BadLocation"}, "LocationNotAvailableForResourceGroup"),
        ("rg", {}, "LocationRequired"),
        ("rg.", {"location": "westeurope"}, "InvalidResourceGroup"),
        ("r" * 91, {"location": "westeurope"}, "InvalidResourceGroup"),
    ],
)
async def test_a_group_that_cannot_be_is_refused(practice: Practice, name, body, code):
    refused = await practice.call("PUT", f"/resourceGroups/{name}", body)
    assert (refused.status, refused.body["error"]["code"]) == (400, code)


async def test_a_deleted_group_takes_along_what_is_in_it_and_the_roles_on_it(practice: Practice):
    await practice.call("PUT", GROUP, {"location": "westeurope"})
    identity = await practice.call("PUT", f"{IDENTITY}/id-orders", {"location": "westeurope"})
    principal = identity.body["properties"]["principalId"]
    role = f"{practice.scope}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
    body = {"properties": {"principalId": principal, "roleDefinitionId": role, "principalType": "ServicePrincipal"}}
    name = "providers/Microsoft.Authorization/roleAssignments/11111111-1111-4111-8111-111111111111"
    assert (await practice.call("PUT", f"{GROUP}/{name}", body)).status == 201
    deleted = await practice.call("DELETE", GROUP)
    assert (deleted.status, deleted.body) == (202, None)
    assert deleted.headers["Location"].startswith(f"https://management.azure.com{practice.scope}/operationresults/")
    await practice.cloud.operations.finished(deleted.headers["Location"].rsplit("/", 1)[1].partition("?")[0])
    assert practice.cloud.directory.get(principal) is None
    assert (await practice.call("PUT", GROUP, {"location": "westeurope"})).status == 201
    assert (await practice.call("GET", f"{GROUP}/resources")).body == {"value": []}
    assert (await practice.call("GET", f"{GROUP}/{name}")).status == 404


async def test_a_group_that_is_being_deleted_takes_nothing_new(start_practice: StartPractice):
    practice = await start_practice(speed="real")
    group = f"{practice.scope}{GROUP}"
    practice.cloud.store.resources[group] = {
        "id": group,
        "name": "rg-orders-dev",
        "type": "Microsoft.Resources/resourceGroups",
        "location": "westeurope",
        "properties": {"provisioningState": "Succeeded"},
    }
    practice.cloud.faults.add(["slow:100"])
    first, second = await practice.call("DELETE", GROUP), await practice.call("DELETE", GROUP)
    assert first.headers["Location"] == second.headers["Location"]
    assert (await practice.call("GET", GROUP)).body["properties"]["provisioningState"] == "Deleting"
    polled = await practice.call("GET", first.headers["Location"].removeprefix("https://management.azure.com").partition("?")[0])
    assert (polled.status, polled.body, polled.headers["Location"]) == (202, None, first.headers["Location"])
    for path in (GROUP, f"{IDENTITY}/x"):
        refused = await practice.call("PUT", path, {"location": "westeurope"})
        assert (refused.status, refused.body["error"]["code"]) == (409, "ResourceGroupBeingDeleted")


async def test_a_delete_that_fails_leaves_the_group_usable(practice: Practice):
    await practice.call("PUT", GROUP, {"location": "westeurope"})
    practice.cloud.faults.add(["fail:resourceGroups"])
    with pytest.raises(HttpResponseError):
        await (await sdk(practice).resource_groups.begin_delete("rg-orders-dev", polling_interval=0.1)).result()
    assert (await practice.call("GET", GROUP)).body["properties"]["provisioningState"] == "Succeeded"


async def test_resources_are_listed_by_tag_type_and_scope(practice: Practice):
    await practice.call("PUT", GROUP, {"location": "westeurope"})
    await practice.call("PUT", "/resourceGroups/other", {"location": "westeurope"})
    for name, tag in (("id-a", "orders"), ("id-b", "it's")):
        await practice.call("PUT", f"{IDENTITY}/{name}", {"location": "westeurope", "tags": {"azwizard-setup": tag}})
    client = sdk(practice)

    async def names(text: str | None, group: str | None = None) -> list[str]:
        resources = client.resources
        pages = resources.list_by_resource_group(group, filter=text) if group else resources.list(filter=text)
        return [resource.name async for resource in pages]

    assert await names(None) == ["id-a", "id-b"]
    assert await names("tagName eq 'azwizard-setup' and tagValue eq 'it''s'") == ["id-b"]
    assert await names("tagName eq 'AZWIZARD-SETUP'") == ["id-a", "id-b"]
    assert await names("resourceType eq 'Microsoft.ManagedIdentity/userAssignedIdentities'") == ["id-a", "id-b"]
    assert await names("resourceType eq 'Microsoft.KeyVault/vaults'") == []
    assert await names(None, "other") == []
    assert await names("tagName eq 'azwizard-setup' and tagValue eq 'orders'", "rg-orders-dev") == ["id-a"]


async def test_two_groups_can_be_made_at_once(practice: Practice):
    created = await asyncio.gather(*(practice.call("PUT", f"/resourceGroups/rg-{n}", {"location": "westeurope"}) for n in range(5)))
    assert [answer.status for answer in created] == [201] * 5
