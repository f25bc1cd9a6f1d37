"""Providers and their registration; regions; subscriptions."""

import asyncio

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.resource.resources.aio import ResourceManagementClient
from azure.mgmt.resource.subscriptions.aio import SubscriptionClient

from tests.conftest import Practice, StartPractice
from wizard.practice.arm.regions import region_of, regions_of_type


def sdk(practice: Practice) -> ResourceManagementClient:
    return ResourceManagementClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport())


async def test_a_provider_starts_unregistered_and_takes_its_time(start_practice: StartPractice):
    practice = await start_practice(speed="real")
    client = sdk(practice)
    assert (await client.providers.get("Microsoft.App")).registration_state == "NotRegistered"
    assert (await client.providers.register("Microsoft.App")).registration_state == "Registering"
    assert (await client.providers.register("microsoft.app")).registration_state == "Registering"
    (running,) = [o for o in practice.cloud.store.collection("operations").values() if o["status"] == "InProgress"]
    assert running["due"] - running["started"] == pytest.approx(20, abs=0.01)


async def test_a_registration_ends_registered_and_can_be_taken_back(start_practice: StartPractice):
    practice = await start_practice()
    client = sdk(practice)
    for act, state in ((client.providers.register, "Registered"), (client.providers.unregister, "NotRegistered")):
        await act("Microsoft.Storage")
        for operation in list(practice.cloud.store.collection("operations").values()):
            await practice.cloud.operations.finished(operation["id"])
        assert (await client.providers.get("Microsoft.Storage")).registration_state == state


async def test_a_refused_registration_names_the_action_at_the_subscription(start_practice: StartPractice):
    practice = await start_practice(faults=("provider-denied:Microsoft.App",))
    with pytest.raises(HttpResponseError) as refused:
        await sdk(practice).providers.register("Microsoft.App")
    assert refused.value.error.code == "AuthorizationFailed"
    assert f"'Microsoft.App/register/action' over scope '{practice.scope}'" in refused.value.error.message
    assert (await sdk(practice).providers.register("Microsoft.Storage")).registration_state == "Registering"


async def test_a_reader_may_not_register(practice: Practice):
    practice.cloud.faults.add(["account:reader"])
    refused = await practice.call("POST", "/providers/Microsoft.App/register")
    assert (refused.status, "'Microsoft.App/register/action'" in refused.body["error"]["message"]) == (403, True)


async def test_providers_list_their_types_with_display_names_of_regions(practice: Practice):
    client = sdk(practice)
    provider = await client.providers.get("microsoft.app", expand="resourceTypes/aliases")
    (environments,) = [kind for kind in provider.resource_types if kind.resource_type == "managedEnvironments"]
    assert "West Europe" in environments.locations and "Germany North" not in environments.locations
    assert {p.namespace async for p in client.providers.list()} >= {"Microsoft.App", "Microsoft.KeyVault", "Microsoft.Authorization"}
    unknown = await practice.call("GET", "/providers/Microsoft.Nothing")
    assert (unknown.status, unknown.body["error"]["code"]) == (404, "InvalidResourceNamespace")


async def test_the_practice_subscription_its_tenant_and_its_regions(practice: Practice):
    client = SubscriptionClient(practice.credential(), transport=practice.transport())
    (subscription,) = [s async for s in client.subscriptions.list()]
    assert (subscription.display_name, subscription.tenant_id) == ("Practice subscription", practice.cloud.tenant_id)
    assert (await client.subscriptions.get(subscription.subscription_id)).state == "Enabled"
    assert [tenant.display_name async for tenant in client.tenants.list()] == ["Practice"]
    locations = {place.name: place async for place in client.subscriptions.list_locations(subscription.subscription_id)}
    assert locations["westeurope"].display_name == "West Europe" and locations["westeurope"].metadata.region_type == "Physical"


async def test_seeded_subscriptions_come_in_pages(start_practice: StartPractice):
    practice = await start_practice(seeds=(("subscriptions", 2000),))
    client = SubscriptionClient(practice.credential(), transport=practice.transport())
    names = [s.display_name async for s in client.subscriptions.list()]
    assert len(names) == len(set(names)) == 2001
    assert (await client.subscriptions.get("5eeded00-0000-4000-8000-000000002000")).display_name == "Seeded subscription 2000"


async def test_a_free_trial_shows_in_the_subscriptions_policies(start_practice: StartPractice):
    practice = await start_practice(faults=("free-trial",))
    body = (await practice.call("GET", practice.scope)).body
    assert body["subscriptionPolicies"]["quotaId"].startswith("FreeTrial_")


def test_some_regions_lack_container_apps():
    offered = {region.name for region in regions_of_type("Microsoft.App/containerApps")}
    assert region_of("West Europe").name in offered and region_of("germanynorth").name not in offered
    assert region_of("germanynorth") in regions_of_type("Microsoft.KeyVault/vaults")
    assert region_of("atlantis") is None


async def test_many_registrations_at_once_do_not_disturb_each_other(start_practice: StartPractice):
    practice = await start_practice()
    names = ("Microsoft.App", "Microsoft.KeyVault", "Microsoft.Storage", "Microsoft.ContainerRegistry")
    await asyncio.gather(*(sdk(practice).providers.register(name) for name in names))
    for operation in list(practice.cloud.store.collection("operations").values()):
        await practice.cloud.operations.finished(operation["id"])
    assert {practice.cloud.store.collection("providers")[name]["state"] for name in names} == {"Registered"}
