"""What Azure refuses when an app is written, in its words."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError

from tests.practice.apps import APP, GROUP, QUICKSTART, REGISTRY, SERVER, Deployment, write_api
from tests.practice.helping import PULL, SECRETS_USER, grant, revoke

VAULT = "kv-orders-dev"
Changes = dict[str, Any]


def changed(body: Changes, path: str, value: Any) -> Changes:
    """A copy of `body` with one place changed, such as ``template.containers.0.image``."""
    result = copy.deepcopy(body)
    *parents, last = path.split(".")
    place: Any = result["properties"]
    for part in parents:
        place = place[int(part)] if part.isdigit() else place[part]
    place[last] = value
    return result


async def refusal(deployment: Deployment, body: Changes, name: str = APP) -> tuple[int, str, str]:
    """Status, code and message of a refused PUT."""
    with pytest.raises(HttpResponseError) as caught:
        await deployment.apps.container_apps.begin_create_or_update(GROUP, name, body)
    error = caught.value.error
    assert error is not None
    return int(caught.value.status_code or 0), str(error.code), str(error.message)


@pytest.mark.parametrize(
    ("path", "value", "code", "words"),
    [
        (
            "template.containers.0.resources",
            {"cpu": 0.25, "memory": "1.0Gi"},
            "ContainerAppInvalidResourceTotal",
            "[cpu: 0.25, memory: 0.5Gi]",
        ),
        (
            "template.containers.0.env",
            [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}],
            "InvalidParameterValueInContainerTemplate",
            "A",
        ),
        ("template.containers.0.env", [{"name": "1A", "value": "1"}], "InvalidParameterValueInContainerTemplate", "1A"),
        ("template.containers.0.env", [{"name": "A", "secretRef": "no"}], "ContainerAppSecretRefNotFound", "'no'"),
        ("template.containers.0.volumeMounts", [{"volumeName": "no", "mountPath": "/x"}], "InvalidParameterValueInContainerTemplate", "no"),
        ("template.volumes", [{"name": "v", "storageType": "AzureFile", "storageName": "no"}], "ManagedEnvironmentStorageNotFound", "'no'"),
        ("template.scale", {"minReplicas": 2, "maxReplicas": 1}, "ContainerAppInvalidScaleSpec", "2"),
        ("template.revisionSuffix", "Bad_One", "InvalidParameterValueInContainerTemplate", "Bad_One"),
        ("configuration.secrets", [{"name": "Up", "value": "x"}], "ContainerAppInvalidSecretName", "Up"),
        ("configuration.secrets", [{"name": "k"}], "ContainerAppSecretInvalid", "value or keyVaultUrl and identity should be provided"),
        (
            "configuration.secrets",
            [{"name": "k", "keyVaultUrl": "http://x", "identity": "system"}],
            "ContainerAppSecretKeyVaultUrlInvalid",
            "k",
        ),
        (
            "configuration.registries",
            [{"server": SERVER, "passwordSecretRef": "no"}],
            "ContainerAppRegistriesPasswordSecretRefNotFound",
            "no",
        ),
        ("configuration.ingress.targetPort", 70000, "ContainerAppInvalidIngressTargetPort", "70000"),
        ("environmentId", "/subscriptions/x", "InvalidEnvironmentId", "/subscriptions/x"),
    ],
)
async def test_a_wrong_part_is_refused_by_name(deployment: Deployment, path: str, value: Any, code: str, words: str) -> None:
    body = await deployment.body(image=QUICKSTART, port=80)
    status, got, message = await refusal(deployment, changed(body, path, value))
    assert (status, got) == (404 if code.endswith("StorageNotFound") else 400, code)
    assert words in message


async def test_a_name_that_azure_does_not_take_is_refused(deployment: Deployment) -> None:
    body = await deployment.body(image=QUICKSTART, port=80)
    assert (await refusal(deployment, body, "Capp_Orders"))[1] == "ContainerAppInvalidName"


async def test_an_image_is_refused_until_the_identity_may_pull_it(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    placeholder = {**await deployment.body(image=QUICKSTART, port=80), "identity": {"type": "SystemAssigned"}}
    app = await deployment.deploy(placeholder)
    principal = app.identity.principal_id

    expected = {**await deployment.body(), "identity": {"type": "SystemAssigned"}}
    expected = changed(
        changed(expected, "configuration.secrets", []), "configuration.registries", [{"server": SERVER, "identity": "system"}]
    )
    status, code, message = await refusal(deployment, expected)
    assert (status, code) == (400, "InvalidParameterValueInContainerTemplate")
    assert "UNAUTHORIZED: authentication required" in message
    assert "template.containers.api.image" in message

    scope = f"{deployment.group_id}/providers/Microsoft.ContainerRegistry/registries/{REGISTRY}"
    assignment = await grant(deployment.practice, scope, PULL, principal)
    app = await deployment.deploy(expected)
    assert await deployment.fetch(app, "/health") == (200, {"status": "ok"})

    await revoke(deployment.practice, assignment)
    async with deployment.watching() as happened:
        await deployment.apps.container_apps_revisions.restart_revision(GROUP, APP, app.properties.latest_revision_name)
        await happened("RevisionFailed")
    replicas = await deployment.apps.container_apps_revision_replicas.list_replicas(GROUP, APP, app.properties.latest_revision_name)
    assert "ImagePullBackOff" in replicas.value[0].properties.running_state_details


async def test_a_tag_that_does_not_exist_is_refused(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    assert "MANIFEST_UNKNOWN" in (await refusal(deployment, await deployment.body(image=f"{SERVER}/orders-api:9.9")))[2]


async def test_a_vault_reference_is_refused_until_the_identity_may_read_it(deployment: Deployment) -> None:
    practice = deployment.practice
    path = f"{deployment.group_id}/providers/Microsoft.KeyVault/vaults/{VAULT}"
    properties = {"tenantId": practice.cloud.tenant_id, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
    await practice.call("PUT", path, {"location": "westeurope", "properties": properties}, version="2023-07-01")
    await practice.call("PUT", f"{path}/secrets/api-key", {"properties": {"value": "from-the-vault"}}, version="2023-07-01")
    body = {**await deployment.body(image=QUICKSTART, port=80), "identity": {"type": "SystemAssigned"}}
    app = await deployment.deploy(body)

    secret = {"name": "api-key", "keyVaultUrl": f"https://{VAULT}.vault.azure.net/secrets/api-key", "identity": "system"}
    expected = changed(body, "configuration.secrets", [secret])
    message = (await refusal(deployment, expected))[2]
    assert "Unable to get value using Managed identity system for secret api-key" in message

    await grant(practice, path, SECRETS_USER, app.identity.principal_id)
    app = await deployment.deploy(expected)
    assert app.properties.configuration.secrets[0].key_vault_url == secret["keyVaultUrl"]
    listed = await deployment.apps.container_apps.list_secrets(GROUP, APP)
    assert [item.name for item in listed.value] == ["api-key"]


async def test_a_literal_secret_is_never_shown_but_kept_by_a_patch(deployment: Deployment) -> None:
    body = await deployment.body(image=QUICKSTART, port=80, secrets=[{"name": "api-key", "value": "canary-1"}])
    app = await deployment.deploy(body)
    assert "canary-1" not in str(app.as_dict())
    app = await deployment.change({"tags": {"a": "b"}})
    assert (await deployment.apps.container_apps.list_secrets(GROUP, APP)).value[0].value == "canary-1"
    assert (await refusal(deployment, changed(body, "configuration.secrets", [{"name": "api-key"}])))[1] == "ContainerAppSecretInvalid"
    files = [path for path in deployment.practice.cloud.home.rglob("*") if path.is_file() and b"canary-1" in path.read_bytes()]
    assert all(path.name.startswith("vault.db") for path in files)


async def test_a_second_write_during_the_first_is_refused(deployment: Deployment) -> None:
    body = await deployment.body(image=QUICKSTART, port=80)
    running = await deployment.apps.container_apps.begin_create_or_update(GROUP, APP, body, polling_interval=0.05)
    assert (await refusal(deployment, body))[:2] == (409, "ContainerAppOperationInProgress")
    await running.result()


async def test_an_unchanged_template_makes_no_revision_and_a_used_suffix_is_refused(deployment: Deployment) -> None:
    body = await deployment.body(image=QUICKSTART, port=80, suffix="first")
    first = await deployment.deploy(body)
    again = await deployment.deploy(body)
    assert first.properties.latest_revision_name == again.properties.latest_revision_name == f"{APP}--first"
    other = changed(body, "template.containers.0.env", [{"name": "A", "value": "1"}])
    assert "revision with suffix first already exists" in (await refusal(deployment, other))[2]


async def test_what_a_reader_sends_is_refused(deployment: Deployment) -> None:
    body = await deployment.body(image=QUICKSTART, port=80)
    deployment.practice.cloud.faults.add(["account:reader"])
    status, code, message = await refusal(deployment, body)
    assert (status, code) == (403, "AuthorizationFailed")
    assert "Microsoft.App/containerApps/write" in message
