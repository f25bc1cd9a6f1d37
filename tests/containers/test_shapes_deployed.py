"""The shapes of Dockerfile deployed on a practice cloud: built and run in an engine, or as far as processes go, they answer."""

from __future__ import annotations

import pytest

from tests.containers.shapes import SHAPES, DockerfileShape
from tests.steps.conftest import Setup, StartSetup
from wizard.containers.engine import Engine
from wizard.steps.registry_of_steps import contributions

pytestmark = pytest.mark.practice

WITHOUT_TARGET = [shape for shape in SHAPES if not shape.target]  # a setup names no target: Azure's build goes to the last stage
APP = "/resourceGroups/rg-orders-dev/providers/Microsoft.App/containerApps/capp-orders-dev"


async def deployed(start_setup: StartSetup, shape: DockerfileShape) -> Setup:
    pipeline = {"build": "registry", "dockerfile": shape.dockerfile}
    setup = await start_setup(pipeline=pipeline, app={"port": 5000, "health_path": "/"})
    for name, text in {**shape.files, shape.dockerfile: shape.text}.items():
        file = setup.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    result = await setup.apply(*contributions())
    assert result.outcome == "succeeded", [event for event in setup.events if getattr(event, "state", "") == "failed"]
    return setup


async def answer(setup: Setup) -> tuple[int, str]:
    properties = (await setup.practice.call("GET", APP, version="2024-03-01")).body["properties"]
    response = await setup.cloud.call_app(properties["configuration"]["ingress"]["fqdn"], "/")
    return response.status, bytes(response.body or b"").decode()


@pytest.mark.nightly
@pytest.mark.parametrize("shape", WITHOUT_TARGET, ids=lambda shape: shape.name)
async def test_the_shape_answers_as_a_process(shape: DockerfileShape, start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZWIZARD_ENGINE", "process")
    setup = await deployed(start_setup, shape)
    assert await answer(setup) == (200, "ok")
    await setup.practice.server.close()


@pytest.mark.engine
@pytest.mark.parametrize("shape", WITHOUT_TARGET, ids=lambda shape: shape.name)
async def test_the_shape_answers_as_a_container(shape: DockerfileShape, engine: Engine, start_setup: StartSetup) -> None:
    setup = await deployed(start_setup, shape)
    assert await answer(setup) == (200, "ok")
    await setup.practice.server.close()
