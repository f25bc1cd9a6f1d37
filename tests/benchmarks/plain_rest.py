"""The calls of a first deployment as a plain script sends them, with only the edges that Azure needs.

``python -m tests.benchmarks.plain_rest PRACTICE_JSON CODE`` is what ``apply`` is measured against: one aiohttp session, bodies written by
hand, each call begun as soon as Azure would take it, nothing looked at before, nothing told and nothing remembered. It deploys the sample
API (two shares, one secret, an identity of the app's own) to a practice cloud that runs, and prints one JSON object:
``{"requests": how many, "revision": the version that is healthy}``.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import socket
import ssl
import sys
import tarfile
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

ARM = "https://management.azure.com"
MINE = "notes-dev"
PROVIDERS = ("KeyVault", "ContainerRegistry", "Storage", "App")
SECRETS_OFFICER, SECRETS_USER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "4633458b-17de-408a-b874-0445c86b69e6"
ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
TAGS = {"azwizard-setup": MINE}
PATIENCE = 400  # questions about one operation


class _OnLoopback(AbstractResolver):
    """Sends every host name to the practice cloud's port."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=self._port, family=socket.AF_INET, proto=0, flags=socket.AI_NUMERICHOST)
        ]

    async def close(self) -> None:
        """Nothing is open."""


class Azure:
    """One session: a token for each audience, and calls that count themselves.

    :param pause: seconds between two questions about an operation that says nothing of it.
    """

    def __init__(self, session: aiohttp.ClientSession, practice: dict[str, Any], pause: float) -> None:
        self._session, self._practice, self._pause = session, practice, pause
        self._tokens: dict[str, Awaitable[str]] = {}
        self.requests = 0

    async def token(self, audience: str) -> str:
        """A token of the practice account; asked for once for each audience."""
        if audience not in self._tokens:
            self._tokens[audience] = asyncio.ensure_future(self._sign_in(audience))
        return await self._tokens[audience]

    async def _sign_in(self, audience: str) -> str:
        url = f"https://login.microsoftonline.com/{self._practice['tenant_id']}/oauth2/v2.0/token"
        account = {name: self._practice[name] for name in ("client_id", "client_secret")}
        _status, answer, _headers = await self._send(
            "POST", url, data={**account, "grant_type": "client_credentials", "scope": f"{audience}/.default"}
        )
        return str(answer["access_token"])

    async def call(self, method: str, url: str, body: Any = None, *, audience: str = ARM) -> tuple[int, Any, Any]:
        """One call: its status, its body as JSON, its headers."""
        return await self._send(method, url, json=body, headers={"Authorization": f"Bearer {await self.token(audience)}"})

    async def upload(self, url: str, content: bytes) -> None:
        """Put a block blob to a URL that is signed."""
        await self._send("PUT", url, data=content, headers={"x-ms-blob-type": "BlockBlob"})

    async def _send(self, method: str, url: str, **options: Any) -> tuple[int, Any, Any]:
        self.requests += 1
        async with self._session.request(method, url, **options) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None, response.headers

    async def made(self, method: str, url: str, body: Any = None, *, audience: str = ARM, unless: tuple[int, ...] = ()) -> Any:
        """Call until it is taken: again after the statuses of `unless`, by which Azure says that something is not in effect yet."""
        for _try in range(PATIENCE):
            status, answer, headers = await self.call(method, url, body, audience=audience)
            if status < 400:
                return answer, headers
            if status not in unless:
                break
            await asyncio.sleep(self._pause)
        raise SystemExit(f"{method} {url}: {status} {answer}")

    async def ended(self, headers: Any) -> None:
        """Ask how far an operation is until it has ended."""
        url = headers.get("Azure-AsyncOperation") or headers.get("Location")
        for _question in range(PATIENCE if url else 0):
            await asyncio.sleep(self._pause)
            status, answer, _headers = await self.call("GET", url)
            if status != 202 and (answer or {}).get("status", "Succeeded") == "Succeeded":
                return

    async def until(self, url: str, ready: Callable[[Any], Any]) -> Any:
        """Read until `ready` gives something."""
        for _question in range(PATIENCE):
            _status, answer, _headers = await self.call("GET", url)
            if value := ready(answer):
                return value
            await asyncio.sleep(self._pause)
        raise SystemExit(f"never ready: {url}")


class PlainDeployment:
    """What is made, one method for each thing; what a method awaits first is what Azure asks for before it."""

    def __init__(self, azure: Azure, practice: dict[str, Any], code: Path, secret: str) -> None:
        self._azure, self._code, self._secret = azure, code, secret
        self._tenant = practice["tenant_id"]
        self._subscription = f"{ARM}/subscriptions/{practice['subscription_id']}"
        self._group = f"{self._subscription}/resourceGroups/rg-{MINE}"
        self._vault = f"{self._group}/providers/Microsoft.KeyVault/vaults/kv-{MINE}"
        self._registry = f"{self._group}/providers/Microsoft.ContainerRegistry/registries/crnotesdev"
        self._storage = f"{self._group}/providers/Microsoft.Storage/storageAccounts/stnotesdev"
        self._environment = f"{self._group}/providers/Microsoft.App/managedEnvironments/cae-{MINE}"
        self._app = f"{self._group}/providers/Microsoft.App/containerApps/capp-{MINE}"

    async def run(self) -> str:
        """Make everything; gives the name of the version once it is healthy."""
        registered = [
            asyncio.ensure_future(
                self._azure.made("POST", f"{self._subscription}/providers/Microsoft.{name}/register?api-version=2025-04-01")
            )
            for name in PROVIDERS
        ]
        await self._azure.made("PUT", f"{self._group}?api-version=2025-04-01", {"location": "westeurope", "tags": TAGS})
        await asyncio.gather(*registered)
        image = asyncio.ensure_future(self._image())
        vault = asyncio.ensure_future(self._made_vault())
        key = asyncio.ensure_future(self._shares())
        environment = asyncio.ensure_future(self._made_environment())
        await environment
        app = asyncio.ensure_future(self._app_with_identity())
        storages = asyncio.ensure_future(self._environment_storages(await key))
        principal, first = await app
        await vault
        await asyncio.gather(
            image,
            storages,
            self._azure.ended(first),
            self._role(f"{self._registry}", ACR_PULL, principal),
            self._role(f"{self._vault}", SECRETS_USER, principal),
        )
        return await self._version(image.result())

    async def _resource(self, url: str, version: str, properties: dict[str, Any], **more: Any) -> None:
        body = {"location": "westeurope", "tags": TAGS, "properties": properties, **more}
        _answer, headers = await self._azure.made("PUT", f"{url}?api-version={version}", body, unless=(409,))
        await self._azure.ended(headers)

    async def _made_vault(self) -> None:
        permissions = {"enableRbacAuthorization": True, "accessPolicies": [], "softDeleteRetentionInDays": 7}
        sku = {"family": "A", "name": "standard"}
        url = f"{self._vault}?api-version=2026-05-15"
        body = {"location": "westeurope", "tags": TAGS, "properties": {"tenantId": self._tenant, "sku": sku, **permissions}}
        await self._azure.made("PUT", url, body, unless=(409,))
        await self._azure.until(url, lambda vault: vault["properties"].get("provisioningState") == "Succeeded")
        await self._role(self._vault, SECRETS_OFFICER, "c0ffee00-0000-4000-8000-000000000002")
        secret = f"https://kv-{MINE}.vault.azure.net/secrets/api-key?api-version=2026-04-01"
        await self._azure.made("PUT", secret, {"value": self._secret}, audience="https://vault.azure.net", unless=(403,))

    async def _role(self, scope: str, role: str, principal: str) -> None:
        definition = f"{self._subscription.removeprefix(ARM)}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        name = uuid.uuid5(uuid.NAMESPACE_URL, f"{scope}{role}{principal}")
        body = {"properties": {"roleDefinitionId": definition, "principalId": principal, "principalType": "ServicePrincipal"}}
        url = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}?api-version=2022-04-01"
        await self._azure.made("PUT", url, body, unless=(400,))  # PrincipalNotFound, until the directory knows the identity

    async def _image(self) -> str:
        """Build the image with the registry's tasks; gives its digest."""
        await self._resource(self._registry, "2025-11-01", {"adminUserEnabled": False}, sku={"name": "Basic"})
        tasks = "api-version=2025-03-01-preview"
        upload, _headers = await self._azure.made("POST", f"{self._registry}/listBuildSourceUploadUrl?{tasks}")
        await self._azure.upload(upload["uploadUrl"], _packed(self._code))
        build = {
            "type": "DockerBuildRequest",
            "sourceLocation": upload["relativePath"],
            "dockerFilePath": "Dockerfile",
            "imageNames": ["notes:plain"],
            "isPushEnabled": True,
            "platform": {"os": "Linux", "architecture": "amd64"},
        }
        run, _headers = await self._azure.made("POST", f"{self._registry}/scheduleRun?{tasks}", build)
        url = f"{self._registry}/runs/{run['properties']['runId']}?{tasks}"
        images = await self._azure.until(url, lambda task: task["properties"].get("outputImages"))
        return str(images[0]["digest"])

    async def _shares(self) -> str:
        """Make the account and its shares; gives a key of the account."""
        properties = {"minimumTlsVersion": "TLS1_2", "supportsHttpsTrafficOnly": True, "allowBlobPublicAccess": False}
        await self._resource(self._storage, "2026-09-01", properties, kind="StorageV2", sku={"name": "Standard_LRS"})
        files = f"{self._storage}/fileServices/default"
        share = {"properties": {"shareQuota": 5, "enabledProtocols": "SMB"}}
        _db, _logs, (keys, _headers) = await asyncio.gather(
            self._azure.made("PUT", f"{files}/shares/fileshare-db-{MINE}?api-version=2026-09-01", share),
            self._azure.made("PUT", f"{files}/shares/fileshare-logs-{MINE}?api-version=2026-09-01", share),
            self._azure.made("POST", f"{self._storage}/listKeys?api-version=2026-09-01"),
        )
        return str(keys["keys"][0]["value"])

    async def _made_environment(self) -> None:
        profiles = [{"name": "Consumption", "workloadProfileType": "Consumption"}]
        logs = {"destination": "none"}
        await self._resource(self._environment, "2026-07-01", {"appLogsConfiguration": logs, "workloadProfiles": profiles})

    async def _environment_storages(self, key: str) -> None:
        for share in ("db", "logs"):
            file = {"accountName": "stnotesdev", "shareName": f"fileshare-{share}-{MINE}", "accessMode": "ReadWrite", "accountKey": key}
            url = f"{self._environment}/storages/azure-files-{share}?api-version=2026-07-01"
            await self._azure.made("PUT", url, {"properties": {"azureFile": file}})

    async def _app_with_identity(self) -> tuple[str, Any]:
        container = {"name": MINE, "image": "mcr.microsoft.com/k8se/quickstart:latest", "resources": {"cpu": 0.25, "memory": "0.5Gi"}}
        properties = {"environmentId": self._environment.removeprefix(ARM), "template": {"containers": [container]}}
        body = {"location": "westeurope", "tags": TAGS, "identity": {"type": "SystemAssigned"}, "properties": properties}
        app, headers = await self._azure.made("PUT", f"{self._app}?api-version=2026-07-01", body)
        return app["identity"]["principalId"], headers

    async def _version(self, digest: str) -> str:
        url = f"{self._app}?api-version=2026-07-01"
        body = {"location": "westeurope", "tags": TAGS, "identity": {"type": "SystemAssigned"}, "properties": self._properties(digest)}
        _app, headers = await self._azure.made("PUT", url, body, unless=(400, 409))
        await self._azure.ended(headers)
        name = await self._azure.until(url, lambda app: app["properties"].get("latestRevisionName"))
        revision = f"{self._app}/revisions/{name}?api-version=2026-07-01"
        await self._azure.until(revision, lambda version: version["properties"].get("healthState") == "Healthy")
        return str(name)

    def _properties(self, digest: str) -> dict[str, Any]:
        registry, mine = "crnotesdev.azurecr.io", "/srv/notes"
        container = {
            "name": MINE,
            "image": f"{registry}/notes@{digest}",
            "resources": {"cpu": 0.25, "memory": "0.5Gi"},
            "env": [
                {"name": "DATABASE_PATH", "value": f"{mine}/databases/notes.db"},
                {"name": "LOG_PATH", "value": f"{mine}/logs/notes.log"},
                {"name": "API_KEY", "secretRef": "api-key"},
            ],
            "volumeMounts": [{"volumeName": "db", "mountPath": f"{mine}/databases"}, {"volumeName": "logs", "mountPath": f"{mine}/logs"}],
        }
        volume = {"storageType": "AzureFile", "mountOptions": "nobrl"}
        volumes = [{"name": share, "storageName": f"azure-files-{share}", **volume} for share in ("db", "logs")]
        ingress = {"external": True, "targetPort": 5000, "traffic": [{"latestRevision": True, "weight": 100}]}
        secret = {"name": "api-key", "keyVaultUrl": f"https://kv-{MINE}.vault.azure.net/secrets/api-key", "identity": "system"}
        configuration = {"ingress": ingress, "registries": [{"server": registry, "identity": "system"}], "secrets": [secret]}
        template = {"containers": [container], "volumes": volumes, "scale": {"minReplicas": 1, "maxReplicas": 1}}
        return {"environmentId": self._environment.removeprefix(ARM), "configuration": configuration, "template": template}


def _packed(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.add(folder, arcname=".")
    return buffer.getvalue()


async def deploy(practice: dict[str, Any], code: Path, secret: str, pause: float) -> dict[str, Any]:
    """Deploy once; see the module for what is given."""
    connector = aiohttp.TCPConnector(resolver=_OnLoopback(practice["port"]), ssl=ssl.create_default_context(cafile=practice["ca_file"]))
    async with aiohttp.ClientSession(connector=connector) as session:
        azure = Azure(session, practice, pause)
        revision = await PlainDeployment(azure, practice, code, secret).run()
        return {"requests": azure.requests, "revision": revision}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("practice", type=Path, help="practice.json of a practice cloud that runs")
    parser.add_argument("code", type=Path, help="the folder that is built")
    parser.add_argument("--pause", type=float, default=0.2)
    given = parser.parse_args()
    outcome = asyncio.run(deploy(json.loads(given.practice.read_text()), given.code, "plain-value", given.pause))
    json.dump(outcome, sys.stdout)
