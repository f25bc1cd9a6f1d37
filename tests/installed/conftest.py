"""One installation for all tests of this folder."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.installed.installation import Installed, install


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """Build and install once for all tests; the practice cloud is stopped at the end."""
    created = install(tmp_path_factory.mktemp("installed"), os.environ.get("AZWIZARD_TEST_INSTALLER", "pipx"))
    created.run("practice", "start", "--speed", "instant")
    yield created
    created.run("practice", "stop")
