"""The storage account and its shares, on the practice cloud."""

from tests.steps.conftest import Setup, StartSetup
from wizard.engine.step import Status
from wizard.steps import project, storage

PATH = "/resourceGroups/rg-orders-dev/providers/Microsoft.Storage/storageAccounts/stordersdev"
SHARE = f"{PATH}/fileServices/default/shares/fileshare-db-orders-dev"
VERSION = "2023-05-01"
BOTH = (project.CONTRIBUTION, storage.CONTRIBUTION)
SHARES = [{"designation": "db", "mount": "/data", "nobrl": True}, {"designation": "logs", "mount": "/logs"}]


async def started(start_setup: StartSetup, faults: tuple[str, ...] = (), **more: object) -> Setup:
    return await start_setup(faults=faults, storage={"shares": SHARES, **more})


async def test_the_account_lies_in_the_region_with_its_key_on_and_its_blobs_closed(start_setup: StartSetup):
    setup = await started(start_setup)
    assert (await setup.apply(*BOTH)).outcome == "succeeded", setup.events
    body = (await setup.practice.call("GET", PATH, version=VERSION)).body
    assert (body["location"], body["kind"], body["sku"]["name"]) == ("westeurope", "StorageV2", "Standard_LRS")
    properties = body["properties"]
    assert properties["allowSharedKeyAccess"] is True and properties["allowBlobPublicAccess"] is False
    assert properties["minimumTlsVersion"] == "TLS1_2" and properties["supportsHttpsTrafficOnly"] is True
    assert set((await setup.actions(*BOTH)).values()) == {"keep"}


async def test_a_share_has_the_articles_name_and_a_folder_of_its_own(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*BOTH)
    assert (await setup.practice.call("GET", SHARE, version=VERSION)).status == 200
    assert (setup.practice.cloud.home / "shares" / "stordersdev" / "fileshare-db-orders-dev").is_dir()


async def test_deleted_shares_are_kept_as_long_as_asked_and_a_change_is_made(start_setup: StartSetup):
    setup = await started(start_setup, backup_days=14)
    await setup.apply(*BOTH)
    service = f"{PATH}/fileServices/default"
    policy = (await setup.practice.call("GET", service, version=VERSION)).body["properties"]["shareDeleteRetentionPolicy"]
    assert policy == {"enabled": True, "days": 14}
    setup.tables["storage"]["backup_days"] = 0
    assert (await setup.actions(*BOTH))["storage.backup"] == "change"
    await setup.apply(*BOTH)
    assert (await setup.practice.call("GET", service, version=VERSION)).body["properties"]["shareDeleteRetentionPolicy"]["enabled"] is False
    assert (await setup.actions(*BOTH))["storage.backup"] == "keep"


async def test_a_larger_share_is_a_change_that_keeps_its_files(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*BOTH)
    file = setup.practice.cloud.home / "shares" / "stordersdev" / "fileshare-db-orders-dev" / "orders.db"
    file.write_text("orders")
    setup.tables["storage"]["shares"] = [{**SHARES[0], "quota": 20}, SHARES[1]]
    assert (await setup.apply(*BOTH)).changed == 1
    assert (await setup.practice.call("GET", SHARE, version=VERSION)).body["properties"]["shareQuota"] == 20
    assert file.read_text() == "orders"


async def test_a_setup_without_shares_needs_no_account(start_setup: StartSetup):
    setup = await start_setup()
    assert storage.CONTRIBUTION.steps(setup.answers) == []


async def test_a_share_that_is_no_longer_named_stays_and_is_said(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*BOTH)
    setup.tables["storage"]["shares"] = SHARES[:1]
    notes = (await setup.plan(*BOTH)).notes
    assert len(notes) == 1 and "fileshare-logs-orders-dev" in notes[0]


async def test_a_name_that_others_have_is_a_conflict_with_another_one_offered(start_setup: StartSetup):
    setup = await started(start_setup, faults=("name-taken",))
    look = next(item.look for item in (await setup.plan(*BOTH)).steps if item.step.id == "storage.account")
    assert look.found is Status.CONFLICT and 'account = "stordersdev' in look.remedy


async def test_a_policy_against_keys_is_known_before_by_its_name_and_the_rest_can_be_made(start_setup: StartSetup):
    setup = await started(start_setup, faults=("policy-no-shared-key",))
    result = await setup.apply(*BOTH)
    assert result.failed == 0 and result.blocked == 4 and result.created == 1
    assert "rule" in setup.told("storage.account")[-1]
    setup.practice.cloud.faults.clear()
    assert (await setup.apply(*BOTH)).outcome == "succeeded"


async def test_an_existing_account_without_keys_is_a_conflict(start_setup: StartSetup):
    setup = await started(start_setup, existing=True)
    await setup.apply(project.CONTRIBUTION)
    body = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {"allowSharedKeyAccess": False}}
    await setup.practice.call("PUT", PATH, body, version=VERSION)
    look = next(item.look for item in (await setup.plan(*BOTH)).steps if item.step.id == "storage.account")
    assert look.found is Status.CONFLICT and "key" in look.detail


async def test_destroy_leaves_an_existing_account_and_takes_only_its_own_shares(start_setup: StartSetup):
    setup = await started(start_setup, existing=True)
    await setup.apply(project.CONTRIBUTION)
    body = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {"allowSharedKeyAccess": True}}
    await setup.practice.call("PUT", PATH, body, version=VERSION)
    other = SHARE.replace("fileshare-db", "fileshare-logs")
    await setup.practice.call("PUT", other, {"properties": {}}, version=VERSION)
    await setup.apply(*BOTH)
    await setup.destroy(storage.CONTRIBUTION)
    assert (await setup.practice.call("GET", PATH, version=VERSION)).status == 200
    assert (await setup.practice.call("GET", SHARE, version=VERSION)).status == 404
    assert (await setup.practice.call("GET", other, version=VERSION)).status == 200


async def test_destroy_removes_the_account_with_its_shares(start_setup: StartSetup):
    setup = await started(start_setup)
    await setup.apply(*BOTH)
    assert (await setup.destroy(*BOTH)).outcome == "succeeded", setup.events
    assert (await setup.practice.call("GET", "/resourceGroups/rg-orders-dev")).status == 404


async def test_the_account_is_recovered_with_how_long_it_keeps(start_setup: StartSetup):
    setup = await started(start_setup, backup_days=3)
    await setup.apply(*BOTH)
    assert await setup.recovered(storage.CONTRIBUTION) == {"account": "stordersdev", "backup_days": 3}
