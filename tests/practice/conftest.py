"""What tests of container apps start from: an environment in an instant practice cloud."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conftest import Practice
from tests.practice.apps import Deployment, connected


@pytest.fixture
async def deployment(practice: Practice) -> AsyncIterator[Deployment]:
    """An environment, and the real SDK to deploy into it."""
    async with connected(practice) as made:
        yield made
