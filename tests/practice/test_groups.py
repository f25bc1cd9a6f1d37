"""Resource groups: made, changed, deleted with what is in them, and refused in Azure's words."""

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.mgmt.resource.resources.aio import ResourceManagementClient

from tests.conftest import Practice


@pytest.fixture
async def client(practice: Practice):
    async with ResourceManagementClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport()) as client:
        yield client


async def test_a_group_is_made_read_and_deleted_through_the_sdk(client):
    made = await client.resource_groups.create_or_update("rg-orders-dev", {"location": "West Europe", "tags": {"a": "b"}})
    assert (made.location, made.tags, made.properties.provisioning_state) == ("westeurope", {"a": "b"}, "Succeeded")
    assert await client.resource_groups.check_existence("RG-ORDERS-DEV")
    poller = await client.resource_groups.begin_delete("rg-orders-dev", polling_interval=0.1)
    await poller.result()
    assert not await client.resource_groups.check_existence("rg-orders-dev")
    with pytest.raises(ResourceNotFoundError) as refused:
        await client.resource_groups.get("rg-orders-dev")
    assert refused.value.error.message == "Resource group 'rg-orders-dev' could not be found."
