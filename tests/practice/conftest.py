"""What tests of container apps start from: an environment in an instant practice cloud."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from azure.mgmt.appcontainers.aio import ContainerAppsAPIClient
from azure.mgmt.storage.aio import StorageManagementClient

from tests.conftest import Practice
from tests.practice.apps import Deployment


@pytest.fixture
async def deployment(practice: Practice) -> AsyncIterator[Deployment]:
    """An environment, and the real SDK to deploy into it."""
    subscription, transport = practice.cloud.subscription_id, practice.transport()
    async with practice.credential() as credential:
        async with (
            ContainerAppsAPIClient(credential, subscription, transport=transport) as apps,
            StorageManagementClient(credential, subscription, transport=transport) as storage,
        ):
            made = Deployment(practice, apps, storage)
            await made.make_environment()
            yield made
