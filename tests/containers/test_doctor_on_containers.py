"""The doctor says of a container what it says of the practice cloud's own processes: the table of broken images, on a container engine."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doctor.table import ILLNESSES, NO_SHARE, Illness
from tests.doctor.ward import Patient
from tests.practice.apps import DOCKERFILE, write_api
from tests.steps.conftest import StartSetup
from tests.steps.deployed import TABLES
from wizard.containers.engine import Engine
from wizard.steps.app import revision_status as running

pytestmark = [pytest.mark.engine, pytest.mark.practice]

BUILT: dict[str, Any] = {"pipeline": {"build": "registry", "image": "orders-api", "check_code": False}}
NOT_IN_AN_ENGINE = "not-rehearsed"  # a container engine does run those lines
OF_THE_IMAGE = [item for item in ILLNESSES if item.image and item.harm is None and item.verdict != NOT_IN_AN_ENGINE]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment that is broken on purpose is not waited for."""
    monkeypatch.setattr(running, "ANSWER_PATIENCE", 2.0)


async def admitted(start_setup: StartSetup, image: dict[str, str], tables: dict[str, Any]) -> Patient:
    """An API whose image the engine builds from its source, deployed however it goes."""
    setup = await start_setup(**{**TABLES, **tables, **BUILT})
    setup.given = {"api-key": "canary-1"}
    patient = Patient.admitted(setup)
    write_api(setup.folder, **{**image, "dockerfile": image.get("dockerfile", DOCKERFILE).replace("python:3.12-slim", "python:3.11-slim")})
    await patient.deploy()
    return patient


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("illness", OF_THE_IMAGE, ids=[item.title for item in OF_THE_IMAGE])
async def test_a_broken_image_gets_the_same_verdict_as_a_container(engine: Engine, start_setup: StartSetup, illness: Illness) -> None:
    patient = await admitted(start_setup, illness.image, illness.tables)
    try:
        verdict = await patient.examine()
        assert verdict.id == illness.verdict, verdict
        assert illness.says in " ".join([verdict.detail, *verdict.evidence]), verdict
        assert "canary" not in str(verdict)
    finally:
        await patient.setup.practice.server.close()


@pytest.mark.usefixtures("impatient")
async def test_a_healthy_container_is_called_so(engine: Engine, start_setup: StartSetup) -> None:
    patient = await admitted(start_setup, {}, NO_SHARE)
    try:
        assert (await patient.examine()).id == "healthy"
        assert await patient.ask() == 200
    finally:
        await patient.setup.practice.server.close()
