"""Container apps through the real SDK: deployed, answered, changed, deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.appcontainers.aio import ContainerAppsAPIClient
from azure.mgmt.storage.aio import StorageManagementClient

from tests.conftest import Practice
from tests.practice.apps import APP, GROUP, QUICKSTART, Deployment, write_api


@pytest.fixture
async def deployment(practice: Practice) -> AsyncIterator[Deployment]:
    subscription, transport = practice.cloud.subscription_id, practice.transport()
    async with practice.credential() as credential:
        async with (
            ContainerAppsAPIClient(credential, subscription, transport=transport) as apps,
            StorageManagementClient(credential, subscription, transport=transport) as storage,
        ):
            made = Deployment(practice, apps, storage)
            await made.make_environment()
            yield made


async def test_an_api_from_a_registry_answers_over_tls_with_its_data_on_a_share(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    await deployment.make_storage("orders-db")
    body = await deployment.body(
        env=[{"name": "DATABASE_PATH", "value": "/project-container/databases/orders.db"}, {"name": "API_KEY", "secretRef": "api-key"}],
        secrets=[{"name": "api-key", "value": "canary"}],
        volumes=[{"name": "db", "storageType": "AzureFile", "storageName": "orders-db", "mountOptions": "nobrl"}],
        volumeMounts=[{"volumeName": "db", "mountPath": "/project-container/databases"}],
    )
    app = await deployment.deploy(body)
    assert await deployment.fetch(app, "/health") == (200, {"status": "ok"})
    assert (await deployment.fetch(app, "/orders", method="POST", json={"item": "tea"}))[0] == 201

    app = await deployment.change(
        {"properties": {"template": {**body["properties"]["template"], "scale": {"minReplicas": 1, "maxReplicas": 2}}}}
    )
    assert await deployment.fetch(app, "/orders") == (200, ["tea"])
    revision = await deployment.revision()
    assert (revision.properties.running_state, revision.properties.health_state) == ("Running", "Healthy")


async def test_the_quickstart_image_serves_its_page_on_port_80(deployment: Deployment) -> None:
    app = await deployment.deploy(await deployment.body(image=QUICKSTART, port=80))
    status, page = await deployment.fetch(app, "/")
    assert (status, "is live" in page) == (200, True)
    assert app.properties.latest_revision_name == app.properties.latest_ready_revision_name != ""
