"""The same table through the command line, on a practice cloud at speed ``fast``: one verdict within 30 s, and the fix that it names.

A few rows by default, since each starts the command three times; the whole table with ``AZWIZARD_DOCTOR_TABLE=whole`` (and ``-rP`` to
see what each row took).
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.doctor.table import HEALTHY, ILLNESSES, Illness
from tests.doctor.ward import Admit, Patient

BOUND = 30.0  # seconds
FEW = (
    "loopback: gunicorn on 127.0.0.1",
    "not-listening: nothing listens",
    "out-of-memory: at its start",
    "secret-missing: deleted",
    "vault-firewall: started again",
    "key-rotated: still running",
)
WHOLE = os.environ.get("AZWIZARD_DOCTOR_TABLE") == "whole"
WELL = HEALTHY if WHOLE else HEALTHY[:1]
ROWS = [illness for illness in ILLNESSES if WHOLE or illness.title in FEW]


@dataclass
class DoctorOutcome:
    """What one command printed, how it left and how long it took."""

    exit: int
    events: list[dict[str, Any]]
    stderr: str
    seconds: float

    @property
    def verdicts(self) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == "verdict"]


async def azwizard(patient: Patient, *arguments: str) -> DoctorOutcome:
    """Run the command as its user would, in the patient's home."""
    variables = {f"AZWIZARD_SECRET_{name.upper().replace('-', '_')}": value for name, value in patient.setup.given.items()}
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wizard", *arguments),
        cwd=patient.folder,
        env={**os.environ, **variables, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    stdout, stderr = await process.communicate()
    events = [json.loads(line) for line in stdout.decode().splitlines() if line.startswith("{")]
    return DoctorOutcome(process.returncode or 0, events, stderr.decode(), time.monotonic() - began)


@pytest.mark.parametrize("illness", ROWS, ids=[row.title for row in ROWS])
async def test_the_command_gives_one_right_verdict_in_time_and_names_the_fix(admit: Admit, illness: Illness) -> None:
    patient = await admit(illness.tables, illness.image, illness.faults, built=illness.built)
    patient.setup.practice.cloud.clock.speed = "fast"
    if illness.harm is not None:
        await illness.harm(patient)
    doctor = ("doctor", str(patient.file), "--practice", "--json")
    outcome = await azwizard(patient, *doctor)
    print(f"{illness.title}: {outcome.seconds:.1f} s")
    assert [event["verdict"] for event in outcome.verdicts] == [illness.verdict], outcome
    assert (outcome.exit, outcome.seconds < BOUND) == (1, True), outcome
    assert "canary" not in str(outcome)
    if illness.person is None:
        program, *fix = shlex.split(outcome.verdicts[0]["fix"].partition(" (az ")[0])
        assert program == "azwizard"
        mended = await azwizard(patient, *fix, "--yes", "--json")
        assert mended.exit == 0, mended
    else:
        assert outcome.verdicts[0]["fix"]
        await illness.person(patient)
    assert await patient.ask() == 200
    after = await azwizard(patient, *doctor)
    assert ([event["verdict"] for event in after.verdicts], after.exit) == (["healthy"], 0), after


@pytest.mark.parametrize(("tables", "image"), [case[1:] for case in WELL], ids=[case[0] for case in WELL])
async def test_the_command_says_healthy_of_what_is(admit: Admit, tables: dict[str, Any], image: dict[str, str]) -> None:
    patient = await admit(tables, image)
    patient.setup.practice.cloud.clock.speed = "fast"
    outcome = await azwizard(patient, "doctor", str(patient.file), "--practice", "--json")
    print(f"healthy: {outcome.seconds:.1f} s")
    assert ([event["verdict"] for event in outcome.verdicts], outcome.exit, outcome.seconds < BOUND) == (["healthy"], 0, True), outcome


def test_every_row_that_runs_by_default_is_in_the_table() -> None:
    assert set(FEW) <= {illness.title for illness in ILLNESSES}
