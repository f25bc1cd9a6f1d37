"""Environments and their storages: made, limited, kept from harm, deleted."""

from __future__ import annotations

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from tests.conftest import Practice, StartPractice, register_all
from tests.practice.apps import ACCOUNT, APP, ENVIRONMENT, GROUP, QUICKSTART, Deployment

KEY = "c2VjcmV0LWtleQ=="
PATH = f"/resourceGroups/{GROUP}/providers/Microsoft.App/managedEnvironments"
VERSION = "2024-03-01"


async def put(practice: Practice, name: str, region: str = "westeurope") -> tuple[int, str]:
    """Status, and code of a refusal, of a new environment."""
    answer = await practice.call("PUT", f"{PATH}/{name}", {"location": region, "properties": {}}, version=VERSION)
    return answer.status, answer.body.get("error", {}).get("code", "")


async def test_an_environment_has_a_domain_and_an_address(deployment: Deployment) -> None:
    environment = await deployment.apps.managed_environments.get(GROUP, ENVIRONMENT)
    assert environment.location == "West Europe"
    assert environment.properties.provisioning_state == "Succeeded"
    assert environment.properties.default_domain.endswith(".westeurope.azurecontainerapps.io")
    assert environment.properties.static_ip
    [usage] = [usage async for usage in deployment.apps.usages.list("westeurope")]
    assert (usage.name.value, usage.current_value) == ("ManagedEnvironmentCount", 1)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("environment-quota:1", "MaxNumberOfGlobalEnvironmentsInSubExceeded"),
        ("region-capacity", "ManagedEnvironmentNoAvailableCapacityInRegion"),
    ],
)
async def test_a_full_subscription_or_region_is_refused(deployment: Deployment, fault: str, code: str) -> None:
    deployment.practice.cloud.faults.add([fault])
    assert await put(deployment.practice, "cae-other-dev") == (400, code)


async def test_a_regional_quota_counts_one_region_only(deployment: Deployment) -> None:
    practice = deployment.practice
    practice.cloud.faults.add(["environment-quota:2"])
    assert (await put(practice, "cae-two-dev"))[0] == 201
    assert await put(practice, "cae-three-dev") == (400, "MaxNumberOfRegionalEnvironmentsInSubExceeded")
    assert (await put(practice, "cae-three-dev", "northeurope"))[0] == 201


async def test_a_name_that_azure_does_not_take_is_refused(deployment: Deployment) -> None:
    assert await put(deployment.practice, "Cae_Orders") == (400, "ManagedEnvironmentInvalidName")


async def test_nothing_can_be_put_into_an_unfinished_environment(start_practice: StartPractice) -> None:
    practice = await start_practice(speed="real")
    register_all(practice.cloud)
    group_id = f"{practice.scope}/resourceGroups/{GROUP}"
    practice.cloud.store.resources[group_id] = {"id": group_id, "type": "", "properties": {"provisioningState": "Succeeded"}}
    assert (await put(practice, ENVIRONMENT))[0] == 201
    body = {"properties": {"azureFile": {"accountName": ACCOUNT, "accountKey": KEY, "shareName": "db", "accessMode": "ReadWrite"}}}
    answer = await practice.call("PUT", f"{PATH}/{ENVIRONMENT}/storages/db", body, version=VERSION)
    assert (answer.status, answer.body["error"]["code"]) == (400, "ManagedEnvironmentNotProvisioned")


async def test_an_environment_with_an_app_is_not_deleted(deployment: Deployment) -> None:
    app = await deployment.deploy(await deployment.body(image=QUICKSTART, port=80))
    with pytest.raises(HttpResponseError, match="while it holds container apps: capp-orders-dev"):
        await deployment.apps.managed_environments.begin_delete(GROUP, ENVIRONMENT)
    await (await deployment.apps.container_apps.begin_delete(GROUP, APP, polling_interval=0.05)).result()
    await (await deployment.apps.managed_environments.begin_delete(GROUP, ENVIRONMENT, polling_interval=0.05)).result()
    with pytest.raises(ResourceNotFoundError):
        await deployment.apps.managed_environments.get(GROUP, ENVIRONMENT)
    assert deployment.practice.cloud.hosts.find(app.properties.configuration.ingress.fqdn) is None


async def test_deleting_the_group_ends_the_processes(deployment: Deployment) -> None:
    app = await deployment.deploy(await deployment.body(image=QUICKSTART, port=80))
    path = f"/resourcegroups/{GROUP}"
    async with deployment.watching() as happened:
        assert (await deployment.practice.call("DELETE", path)).status == 202
        await happened("nothing more")  # the stream ends with the app
    assert deployment.practice.cloud.hosts.find(app.properties.configuration.ingress.fqdn) is None
    assert deployment.practice.cloud.doors == {}


async def test_only_the_key_of_a_storage_can_change(deployment: Deployment) -> None:
    storages = deployment.apps.managed_environments_storages
    await deployment.connect_storage("files", KEY)
    await deployment.connect_storage("files", "bmV3")
    shown = await storages.get(GROUP, ENVIRONMENT, "files")
    assert "accountKey" not in shown.as_dict()["properties"]["azureFile"]
    with pytest.raises(HttpResponseError, match="only the account key can"):
        await deployment.connect_storage("files", KEY, "ReadOnly")
    assert [storage.name for storage in (await storages.list(GROUP, ENVIRONMENT)).value] == ["files"]
    await storages.delete(GROUP, ENVIRONMENT, "files")
    with pytest.raises(ResourceNotFoundError, match="ManagedEnvironment Storage 'files' was not found"):
        await storages.get(GROUP, ENVIRONMENT, "files")
