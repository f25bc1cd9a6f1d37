"""A practice cloud for the seam to talk to, in a home of its own."""

import os

import pytest

from wizard.cloud import connect_practice
from wizard.cloud.transport import practice_process as practice
from wizard.cloud.transport.practice_start import StartOptions


@pytest.fixture(scope="module")
def practice_home(tmp_path_factory):
    """A home with a practice cloud at full speed, stopped when the module's tests are done."""
    folder = tmp_path_factory.mktemp("cloud") / "home"
    before = os.environ.get("AZWIZARD_HOME")
    os.environ["AZWIZARD_HOME"] = str(folder)
    practice.start(StartOptions(speed="instant"))
    yield folder
    practice.stop()
    if before is None:
        del os.environ["AZWIZARD_HOME"]
    else:
        os.environ["AZWIZARD_HOME"] = before


@pytest.fixture
async def cloud(practice_home):
    async with await connect_practice() as cloud:
        yield cloud
