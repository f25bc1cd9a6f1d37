"""Container apps through the real SDK: deployed, answered, changed, deleted."""

from __future__ import annotations

from pathlib import Path

from tests.practice.apps import QUICKSTART, Deployment, write_api


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
