"""A practice cloud with a container engine behind it: real builds, and containers for replicas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.steps.conftest import Setup, StartSetup
from tests.support.waiting import eventually
from wizard.containers.engine import Engine
from wizard.steps.registry_of_steps import contributions

pytestmark = [pytest.mark.engine, pytest.mark.practice]

SHARE = "/data"
TABLES: dict[str, Any] = {
    "pipeline": {"build": "registry"},
    "key_vault": {"secrets": ["api-key"]},
    "storage": {"shares": [{"designation": "db", "mount": SHARE, "nobrl": True}]},
    "app": {"port": 5000, "health_path": "/"},
    "variables": [{"name": "API_KEY", "secret": "api-key"}, {"name": "LOG_LEVEL", "value": "info"}],
}
DOCKERFILE = """FROM python:3.11-slim
RUN useradd --create-home app
WORKDIR /app
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . .
ENV FROM_IMAGE=yes
USER app
CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]
"""
API = '''import os
import socket

from flask import Flask, jsonify, request

app = Flask(__name__)


@app.get("/")
def facts():
    """What a container can tell of itself."""
    return jsonify(user=os.getuid(), key=os.environ["API_KEY"], image=os.environ["FROM_IMAGE"], folder=os.getcwd(),
                   memory=limit(), files=sorted(os.listdir("/data")), variables=sorted(os.environ))


@app.post("/notes/<name>")
def write(name):
    with open(f"/data/{name}", "wb") as file:
        file.write(request.get_data())
    return "", 201


@app.get("/reach")
def reach():
    try:
        socket.create_connection((request.args["host"], int(request.args["port"])), 2).close()
    except OSError as error:
        return str(error)
    return "reached"


@app.get("/exit/<int:code>")
def leave(code):
    print("leaving with", code, flush=True)
    os._exit(code) if request.args.get("worker") else os.kill(os.getppid(), 9)


def limit():
    for place in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        if os.path.exists(place):
            return int(open(place).read())
'''


def write_source(folder: Path, dockerfile: str = DOCKERFILE) -> None:
    (folder / "Dockerfile").write_text(dockerfile)
    (folder / "requirements.txt").write_text("flask\ngunicorn\n")
    (folder / "run.py").write_text(API)


async def deployed(start_setup: StartSetup, **tables: Any) -> Setup:
    setup = await start_setup(**{**TABLES, **tables})
    write_source(setup.folder)
    setup.given = {"api-key": "canary-1"}
    result = await setup.apply(*contributions())
    assert result.outcome == "succeeded", [(e.step, e.detail) for e in setup.events if getattr(e, "state", "") == "failed"] + list(
        console(setup)
    )
    return setup


async def ask(setup: Setup, path: str, method: str = "GET", body: Any = None) -> tuple[int, str]:
    app = "/resourceGroups/rg-orders-dev/providers/Microsoft.App/containerApps/capp-orders-dev"
    properties = (await setup.practice.call("GET", app, version="2024-03-01")).body["properties"]
    answer = await setup.cloud.call_app(properties["configuration"]["ingress"]["fqdn"], path, method=method, body=body)
    return answer.status, (answer.body or b"").decode() if isinstance(answer.body, bytes) else str(answer.body)


async def test_the_image_is_built_by_the_engine_and_its_container_is_what_azure_would_run(engine: Engine, start_setup: StartSetup):
    setup = await deployed(start_setup)
    status, body = await ask(setup, "/")
    assert status == 200, body
    facts = json.loads(body)
    assert setup.practice.cloud.engine is not None
    assert facts["user"] >= 1000 and facts["folder"] == "/app"
    assert (facts["key"], facts["image"]) == ("canary-1", "yes")
    assert facts["memory"] == 1 << 30 or facts["memory"] == 1 << 29
    assert {"CONTAINER_APP_NAME", "LOG_LEVEL"} <= set(facts["variables"])
    assert (await ask(setup, "/notes/one", "POST", {"a": 1}))[0] == 201
    assert json.loads((await ask(setup, "/"))[1])["files"] == ["one"]
    assert (await ask(setup, "/reach?host=172.30.250.1&port=22"))[1] != "reached"
    assert "unreachable" in (await ask(setup, "/reach?host=203.0.113.1&port=443"))[1].lower()
    await setup.practice.server.close()


async def test_what_ran_is_there_again_after_the_practice_cloud_was_stopped_and_started(engine: Engine, start_setup: StartSetup):
    setup = await deployed(start_setup)
    await setup.practice.server.close()
    assert not await engine.docker.containers.list(all=True)
    from wizard.practice.server import Server

    again = Server(setup.practice.server.options)
    await again.start()
    try:

        async def answers() -> bool:
            return (await ask_door(again))[0] == 200

        await eventually(answers)
    finally:
        await again.close()


async def ask_door(server: Any) -> tuple[int, str]:
    import aiohttp

    async with aiohttp.ClientSession() as session:
        door = next(iter(server.cloud.doors.values()), "")
        if not door:
            return 0, ""
        async with session.get(door) as answer:
            return answer.status, await answer.text()


def console(setup: Setup) -> list[str]:
    """What the replicas said, and in which state they are."""
    import gc

    from wizard.practice.apps.fleet import Fleet

    fleets = [get_object for get_object in gc.get_objects() if isinstance(get_object, Fleet)]
    replicas = [replica for fleet in fleets for revision in fleet._revisions.values() for replica in revision.replicas]
    return [
        f"{r.state} {r.detail} {r.ready} {getattr(r.container, 'listening', None)} {list(getattr(r.console, '_lines', []))}"
        for r in replicas
    ]
