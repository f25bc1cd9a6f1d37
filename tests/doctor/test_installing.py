"""A first deployment while packages are fetched, and one whose packages cannot be had: neither is taken for a fault of the API."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.practice.apps import write_api
from tests.practice.packages import write_local_package
from tests.steps.conftest import Setup, StartSetup
from tests.steps.deployed import TABLES, make
from wizard.doctor import Verdict, diagnose, gather
from wizard.engine.events import StepEvent
from wizard.practice.apps import revisions
from wizard.practice.registry.building import requirements
from wizard.practice.runtime.containers import CannotBeConfined, ContainerRunner
from wizard.practice.runtime.packages.installing import InstallFailed
from wizard.practice.runtime.packages.python_environments import PythonEnvironments

SERVER = """
import slow
from http.server import BaseHTTPRequestHandler, HTTPServer


class Api(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()


HTTPServer(("0.0.0.0", 5000), Api).serve_forever()
"""
BARE = """
FROM python:3.12-slim
WORKDIR /project-container
COPY . .
RUN pip install -r requirements.txt
CMD ["python", "run.py"]
"""
BUILT = {**TABLES, "pipeline": {"build": "registry", "image": "orders-api"}, "storage": {"shares": []}, "variables": []}


async def examined(setup: Setup) -> Verdict:
    return await diagnose(await gather(setup.cloud, setup.answers, setup.secret, lambda _sentence: None))


def told(setup: Setup, step: str) -> list[str]:
    return [event.detail for event in setup.events if isinstance(event, StepEvent) and event.step == step]


async def begun(start_setup: StartSetup, requirements_txt: str, **files: str) -> Setup:
    """A setup whose code asks for these requirements."""
    setup = await start_setup(**BUILT)
    setup.given = {"api-key": "canary-1"}
    write_api(setup.folder, **files)
    (setup.folder / "requirements.txt").write_text(requirements_txt)
    return setup


async def test_packages_that_take_longer_than_any_deadline_are_waited_for(
    start_setup: StartSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(requirements, "TOLD_EVERY", 0.2)
    monkeypatch.setattr(revisions, "SILENT_AT_LEAST", 1.0)  # Azure's deadline at this speed; the set-up takes longer
    setup = await begun(start_setup, "./slow\n", dockerfile=BARE, run=SERVER)
    write_local_package(setup.folder / "slow", "slow", "import time; time.sleep(2.5)")
    setup.practice.cloud.environments.wheels = tmp_path
    result = await make(setup)
    assert result.outcome == "succeeded", setup.events[-4:]
    assert any("installing your requirements" in words for words in told(setup, "pipeline.image"))


async def test_a_requirement_that_exists_nowhere_ends_the_build_with_the_line_of_pip(
    start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "ERROR: No matching distribution found for no-such-package==1"
    output = f"Collecting no-such-package\n{line}\nhint: See above"

    async def refused(*_: object) -> Path:
        raise InstallFailed(output, stops_azure=True)

    monkeypatch.setattr(PythonEnvironments, "ready", refused)
    setup = await begun(start_setup, "Flask\ngunicorn\nno-such-package==1\n")
    assert (await make(setup)).outcome == "failed"
    [words] = [words for words in told(setup, "pipeline.image") if "cannot be built" in words]
    assert line in words
    assert "listen on" not in words
    verdict = await examined(setup)
    assert verdict.id == "requirement-not-installable"
    assert line in verdict.evidence
    assert verdict.cure is not None and "listen on" not in verdict.cure.words


async def test_what_only_practice_could_not_install_is_said_as_that(start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refused(*_: object) -> Path:
        raise InstallFailed("ERROR: Failed to establish a new connection", stops_azure=False)

    monkeypatch.setattr(PythonEnvironments, "ready", refused)
    setup = await begun(start_setup, "Flask\ngunicorn\n")
    assert (await make(setup)).outcome == "failed"
    words = "\n".join(told(setup, "app.running") + told(setup, "app.revision"))
    assert "says nothing about the build in Azure" in words
    assert "listen on" not in words
    verdict = await examined(setup)
    assert (verdict.id, "says nothing about the build in Azure" in verdict.detail) == ("requirement-not-installable", True)


async def test_the_doctor_says_installing_while_the_only_version_waits_for_its_packages(
    start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    setup = await begun(start_setup, "Flask\ngunicorn\n")
    assert (await make(setup)).outcome == "succeeded"
    ready, free = PythonEnvironments.ready, asyncio.Event()

    async def held(self: PythonEnvironments, key: str, base: object = None, progress: object = None) -> Path:
        progress.begin()  # type: ignore[attr-defined]
        progress.tell("Collecting pandas")  # type: ignore[attr-defined]
        await free.wait()
        progress.end()  # type: ignore[attr-defined]
        return await ready(self, key)

    monkeypatch.setattr(PythonEnvironments, "ready", held)
    app = setup.answers.app.name
    path = f"/resourceGroups/{setup.answers.project.resource_group}/providers/Microsoft.App/containerApps/{app}"
    await setup.practice.call("POST", f"{path}/stop", version="2024-03-01")
    while (await setup.practice.call("GET", path, version="2024-03-01")).body["properties"]["provisioningState"] == "InProgress":
        pass
    await setup.practice.call("POST", f"{path}/start", version="2024-03-01")
    verdict = await examined(setup)
    assert verdict.id == "installing"
    assert any("pandas" in line for line in verdict.evidence)
    free.set()


async def test_where_nothing_can_be_confined_the_api_is_not_run_and_nobody_is_blamed(
    start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: object) -> None:
        raise CannotBeConfined("this computer cannot keep a container apart")

    monkeypatch.setattr(ContainerRunner, "start", refused)
    setup = await begun(start_setup, "Flask\ngunicorn\n")
    assert (await make(setup)).outcome == "failed"
    verdict = await examined(setup)
    assert verdict.id == "not-rehearsed"
    assert verdict.cure is not None and "--unconfined" in verdict.cure.words
