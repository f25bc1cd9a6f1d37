"""Key vaults: made, soft-deleted, recovered, purged, and refused in Azure's words; secrets behind the vault's own name."""

import asyncio

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.keyvault.secrets.aio import SecretClient
from azure.mgmt.keyvault.aio import KeyVaultManagementClient

from tests.conftest import Practice, register_all
from tests.practice.helping import ADMINISTRATOR, SECRETS_USER, VAULT, grant, group, revoke, vault_body
from wizard.practice.kernel.errors import AzureError
from wizard.practice.vault import data_plane as vault_secrets

APP_ADDRESS = "203.0.113.7"  # where the requests of an app come from


@pytest.fixture
async def client(practice: Practice):
    await group(practice)
    async with KeyVaultManagementClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport()) as client:
        yield client


async def make(client, practice, name="kv-orders-dev", **properties):
    poller = await client.vaults.begin_create_or_update("rg-orders-dev", name, vault_body(practice, **properties), polling_interval=0.05)
    return await poller.result()


@pytest.fixture
async def secrets(client, practice):
    vault = await make(client, practice)
    await grant(practice, vault.id, ADMINISTRATOR)
    async with SecretClient(vault.properties.vault_uri, practice.credential(), transport=practice.transport()) as secrets:
        yield secrets


async def test_a_vault_is_registering_its_name_until_it_has_succeeded(start_practice):
    practice = await start_practice(speed="fast")
    register_all(practice.cloud)
    await group(practice)
    path = "/resourceGroups/rg-orders-dev/providers/Microsoft.KeyVault/vaults/kv-orders-dev"
    first = await practice.call("PUT", path, vault_body(practice), version="2026-05-15")
    assert first.status == 200
    assert first.body["properties"]["provisioningState"] == "RegisteringDns"
    assert first.body["properties"]["vaultUri"] == "https://kv-orders-dev.vault.azure.net"
    assert practice.cloud.hosts.find("kv-orders-dev.vault.azure.net") is None
    operation = practice.cloud.operations.running_on(practice.scope + path)
    await practice.cloud.operations.finished(operation["id"])
    ready = await practice.call("GET", path, version="2026-05-15")
    assert ready.body["properties"]["provisioningState"] == "Succeeded"
    assert ready.body["properties"]["vaultUri"] == "https://kv-orders-dev.vault.azure.net/"
    assert "kv-orders-dev.vault.azure.net" in practice.description["hosts"]


async def test_a_vault_is_in_role_mode_unless_an_old_client_makes_it(client, practice):
    body = {**VAULT, "properties": {**VAULT["properties"], "tenantId": practice.cloud.tenant_id}}
    path = "/resourceGroups/rg-orders-dev/providers/Microsoft.KeyVault/vaults/"
    assert (await practice.call("PUT", path + "kv-a01", body, version="2026-05-15")).body["properties"]["enableRbacAuthorization"] is True
    old = (await practice.call("PUT", path + "kv-a02", body, version="2023-07-01")).body["properties"]
    assert old.get("enableRbacAuthorization") is None  # recorded


@pytest.mark.parametrize("name", ["kv", "1kv-orders", "kv--orders", "kv-orders-", "kv-orders-with-a-long-name", "kv_orders"])
async def test_a_name_that_no_vault_can_have_is_refused(client, practice, name):
    with pytest.raises(HttpResponseError) as refused:
        await make(client, practice, name)
    assert refused.value.error.code == "VaultNameNotValid"
    answer = await client.vaults.check_name_availability({"name": name, "type": "Microsoft.KeyVault/vaults"})
    assert (answer.name_available, answer.reason) == (False, "AccountNameInvalid")


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"softDeleteRetentionInDays": 6}, "between 7 and 90"),
        ({"softDeleteRetentionInDays": 91}, "between 7 and 90"),
        ({"enablePurgeProtection": False}, "cannot be set to false"),
        ({"tenantId": "c0ffee00-0000-0000-0000-000000000000"}, "tenantId"),
    ],
)
async def test_a_vault_with_impossible_properties_is_refused(client, practice, properties, words):
    with pytest.raises(HttpResponseError) as refused:
        await make(client, practice, **properties)
    assert (refused.value.status_code, refused.value.error.code) == (400, "BadRequest")
    assert words in refused.value.error.message


async def test_the_retention_of_a_vault_cannot_be_changed(client, practice):
    await make(client, practice)
    with pytest.raises(HttpResponseError, match="can't be modified"):
        await make(client, practice, softDeleteRetentionInDays=30)


async def test_a_deleted_vault_keeps_its_name_and_secrets_until_it_is_recovered_or_purged(client, practice, secrets):
    await secrets.set_secret("api-key", "canary-1")
    await client.vaults.delete("rg-orders-dev", "kv-orders-dev")
    assert practice.cloud.hosts.find("kv-orders-dev.vault.azure.net") is None
    with pytest.raises(ResourceNotFoundError):
        await client.vaults.get("rg-orders-dev", "kv-orders-dev")
    assert [vault.name async for vault in client.vaults.list_deleted()] == ["kv-orders-dev"]
    with pytest.raises(ResourceExistsError) as refused:
        await make(client, practice)
    assert refused.value.error.code == "ConflictError"
    assert refused.value.error.message.startswith("A vault with the same name already exists in deleted state.")

    recovered = await make(client, practice, createMode="recover")
    assert recovered.properties.provisioning_state == "Succeeded"
    await grant(practice, recovered.id, ADMINISTRATOR)  # a deleted vault has lost its role assignments
    assert (await secrets.get_secret("api-key")).value == "canary-1"

    await client.vaults.delete("rg-orders-dev", "kv-orders-dev")
    poller = await client.vaults.begin_purge_deleted("kv-orders-dev", "westeurope", polling_interval=0.05)
    await poller.result()
    with pytest.raises(ResourceNotFoundError) as gone:
        await client.vaults.get_deleted("kv-orders-dev", "westeurope")
    assert gone.value.error.code == "DeletedVaultNotFound"
    assert not practice.cloud.store.collection("vault_secrets")
    await grant(practice, (await make(client, practice)).id, ADMINISTRATOR)
    with pytest.raises(ResourceNotFoundError):
        await secrets.get_secret("api-key")


async def test_a_vault_with_purge_protection_cannot_be_purged(client, practice):
    await make(client, practice, enablePurgeProtection=True)
    await client.vaults.delete("rg-orders-dev", "kv-orders-dev")
    with pytest.raises(HttpResponseError) as refused:
        await client.vaults.begin_purge_deleted("kv-orders-dev", "westeurope")
    assert (refused.value.error.code, refused.value.error.message) == ("MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.")


async def test_deleting_the_group_deletes_its_vault_softly(client, practice):
    await make(client, practice)
    answer = await practice.call("DELETE", "/resourceGroups/rg-orders-dev")
    assert answer.status == 202
    await asyncio.gather(*practice.cloud.operations._tasks.values())
    assert [vault.name async for vault in client.vaults.list_deleted()] == ["kv-orders-dev"]


async def test_a_vault_name_that_others_have_is_taken(start_practice):
    practice = await start_practice(faults=("name-taken",))
    register_all(practice.cloud)
    await group(practice)
    async with KeyVaultManagementClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport()) as client:
        answer = await client.vaults.check_name_availability({"name": "kv-orders-dev", "type": "Microsoft.KeyVault/vaults"})
        assert (answer.name_available, answer.reason) == (False, "AlreadyExists")
        with pytest.raises(ResourceExistsError) as refused:
            await make(client, practice)
        assert refused.value.error.code == "VaultAlreadyExists"
        assert (await make(client, practice, "kv-orders-dev-x7")).name == "kv-orders-dev-x7"


async def test_under_the_fault_a_deleted_vault_of_the_wanted_name_can_be_recovered_or_purged(start_practice):
    practice = await start_practice(faults=("vault-soft-deleted",))
    register_all(practice.cloud)
    await group(practice)
    async with KeyVaultManagementClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport()) as client:
        with pytest.raises(ResourceNotFoundError):
            await client.vaults.get("rg-orders-dev", "kv-orders-dev")
        assert [vault.name async for vault in client.vaults.list_deleted()] == ["kv-orders-dev"]
        with pytest.raises(ResourceExistsError):
            await make(client, practice)
        assert (await client.vaults.get_deleted("kv-orders-dev", "westeurope")).name == "kv-orders-dev"
        assert (await make(client, practice, createMode="recover")).name == "kv-orders-dev"


async def test_a_vault_whose_creation_failed_says_so(start_practice):
    practice = await start_practice(faults=("fail:Microsoft.KeyVault/vaults",))
    register_all(practice.cloud)
    await group(practice)
    async with KeyVaultManagementClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport()) as client:
        with pytest.raises(HttpResponseError):
            await make(client, practice)
        assert (await client.vaults.get("rg-orders-dev", "kv-orders-dev")).properties.provisioning_state == "Failed"


async def test_the_first_call_to_a_vault_is_answered_by_the_sign_in_challenge(client, practice):
    await make(client, practice)
    async with practice.session.get("https://kv-orders-dev.vault.azure.net/secrets?api-version=7.4") as response:
        assert response.status == 401
        authority = f"https://login.microsoftonline.com/{practice.cloud.tenant_id}"
        assert response.headers["WWW-Authenticate"] == f'Bearer authorization="{authority}", resource="https://vault.azure.net"'
        assert (await response.json())["error"]["message"] == "AKV10000: Request is missing a Bearer or PoP token."


async def test_a_token_for_azure_resource_manager_opens_no_vault(client, practice):
    await make(client, practice)
    headers = {"Authorization": f"Bearer {await practice.token()}"}
    async with practice.session.get("https://kv-orders-dev.vault.azure.net/secrets?api-version=7.4", headers=headers) as response:
        assert response.status == 401


async def test_an_owner_without_a_data_role_is_refused_with_the_whole_message(client, practice):
    vault = await make(client, practice)
    async with SecretClient(vault.properties.vault_uri, practice.credential(), transport=practice.transport()) as secrets:
        with pytest.raises(HttpResponseError) as refused:
            await secrets.set_secret("api-key", "canary-2")
    assert refused.value.status_code == 403
    error = refused.value.error
    assert (error.code, error.innererror["code"]) == ("Forbidden", "ForbiddenByRbac")
    assert error.message.startswith("Caller is not authorized to perform action on resource.\r\n")
    assert "Action: 'Microsoft.KeyVault/vaults/secrets/setSecret/action'\r\n" in error.message
    assert "canary-2" not in error.message


async def test_secrets_are_set_read_versioned_listed_deleted_and_recovered(secrets):
    first = await secrets.set_secret("api-key", "one", content_type="text/plain", tags={"a": "b"})
    second = await secrets.set_secret("api-key", "two")
    assert first.properties.version != second.properties.version
    assert (await secrets.get_secret("api-key")).value == "two"
    assert (await secrets.get_secret("api-key", first.properties.version)).value == "one"
    assert len([version async for version in secrets.list_properties_of_secret_versions("api-key")]) == 2
    assert [secret.name async for secret in secrets.list_properties_of_secrets()] == ["api-key"]
    deleted = await secrets.delete_secret("api-key")
    assert deleted.name == "api-key"
    with pytest.raises(ResourceNotFoundError) as missing:
        await secrets.get_secret("api-key")
    assert missing.value.error.code == "SecretNotFound"
    with pytest.raises(ResourceExistsError) as conflict:
        await secrets.set_secret("api-key", "three")
    assert conflict.value.error.innererror["code"] == "ObjectIsDeletedButRecoverable"
    assert [secret.name async for secret in secrets.list_deleted_secrets()] == ["api-key"]
    await secrets.recover_deleted_secret("api-key")
    assert (await secrets.get_secret("api-key")).value == "two"
    await secrets.delete_secret("api-key")
    await secrets.purge_deleted_secret("api-key")
    await secrets.set_secret("api-key", "four")


async def test_a_long_list_of_secrets_comes_in_pages(secrets):
    for number in range(30):
        await secrets.set_secret(f"key-{number:02}", "value")
    assert len([secret async for secret in secrets.list_properties_of_secrets()]) == 30


async def test_a_disabled_secret_is_not_given_out(secrets):
    await secrets.set_secret("api-key", "one")
    await secrets.update_secret_properties("api-key", enabled=False)
    with pytest.raises(HttpResponseError) as refused:
        await secrets.get_secret("api-key")
    assert refused.value.error.innererror["code"] == "SecretDisabled"


async def test_a_secret_name_with_other_characters_is_refused(secrets):
    with pytest.raises(HttpResponseError) as refused:
        await secrets.set_secret("api_key", "one")
    assert refused.value.error.code == "BadParameter"


async def test_a_vault_closed_to_the_network_refuses_everyone(client, practice, secrets):
    await client.vaults.update("rg-orders-dev", "kv-orders-dev", {"properties": {"networkAcls": {"defaultAction": "Deny"}}})
    with pytest.raises(HttpResponseError) as refused:
        await secrets.get_secret("api-key")
    assert refused.value.error.innererror["code"] == "ForbiddenByFirewall"


async def test_an_identity_reads_a_secret_once_it_may(client, practice, secrets):
    await secrets.set_secret("api-key", "canary-3")
    vault = await client.vaults.get("rg-orders-dev", "kv-orders-dev")
    principal = practice.cloud.directory.add_managed_identity("app", "/subscriptions/x")["object_id"]
    url = f"{vault.properties.vault_uri}secrets/api-key"
    with pytest.raises(AzureError) as refused:
        vault_secrets.fetch(practice.cloud, url, principal, APP_ADDRESS)
    assert refused.value.inner == {"code": "ForbiddenByRbac"}
    assignment = await grant(practice, vault.id, SECRETS_USER, principal)
    assert vault_secrets.fetch(practice.cloud, url, principal, APP_ADDRESS) == "canary-3"
    with pytest.raises(AzureError) as missing:
        vault_secrets.fetch(practice.cloud, f"{vault.properties.vault_uri}secrets/other", principal, APP_ADDRESS)
    assert missing.value.code == "SecretNotFound"
    await revoke(practice, assignment)
    with pytest.raises(AzureError):
        vault_secrets.fetch(practice.cloud, url, principal, APP_ADDRESS)


async def test_a_secret_set_through_the_control_plane_shows_no_value(client, practice, secrets):
    created = await client.secrets.create_or_update("rg-orders-dev", "kv-orders-dev", "api-key", {"properties": {"value": "canary-4"}})
    assert created.properties.value is None
    assert (await secrets.get_secret("api-key")).value == "canary-4"


async def test_secret_values_lie_in_the_vault_file_alone(secrets, practice):
    await secrets.set_secret("api-key", "canary-5-canary")
    await secrets.delete_secret("api-key")
    holders = [file.name for file in practice.cloud.home.rglob("*") if file.is_file() and b"canary-5-canary" in file.read_bytes()]
    assert holders
    assert all(name.startswith("vault.db") for name in holders)


@pytest.mark.parametrize("wrong", [{"properties": "x"}, {"tags": {"a": {}}}, {"properties": {"accessPolicies": ["x"]}}, []])
async def test_a_body_of_another_shape_is_refused_and_breaks_nothing(client, practice, wrong):
    body = {**vault_body(practice), **wrong} if isinstance(wrong, dict) else wrong
    answer = await practice.call("PUT", "/resourceGroups/rg-orders-dev/providers/Microsoft.KeyVault/vaults/kv-orders-dev", body)
    assert answer.status == 400
    assert [vault.name async for vault in client.vaults.list_by_subscription()] == []


@pytest.mark.parametrize("query", ["", "?api-version=", "?api-version=1.0", "?api-version=7.99", "?api-version=latest"])
async def test_a_version_that_no_vault_knows_is_refused(client, practice, query):
    await make(client, practice)
    headers = {"Authorization": f"Bearer {await practice.token('https://vault.azure.net')}"}
    async with practice.session.get(f"https://kv-orders-dev.vault.azure.net/secrets/api-key{query}", headers=headers) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (400, "BadParameter")
