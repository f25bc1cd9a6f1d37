"""What lies beyond Azure Resource Manager: vaults, registries, signed blob URLs, and clouds that misbehave."""

import asyncio
import io
import tarfile

import pytest
from azure.core.exceptions import HttpResponseError

from tests.support.waiting import eventually
from wizard.cloud import CloudError, ErrorKind, connect_practice, translate
from wizard.cloud.transport import practice_process as practice
from wizard.engine.polling import until

GROUP = "rg-data"
REGISTRY = "crdataplanes"
ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483"
DOCKERFILE = b'FROM python:3.11-slim\nCOPY . /app\nCMD ["python", "-V"]\n'


async def registered(cloud, namespace):
    await cloud.resources.providers.register(namespace)

    async def is_registered():
        return (await cloud.resources.providers.get(namespace)).registration_state == "Registered"

    await eventually(is_registered)


@pytest.fixture
async def group(cloud):
    await cloud.resources.resource_groups.create_or_update(GROUP, {"location": "westeurope"})
    return GROUP


@pytest.fixture
async def registry(cloud, group):
    await registered(cloud, "Microsoft.ContainerRegistry")
    body = {"location": "westeurope", "sku": {"name": "Basic"}, "properties": {"roleAssignmentMode": "LegacyRegistryPermissions"}}
    created = await (await cloud.registries.registries.begin_create(group, REGISTRY, body)).result()
    return created.login_server


@pytest.fixture
def context(tmp_path):
    file = tmp_path / "context.tar.gz"
    with tarfile.open(file, "w:gz") as archive:
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(DOCKERFILE)
        archive.addfile(entry, io.BytesIO(DOCKERFILE))
    return file


async def built(cloud, group, run_id):
    async def ended():
        return (await cloud.tasks.runs.get(group, REGISTRY, run_id)).properties.status == "Succeeded"

    await until(ended, print, "the build", interval=cloud.polling_interval)


async def test_a_build_goes_up_and_its_log_and_digest_come_down(cloud, group, registry, context):
    assert await cloud.registry.repositories(registry) == []
    assert await cloud.registry.tags(registry, "orders-api") == []
    assert await cloud.registry.digest(registry, "orders-api", "1.4") is None
    upload = await cloud.tasks.registries.get_build_source_upload_url(group, REGISTRY)
    await cloud.upload(upload.upload_url, context)
    request = {
        "type": "DockerBuildRequest",
        "sourceLocation": upload.relative_path,
        "dockerFilePath": "Dockerfile",
        "imageNames": ["orders-api:1.4", "orders-api:latest"],
        "isPushEnabled": True,
        "platform": {"os": "Linux", "architecture": "amd64"},
    }
    run = await cloud.tasks.registries.schedule_run(group, REGISTRY, request)
    log = await cloud.tasks.runs.get_log_sas_url(group, REGISTRY, run.run_id)
    await built(cloud, group, run.run_id)
    text, complete = await cloud.read_log(log.log_link, 0)
    assert "orders-api:1.4" in text.decode()
    assert complete
    before = cloud.requests
    assert (await cloud.read_log(log.log_link, len(text)))[0] == b""
    assert cloud.requests - before == 1
    assert await cloud.registry.repositories(registry) == ["orders-api"]
    assert sorted(await cloud.registry.tags(registry, "orders-api")) == ["1.4", "latest"]
    digest = await cloud.registry.digest(registry, "orders-api", "1.4")
    assert digest.startswith("sha256:")
    assert await cloud.registry.digest(registry, "orders-api", digest) == digest


async def test_an_upload_that_storage_refuses_says_so_at_once(cloud, group, registry, context):
    upload = await cloud.tasks.registries.get_build_source_upload_url(group, REGISTRY)
    before = cloud.requests
    with pytest.raises(HttpResponseError) as refused:
        await cloud.upload(upload.upload_url.partition("?")[0], context)
    assert refused.value.status_code in (403, 404, 409)
    assert cloud.requests - before == 1
    assert isinstance(translate(refused.value), CloudError)


async def test_a_vault_that_was_just_made_is_found_and_answers_under_its_own_name(cloud, group):
    await registered(cloud, "Microsoft.KeyVault")
    body = {
        "location": "westeurope",
        "properties": {
            "tenantId": cloud.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
            "accessPolicies": [],
            "softDeleteRetentionInDays": 7,
        },
    }
    vault = await (await cloud.vaults.vaults.begin_create_or_update(group, "kv-data-planes", body)).result()
    secrets = cloud.secrets(vault.properties.vault_uri)
    with pytest.raises(HttpResponseError) as refused:
        await secrets.get_secret("api-key")
    problem = translate(refused.value)
    assert problem.kind is ErrorKind.AUTHORIZATION
    assert problem.action == "Microsoft.KeyVault/vaults/secrets/getSecret/action"
    assert cloud.secrets(vault.properties.vault_uri.rstrip("/")) is secrets

    role = {
        "properties": {
            "roleDefinitionId": f"/subscriptions/{cloud.subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{ADMINISTRATOR}",
            "principalId": cloud.principal.object_id,
            "principalType": cloud.principal.kind,
        }
    }
    await cloud.authorization.role_assignments.create(vault.id, "7d2a3d1e-5b0c-4f57-9d0a-0f0f7f7b3c11", role)
    await secrets.set_secret("api-key", "s3cret")
    assert (await secrets.get_secret("api-key")).value == "s3cret"


async def test_a_throttled_call_is_repeated_and_told(practice_home):
    event = asyncio.Event()
    async with await connect_practice(throttled=lambda _seconds: event.set()) as cloud:
        await asyncio.to_thread(practice.fault, ["throttle:1"])
        looking = asyncio.create_task(cloud.resources.resource_groups.check_existence("rg-none"))
        await event.wait()
        await asyncio.to_thread(practice.fault, clear=True)
        assert await looking is False


async def test_a_cut_connection_is_repeated(practice_home):
    await asyncio.to_thread(practice.fault, ["disconnect:0.3"])
    try:
        async with await connect_practice() as cloud:
            for number in range(10):
                await cloud.resources.resource_groups.create_or_update(f"rg-cut-{number}", {"location": "westeurope"})
            names = [group.name async for group in cloud.resources.resource_groups.list()]
    finally:
        await asyncio.to_thread(practice.fault, clear=True)
    assert {f"rg-cut-{number}" for number in range(10)} <= set(names)
