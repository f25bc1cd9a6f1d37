"""Signing in and opening a subscription, on the practice cloud."""

import asyncio

import pytest
from azure.core.exceptions import ResourceNotFoundError

from wizard.cloud import ErrorKind, SignInError, connect_practice, translate
from wizard.cloud.permissions.checker import PermissionChecker, Permitted
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.transport import practice_process as practice


async def test_the_practice_account_is_known_and_opens_its_subscription(cloud):
    info = practice.read()
    assert (cloud.kind, cloud.subscription_id, cloud.tenant_id) == ("practice", info.subscription_id, info.tenant_id)
    assert cloud.subscription_name
    assert cloud.principal.object_id
    assert cloud.principal.kind in ("User", "ServicePrincipal")
    assert cloud.principal.name


async def test_clients_that_start_together_sign_in_once(practice_home):
    async with await connect_practice() as cloud:
        before = cloud.requests
        await asyncio.gather(
            *(cloud.resources.resource_groups.check_existence(f"rg-{n}") for n in range(5)), cloud.arm("GET", "/tenants", "2022-12-01")
        )
        assert cloud.requests - before == 6


async def test_a_subscription_is_found_by_its_name_in_any_case(practice_home):
    async with await connect_practice() as first:
        name = first.subscription_name
    async with await connect_practice(name.upper()) as cloud:
        assert cloud.subscription_name == name


@pytest.mark.parametrize("wanted", ["Practise subscription", "00000000-1111-2222-3333-444444444444"])
async def test_a_subscription_that_is_not_there_is_refused_with_those_that_are(practice_home, wanted):
    with pytest.raises(Exception) as refused:
        await connect_practice(wanted)
    problem = translate(refused.value)
    assert problem.kind is ErrorKind.SUBSCRIPTION
    assert wanted in problem.sentence
    assert "Practice subscription" in problem.sentence


async def test_a_person_signs_in_with_a_device_code(practice_home):
    shown = asyncio.get_running_loop().create_future()
    loop = asyncio.get_running_loop()

    def show(code):
        loop.call_soon_threadsafe(shown.set_result, code)

    connecting = asyncio.create_task(connect_practice(credential="device-code", prompt=show))
    code = await shown
    assert code.url.startswith("https://")
    await asyncio.to_thread(practice.approve, code.code)
    async with await connecting as cloud:
        assert cloud.principal.object_id
        assert not await cloud.resources.resource_groups.check_existence("rg-none")
        assert cloud.requests >= 6


async def test_a_device_code_needs_someone_to_show_it_to(practice_home):
    with pytest.raises(SignInError, match="device code"):
        await connect_practice(credential="device-code")


async def test_a_name_that_practice_does_not_serve_does_not_resolve(cloud):
    with pytest.raises(Exception) as refused:
        await cloud.call_app("www.example.com")
    assert translate(refused.value).kind is ErrorKind.NAMES


async def test_calling_an_app_is_not_counted(cloud):
    before = cloud.requests
    with pytest.raises(Exception):  # noqa: B017
        await cloud.call_app("no.app.azurecontainerapps.io")
    assert cloud.requests == before


async def test_nothing_registers_a_provider_behind_the_wizards_back(cloud):
    await cloud.resources.resource_groups.create_or_update("rg-seam", {"location": "westeurope"})
    with pytest.raises(Exception) as refused:
        await cloud.identities.user_assigned_identities.create_or_update("rg-seam", "id-seam", {"location": "westeurope"})
    assert translate(refused.value).kind is ErrorKind.NOT_REGISTERED
    provider = await cloud.resources.providers.get("Microsoft.ManagedIdentity")
    assert provider.registration_state == "NotRegistered"


async def test_a_raw_call_raises_what_the_sdk_would(cloud):
    path = f"/subscriptions/{cloud.subscription_id}/resourceGroups/rg-none"
    with pytest.raises(ResourceNotFoundError) as refused:
        await cloud.arm("GET", path, "2021-04-01")
    assert refused.value.error.code == "ResourceGroupNotFound"
    with pytest.raises(ValueError, match="not an address"):
        await cloud.arm("GET", "https://elsewhere.example/x", "2021-04-01")


async def test_the_accounts_rights_are_known_in_one_request(cloud):
    scope = f"/subscriptions/{cloud.subscription_id}"
    write = PermissionRequirement("Microsoft.KeyVault/vaults/write", scope, "Contributor")
    read_secret = PermissionRequirement("Microsoft.KeyVault/vaults/secrets/getSecret/action", scope, "Key Vault Secrets User", data=True)
    before = cloud.requests
    assert await PermissionChecker(cloud).may(scope, [write, read_secret]) == {write: Permitted.ALLOWED, read_secret: Permitted.DENIED}
    assert cloud.requests - before == 1


async def test_rights_at_a_place_that_is_not_there_yet_are_those_above_it(cloud):
    scope = f"/subscriptions/{cloud.subscription_id}/resourceGroups/rg-not-yet"
    write = PermissionRequirement("Microsoft.KeyVault/vaults/write", scope, "Contributor")
    assert await PermissionChecker(cloud).may(scope, [write]) == {write: Permitted.ALLOWED}


async def test_without_azures_own_verdict_the_list_of_permissions_gives_it(cloud, monkeypatch):
    scope = f"/subscriptions/{cloud.subscription_id}"
    write = PermissionRequirement("Microsoft.KeyVault/vaults/write", scope, "Contributor")
    monkeypatch.setattr("wizard.cloud.permissions.checker.CHECK_ACCESS_VERSION", "1999-01-01")

    async def not_offered(self, scope, rights):
        return {}

    monkeypatch.setattr(PermissionChecker, "_check_access", not_offered)
    assert await PermissionChecker(cloud).may(scope, [write]) == {write: Permitted.ALLOWED}
