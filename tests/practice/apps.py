"""What tests of container apps share: an API to deploy, and the steps before it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

from azure.mgmt.appcontainers.aio import ContainerAppsAPIClient
from azure.mgmt.storage.aio import StorageManagementClient

from tests.conftest import Practice, register_all
from wizard.practice.registry.building import preload

GROUP = "rg-orders-dev"
ENVIRONMENT = "cae-orders-dev"
APP = "capp-orders-dev"
ACCOUNT = "stordersdev"
REGISTRY = "crordersdev"
SERVER = f"{REGISTRY}.azurecr.io"
IMAGE = f"{SERVER}/orders-api:1.0"
QUICKSTART = "mcr.microsoft.com/k8se/quickstart:latest"

DOCKERFILE = """
FROM python:3.12-slim
WORKDIR /project-container
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
EXPOSE 5000
CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]
"""

RUN = """
import os, sqlite3
from flask import Flask, jsonify, request

app = Flask(__name__)
DATABASE = os.environ.get("DATABASE_PATH", "/project-container/orders.db")


def rows(statement, *values):
    with sqlite3.connect(DATABASE) as database:
        database.execute("CREATE TABLE IF NOT EXISTS orders (item TEXT)")
        return database.execute(statement, values).fetchall()


@app.get("/health")
def health():
    return jsonify(status="ok")


@app.route("/orders", methods=["GET", "POST"])
def orders():
    if request.method == "POST":
        rows("INSERT INTO orders VALUES (?)", request.get_json()["item"])
        return jsonify(created=True), 201
    return jsonify([row[0] for row in rows("SELECT item FROM orders")])


@app.get("/seen")
def seen():
    return jsonify(key=os.environ.get("API_KEY"), headers=dict(request.headers), files=os.listdir("/"), environment=sorted(os.environ))


@app.post("/note")
def note():
    with open(request.get_json()["path"], "w") as file:
        file.write("x")
    return jsonify(written=True)
"""


def write_api(folder: Path, *, run: str = RUN, dockerfile: str = DOCKERFILE) -> Path:
    """A small Flask API in `folder`, ready to be built."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "run.py").write_text(dedent(run))
    (folder / "requirements.txt").write_text("Flask\ngunicorn\n")
    (folder / "Dockerfile").write_text(dockerfile.lstrip())
    return folder


class Deployment:
    """One group with an environment, and the real SDK to deploy apps into it."""

    def __init__(self, practice: Practice, apps: ContainerAppsAPIClient, storage: StorageManagementClient) -> None:
        self.practice, self.apps, self.storage = practice, apps, storage
        self.environment_id = ""

    @property
    def group_id(self) -> str:
        return f"{self.practice.scope}/resourceGroups/{GROUP}"

    async def make_environment(self) -> None:
        """The resource group and the environment."""
        await self.practice.call("PUT", f"/resourcegroups/{GROUP}", {"location": "westeurope"})
        body = {
            "location": "westeurope",
            "properties": {"workloadProfiles": [{"name": "Consumption", "workloadProfileType": "Consumption"}]},
        }
        poller = await self.apps.managed_environments.begin_create_or_update(GROUP, ENVIRONMENT, body, polling_interval=0.05)
        self.environment_id = str((await poller.result()).id)

    async def make_storage(self, name: str, access_mode: str = "ReadWrite") -> None:
        """A share `name` and an environment storage of the same name."""
        account = {"location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {}}
        poller = await self.storage.storage_accounts.begin_create(GROUP, ACCOUNT, account, polling_interval=0.05)
        await poller.result()
        await self.storage.file_shares.create(GROUP, ACCOUNT, name, {"properties": {"shareQuota": 1}})
        keys = await self.storage.storage_accounts.list_keys(GROUP, ACCOUNT)
        await self.connect_storage(name, str(keys.keys_property[0].value), access_mode)

    async def connect_storage(self, name: str, key: str, access_mode: str = "ReadWrite") -> None:
        file = {"accountName": ACCOUNT, "accountKey": key, "shareName": name, "accessMode": access_mode}
        await self.apps.managed_environments_storages.create_or_update(GROUP, ENVIRONMENT, name, {"properties": {"azureFile": file}})

    async def make_registry(self, source: Path, tag: str = "1.0") -> None:
        """The registry, with admin user, and the image of `source` in it."""
        body = {"location": "westeurope", "sku": {"name": "Basic"}, "properties": {"adminUserEnabled": True}}
        path = f"/resourceGroups/{GROUP}/providers/Microsoft.ContainerRegistry/registries/{REGISTRY}"
        await self.practice.call("PUT", path, body, version="2023-07-01")
        await preload.preload(self.practice.cloud, SERVER, "orders-api", [tag], source)

    async def password(self) -> str:
        path = f"/resourceGroups/{GROUP}/providers/Microsoft.ContainerRegistry/registries/{REGISTRY}/listCredentials"
        answer = await self.practice.call("POST", path, version="2023-07-01")
        return str(answer.body["passwords"][0]["value"])

    async def body(self, *, image: str = IMAGE, **parts: Any) -> dict[str, Any]:
        """An app's body that pulls with the registry's admin user; `parts` are of the container, ``secrets`` and ``volumes`` aside."""
        secrets = [{"name": "pull", "value": await self.password()}] if image != QUICKSTART else []
        registries = [{"server": SERVER, "username": REGISTRY, "passwordSecretRef": "pull"}] if image != QUICKSTART else None
        scale, volumes, port = parts.pop("scale", {"minReplicas": 1, "maxReplicas": 1}), parts.pop("volumes", None), parts.pop("port", 5000)
        secrets += parts.pop("secrets", [])
        suffix = parts.pop("suffix", None)
        container = {"name": "api", "image": image, "resources": {"cpu": 0.25, "memory": "0.5Gi"}, **parts}
        ingress = {"external": True, "targetPort": port, "transport": "http"}
        return {
            "location": "westeurope",
            "properties": {
                "environmentId": self.environment_id,
                "configuration": {"activeRevisionsMode": "Single", "ingress": ingress, "registries": registries, "secrets": secrets},
                "template": {"containers": [container], "scale": scale, "volumes": volumes, "revisionSuffix": suffix},
            },
        }

    async def deploy(self, body: Mapping[str, Any]) -> Any:
        """PUT the app and wait for the operation; the app."""
        poller = await self.apps.container_apps.begin_create_or_update(GROUP, APP, dict(body), polling_interval=0.05)
        return await poller.result()

    async def change(self, body: Mapping[str, Any]) -> Any:
        """PATCH the app and wait for the operation; the app."""
        await (await self.apps.container_apps.begin_update(GROUP, APP, dict(body), polling_interval=0.05)).result()
        return await self.apps.container_apps.get(GROUP, APP)

    async def revision(self) -> Any:
        """The app's latest revision."""
        app = await self.apps.container_apps.get(GROUP, APP)
        return await self.apps.container_apps_revisions.get_revision(GROUP, APP, app.properties.latest_revision_name)

    async def fetch(self, app: Any, path: str, **options: Any) -> tuple[int, Any]:
        """Ask the app over TLS; status and body."""
        url = f"https://{app.properties.configuration.ingress.fqdn}{path}"
        async with self.practice.session.request(options.pop("method", "GET"), url, **options) as answer:
            is_json = "json" in answer.headers.get("Content-Type", "")
            return answer.status, await answer.json() if is_json else await answer.text()

    async def events(self) -> list[dict[str, Any]]:
        """What the app's event stream has told so far."""
        app = await self.apps.container_apps.get(GROUP, APP)
        text = await self.stream(str(app.properties.event_stream_endpoint))
        return [json.loads(line) for line in text.splitlines()]

    async def console(self, revision: str, replica: Any) -> str:
        """What a replica's container has printed so far."""
        return await self.stream(str(replica.properties.containers[0].log_stream_endpoint))

    @asynccontextmanager
    async def watching(self, tail: int = 0) -> AsyncIterator[Callable[[str], Awaitable[None]]]:
        """Follow the event stream; what is yielded waits for an event of a reason, among the last `tail` ones or new."""
        app = await self.apps.container_apps.get(GROUP, APP)
        token = (await self.apps.container_apps.get_auth_token(GROUP, APP)).properties.token
        address, headers = str(app.properties.event_stream_endpoint), {"Authorization": f"Bearer {token}"}
        async with self.practice.session.get(address, params={"tailLines": str(tail), "follow": "true"}, headers=headers) as answer:

            async def wait(reason: str) -> None:
                async with asyncio.timeout(20):
                    async for line in answer.content:
                        if json.loads(line)["Reason"] == reason:
                            return

            yield wait

    async def stream(self, url: str, **parameters: str) -> str:
        """Read a log or event stream with the app's own token."""
        token = (await self.apps.container_apps.get_auth_token(GROUP, APP)).properties.token
        headers = {"Authorization": f"Bearer {token}"}
        async with self.practice.session.get(url, params={"tailLines": "300", **parameters}, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.text()


@asynccontextmanager
async def connected(practice: Practice, *, fresh: bool = True) -> AsyncIterator[Deployment]:
    """The real SDK on that practice cloud; a fresh one gets an environment."""
    register_all(practice.cloud)
    subscription, transport = practice.cloud.subscription_id, practice.transport()
    async with practice.credential() as credential:
        async with (
            ContainerAppsAPIClient(credential, subscription, transport=transport) as apps,
            StorageManagementClient(credential, subscription, transport=transport) as storage,
        ):
            created = Deployment(practice, apps, storage)
            if fresh:
                await created.make_environment()
            yield created
