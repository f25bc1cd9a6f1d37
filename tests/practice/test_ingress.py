"""How requests reach an app, and what is left when the practice cloud starts again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import StartPractice
from tests.practice.apps import APP, GROUP, QUICKSTART, Deployment, connected, write_api
from wizard.practice.runtime import containers as runner

ECHO = """
from flask import Flask, Response, jsonify, request

app = Flask(__name__)


@app.route("/echo", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def echo():
    seen = {"method": request.method, "body": request.get_data(as_text=True), "query": request.query_string.decode()}
    return jsonify(**seen, headers=dict(request.headers))


@app.get("/moved")
def moved():
    return Response(status=302, headers=[("Location", "/elsewhere"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])


@app.get("/whole")
def whole():
    here = request.url_root.replace("http:", request.headers["X-Forwarded-Proto"] + ":")
    answer = Response(status=302, headers=[("Location", here + "echo?next=1"), ("Access-Control-Allow-Origin", here.rstrip("/"))])
    answer.set_cookie("s", "1", domain=request.host, secure=True)
    answer.headers.add("Link", "<" + here + ">")
    return answer


@app.get("/stream")
def stream():
    return Response((f"{number}\\n" for number in range(1000)), mimetype="text/plain")


@app.get("/break")
def breaks():
    import os, signal
    os.kill(os.getpid(), signal.SIGKILL)
"""


async def test_requests_and_answers_pass_unchanged(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api", run=ECHO))
    app = await deployment.deploy(await deployment.body())
    fqdn, session = app.properties.configuration.ingress.fqdn, deployment.practice.session

    status, seen = await deployment.fetch(app, "/echo?a=b%20c&d=", method="PATCH", data="x" * 200_000, headers={"X-Own": "1"})
    assert (status, seen["method"], len(seen["body"]), seen["query"]) == (200, "PATCH", 200_000, "a=b%20c&d=")
    headers = seen["headers"]
    assert (headers["Host"], headers["X-Forwarded-Proto"], headers["X-Own"]) == (fqdn, "https", "1")
    assert headers["X-Forwarded-For"] == "127.0.0.1"

    async with session.get(f"https://{fqdn}/moved", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/elsewhere")
        assert answer.headers.getall("Set-Cookie") == ["a=1", "b=2"]
    async with session.head(f"https://{fqdn}/echo") as answer:
        assert answer.status == 200
    assert (await deployment.fetch(app, "/stream"))[1].splitlines()[-1] == "999"
    assert (await deployment.fetch(app, "/break"))[0] == 503


async def test_a_browser_has_a_plain_door_on_loopback(deployment: Deployment) -> None:
    app = await deployment.deploy(await deployment.body(image=QUICKSTART, port=80))
    door = deployment.practice.description["doors"][app.properties.configuration.ingress.fqdn]
    assert door.startswith("http://127.0.0.1:")
    async with deployment.practice.session.get(door) as answer:
        assert answer.status == 200


async def test_behind_the_plain_door_an_api_sees_its_address_in_azure_and_its_redirects_lead_back(
    deployment: Deployment, tmp_path: Path
) -> None:
    """An API that names its hosts (Django's ALLOWED_HOSTS), or compares Origin with its own address, works in a browser too."""
    await deployment.make_registry(write_api(tmp_path / "api", run=ECHO))
    app = await deployment.deploy(await deployment.body())
    fqdn, session = app.properties.configuration.ingress.fqdn, deployment.practice.session
    door = deployment.practice.description["doors"][fqdn]

    from_page = {"Origin": door, "Referer": f"{door}/form?a=1"}
    async with session.post(f"{door}/echo", headers={**from_page, "X-Own": door}) as answer:
        headers = (await answer.json())["headers"]
    assert (headers["Host"], headers["X-Forwarded-Proto"]) == (fqdn, "https")
    assert (headers["Origin"], headers["Referer"], headers["X-Own"]) == (f"https://{fqdn}", f"https://{fqdn}/form?a=1", door)
    async with session.post(f"{door}/echo", headers={"Origin": "https://elsewhere.example"}) as answer:
        assert (await answer.json())["headers"]["Origin"] == "https://elsewhere.example"

    async with session.get(f"{door}/whole", allow_redirects=False) as answer:
        assert (answer.headers["Location"], answer.headers["Access-Control-Allow-Origin"]) == (f"{door}/echo?next=1", door)
        assert answer.headers["Set-Cookie"] == "s=1; Secure; Path=/"
    async with session.get(f"https://{fqdn}/whole", allow_redirects=False) as answer:
        assert answer.headers["Location"] == f"https://{fqdn}/echo?next=1"


async def test_the_plain_door_answers_under_the_names_of_this_computer_only(deployment: Deployment) -> None:
    app = await deployment.deploy(await deployment.body(image=QUICKSTART, port=80))
    door = deployment.practice.description["doors"][app.properties.configuration.ingress.fqdn]
    port = door.rpartition(":")[2]
    statuses = {}
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", "elsewhere.example", f"elsewhere.example:{port}", "127.0.0.1:1"):
        async with deployment.practice.session.get(door, headers={"Host": host}) as answer:
            statuses[host.replace(port, "PORT")] = answer.status
    assert statuses == {
        "127.0.0.1:PORT": 200,
        "localhost:PORT": 200,
        "elsewhere.example": 421,
        "elsewhere.example:PORT": 421,
        "127.0.0.1:1": 421,
    }


async def test_a_revision_has_a_name_of_its_own(deployment: Deployment) -> None:
    app = await deployment.deploy(await deployment.body(image=QUICKSTART, port=80))
    assert app.properties.latest_revision_fqdn in deployment.practice.description["hosts"]
    async with deployment.practice.session.get(f"https://{app.properties.latest_revision_fqdn}/") as answer:
        assert answer.status == 200


async def test_without_ingress_there_is_no_host(deployment: Deployment) -> None:
    body = await deployment.body(image=QUICKSTART)
    body["properties"]["configuration"]["ingress"] = None
    app = await deployment.deploy(body)
    assert app.properties.configuration.ingress is None
    assert (await deployment.revision()).properties.running_state == "RunningAtMaxScale"
    assert not [name for name in deployment.practice.description["hosts"] if name.startswith(APP)]


async def test_two_revisions_share_the_traffic_in_multiple_mode(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    body = await deployment.body(env=[{"name": "API_KEY", "value": "old"}], suffix="old")
    body["properties"]["configuration"]["activeRevisionsMode"] = "Multiple"
    await deployment.deploy(body)
    body["properties"]["template"] |= {"revisionSuffix": "new"}
    body["properties"]["template"]["containers"][0]["env"][0]["value"] = "new"
    body["properties"]["configuration"]["ingress"]["traffic"] = [{"revisionName": f"{APP}--old", "weight": 100}]
    app = await deployment.deploy(body)
    assert (await deployment.fetch(app, "/seen"))[1]["key"] == "old"
    revisions = [item async for item in deployment.apps.container_apps_revisions.list_revisions(GROUP, APP)]
    assert [(item.name, item.properties.active, item.properties.traffic_weight) for item in revisions] == [
        (f"{APP}--old", True, 100),
        (f"{APP}--new", True, 0),
    ]


async def test_a_stopped_app_answers_404_until_it_is_started(deployment: Deployment) -> None:
    app = await deployment.deploy(await deployment.body(image=QUICKSTART, port=80))
    await (await deployment.apps.container_apps.begin_stop(GROUP, APP, polling_interval=0.05)).result()
    assert (await deployment.fetch(app, "/"))[0] == 404
    await (await deployment.apps.container_apps.begin_start(GROUP, APP, polling_interval=0.05)).result()
    assert (await deployment.fetch(app, "/"))[0] == 200


async def test_a_readiness_probe_decides(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    probe = {"type": "Readiness", "httpGet": {"path": "/health", "port": 5000}, "periodSeconds": 1}
    app = await deployment.deploy(await deployment.body(probes=[probe]))
    assert (await deployment.fetch(app, "/health"))[0] == 200
    wrong = {**probe, "httpGet": {"path": "/no-such-page", "port": 5000}}
    async with deployment.watching() as happened:
        await deployment.apps.container_apps.begin_create_or_update(GROUP, APP, await deployment.body(probes=[wrong]))
        while not any("failed with status code: 404" in event["Msg"] for event in await deployment.events()):
            await happened("ProbeFailed")  # the first may be a timeout, on a busy computer
    assert (await deployment.fetch(app, "/health"))[0] == 200


async def test_a_stream_takes_a_token_of_its_own_app(deployment: Deployment) -> None:
    app = await deployment.deploy(await deployment.body(image=QUICKSTART, port=80))
    url, session = app.properties.event_stream_endpoint, deployment.practice.session
    for token in (await deployment.practice.token(), "nonsense"):
        async with session.get(url, headers={"Authorization": f"Bearer {token}"}) as answer:
            assert answer.status == 401
    deployment.practice.cloud.faults.add(["account:reader"])
    path = f"/resourceGroups/{GROUP}/providers/Microsoft.App/containerApps/{APP}/getAuthtoken"
    assert (await deployment.practice.call("POST", path, version="2024-03-01")).status == 403


async def test_an_app_runs_again_after_a_restart_of_the_practice_cloud(start_practice: StartPractice, tmp_path: Path) -> None:
    first = await start_practice()
    async with connected(first) as deployment:
        await deployment.make_registry(write_api(tmp_path / "api"))
        body = await deployment.body(env=[{"name": "API_KEY", "secretRef": "api-key"}], secrets=[{"name": "api-key", "value": "kept"}])
        app = await deployment.deploy(body)
    await first.server.close()
    second = await start_practice()
    async with connected(second, fresh=False) as deployment:
        async with deployment.watching(tail=300) as happened:
            await happened("RevisionReady")
        assert (await deployment.fetch(app, "/seen"))[1]["key"] == "kept"
        again = await deployment.apps.container_apps.get(GROUP, APP)
        assert again.properties.latest_ready_revision_name == app.properties.latest_revision_name


async def test_where_namespaces_are_forbidden_an_app_runs_as_a_plain_process(
    start_practice: StartPractice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "can_confine", lambda: False)
    async with connected(await start_practice()) as deployment:
        await deployment.make_registry(write_api(tmp_path / "api"))
        await deployment.make_storage("orders-db")
        body = await deployment.body(
            env=[{"name": "DATABASE_PATH", "value": "/data/orders.db"}],
            volumes=[{"name": "db", "storageType": "AzureFile", "storageName": "orders-db", "mountOptions": "nobrl"}],
            volumeMounts=[{"volumeName": "db", "mountPath": "/data"}],
        )
        app = await deployment.deploy(body)
        assert (await deployment.fetch(app, "/orders", method="POST", json={"item": "tea"}))[0] == 201
        assert await deployment.fetch(app, "/orders") == (200, ["tea"])
        revision = await deployment.revision()
        replicas = await deployment.apps.container_apps_revision_replicas.list_replicas(GROUP, APP, revision.name)
        assert "does not let a container have a file system and a network of its own" in await deployment.console(
            revision.name, replicas.value[0]
        )


async def test_a_write_that_a_stop_interrupted_is_finished_by_the_next_practice_cloud(start_practice: StartPractice) -> None:
    first = await start_practice()
    async with connected(first) as deployment:
        body = await deployment.body(image=QUICKSTART, port=80)
    await first.server.close()
    second = await start_practice(speed="fast")
    async with connected(second, fresh=False) as deployment:
        begun = await deployment.apps.container_apps.begin_create_or_update(GROUP, APP, {**body}, polling_interval=0.05)
        token = begun.continuation_token()
    await second.server.close()
    third = await start_practice()
    async with connected(third, fresh=False) as deployment:
        poller = await deployment.apps.container_apps.begin_create_or_update(
            GROUP, APP, {}, continuation_token=token, polling_interval=0.05
        )
        app = await poller.result()
        assert (app.properties.provisioning_state, app.properties.latest_ready_revision_name) == (
            "Succeeded",
            app.properties.latest_revision_name,
        )
        assert (await deployment.fetch(app, "/"))[0] == 200
