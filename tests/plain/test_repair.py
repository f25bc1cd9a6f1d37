"""Line prompts: the proof of a restart and the doctor, asked for in Try it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.doctor.conftest import start_setup
from tests.doctor.ward import Patient
from tests.steps.conftest import StartSetup
from tests.steps.deployed import begin
from wizard.engine.session import CommandOptions
from wizard.plain.lines import Leave, Lines
from wizard.plain.try_it import try_it
from wizard.workspace.workspace import Workspace

__all__ = ["start_setup"]


@pytest.fixture
async def patient(start_setup: StartSetup, tmp_path: Path) -> Patient:
    patient = Patient.admitted(await begin(start_setup, tmp_path))
    assert (await patient.deploy()).outcome == "succeeded"
    return patient


async def told(patient: Patient, *answers: str) -> str:
    """What is said when someone answers so, and then the input ends."""
    workspace = Workspace(CommandOptions(setup=patient.file, practice=True))
    await workspace.sign_in()
    try:
        await workspace.look()
        lines = Lines(io.StringIO("".join(f"{answer}\n" for answer in answers)), io.StringIO())
        with pytest.raises(Leave):
            await try_it(lines, workspace)
    finally:
        await workspace.sign_out()
    assert isinstance(lines.target, io.StringIO)
    return lines.target.getvalue()


async def test_the_proof_of_a_restart_names_each_share(patient: Patient) -> None:
    text = await told(patient, "3")
    assert "fileshare-db-orders-dev (/project-container/databases): A file that was there before the restart" in text
    assert "Proven: what your API keeps is there after a restart." in text


async def test_the_doctor_mends_only_when_the_name_is_typed(patient: Patient) -> None:
    await patient.edit({"configuration": {"ingress": None}})
    text = await told(patient, "4", "no")
    assert "(ingress) are switched off" in text
    assert "Nothing was changed." in text
    text = await told(patient, "4", "orders-dev", "1")
    assert "Healthy: your API runs" in text
    assert await patient.ask() == 200


async def test_a_refusal_is_said_and_the_list_of_requests_comes_again(patient: Patient) -> None:
    patient.setup.practice.cloud.faults.add(["account:reader"])
    text = await told(patient, "3", "1")
    assert "restart" in text
    assert "200 OK" in text
