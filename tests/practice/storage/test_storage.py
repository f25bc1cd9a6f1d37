"""Storage accounts and their file shares, which are folders of this machine."""

import asyncio

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.mgmt.storage.aio import StorageManagementClient

from tests.conftest import Practice, register_all
from tests.practice.helping import group
from wizard.practice.storage.storage_accounts import MountError, mount

GROUP, ACCOUNT, SHARE = "rg-orders-dev", "stordersdev", "fileshare-db-orders-dev"
WANTED = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {"minimumTlsVersion": "TLS1_2"}}


def connect(practice: Practice) -> StorageManagementClient:
    return StorageManagementClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport())


async def make(client, name=ACCOUNT, **properties):
    expected = {**WANTED, "properties": {**WANTED["properties"], **properties}}
    return await (await client.storage_accounts.begin_create(GROUP, name, expected, polling_interval=0.05)).result()


@pytest.fixture
async def client(practice: Practice):
    await group(practice)
    async with connect(practice) as client:
        yield client


@pytest.fixture
async def account(client):
    return await make(client)


@pytest.fixture
async def key(client, account):
    return (await client.storage_accounts.list_keys(GROUP, ACCOUNT)).keys_property[0].value


async def test_an_account_is_made_in_the_background_and_not_usable_before(start_practice):
    practice = await start_practice(speed="fast")
    register_all(practice.cloud)
    await group(practice)
    path = f"/resourceGroups/{GROUP}/providers/Microsoft.Storage/storageAccounts/{ACCOUNT}"
    first = await practice.call("PUT", path, WANTED)
    assert (first.status, first.body, first.headers["Retry-After"]) == (202, None, "1")
    assert "/providers/Microsoft.Storage/locations/westeurope/asyncoperations/" in first.headers["Location"]
    keys = await practice.call("POST", path + "/listKeys")
    assert (keys.status, keys.body["error"]["code"]) == (409, "StorageAccountIsNotProvisioned")
    again = await practice.call("PUT", path, WANTED)
    assert (again.status, again.body["error"]["code"]) == (409, "StorageAccountOperationInProgress")
    polled = await practice.call("GET", first.headers["Location"].removeprefix("https://management.azure.com").partition("?")[0])
    assert polled.status == 202
    await practice.cloud.operations.finished(practice.cloud.operations.running_on(practice.scope + path)["id"])
    done = await practice.call("GET", first.headers["Location"].removeprefix("https://management.azure.com").partition("?")[0])
    assert (done.status, done.body["properties"]["provisioningState"]) == (200, "Succeeded")


async def test_an_account_is_made_changed_listed_and_deleted_through_the_sdk(client, account):
    assert account.primary_endpoints.file == f"https://{ACCOUNT}.file.core.windows.net/"
    changed = await client.storage_accounts.update(GROUP, ACCOUNT, {"tags": {"a": "b"}, "properties": {"allowBlobPublicAccess": False}})
    assert changed.tags == {"a": "b"}
    assert (await make(client)).name == ACCOUNT
    with pytest.raises(HttpResponseError) as refused:  # what an account is given once and for all
        await make(client, isHnsEnabled=True)
    assert (refused.value.status_code, refused.value.error.code) == (400, "AccountPropertyCannotBeUpdated")
    with pytest.raises(HttpResponseError) as refused:
        await client.storage_accounts.update(GROUP, ACCOUNT, {"kind": "BlobStorage"})
    assert refused.value.error.message == "The property 'kind' was specified in the input, but it cannot be updated."
    assert [each.name async for each in client.storage_accounts.list()] == [ACCOUNT]
    await client.storage_accounts.delete(GROUP, ACCOUNT)
    with pytest.raises(ResourceNotFoundError):
        await client.storage_accounts.get_properties(GROUP, ACCOUNT)


@pytest.mark.parametrize("name", ["st", "StOrders", "st-orders", "stordersdevwithaverylongname"])
async def test_a_name_that_no_account_can_have_is_refused(client, name):
    answer = await client.storage_accounts.check_name_availability({"name": name, "type": "Microsoft.Storage/storageAccounts"})
    assert (answer.name_available, answer.reason) == (False, "AccountNameInvalid")
    with pytest.raises(HttpResponseError) as refused:
        await make(client, name)
    assert refused.value.error.code == "AccountNameInvalid"


async def test_an_account_name_that_others_have_is_taken(start_practice):
    practice = await start_practice(faults=("name-taken",))
    register_all(practice.cloud)
    await group(practice)
    async with connect(practice) as client:
        with pytest.raises(ResourceExistsError) as refused:
            await make(client)
        assert refused.value.error.message == f"The storage account named {ACCOUNT} is already taken."
        answer = await client.storage_accounts.check_name_availability({"name": ACCOUNT, "type": "Microsoft.Storage/storageAccounts"})
        assert (answer.name_available, answer.reason) == (False, "AlreadyExists")


async def test_a_policy_against_account_keys_refuses_accounts_that_have_them(start_practice):
    practice = await start_practice(faults=("policy-no-shared-key",))
    register_all(practice.cloud)
    await group(practice)
    async with connect(practice) as client:
        with pytest.raises(HttpResponseError) as refused:
            await make(client)
        assert (refused.value.status_code, refused.value.error.code) == (403, "RequestDisallowedByPolicy")
        account = await make(client, allowSharedKeyAccess=False)
        await client.file_shares.create(GROUP, ACCOUNT, SHARE, {"properties": {"shareQuota": 5}})
        keys = await client.storage_accounts.list_keys(GROUP, account.name)
    with pytest.raises(MountError, match=r"mount error\(13\): Permission denied"):
        mount(practice.cloud, ACCOUNT, SHARE, keys.keys_property[0].value)


async def test_an_account_whose_creation_failed_does_not_exist(start_practice):
    practice = await start_practice(faults=("fail:Microsoft.Storage/storageAccounts",))
    register_all(practice.cloud)
    await group(practice)
    async with connect(practice) as client:
        with pytest.raises(HttpResponseError):
            await make(client)
        with pytest.raises(ResourceNotFoundError):
            await client.storage_accounts.get_properties(GROUP, ACCOUNT)
        assert (await make(client)).name == ACCOUNT


async def test_a_share_is_a_folder_that_a_key_opens(client, practice, key):
    created = await client.file_shares.create(
        GROUP, ACCOUNT, SHARE, {"properties": {"shareQuota": 5, "accessTier": "TransactionOptimized"}}
    )
    assert created.share_quota == 5
    folder = mount(practice.cloud, ACCOUNT, SHARE, key)
    assert folder == practice.cloud.home / "shares" / ACCOUNT / SHARE
    assert folder.is_dir()
    with pytest.raises(MountError, match=r"mount error\(13\): Permission denied"):
        mount(practice.cloud, ACCOUNT, SHARE, "bm90IHRoZSBrZXk=")
    with pytest.raises(MountError, match=r"mount error\(2\): No such file or directory"):
        mount(practice.cloud, ACCOUNT, "other", key)


async def test_a_new_key_closes_what_the_old_one_opened(client, practice, key):
    await client.file_shares.create(GROUP, ACCOUNT, SHARE, {})
    answer = await client.storage_accounts.regenerate_key(GROUP, ACCOUNT, {"keyName": "key1"})
    with pytest.raises(MountError):
        mount(practice.cloud, ACCOUNT, SHARE, key)
    assert mount(practice.cloud, ACCOUNT, SHARE, answer.keys_property[0].value).is_dir()


async def test_shares_are_changed_listed_and_missed_through_the_sdk(client, account):
    await client.file_shares.create(GROUP, ACCOUNT, SHARE, {"properties": {"shareQuota": 5}})
    await client.file_shares.update(GROUP, ACCOUNT, SHARE, {"properties": {"shareQuota": 7}})
    assert [(share.name, share.share_quota) async for share in client.file_shares.list(GROUP, ACCOUNT)] == [(SHARE, 7)]
    assert (await client.file_shares.get(GROUP, ACCOUNT, SHARE)).share_quota == 7
    with pytest.raises(ResourceNotFoundError) as missing:
        await client.file_shares.get(GROUP, ACCOUNT, "other")
    assert missing.value.error.code == "ShareNotFound"


@pytest.mark.parametrize(("name", "code"), [("ab", "OutOfRangeInput"), ("Share", "InvalidResourceName"), ("a--b", "InvalidResourceName")])
async def test_a_name_that_no_share_can_have_is_refused(client, account, name, code):
    with pytest.raises(HttpResponseError) as refused:
        await client.file_shares.create(GROUP, ACCOUNT, name, {})
    assert refused.value.error.code == code


async def test_a_deleted_share_comes_back_with_what_was_in_it(client, practice, key):
    await client.file_services.set_service_properties(
        GROUP, ACCOUNT, {"properties": {"shareDeleteRetentionPolicy": {"enabled": True, "days": 14}}}
    )
    await client.file_shares.create(GROUP, ACCOUNT, SHARE, {})
    folder = mount(practice.cloud, ACCOUNT, SHARE, key)
    (folder / "orders.db").write_text("orders")
    await client.file_shares.delete(GROUP, ACCOUNT, SHARE)
    assert not folder.exists()
    assert [share.name async for share in client.file_shares.list(GROUP, ACCOUNT)] == []
    (deleted,) = [share async for share in client.file_shares.list(GROUP, ACCOUNT, expand="deleted")]
    assert (deleted.deleted, deleted.remaining_retention_days) == (True, 14)
    await client.file_shares.restore(GROUP, ACCOUNT, SHARE, {"deletedShareName": SHARE, "deletedShareVersion": deleted.version})
    assert (folder / "orders.db").read_text() == "orders"


async def test_a_share_deleted_without_retention_is_gone(client, practice, key):
    await client.file_services.set_service_properties(GROUP, ACCOUNT, {"properties": {"shareDeleteRetentionPolicy": {"enabled": False}}})
    assert (await client.file_services.get_service_properties(GROUP, ACCOUNT)).share_delete_retention_policy.enabled is False
    await client.file_shares.create(GROUP, ACCOUNT, SHARE, {})
    await client.file_shares.delete(GROUP, ACCOUNT, SHARE)
    assert [share async for share in client.file_shares.list(GROUP, ACCOUNT, expand="deleted")] == []


async def test_deleting_the_account_or_its_group_removes_its_folders(client, practice, key):
    await client.file_shares.create(GROUP, ACCOUNT, SHARE, {})
    await client.storage_accounts.delete(GROUP, ACCOUNT)
    assert not (practice.cloud.home / "shares" / ACCOUNT).exists()
    await make(client)
    await client.file_shares.create(GROUP, ACCOUNT, SHARE, {})
    await practice.call("DELETE", f"/resourceGroups/{GROUP}")
    await asyncio.gather(*practice.cloud.operations._tasks.values())
    assert not (practice.cloud.home / "shares" / ACCOUNT).exists()
    assert len(practice.cloud.store.collection("file_shares")) == 0


async def test_a_reader_sees_the_account_but_not_its_keys(start_practice):
    practice = await start_practice()
    register_all(practice.cloud)
    await group(practice)
    async with connect(practice) as client:
        await make(client)
        practice.cloud.faults.add(["account:reader"])
        assert (await client.storage_accounts.get_properties(GROUP, ACCOUNT)).name == ACCOUNT
        with pytest.raises(HttpResponseError) as refused:
            await client.storage_accounts.list_keys(GROUP, ACCOUNT)
        assert "Microsoft.Storage/storageAccounts/listKeys/action" in refused.value.error.message
        with pytest.raises(HttpResponseError) as refused:
            await client.file_shares.create(GROUP, ACCOUNT, SHARE, {})
        assert "Microsoft.Storage/storageAccounts/fileServices/shares/write" in refused.value.error.message


@pytest.mark.parametrize("closed", [{"networkAcls": {"defaultAction": "Deny"}}, {"publicNetworkAccess": "Disabled"}])
async def test_a_closed_account_lets_no_app_mount_its_shares(practice, client, closed):
    await make(client)
    await client.file_shares.create(GROUP, ACCOUNT, SHARE, {"properties": {"shareQuota": 1}})
    key = (await client.storage_accounts.list_keys(GROUP, ACCOUNT)).keys_property[0].value
    assert mount(practice.cloud, ACCOUNT, SHARE, key).is_dir()
    await client.storage_accounts.update(GROUP, ACCOUNT, {"properties": closed})
    with pytest.raises(MountError, match=r"mount error\(13\): Permission denied"):
        mount(practice.cloud, ACCOUNT, SHARE, key)


@pytest.mark.parametrize(
    ("sku", "second", "readable"),
    [("Standard_LRS", None, False), ("Standard_GRS", "northeurope", False), ("Standard_RAGZRS", "northeurope", True)],
)
async def test_a_geo_redundant_account_tells_where_its_second_copy_lies(
    practice: Practice, sku: str, second: str | None, readable: bool
) -> None:
    await practice.call("PUT", "/resourceGroups/rg-geo", {"location": "westeurope"})
    path = "/resourceGroups/rg-geo/providers/Microsoft.Storage/storageAccounts/stgeo0001"
    assert (await practice.call("PUT", path, {**WANTED, "sku": {"name": sku}})).status == 202
    properties = (await practice.call("GET", path)).body["properties"]
    assert properties.get("secondaryLocation") == second
    assert ("secondaryEndpoints" in properties) is readable
