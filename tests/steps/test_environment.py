"""The environment and its storages, on the practice cloud: made, waited for, shared, in the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.steps.conftest import Setup, StartSetup
from tests.steps.deployed import ENVIRONMENT, VERSION, app, changes, deployed, make
from wizard.steps import environment, project, storage

SHARES = {"shares": [{"designation": "db", "mount": "/data"}, {"designation": "json", "mount": "/json", "access": "ReadOnly"}]}
OTHERS = "/resourceGroups/rg-shared/providers/Microsoft.App/managedEnvironments/cae-shared"
BODY: dict[str, Any] = {
    "location": "northeurope",
    "properties": {"workloadProfiles": [{"name": "Consumption", "workloadProfileType": "Consumption"}]},
}


async def made(setup: Setup) -> Setup:
    assert (await setup.apply(project.CONTRIBUTION, storage.CONTRIBUTION, environment.CONTRIBUTION)).outcome == "succeeded"
    return setup


async def others_environment(setup: Setup) -> None:
    await setup.practice.call("PUT", "/resourceGroups/rg-shared", {"location": "northeurope"})
    assert (await setup.practice.call("PUT", OTHERS, BODY, version=VERSION)).status == 201
    while (await setup.practice.call("GET", OTHERS, version=VERSION)).body["properties"]["provisioningState"] != "Succeeded":
        pass


async def read(setup: Setup, path: str) -> Any:
    return (await setup.practice.call("GET", path, version=VERSION)).body


async def test_it_is_made_with_logs_off_and_knows_each_share_with_its_access(start_setup: StartSetup):
    setup = await made(await start_setup(storage=SHARES))
    there = await read(setup, ENVIRONMENT)
    assert there["properties"]["appLogsConfiguration"]["destination"] in ("none", None)
    assert [profile["name"] for profile in there["properties"]["workloadProfiles"]] == ["Consumption"]
    assert (there["tags"]["azwizard-setup"], there["tags"]["azwizard-section"]) == ("orders-dev", "environment")
    storages = (await read(setup, f"{ENVIRONMENT}/storages"))["value"]
    assert {item["name"]: item["properties"]["azureFile"]["accessMode"] for item in storages} == {
        "azure-files-db": "ReadWrite",
        "azure-files-json": "ReadOnly",
    }
    assert set((await setup.actions(environment.CONTRIBUTION)).values()) == {"keep"}
    assert await setup.recovered(environment.CONTRIBUTION) == {"name": "cae-orders-dev"}


async def test_a_share_whose_access_changes_is_told_anew_because_azure_changes_only_keys(start_setup: StartSetup):
    setup = await made(await start_setup(storage=SHARES))
    setup.tables["storage"] = {"shares": [{"designation": "db", "mount": "/data", "access": "ReadOnly"}]}
    plan = await setup.plan(environment.CONTRIBUTION)
    assert [item.look.detail for item in plan.steps if item.action == "change"] == ["access: ReadWrite → ReadOnly"]
    await made(setup)
    assert (await read(setup, f"{ENVIRONMENT}/storages/azure-files-db"))["properties"]["azureFile"]["accessMode"] == "ReadOnly"


async def test_an_environment_of_others_is_used_left_alone_and_recovered(start_setup: StartSetup, tmp_path: Path):
    setup = await start_setup(storage=SHARES, environment={"name": "cae-shared", "existing": True, "resource_group": "rg-shared"})
    assert (await setup.actions(environment.CONTRIBUTION))["environment.environment"] == "blocked"
    await others_environment(setup)
    before = await read(setup, OTHERS)
    await made(setup)
    storages = (await read(setup, f"{OTHERS}/storages"))["value"]
    assert [item["name"] for item in storages] == ["azure-files-orders-db", "azure-files-orders-json"]
    assert await read(setup, OTHERS) == before
    result = await setup.destroy(environment.CONTRIBUTION)
    assert (result.deleted, result.kept, result.failed) == (2, 1, 0)
    assert (await read(setup, f"{OTHERS}/storages"))["value"] == [] and await read(setup, OTHERS) == before


async def test_an_app_in_an_environment_of_others_lies_where_that_lies_and_is_found_again(start_setup: StartSetup, tmp_path: Path):
    from tests.steps.deployed import begin

    shared = {"name": "cae-shared", "existing": True, "resource_group": "rg-shared"}
    setup = await begin(start_setup, tmp_path, environment=shared)
    await others_environment(setup)
    assert (await make(setup)).outcome == "succeeded"
    assert (await app(setup))["location"] == "North Europe"
    assert await changes(setup) == {}
    assert await setup.recovered(environment.CONTRIBUTION) == shared


async def test_another_share_of_that_name_in_an_environment_of_others_is_a_conflict(start_setup: StartSetup):
    setup = await start_setup(
        storage={"shares": SHARES["shares"][:1]}, environment={"name": "cae-shared", "existing": True, "resource_group": "rg-shared"}
    )
    await others_environment(setup)
    file = {"accountName": "sttheirs", "accountKey": "a2V5", "shareName": "theirs", "accessMode": "ReadWrite"}
    await setup.practice.call("PUT", f"{OTHERS}/storages/azure-files-orders-db", {"properties": {"azureFile": file}}, version=VERSION)
    assert (await setup.actions(environment.CONTRIBUTION))["environment.storage.db"] == "conflict"


async def test_an_environment_that_this_setup_did_not_make_is_a_conflict_with_both_ways_out(start_setup: StartSetup):
    setup = await start_setup()
    await setup.apply(project.CONTRIBUTION)
    await setup.practice.call("PUT", ENVIRONMENT, {**BODY, "location": "westeurope"}, version=VERSION)
    look = (await setup.plan(environment.CONTRIBUTION)).steps[0].look
    assert look.found == "conflict" and "cae-orders-dev" in look.detail
    assert "existing = true" in look.remedy and "another name" in look.remedy


async def test_one_that_azure_is_still_making_is_waited_for_and_not_made_twice(start_setup: StartSetup):
    setup = await start_setup()
    await setup.apply(project.CONTRIBUTION)
    tags = {"azwizard-setup": "orders-dev"}
    await setup.practice.call("PUT", ENVIRONMENT, {**BODY, "location": "westeurope", "tags": tags}, version=VERSION)
    assert (await setup.apply(environment.CONTRIBUTION)).failed == 0
    assert (await read(setup, ENVIRONMENT))["tags"] == tags  # written once, by the one who began it


async def test_one_that_failed_is_removed_and_made_anew(start_setup: StartSetup):
    setup = await start_setup()
    setup.practice.cloud.faults.add(["fail:Microsoft.App/managedEnvironments"])
    assert (await setup.apply(project.CONTRIBUTION, environment.CONTRIBUTION)).failed == 1
    setup.practice.cloud.faults.clear()
    assert (await setup.actions(environment.CONTRIBUTION))["environment.environment"] == "change"
    assert (await setup.apply(environment.CONTRIBUTION)).changed == 1
    assert (await read(setup, ENVIRONMENT))["properties"]["provisioningState"] == "Succeeded"


async def test_one_whose_removal_failed_is_removed_when_asked_again(start_setup: StartSetup):
    setup = await start_setup()
    await setup.apply(project.CONTRIBUTION, environment.CONTRIBUTION)
    setup.practice.cloud.faults.add(["fail:Microsoft.App/managedEnvironments"])
    assert (await setup.destroy(project.CONTRIBUTION, environment.CONTRIBUTION)).failed
    setup.practice.cloud.faults.clear()
    assert (await setup.destroy(project.CONTRIBUTION, environment.CONTRIBUTION)).failed == 0


async def test_a_quota_that_is_reached_is_known_before_anything_is_made(start_setup: StartSetup):
    setup = await start_setup(faults=["environment-quota:0"])
    look = (await setup.plan(environment.CONTRIBUTION)).steps[0].look
    assert look.found == "blocked" and "quota" in look.detail and "existing = true" in look.remedy


async def test_a_region_without_container_apps_is_known_before_anything_is_made(start_setup: StartSetup):
    setup = await start_setup(project={"region": "australiacentral2"})
    look = (await setup.plan(environment.CONTRIBUTION)).steps[0].look
    assert look.found == "blocked" and "australiacentral2" in look.detail


async def test_a_region_without_room_says_so_and_another_region_works(start_setup: StartSetup):
    setup = await start_setup(faults=["region-capacity"])
    assert (await setup.apply(project.CONTRIBUTION, environment.CONTRIBUTION)).failed == 1
    assert "region" in setup.told("environment.environment")[-1]


async def test_an_old_storage_key_is_suspected_when_the_app_does_not_run(start_setup: StartSetup, tmp_path: Path):
    setup = await deployed(start_setup, tmp_path)
    account = "/resourceGroups/rg-orders-dev/providers/Microsoft.Storage/storageAccounts/stordersdev"
    assert (await setup.practice.call("POST", f"{account}/regenerateKey", {"keyName": "key1"}, version="2023-05-01")).status == 200
    setup.tables["app"] = {**setup.tables["app"], "cpu": 0.5}
    assert (await make(setup)).outcome == "failed"
    assert "mount" in setup.told("app.running")[-1]
    assert "key of the storage account" in (await changes(setup))["environment.storage.db"]
    assert (await make(setup)).outcome == "succeeded"
    assert await changes(setup) == {}
