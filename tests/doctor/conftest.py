"""The doctor's tests deploy with the fixture of the sections' tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.doctor.ward import Admit, Patient
from tests.practice.apps import write_api
from tests.steps.conftest import StartSetup, start_setup
from tests.steps.deployed import begin
from wizard.steps.app import revision_status as running

__all__ = ["start_setup"]


@pytest.fixture
def admit(start_setup: StartSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Admit:
    """Deploys an API, healthy or not, on an instant practice cloud: ``await admit(tables, image, faults, built=False)``."""
    monkeypatch.setattr(running, "ANSWER_PATIENCE", 2.0)  # a deployment that is broken on purpose is not waited for

    async def deployed(tables: dict[str, Any], image: dict[str, str], faults: Sequence[str] = (), *, built: bool = False) -> Patient:
        patient = Patient.admitted(await begin(start_setup, tmp_path, **tables))
        if built:
            write_api(patient.folder)
        if image:
            await patient.push(**image)
        patient.faults(*faults)
        await patient.deploy()
        return patient

    return deployed
