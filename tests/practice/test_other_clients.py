"""What clients beside the wizard send: taken as Azure takes it, or refused in Azure's shape, and never stored so that it breaks later."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Practice

GROUP = "/resourceGroups/rg-orders-dev"
ENVIRONMENT = f"{GROUP}/providers/Microsoft.App/managedEnvironments/cae-orders-dev"
APP = f"{GROUP}/providers/Microsoft.App/containerApps/capp-orders-dev"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/crordersdev"


async def settled(practice: Practice) -> None:
    for operation in list(practice.cloud.store.collection("operations")):
        await practice.cloud.operations.finished(operation)


@pytest.fixture
async def environment(practice: Practice) -> Practice:
    await practice.call("PUT", GROUP, {"location": "westeurope"})
    await practice.call("PUT", ENVIRONMENT, {"location": "westeurope", "properties": {}})
    await settled(practice)
    return practice


def app(practice: Practice, **changes: Any) -> dict[str, Any]:
    """An app that begins stopped in every respect that matters here: one container of the public quickstart image."""
    container = {"name": "api", "image": "mcr.microsoft.com/k8se/quickstart:latest", **changes.pop("container", {})}
    template = {"containers": [container], **changes.pop("template", {})}
    configuration = changes.pop("configuration", {})
    properties = {"environmentId": practice.scope + ENVIRONMENT, "configuration": configuration, "template": template}
    return {"location": "westeurope", "properties": properties}


async def put(practice: Practice, **changes: Any) -> Any:
    answer = await practice.call("PUT", APP, app(practice, **changes))
    await settled(practice)
    return answer


async def test_traffic_with_weights_as_texts_is_kept_as_numbers_and_read_again(environment: Practice):
    ingress = {"external": True, "targetPort": "80", "traffic": [{"latestRevision": True, "weight": "100"}]}
    created = await put(environment, configuration={"activeRevisionsMode": "multiple", "ingress": ingress})
    assert created.status == 201, created
    shown = created.body["properties"]["configuration"]
    assert (shown["activeRevisionsMode"], shown["ingress"]["traffic"]) == ("Multiple", [{"latestRevision": True, "weight": 100}])
    assert shown["ingress"]["targetPort"] == 80
    revisions = await environment.call("GET", f"{APP}/revisions")
    assert [revision["properties"]["trafficWeight"] for revision in revisions.body["value"]] == [100]


async def test_numbers_in_quotation_marks_are_numbers_and_nulls_of_a_rule_are_left_out(environment: Practice):
    http = {"name": "h", "http": {"metadata": {"concurrentRequests": 60}, "auth": None}, "custom": None, "tcp": None}
    created = await put(
        environment,
        container={"resources": {"cpu": "0.5", "memory": "1Gi"}},
        template={"scale": {"minReplicas": "0", "maxReplicas": "3", "rules": [http]}, "terminationGracePeriodSeconds": "30"},
        configuration={"maxInactiveRevisions": "7"},
    )
    assert created.status == 201, created
    template = created.body["properties"]["template"]
    assert template["containers"][0]["resources"]["cpu"] == 0.5
    assert template["scale"]["rules"] == [{"name": "h", "http": {"metadata": {"concurrentRequests": "60"}}}]
    assert (template["scale"]["minReplicas"], template["scale"]["maxReplicas"]) == (0, 3)
    assert created.body["properties"]["configuration"]["maxInactiveRevisions"] == 7


@pytest.mark.parametrize(
    "changes",
    [
        {"container": {"env": {"A": "b"}}},
        {"configuration": {"secrets": "x"}},
        {"template": {"volumes": [1]}},
        {"configuration": {"ingress": "on"}},
        {"configuration": {"maxInactiveRevisions": "many"}},
        {"template": {"scale": {"minReplicas": [1]}}},
        {"container": {"resources": {"cpu": "half"}}},
        {"container": {"probes": [{"type": "Liveness", "httpGet": {"path": "/", "port": "http"}}]}},
        {"configuration": {"activeRevisionsMode": "Both"}},
        {"configuration": {"identitySettings": [{"identity": "system", "lifecycle": "Sometimes"}]}},
    ],
)
async def test_another_kind_of_value_is_refused_and_nothing_is_kept(environment: Practice, changes: dict[str, Any]):
    refused = await put(environment, **changes)
    assert (refused.status, refused.body["error"]["code"]) == (400, "InvalidRequestContent")
    assert "Path 'properties." in refused.body["error"]["message"]
    assert (await environment.call("GET", APP)).status == 404


@pytest.mark.parametrize("ingress", [{"external": True, "targetPort": 0}, {"external": True}])
async def test_port_zero_and_no_port_are_taken_and_shown_as_zero(environment: Practice, ingress: dict[str, Any]):
    created = await put(environment, configuration={"ingress": ingress})
    assert (created.status, created.body["properties"]["configuration"]["ingress"]["targetPort"]) == (201, 0)


async def test_what_is_done_to_a_revision_is_answered_by_a_json_text(environment: Practice):
    await put(environment, configuration={"activeRevisionsMode": "Multiple", "ingress": {"external": True, "targetPort": 80}})
    revision = (await environment.call("GET", f"{APP}/revisions")).body["value"][0]["name"]
    for verb in ("restart", "deactivate", "activate"):
        answer = await environment.call("POST", f"{APP}/revisions/{revision}/{verb}")
        assert (answer.status, answer.body) == (200, f"{verb.capitalize()} succeeded")


async def test_public_and_own_images_are_imported(environment: Practice):
    for name in ("crordersdev", "crothers"):
        await environment.call("PUT", REGISTRY.replace("crordersdev", name), {"location": "westeurope", "sku": {"name": "Basic"}})
    await settled(environment)
    public = {"source": {"registryUri": "mcr.microsoft.com", "sourceImage": "k8se/quickstart:latest"}, "targetTags": ["quick:v1"]}
    assert (await environment.call("POST", f"{REGISTRY}/importImage", public)).status == 202
    await settled(environment)
    own = {"source": {"resourceId": environment.scope + REGISTRY, "sourceImage": "quick:v1"}}
    assert (await environment.call("POST", f"{REGISTRY.replace('crordersdev', 'crothers')}/importImage", own)).status == 202
    await settled(environment)
    images = environment.cloud.store.collection("images").values()
    assert {(image["registry"], image["repository"]) for image in images} == {
        ("crordersdev.azurecr.io", "quick"),
        ("crothers.azurecr.io", "quick"),
    }


@pytest.mark.parametrize(
    "path",
    [
        "/providers/Microsoft.KeyVault/deletedManagedHSMs",
        "/providers/Microsoft.KeyVault/managedHSMs",
        "/providers/Microsoft.App/connectedEnvironments",
        f"{GROUP}/providers/Microsoft.App/connectedEnvironments",
    ],
)
async def test_what_the_practice_cloud_never_has_is_an_empty_list(environment: Practice, path: str):
    assert (await environment.call("GET", path)).body == {"value": []}


async def test_parts_that_nothing_here_has_are_empty_lists_too_and_not_found_by_name(environment: Practice):
    parts = f"{ENVIRONMENT}/managedCertificates"
    assert (await environment.call("GET", parts)).body == {"value": []}
    assert (await environment.call("GET", f"{parts}/one")).body["error"]["code"] == "ResourceNotFound"
    missing = await environment.call("GET", f"{REGISTRY}/tasks")
    assert (missing.status, missing.body["error"]["code"]) == (404, "ParentResourceNotFound")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"{ENVIRONMENT}/usages", "ManagedEnvironmentConsumptionCores"),
        ("/providers/Microsoft.Storage/locations/westeurope/usages", "StorageAccounts"),
    ],
)
async def test_what_is_used_and_how_much_may_be_is_told(environment: Practice, path: str, name: str):
    [usage] = (await environment.call("GET", path)).body["value"]
    assert (usage["name"]["value"], usage["currentValue"], usage["limit"] > 0) == (name, 0, True)


async def test_what_policies_are_assigned_is_told_at_a_group_too(environment: Practice):
    environment.cloud.faults.add(["policy-tag:CostCenter"])
    policies = f"{GROUP}/providers/Microsoft.Authorization"
    [assigned] = (await environment.call("GET", f"{policies}/policyAssignments")).body["value"]
    assert (await environment.call("GET", f"{policies}/policyAssignments/{assigned['name']}")).body == assigned
    definitions = await environment.call("GET", "/providers/Microsoft.Authorization/policyDefinitions")
    assert [each["id"] for each in definitions.body["value"]] == [assigned["properties"]["policyDefinitionId"]]
    missing = await environment.call("GET", f"{policies}/policyAssignments/nothing")
    assert missing.body["error"]["code"] == "PolicyAssignmentNotFound"


async def test_a_condition_on_blobs_and_a_principal_that_the_directory_does_not_know_yet_are_taken(environment: Practice):
    condition = (
        "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'})) OR "
        "(@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'reports'))"
    )
    role = "/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"
    properties = {"principalId": "11111111-2222-4333-8444-000000000001", "principalType": "ServicePrincipal", "roleDefinitionId": role}
    path = f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/11111111-2222-4333-8444-555555555555"
    created = await environment.call("PUT", path, {"properties": {**properties, "condition": condition, "conditionVersion": "2.0"}})
    assert created.status == 201, created


async def test_lists_are_stale_under_that_fault(environment: Practice):
    environment.cloud.faults.add(["stale-list:600"])
    await environment.call("GET", "/resourceGroups")
    await environment.call("PUT", REGISTRY, {"location": "westeurope", "sku": {"name": "Basic"}})
    await settled(environment)
    assert (await environment.call("GET", REGISTRY)).status == 200
    assert (await environment.call("GET", f"{GROUP}/providers/Microsoft.ContainerRegistry/registries")).body["value"] == []
    environment.cloud.faults.clear()
    listed = (await environment.call("GET", f"{GROUP}/providers/Microsoft.ContainerRegistry/registries")).body["value"]
    assert [registry["name"] for registry in listed] == ["crordersdev"]


async def test_a_job_is_changed_in_part_and_keeps_the_values_of_its_secrets(environment: Practice):
    job = f"{GROUP}/providers/Microsoft.App/jobs/job-once"
    container = {"name": "job-once", "image": "mcr.microsoft.com/k8se/quickstart:latest", "resources": {"cpu": 0.25, "memory": "0.5Gi"}}
    configuration = {"triggerType": "Manual", "replicaTimeout": 60, "secrets": [{"name": "a", "value": "canary-1"}]}
    properties = {
        "environmentId": environment.scope + ENVIRONMENT,
        "configuration": configuration,
        "template": {"containers": [container]},
    }
    assert (await environment.call("PUT", job, {"location": "westeurope", "properties": properties})).status == 201
    await settled(environment)
    larger = {**container, "resources": {"cpu": 0.5, "memory": "1Gi"}}
    changed = await environment.call("PATCH", job, {"properties": {"template": {"containers": [larger]}}})
    assert changed.status == 202 and "Azure-AsyncOperation" in changed.headers
    await settled(environment)
    shown = (await environment.call("GET", job)).body["properties"]
    assert shown["template"]["containers"][0]["resources"]["cpu"] == 0.5
    assert "canary-1" not in str(shown)
    assert (await environment.call("POST", f"{job}/listSecrets")).body["value"] == [{"name": "a", "value": "canary-1"}]


@pytest.mark.parametrize(("host", "code"), [("blob", "ContainerNotFound"), ("queue", "QueueNotFound")])
async def test_what_is_in_no_account_is_not_found_there(environment: Practice, host: str, code: str):
    account = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    await environment.call("PUT", f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stordersdev", account)
    await settled(environment)
    url = f"https://stordersdev.{host}.core.windows.net/x?restype=container&comp=list"
    async with environment.session.get(url, headers={"Authorization": "SharedKey stordersdev:x"}) as answer:
        assert (answer.status, answer.headers["x-ms-error-code"]) == (404, code)


@pytest.mark.parametrize("empty", ["probes", "env", "volumeMounts", "command", "args"])
async def test_an_empty_list_is_shown_as_it_was_sent_and_makes_no_new_version(environment: Practice, empty: str):
    await put(environment)
    [before] = (await environment.call("GET", APP)).body["properties"]["template"]["containers"]
    assert empty not in before
    revision = (await environment.call("GET", APP)).body["properties"]["latestRevisionName"]
    await put(environment, container={empty: []})
    after = (await environment.call("GET", APP)).body["properties"]
    assert after["template"]["containers"][0][empty] == []
    assert after["latestRevisionName"] == revision
    await put(environment, container={empty: None})
    assert empty not in (await environment.call("GET", APP)).body["properties"]["template"]["containers"][0]


async def test_a_mount_path_without_a_slash_before_it_is_taken_and_a_revision_is_spelled_as_azure_does(environment: Practice):
    mounts = {"volumeMounts": [{"volumeName": "scratch", "mountPath": "data"}]}
    answer = await put(environment, container=mounts, template={"volumes": [{"name": "scratch", "storageType": "EmptyDir"}]})
    assert answer.status == 201
    [revision] = (await environment.call("GET", f"{APP}/revisions")).body["value"]
    assert revision["type"] == "Microsoft.App/containerapps/revisions" and "/Microsoft.App/containerApps/" in revision["id"]
    assert revision["properties"]["template"]["containers"][0]["volumeMounts"] == [{"volumeName": "scratch", "mountPath": "data"}]
