"""User-assigned identities: principals of the directory that live in a resource group."""

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.mgmt.msi.aio import ManagedServiceIdentityClient
from azure.mgmt.msi.models import FederatedIdentityCredential

from tests.conftest import Practice
from tests.practice.helping import group

GROUP, NAME = "rg-orders-dev", "id-orders-dev"
PATH = f"/resourceGroups/{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{NAME}"


@pytest.fixture
async def client(practice: Practice):
    await group(practice)
    async with ManagedServiceIdentityClient(
        practice.credential(), practice.cloud.subscription_id, transport=practice.transport()
    ) as client:
        yield client


async def test_an_identity_is_created_once_and_keeps_its_principal(client, practice):
    first = await practice.call("PUT", PATH, {"location": "westeurope"}, version="2023-01-31")
    second = await practice.call("PUT", PATH, {"location": "westeurope", "tags": {"a": "b"}}, version="2023-01-31")
    assert (first.status, second.status) == (201, 200)
    assert first.body["properties"] == second.body["properties"]
    assert first.body["id"].startswith(f"{practice.scope}/resourcegroups/")
    assert practice.cloud.directory.get(first.body["properties"]["principalId"])["kind"] == "ManagedIdentity"


async def test_identities_are_made_listed_and_deleted_through_the_sdk(client, practice):
    created = await client.user_assigned_identities.create_or_update(GROUP, NAME, {"location": "westeurope"})
    principal = created.principal_id
    assert [each.name async for each in client.user_assigned_identities.list_by_resource_group(GROUP)] == [NAME]
    await client.user_assigned_identities.delete(GROUP, NAME)
    assert practice.cloud.directory.get(principal) is None
    with pytest.raises(ResourceNotFoundError):
        await client.user_assigned_identities.get(GROUP, NAME)


async def test_an_identity_trusts_others_by_federated_credentials(client):
    await client.user_assigned_identities.create_or_update(GROUP, NAME, {"location": "westeurope"})
    expected = FederatedIdentityCredential(issuer="https://issuer", subject="sc://a/b/c", audiences=["api://AzureADTokenExchange"])
    created = await client.federated_identity_credentials.create_or_update(GROUP, NAME, "pipeline", expected)
    assert created.subject == "sc://a/b/c"
    assert [each.name async for each in client.federated_identity_credentials.list(GROUP, NAME)] == ["pipeline"]
    await client.federated_identity_credentials.delete(GROUP, NAME, "pipeline")
    with pytest.raises(ResourceNotFoundError) as missing:
        await client.federated_identity_credentials.get(GROUP, NAME, "pipeline")
    assert missing.value.error.code == "NotFound"
