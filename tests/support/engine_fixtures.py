"""The engine of a session of tests. The conftest of all tests alone imports it: another import would start another engine."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.support.container_engine import KINDS, NoEngineHere, OwnEngine
from tests.support.container_engine import engine as running_engine


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
