"""Container registries: made, named, opened by roles, and read under their own name."""

import asyncio
import json
from pathlib import Path

import jwt
import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.mgmt.containerregistry.aio import ContainerRegistryManagementClient

from tests.conftest import Practice, register_all
from tests.practice.helping import PULL, PUSH, grant, group
from wizard.practice.registry import images
from wizard.practice.registry.building import preload

GROUP, NAME, SERVER = "rg-orders-dev", "crordersdev", "crordersdev.azurecr.io"
WANTED = {"location": "westeurope", "sku": {"name": "Basic"}, "properties": {"adminUserEnabled": False}}
ABAC = "AbacRepositoryPermissions"


def connect(practice: Practice) -> ContainerRegistryManagementClient:
    return ContainerRegistryManagementClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport())


async def make(client, name=NAME, **properties):
    expected = {**WANTED, "properties": {**WANTED["properties"], **properties}}
    return await (await client.registries.begin_create(GROUP, name, expected, polling_interval=0.05)).result()


@pytest.fixture
async def client(practice: Practice):
    await group(practice)
    async with connect(practice) as client:
        yield client


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "orders"
    folder.mkdir()
    (folder / "Dockerfile").write_text('FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n')
    (folder / "app.py").write_text("print('hello')\n")
    (folder / ".dockerignore").write_text(".env\n**/*.log\n")
    (folder / ".env").write_text("KEY=secret\n")
    return folder


async def refresh_token(practice: Practice, resource: str = "https://containerregistry.azure.net") -> str:
    form = {"grant_type": "access_token", "service": SERVER, "access_token": await practice.token(resource)}
    async with practice.session.post(f"https://{SERVER}/oauth2/exchange", data=form) as response:
        return (await response.json())["refresh_token"]


async def access_token(practice: Practice, scope: str) -> str:
    form = {"grant_type": "refresh_token", "service": SERVER, "scope": scope, "refresh_token": await refresh_token(practice)}
    async with practice.session.post(f"https://{SERVER}/oauth2/token", data=form) as response:
        return (await response.json())["access_token"]


async def read(practice: Practice, path: str, scope: str, method: str = "GET"):
    headers = {"Authorization": f"Bearer {await access_token(practice, scope)}"}
    async with practice.session.request(method, f"https://{SERVER}{path}", headers=headers) as response:
        text = await response.text()
        return response.status, json.loads(text) if text else None, response.headers


async def test_a_registry_is_creating_until_it_has_succeeded_and_only_then_has_a_name(start_practice):
    practice = await start_practice(speed="fast")
    register_all(practice.cloud)
    await group(practice)
    path = f"/resourceGroups/{GROUP}/providers/Microsoft.ContainerRegistry/registries/{NAME}"
    first = await practice.call("PUT", path, WANTED, version="2025-11-01")
    assert (first.status, first.body["properties"]["provisioningState"]) == (201, "Creating")
    poll = first.headers["Azure-AsyncOperation"].removeprefix("https://management.azure.com").partition("?")[0]
    assert (await practice.call("GET", poll)).body == {"status": "Creating"}
    assert practice.cloud.hosts.find(SERVER) is None
    await practice.cloud.operations.finished(practice.cloud.operations.running_on(practice.scope + path)["id"])
    assert (await practice.call("GET", poll)).body == {"status": "Succeeded"}
    assert SERVER in practice.description["hosts"]


async def test_a_registry_is_made_changed_listed_and_deleted_through_the_sdk(client, practice):
    created = await make(client)
    assert (created.login_server, created.properties.role_assignment_mode) == (SERVER, "LegacyRegistryPermissions")
    poller = await client.registries.begin_update(GROUP, NAME, {"tags": {"a": "b"}}, polling_interval=0.05)
    assert (await poller.result()).tags == {"a": "b"}
    assert [each.name async for each in client.registries.list()] == [NAME]
    assert {usage.name for usage in (await client.registries.list_usages(GROUP, NAME)).value} == {"Size", "Webhooks"}
    await (await client.registries.begin_delete(GROUP, NAME, polling_interval=0.05)).result()
    with pytest.raises(ResourceNotFoundError):
        await client.registries.get(GROUP, NAME)
    assert practice.cloud.hosts.find(SERVER) is None


async def test_an_empty_scope_is_refused_and_one_that_is_left_out_is_not(practice: Practice, client):
    await make(client)
    form = {"grant_type": "refresh_token", "service": SERVER, "refresh_token": await refresh_token(practice)}
    for scope, status in (({"scope": ""}, 400), ({}, 200)):
        async with practice.session.post(f"https://{SERVER}/oauth2/token", data={**form, **scope}) as response:
            assert (response.status, bool(await response.read())) == (status, status == 200)


@pytest.mark.parametrize("name", ["cr", "cr-orders-dev", "cr_orders"])
async def test_a_name_that_no_registry_can_have_is_refused(client, practice, name):
    path = f"/resourceGroups/{GROUP}/providers/Microsoft.ContainerRegistry/registries/{name}"
    assert (await practice.call("PUT", path, WANTED)).status == 400
    check = {"name": name, "type": "Microsoft.ContainerRegistry/registries"}
    answer = await practice.call("POST", f"{practice.scope}/providers/Microsoft.ContainerRegistry/checkNameAvailability", check)
    assert (answer.body["nameAvailable"], answer.body["reason"]) == (False, "Invalid")


async def test_a_registry_name_that_others_have_is_taken(start_practice):
    practice = await start_practice(faults=("name-taken",))
    register_all(practice.cloud)
    await group(practice)
    async with connect(practice) as client:
        check = {"name": NAME, "type": "Microsoft.ContainerRegistry/registries"}
        assert (await client.registries.check_name_availability(check)).message == f"The registry {NAME} is already in use."
        with pytest.raises(ResourceExistsError) as refused:
            await make(client)
        assert refused.value.error.code == "AlreadyInUse"


async def test_the_admin_user_has_passwords_only_when_it_is_enabled(client):
    await make(client)
    with pytest.raises(HttpResponseError, match="admin user is disabled"):
        await client.registries.list_credentials(GROUP, NAME)
    await make(client, adminUserEnabled=True)
    first = await client.registries.list_credentials(GROUP, NAME)
    assert (first.username, len(first.passwords)) == (NAME, 2)
    second = await client.registries.regenerate_credential(GROUP, NAME, {"name": "password"})
    assert second.passwords[0].value != first.passwords[0].value
    assert second.passwords[1].value == first.passwords[1].value


async def test_a_registry_asks_who_is_there(client, practice):
    await make(client)
    async with practice.session.get(f"https://{SERVER}/v2/") as response:
        assert response.status == 401
        assert response.headers["WWW-Authenticate"] == f'Bearer realm="https://{SERVER}/oauth2/token",service="{SERVER}"'
        assert (await response.json())["errors"][0]["code"] == "UNAUTHORIZED"


async def test_a_preloaded_image_appears_with_the_registry_of_its_name(client, practice, source):
    image = await preload.preload(practice.cloud, SERVER, "orders/api", ["v1", "latest"], source)
    assert images.find(practice.cloud, SERVER, "orders/api", "v1") is None
    await make(client)
    assert images.find(practice.cloud, SERVER, "orders/api", "latest")["digest"] == image["digest"]
    assert (images.folder(practice.cloud, image) / "app" / "app.py").read_text() == "print('hello')\n"
    assert not (images.folder(practice.cloud, image) / "app" / ".env").exists()
    assert image["config"]["WorkingDir"] == "/app"
    assert image["config"]["Cmd"] == ["python", "app.py"]
    status, body, _ = await read(practice, "/acr/v1/_catalog", "registry:catalog:*")
    assert (status, body) == (200, {"repositories": ["orders/api"]})
    status, body, _ = await read(practice, "/acr/v1/orders/api/_tags?orderby=timedesc", "repository:orders/api:metadata_read")
    assert [tag["name"] for tag in body["tags"]] == ["v1", "latest"]
    status, body, headers = await read(practice, "/v2/orders/api/manifests/v1", "repository:orders/api:pull")
    assert (status, headers["Docker-Content-Digest"]) == (200, image["digest"])


async def test_the_same_source_has_the_same_digest_and_a_tag_moves_to_another(client, practice, source):
    await make(client)
    first = await preload.preload(practice.cloud, SERVER, "orders", ["latest"], source)
    again = await preload.preload(practice.cloud, SERVER, "orders", ["v1"], source)
    assert first["digest"] == again["digest"]
    (source / "app.py").write_text("print('changed')\n")
    second = await preload.preload(practice.cloud, SERVER, "orders", ["latest"], source)
    assert second["digest"] != first["digest"]
    assert images.find(practice.cloud, SERVER, "orders", "latest")["digest"] == second["digest"]
    assert set(images.find(practice.cloud, SERVER, "orders", first["digest"])["tags"]) == {"v1"}


async def test_an_access_token_carries_what_was_granted_and_no_more(start_practice, source):
    practice = await start_practice(faults=("account:reader",))
    register_all(practice.cloud)
    practice.cloud.faults.clear()
    await group(practice)
    async with connect(practice) as client:
        await make(client)
    practice.cloud.faults.add(["account:reader"])
    token = await access_token(practice, "repository:orders:pull,push")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["access"] == [{"type": "repository", "name": "orders", "actions": ["pull"]}]


async def test_a_principal_may_pull_by_its_role_in_legacy_mode_only(client, practice):
    registry = await make(client)
    principal = practice.cloud.directory.add_managed_identity("app", "/subscriptions/x")["object_id"]
    assert not images.may_pull(practice.cloud, SERVER, principal)
    await grant(practice, registry.id, PULL, principal)
    assert images.may_pull(practice.cloud, SERVER, principal)
    await make(client, roleAssignmentMode=ABAC)
    assert not images.may_pull(practice.cloud, SERVER, principal)


async def test_only_who_may_push_can_see_that_right(client, practice):
    registry = await make(client)
    principal = practice.cloud.directory.add_managed_identity("app", "/subscriptions/x")["object_id"]
    await grant(practice, registry.id, PUSH, principal)
    assert images.may_pull(practice.cloud, SERVER, principal)


async def test_thousands_of_tags_come_in_pages(start_practice):
    practice = await start_practice(seeds=(("tags", 5000),))
    register_all(practice.cloud)
    await group(practice)
    async with connect(practice) as client:
        await make(client)
    path, tags = "/acr/v1/seeded/_tags?n=1000", []
    while path:
        status, body, headers = await read(practice, path, "repository:seeded:metadata_read")
        assert status == 200
        tags += [tag["name"] for tag in body["tags"]]
        path = headers["Link"].partition("<")[2].partition(">")[0] if "Link" in headers else None
    assert len(set(tags)) == 5000


async def test_an_image_is_untagged_deleted_and_missed(client, practice, source):
    await make(client)
    image = await preload.preload(practice.cloud, SERVER, "orders", ["v1", "v2"], source)
    status, _, _ = await read(practice, "/acr/v1/orders/_tags/v2", "repository:orders:delete", "DELETE")
    assert status == 202
    status, _, _ = await read(practice, f"/v2/orders/manifests/{image['digest']}", "repository:orders:delete", "DELETE")
    assert status == 202
    assert not images.folder(practice.cloud, image).exists()
    status, body, _ = await read(practice, "/v2/orders/manifests/v1", "repository:orders:pull")
    assert (status, body["errors"][0]["code"]) == (404, "MANIFEST_UNKNOWN")  # for a tag, also of a repository that is not there


async def test_a_manifest_that_the_client_holds_already_is_not_sent_again(client, practice, source):
    await make(client)
    image = await preload.preload(practice.cloud, SERVER, "orders", ["v1"], source)
    headers = {"Authorization": f"Bearer {await access_token(practice, 'repository:orders:pull')}"}
    for held, status in ((f'"{image["digest"]}"', 304), (f'"x", W/"{image["digest"]}"', 304), ('"sha256:other"', 200)):
        asked = {**headers, "If-None-Match": held}
        async with practice.session.get(f"https://{SERVER}/v2/orders/manifests/v1", headers=asked) as response:
            assert (response.status, response.headers["ETag"]) == (status, f'"{image["digest"]}"')


async def test_an_image_is_imported_from_another_registry(client, practice, source):
    await make(client)
    await preload.preload(practice.cloud, SERVER, "orders", ["v1"], source)
    expected = {"source": {"registryUri": SERVER, "sourceImage": "orders:v1"}, "targetTags": ["copies/orders:v2"], "mode": "Force"}
    await (await client.registries.begin_import_image(GROUP, NAME, expected, polling_interval=0.05)).result()
    assert images.find(practice.cloud, SERVER, "copies/orders", "v2") is not None


async def test_deleting_the_group_deletes_the_registry_with_its_images(client, practice, source):
    await make(client)
    image = await preload.preload(practice.cloud, SERVER, "orders", ["v1"], source)
    await practice.call("DELETE", f"/resourceGroups/{GROUP}")
    await asyncio.gather(*practice.cloud.operations._tasks.values())
    assert not images.folder(practice.cloud, image).exists()
    assert practice.cloud.hosts.find(SERVER) is None


async def test_an_image_is_preloaded_by_a_control_command(client, practice, source):
    await make(client)
    headers = {"Authorization": f"Bearer {practice.description['control_token']}", "Host": "practice.azwizard.localhost"}
    expected = {"registry": NAME, "repository": "orders", "tags": ["v1"], "source": str(source)}
    async with practice.session.post("https://management.azure.com/image", json=expected, headers=headers) as response:
        created = await response.json()
    assert images.find(practice.cloud, SERVER, "orders", "v1")["digest"] == created["digest"]
    assert created["image"] == f"{SERVER}/orders@{created['digest']}"
    for wrong in ({"source": "/nowhere"}, {"repository": "Orders"}, {"dockerfile": "Other"}, {"dockerfile": "../Dockerfile"}):
        async with practice.session.post("https://management.azure.com/image", json={**expected, **wrong}, headers=headers) as response:
            assert response.status == 400


async def test_only_a_premium_registry_can_be_closed_and_then_lets_nobody_in(client, practice: Practice, source: Path):
    await make(client)
    await preload.preload(practice.cloud, SERVER, "orders-api", ["1.0"], source)
    with pytest.raises(HttpResponseError) as refused:
        await (await client.registries.begin_update(GROUP, NAME, {"properties": {"publicNetworkAccess": "Disabled"}})).result()
    assert refused.value.error.code == "DisablingPublicNetworkAccessNotSupported"
    premium = {"sku": {"name": "Premium"}, "properties": {"publicNetworkAccess": "Disabled"}}
    await (await client.registries.begin_update(GROUP, NAME, premium)).result()
    async with practice.session.get(f"https://{SERVER}/v2/orders-api/manifests/1.0") as answer:
        assert answer.status == 403
        assert (await answer.json())["errors"][0]["code"] == "DENIED"
