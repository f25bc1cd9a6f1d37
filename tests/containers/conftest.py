"""A container engine of the tests' own, and what stands in it."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.steps.conftest import start_setup  # noqa: F401  a fixture
from tests.support.container_engine import KINDS, NoEngineHere, OwnEngine
from tests.support.container_engine import engine as running_engine
from wizard.containers.engine import Engine


@pytest.fixture(scope="session")
def own_engine() -> Iterator[OwnEngine | None]:
    """An engine that is started now; None where ``AZWIZARD_TEST_ENGINE`` is the address of one that runs already, not its kind."""
    wanted = os.environ.get("AZWIZARD_TEST_ENGINE") or "docker"
    if wanted not in KINDS:
        yield None
        return
    try:
        with running_engine(wanted) as own:
            yield own
    except NoEngineHere as reason:
        pytest.skip(f"no container engine can be had here: {reason}")


@pytest.fixture(scope="session")
def engine_address(own_engine: OwnEngine | None) -> str:
    """Where an engine answers that only these tests use."""
    return own_engine.address if own_engine else os.environ["AZWIZARD_TEST_ENGINE"]


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
