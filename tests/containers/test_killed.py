"""Killed in the middle of a build, a push or a start, with a container engine: the next apply ends right, and the engine is as before."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import SECRET, ProcessOutcome, WizardProcess
from tests.end_to_end.support.small_project import SmallProject
from tests.support.container_engine import OwnEngine
from wizard.containers.engine import Engine

pytestmark = [pytest.mark.engine, pytest.mark.practice]

WIZARD_MOMENTS = [
    ("docker", "the image half built", "event 3 pipeline.image running"),
    ("docker", "a layer about to be sent", "sending 1 PATCH .*/blobs/uploads/"),
    ("docker", "a layer sent", "answered 1 PATCH .*/blobs/uploads/"),
    ("docker", "the manifest about to be written", "sending 1 PUT .*/manifests/"),
    ("docker", "the manifest written", "answered 1 PUT .*/manifests/"),
    ("docker", "its copy starting", "event 1 app.running running"),
    ("registry", "the image being built in Azure", "answered 2 GET .*/runs/"),
    ("registry", "its copy starting", "event 1 app.running running"),
]
OTHERS_MOMENTS = [("docker", "pipeline.image"), ("registry", "pipeline.image"), ("registry", "app.revision")]


class EngineProject(SmallProject):
    """The smallest API, whose image an engine builds."""

    def built_by(self, way: str) -> None:
        """Its files, with the way to build in the setup."""
        self.write()
        self.edit("azwizard.toml", 'build = "registry"', f'build = "{way}"')
        self.edit("api/Dockerfile", "python:3.12-slim", "python:3.11-slim")

    def apply_killed_at(self, moment: str) -> ProcessOutcome:
        """Apply until a moment."""
        return self.wizard.killed_at(moment, "apply", "--practice", "--yes", "--json")

    def start_practice(self) -> None:
        """Start the practice cloud with the engine behind it."""
        done = self.wizard(
            "practice", "start", "--speed", "fast", "--engine", self.wizard.environment["AZWIZARD_ENGINE"], "--har", str(self.har)
        )
        assert done.exit == 0, done.stderr


@pytest.fixture
def project(engine: Engine, tmp_path: Path) -> Iterator[EngineProject]:
    """A project on a practice cloud with the engine; the `engine` fixture then sees that nothing is left in it."""
    given = {"AZWIZARD_SECRET_API_KEY": SECRET, "DOCKER_HOST": str(engine.address), "AZWIZARD_ENGINE": engine.kind}
    folder = tmp_path / "small"
    project = EngineProject(WizardProcess(tmp_path / "home", folder, given), folder, "small", tmp_path / "traffic.har")
    folder.mkdir()
    project.start_practice()
    yield project
    assert project.wizard("practice", "stop").exit == 0


@pytest.mark.parametrize(
    ("way", "moment"), [case[::2] for case in WIZARD_MOMENTS], ids=[f"{case[0]}: {case[1]}" for case in WIZARD_MOMENTS]
)
async def test_a_killed_wizard_goes_on(project: EngineProject, way: str, moment: str) -> None:
    project.built_by(way)
    killed = await asyncio.to_thread(project.apply_killed_at, moment)
    assert killed.exit == -signal.SIGKILL, killed
    assert_ends_right(project, await asyncio.to_thread(project.wizard.apply))


@pytest.mark.parametrize(("way", "step"), OTHERS_MOMENTS)
async def test_after_the_practice_cloud_was_killed_the_next_apply_goes_on(project: EngineProject, way: str, step: str) -> None:
    project.built_by(way)
    process = await asyncio.to_thread(project.begin_apply, step)
    os.kill(project.wizard.practice().info["pid"], signal.SIGKILL)
    await asyncio.to_thread(process.communicate, timeout=120)
    assert process.returncode == 1
    await asyncio.to_thread(project.start_practice)
    assert_ends_right(project, await asyncio.to_thread(project.wizard.apply))


@pytest.mark.parametrize(("way", "step"), OTHERS_MOMENTS)
async def test_after_the_engine_was_killed_and_started_the_next_apply_goes_on(
    own_engine: OwnEngine | None, project: EngineProject, way: str, step: str
) -> None:
    if own_engine is None:
        pytest.skip("an engine of others is not killed")
    project.built_by(way)
    process = await asyncio.to_thread(project.begin_apply, step)
    await asyncio.to_thread(own_engine.kill)
    _told, errors = await asyncio.to_thread(process.communicate, timeout=240)
    assert "Traceback" not in errors
    await asyncio.to_thread(own_engine.start)
    assert_ends_right(project, await asyncio.to_thread(project.wizard.apply))


def assert_ends_right(project: EngineProject, done: ProcessOutcome) -> None:
    """The apply succeeded, the API answers, and a further plan has nothing left to do."""
    assert done.exit == 0, done.stdout + done.stderr
    assert project.made_twice() == []
    test = project.wizard("status", "--practice", "--json")
    assert test.exit == 0, test.stdout + test.stderr
    assert test.of("status")[0]["health"] == 200
