"""A container engine of the tests' own, and what stands in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.steps.conftest import start_setup  # noqa: F401  a fixture
from wizard.containers.engine import Engine


@pytest.fixture
async def engine(engine_address: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Engine]:
    """The same, chosen as a person would choose it; the test must leave it as it was."""
    monkeypatch.setenv("DOCKER_HOST", engine_address)
    engine = await Engine.at(engine_address)
    assert engine is not None
    monkeypatch.setenv("AZWIZARD_ENGINE", engine.kind)
    async with engine:
        before = await holdings(engine)
        yield engine
        assert await holdings(engine) == before


async def holdings(engine: Engine) -> dict[str, list[str]]:
    """All containers, images, networks and volumes; networks by name, since an engine gives its own new ids when it starts."""
    docker = engine.docker
    volumes = (await docker.volumes.list())["Volumes"] or []
    return {
        "containers": sorted(container.id for container in await docker.containers.list(all=True)),
        "images": sorted(image["Id"] for image in await docker.images.list(all="1")),
        "networks": sorted(network["Name"] for network in await docker.networks.list()),
        "volumes": sorted(volume["Name"] for volume in volumes),
    }
