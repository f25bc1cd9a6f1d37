"""Revisions that work and revisions that do not, as Azure tells of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.practice.apps import APP, GROUP, Deployment, write_api

REFUSED = "delayed connect error: 111"
LOOPBACK = ["gunicorn", "--bind", "127.0.0.1:5000", "run:app"]


async def replica_of(deployment: Deployment, revision: Any) -> Any:
    """The one replica of a revision."""
    replicas = await deployment.apps.container_apps_revision_replicas.list_replicas(GROUP, APP, revision.name)
    return replicas.value[0]


async def test_a_server_on_loopback_only_is_out_of_reach(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    app = await deployment.deploy(await deployment.body(command=LOOPBACK))
    status, text = await deployment.fetch(app, "/health")
    assert (status, REFUSED in text) == (503, True)
    revision = await deployment.revision()
    states = (revision.properties.provisioning_state, revision.properties.running_state, revision.properties.health_state)
    assert states == ("Failed", "ActivationFailed", "Unhealthy")
    assert "0/1 replicas ready" in revision.properties.provisioning_error
    assert app.properties.provisioning_state == "Succeeded"
    assert app.properties.latest_ready_revision_name == ""


async def test_another_port_than_the_target_port_is_reported(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    app = await deployment.deploy(await deployment.body(port=8000))
    assert (await deployment.fetch(app, "/health"))[0] == 503
    events = await deployment.events()
    assert any("The TargetPort 8000 does not match the listening port 5000." in event["Msg"] for event in events)


async def test_a_crash_is_told_with_its_exit_code_and_the_old_revision_keeps_serving(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    good = await deployment.deploy(await deployment.body())
    app = await deployment.deploy(await deployment.body(command=["python", "-c", "print('no luck', flush=True); raise SystemExit(3)"]))
    assert await deployment.fetch(app, "/health") == (200, {"status": "ok"})
    assert app.properties.latest_ready_revision_name == good.properties.latest_revision_name != app.properties.latest_revision_name
    revision = await deployment.revision()
    assert revision.properties.running_state == "ActivationFailed"
    replica = await replica_of(deployment, revision)
    container = replica.properties.containers[0]
    assert container.restart_count >= 2
    assert "exit code '3'" in container.running_state_details
    assert "no luck" in await deployment.console(revision.name, replica)


async def test_a_program_that_does_not_exist_is_told(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    await deployment.deploy(await deployment.body(command=["uvicorn", "run:app"]))
    replica = await replica_of(deployment, await deployment.revision())
    assert 'exec: "uvicorn": executable file not found in $PATH' in replica.properties.containers[0].running_state_details


@pytest.mark.parametrize("nobrl", [True, False])
async def test_sqlite_on_a_share_works_with_nobrl_only(deployment: Deployment, tmp_path: Path, nobrl: bool) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    await deployment.make_storage("orders-db")
    volume = {"name": "db", "storageType": "AzureFile", "storageName": "orders-db", **({"mountOptions": "nobrl"} if nobrl else {})}
    body = await deployment.body(
        env=[{"name": "DATABASE_PATH", "value": "/data/orders.db"}],
        volumes=[volume],
        volumeMounts=[{"volumeName": "db", "mountPath": "/data"}],
    )
    app = await deployment.deploy(body)
    assert (await deployment.fetch(app, "/orders"))[0] == (200 if nobrl else 500)
    revision = await deployment.revision()
    text = await deployment.console(revision.name, await replica_of(deployment, revision))
    assert ("database is locked" in text) is not nobrl


async def test_a_read_only_share_cannot_be_written_to(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    await deployment.make_storage("orders-json", "ReadOnly")
    body = await deployment.body(
        volumes=[{"name": "json", "storageType": "AzureFile", "storageName": "orders-json"}],
        volumeMounts=[{"volumeName": "json", "mountPath": "/project-container/json"}],
    )
    app = await deployment.deploy(body)
    assert (await deployment.fetch(app, "/note", method="POST", json={"path": "/project-container/json/x"}))[0] == 500
    assert (await deployment.fetch(app, "/note", method="POST", json={"path": "/project-container/x"}))[0] == 200


async def test_a_wrong_storage_key_is_a_mount_error(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    await deployment.make_storage("orders-db")
    await deployment.connect_storage("orders-db", "d3Jvbmc=")
    body = await deployment.body(
        volumes=[{"name": "db", "storageType": "AzureFile", "storageName": "orders-db", "mountOptions": "nobrl"}],
        volumeMounts=[{"volumeName": "db", "mountPath": "/data"}],
    )
    await deployment.deploy(body)
    assert (await deployment.revision()).properties.running_state == "ActivationFailed"
    assert any("mount error(13): Permission denied" in event["Msg"] and event["Type"] == "Warning" for event in await deployment.events())


async def test_a_restart_reads_a_changed_secret(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    body = await deployment.body(env=[{"name": "API_KEY", "secretRef": "api-key"}], secrets=[{"name": "api-key", "value": "first"}])
    app = await deployment.deploy(body)
    before = app.properties.latest_revision_name
    secrets = [*body["properties"]["configuration"]["secrets"][:1], {"name": "api-key", "value": "second"}]
    app = await deployment.change({"properties": {"configuration": {"secrets": secrets}}})
    assert app.properties.latest_revision_name == before
    assert (await deployment.fetch(app, "/seen"))[1]["key"] == "first"
    async with deployment.watching() as happened:
        await deployment.apps.container_apps_revisions.restart_revision(GROUP, APP, before)
        await happened("RevisionReady")
    assert (await deployment.fetch(app, "/seen"))[1]["key"] == "second"


async def test_a_deactivated_revision_stops_and_an_activated_one_serves_again(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    app = await deployment.deploy(await deployment.body())
    revisions, name = deployment.apps.container_apps_revisions, app.properties.latest_revision_name
    await revisions.deactivate_revision(GROUP, APP, name)
    assert (await revisions.get_revision(GROUP, APP, name)).properties.running_state == "Stopped"
    status, page = await deployment.fetch(app, "/health")
    assert (status, "stopped or does not exist" in page) == (404, True)
    async with deployment.watching() as happened:
        await revisions.activate_revision(GROUP, APP, name)
        await happened("RevisionReady")
    assert (await deployment.fetch(app, "/health"))[0] == 200


async def test_with_no_replica_wanted_a_revision_sleeps_and_wakes_for_a_request(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    app = await deployment.deploy(await deployment.body(scale={"minReplicas": 0, "maxReplicas": 1}))
    async with deployment.watching() as happened:
        await happened("ScalingDown")
    assert (await deployment.revision()).properties.running_state == "ScaledToZero"
    assert await deployment.fetch(app, "/health") == (200, {"status": "ok"})
    assert (await deployment.revision()).properties.running_state == "RunningAtMaxScale"
