"""The Python SDKs of Azure, as they are installed: each operation of the path does what its documentation says, all of them."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.keyvault.secrets.aio import SecretClient
from azure.mgmt.appcontainers.aio import ContainerAppsAPIClient
from azure.mgmt.authorization.aio import AuthorizationManagementClient
from azure.mgmt.containerregistry.aio import ContainerRegistryManagementClient
from azure.mgmt.keyvault.aio import KeyVaultManagementClient
from azure.mgmt.msi.aio import ManagedServiceIdentityClient
from azure.mgmt.resource.resources.aio import ResourceManagementClient
from azure.mgmt.resource.subscriptions.aio import SubscriptionClient
from azure.mgmt.storage.aio import StorageManagementClient

from tests.conftest import Practice
from wizard.practice.access.directory import SERVICE_PRINCIPAL

pytestmark = pytest.mark.clients

GROUP, PLACE = "rg-python", {"location": "westeurope"}
VAULT, REGISTRY, ACCOUNT, ENVIRONMENT, APP = "kv-python-1", "crpython1", "stpython1", "cae-python", "capp-python"
OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
SOON = {"polling_interval": 0.05}
QUICKSTART = "mcr.microsoft.com/k8se/quickstart:latest"


class Score:
    """What was tried, and what of it did not do what it should."""

    def __init__(self) -> None:
        self.tried = 0
        self.failed: dict[str, str] = {}

    async def check(self, name: str, run: Callable[[], Any], right: Callable[[Any], bool] = lambda _answer: True) -> Any:
        """Run one operation to its end: a poller is waited for and a list read through; `right` judges what came of it."""
        self.tried += 1
        answer = None
        try:
            answer = run()
            answer = await answer if inspect.isawaitable(answer) else answer
            if hasattr(answer, "polling_method"):
                answer = await answer.result()
            elif hasattr(answer, "by_page"):
                answer = [item async for item in answer]
            if not right(answer):
                self.failed[name] = f"another answer than expected: {answer}"[:300]
        except Exception as error:
            self.failed[name] = repr(error)[:300]
        return answer

    async def refused(self, name: str, run: Callable[[], Awaitable[Any]], kind: type[HttpResponseError], code: str) -> None:
        """An operation that Azure refuses with that code."""

        async def caught() -> str:
            try:
                await run()
            except kind as error:
                return str(error.error.code if error.error else "")
            return "not refused"

        await self.check(name, caught, lambda code_seen: code_seen == code)


async def try_arm(score: Score, practice: Practice) -> None:
    check = score.check
    async with SubscriptionClient(practice.credential(), transport=practice.transport()) as subscriptions:
        await check("subscriptions.list", subscriptions.subscriptions.list, bool)
        await check("locations", lambda: subscriptions.subscriptions.list_locations(practice.cloud.subscription_id), bool)
    async with ResourceManagementClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport()) as client:
        groups = client.resource_groups
        await check("group", lambda: groups.create_or_update(GROUP, {**PLACE, "tags": {"a": "b"}}), lambda one: one.tags == {"a": "b"})
        await check("group exists", lambda: groups.check_existence(GROUP), bool)
        await check("group exists not", lambda: groups.check_existence("rg-none"), lambda there: not there)
        await check("group updated", lambda: groups.update(GROUP, {"tags": {"c": "d"}}), lambda one: one.tags == {"c": "d"})
        await check("groups by tag", lambda: groups.list(filter="tagName eq 'c' and tagValue eq 'd'"), lambda listed: len(listed) == 1)
        await check("groups, two of them", lambda: groups.list(top=1), lambda listed: len(listed) == 1)
        await score.refused("group absent", lambda: groups.get("rg-none"), ResourceNotFoundError, "ResourceGroupNotFound")
        await check("provider", lambda: client.providers.get("Microsoft.App"), lambda one: bool(one.resource_types))
        await check("provider registered", lambda: client.providers.register("Microsoft.App"))


async def try_identity_and_roles(score: Score, practice: Practice) -> None:
    check, subscription = score.check, practice.cloud.subscription_id
    async with ManagedServiceIdentityClient(practice.credential(), subscription, transport=practice.transport()) as client:
        identities, federated = client.user_assigned_identities, client.federated_identity_credentials
        resource = await check("identity", lambda: identities.create_or_update(GROUP, "id-1", PLACE), lambda one: bool(one.principal_id))
        await check("identities", lambda: identities.list_by_resource_group(GROUP), lambda listed: len(listed) == 1)
        trust = {"properties": {"issuer": "https://token.actions.githubusercontent.com", "subject": "repo:a/b", "audiences": ["x"]}}
        await check("federated credential", lambda: federated.create_or_update(GROUP, "id-1", "github", trust))
        await check("federated credentials", lambda: federated.list(GROUP, "id-1"), lambda listed: len(listed) == 1)
        await check("federated credential deleted", lambda: federated.delete(GROUP, "id-1", "github"))
    async with AuthorizationManagementClient(practice.credential(), subscription, transport=practice.transport()) as client:
        scope, roles = f"{practice.scope}/resourceGroups/{GROUP}", client.role_assignments
        definition = f"{practice.scope}/providers/Microsoft.Authorization/roleDefinitions/{OFFICER}"
        for principal in (resource.principal_id, SERVICE_PRINCIPAL):
            name, body = str(uuid.uuid4()), {"role_definition_id": definition, "principal_id": principal}
            await check("role", lambda name=name, body=body: roles.create(scope, name, body | {"principal_type": "ServicePrincipal"}))
        await check("role read", lambda: roles.get(scope, name), lambda one: one.principal_id == SERVICE_PRINCIPAL)
        await check("roles at", lambda: roles.list_for_scope(scope, filter="atScope()"), lambda listed: len(listed) >= 2)
        await check("role by name", lambda: client.role_definitions.list(scope, filter="roleName eq 'AcrPull'"), bool)
        again = {"role_definition_id": definition, "principal_id": SERVICE_PRINCIPAL}
        await score.refused("role twice", lambda: roles.create(scope, str(uuid.uuid4()), again), HttpResponseError, "RoleAssignmentExists")


async def try_vault(score: Score, practice: Practice) -> None:
    check = score.check
    async with KeyVaultManagementClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport()) as client:
        properties = {"tenantId": practice.cloud.tenant_id, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
        name = {"name": VAULT, "type": "Microsoft.KeyVault/vaults"}
        await check("vault name", lambda: client.vaults.check_name_availability(name), lambda answer: answer.name_available)
        body = {**PLACE, "properties": properties}
        await check("vault", lambda: client.vaults.begin_create_or_update(GROUP, VAULT, body, **SOON), lambda one: one.name == VAULT)
        await check("vault updated", lambda: client.vaults.update(GROUP, VAULT, {"tags": {"a": "b"}}), lambda one: one.tags == {"a": "b"})
        await check("vaults", lambda: client.vaults.list_by_resource_group(GROUP), lambda listed: len(listed) == 1)
        async with SecretClient(f"https://{VAULT}.vault.azure.net", practice.credential(), transport=practice.transport()) as secrets:
            await try_secrets(score, secrets)
        await check("vault deleted", lambda: client.vaults.delete(GROUP, VAULT))
        await check("deleted vaults", client.vaults.list_deleted, lambda listed: len(listed) == 1)
        await check("vault purged", lambda: client.vaults.begin_purge_deleted(VAULT, "westeurope", **SOON))


async def try_secrets(score: Score, secrets: SecretClient) -> None:
    check = score.check
    first = await check("secret", lambda: secrets.set_secret("a", "1", content_type="t"), lambda one: one.value == "1")
    await check("secret again", lambda: secrets.set_secret("a", "2"), lambda one: one.properties.version != first.properties.version)
    await check("secret read", lambda: secrets.get_secret("a"), lambda one: one.value == "2")
    await check("its first version", lambda: secrets.get_secret("a", first.properties.version), lambda one: one.value == "1")
    await check("its versions", lambda: secrets.list_properties_of_secret_versions("a"), lambda listed: len(listed) == 2)
    await check("its tags", lambda: secrets.update_secret_properties("a", tags={"x": "y"}), lambda one: one.tags == {"x": "y"})
    await score.refused("secret absent", lambda: secrets.get_secret("none"), ResourceNotFoundError, "SecretNotFound")
    await check("secret deleted", lambda: secrets.delete_secret("a"), lambda one: one.name == "a")
    await check("deleted secrets", secrets.list_deleted_secrets, lambda listed: len(listed) == 1)
    await check("secret recovered", lambda: secrets.recover_deleted_secret("a"), lambda one: one.name == "a")


async def try_registry_and_storage(score: Score, practice: Practice) -> None:
    check, subscription = score.check, practice.cloud.subscription_id
    async with ContainerRegistryManagementClient(practice.credential(), subscription, transport=practice.transport()) as client:
        registries = client.registries
        body = {**PLACE, "sku": {"name": "Basic"}, "properties": {"adminUserEnabled": True}}
        await check("registry", lambda: registries.begin_create(GROUP, REGISTRY, body, **SOON), lambda one: one.name == REGISTRY)
        await check("registry updated", lambda: registries.begin_update(GROUP, REGISTRY, {"tags": {"a": "b"}}, **SOON))
        await check("registry passwords", lambda: registries.list_credentials(GROUP, REGISTRY), lambda one: len(one.passwords) == 2)
        await check("registry usages", lambda: registries.list_usages(GROUP, REGISTRY))
        source = {"source": {"registryUri": "mcr.microsoft.com", "sourceImage": "k8se/quickstart:latest"}, "targetTags": ["q:1"]}
        await check("image imported", lambda: registries.begin_import_image(GROUP, REGISTRY, source, **SOON))
    async with StorageManagementClient(practice.credential(), subscription, transport=practice.transport()) as client:
        accounts, shares = client.storage_accounts, client.file_shares
        body = {**PLACE, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
        await check("account", lambda: accounts.begin_create(GROUP, ACCOUNT, body, **SOON), lambda one: one.name == ACCOUNT)
        await check("account keys", lambda: accounts.list_keys(GROUP, ACCOUNT), lambda one: len(one.keys_property) == 2)
        await check("new key", lambda: accounts.regenerate_key(GROUP, ACCOUNT, {"keyName": "key1"}), bool)
        await check(
            "share", lambda: shares.create(GROUP, ACCOUNT, "share1", {"properties": {"shareQuota": 5}}), lambda one: one.name == "share1"
        )
        await check("shares", lambda: shares.list(GROUP, ACCOUNT), lambda listed: len(listed) == 1)
        await check("share deleted", lambda: shares.delete(GROUP, ACCOUNT, "share1"))
        await score.refused("share absent", lambda: shares.get(GROUP, ACCOUNT, "share1"), ResourceNotFoundError, "ShareNotFound")


async def try_apps(score: Score, practice: Practice) -> None:
    check = score.check
    async with ContainerAppsAPIClient(practice.credential(), practice.cloud.subscription_id, transport=practice.transport()) as client:
        environments, apps = client.managed_environments, client.container_apps
        place = {**PLACE, "properties": {}}
        resource = await check("environment", lambda: environments.begin_create_or_update(GROUP, ENVIRONMENT, place, **SOON), bool)
        template = {"containers": [{"name": "a", "image": QUICKSTART, "resources": {"cpu": 0.25, "memory": "0.5Gi"}}]}
        ingress = {"external": True, "targetPort": 80}
        body = {**PLACE, "properties": {"environmentId": resource.id, "configuration": {"ingress": ingress}, "template": template}}
        await check("app", lambda: apps.begin_create_or_update(GROUP, APP, body, **SOON), lambda one: one.name == APP)
        await check("app updated", lambda: apps.begin_update(GROUP, APP, {**PLACE, "tags": {"a": "b"}}, **SOON))
        await check("apps", lambda: apps.list_by_resource_group(GROUP), lambda listed: len(listed) == 1)
        await check("app secrets", lambda: apps.list_secrets(GROUP, APP))
        await check("app token", lambda: apps.get_auth_token(GROUP, APP), bool)
        [revision] = await check("revisions", lambda: client.container_apps_revisions.list_revisions(GROUP, APP), bool)
        await check("replicas", lambda: client.container_apps_revision_replicas.list_replicas(GROUP, APP, revision.name))
        await check("app stopped", lambda: apps.begin_stop(GROUP, APP, **SOON))
        await check("app started", lambda: apps.begin_start(GROUP, APP, **SOON))
        await check("usages", lambda: client.usages.list("westeurope"), bool)
        await check("app deleted", lambda: apps.begin_delete(GROUP, APP, **SOON))
        await check("environment deleted", lambda: environments.begin_delete(GROUP, ENVIRONMENT, **SOON))


async def test_all_that_they_do_on_the_path_works(practice: Practice) -> None:
    score = Score()
    for part in (try_arm, try_identity_and_roles, try_vault, try_registry_and_storage, try_apps):
        await part(score, practice)
    print(f"Python SDKs: {score.tried - len(score.failed)} of {score.tried}")
    assert score.failed == {}
    assert score.tried > 60
