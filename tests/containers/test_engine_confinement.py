"""What a stranger's project cannot do in a container engine behind the practice cloud, as root in its image and as a user."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest

from tests.containers.test_practice_engine import TABLES, ask
from tests.steps.conftest import Setup, StartSetup
from wizard.containers.engine import Engine
from wizard.steps.registry_of_steps import contributions

pytestmark = [pytest.mark.engine, pytest.mark.practice]

REFUSED = "refused"
DOCKERFILE = """FROM python:3.11-slim
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt && useradd app && ln -s /etc deep/out
COPY passwd deep/out/made-by-build
{user}
CMD ["gunicorn", "--bind", "0.0.0.0:5000", "run:app"]
"""
SETUP = """
import os
from setuptools import setup
open("/app/environment-of-the-build", "w").write("\\n".join(os.environ))
setup(name="local", version="1", py_modules=[])
"""
API = """
import os, subprocess
from flask import Flask, jsonify, request

app = Flask(__name__)


@app.post("/attempts")
def attempts():
    said = {}
    for name, command in request.get_json().items():
        ended = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, timeout=20)
        said[name] = ended.stdout.strip() if ended.returncode == 0 else "refused"
    return jsonify(said)


@app.get("/")
def home():
    return "ok"
"""


async def deployed(start_setup: StartSetup, user: str) -> Setup:
    """A project with a link that leaves its folder, and a local package whose set-up code runs in the build."""
    setup = await start_setup(**TABLES)
    (setup.folder / "local").mkdir()
    (setup.folder / "deep").mkdir()
    texts = {"Dockerfile": DOCKERFILE.format(user=user), "run.py": API, "passwd": "made", "local/setup.py": SETUP, "deep/keep": ""}
    for name, text in {**texts, "requirements.txt": "flask\ngunicorn\n./local\n"}.items():
        (setup.folder / name).write_text(text)
    setup.given = {"api-key": "canary-1"}
    result = await setup.apply(*contributions())
    assert result.outcome == "succeeded", [event for event in setup.events if getattr(event, "state", "") == "failed"]
    return setup


@pytest.mark.parametrize("user", ["", "USER app"], ids=["root in its image", "a user in its image"])
async def test_a_container_has_no_way_to_this_machine_to_practice_or_to_another_app(
    user: str, engine: Engine, start_setup: StartSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZWIZARD_SECRET_OTHER", "canary-2")
    canary = tmp_path / "canary"
    canary.write_text("of this machine")
    setup = await deployed(start_setup, user)
    port = setup.practice.server.port
    reach = "python3 -c 'import socket; socket.create_connection((\"{}\", {}), 2)'"
    attempts = {
        "file": f"cat {canary}",
        "home of practice": f"ls {tmp_path}",
        "engine": "ls /run/docker.sock /var/run/docker.sock",
        "mount": "mount -t tmpfs none /mnt",
        "kernel": "echo 1 > /proc/sys/kernel/panic",
        "sysrq": "echo h > /proc/sysrq-trigger",
        "device": "mknod /tmp/disk b 254 0",
        "hostname": "hostname other",
        "practice": reach.format("127.0.0.1", port),
        "gateway": reach.format("172.30.250.1", port),
        "metadata": reach.format("169.254.169.254", 80),
        "outside": reach.format("203.0.113.1", 443),
    }
    status, body = await ask(setup, "/attempts", "POST", attempts)
    assert status == 200, body
    assert {name: said for name, said in json.loads(body).items() if said != REFUSED} == {}
    looks = {"build": "cat /app/environment-of-the-build", "run": "env", "link": "cat /etc/made-by-build"}
    seen = json.loads((await ask(setup, "/attempts", "POST", looks))[1])
    assert "AZWIZARD" not in seen["build"] + seen["run"] and "canary-2" not in seen["run"]
    assert seen["link"] == "made", "the link was followed inside the image"
    assert not await asyncio.to_thread(os.path.lexists, "/etc/made-by-build")
    await setup.practice.server.close()
