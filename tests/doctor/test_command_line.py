"""The same table through the command line, on a practice cloud at speed ``fast``: one verdict in time, and the fix that it names.

Each row starts the command three times: two rows by day, the whole table by night (``-rP`` shows what each row took).
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import time
from dataclasses import dataclass
from typing import Any

import pytest

from tests.doctor.table import HEALTHY, ILLNESSES, Illness, parameters
from tests.doctor.ward import Admit, Patient
from tests.support.forked import run_forked

BOUND = 90.0  # seconds: three times what it may take, for a machine that does much else
FEW = ("not-listening: nothing listens", "secret-missing: deleted")  # one that the person mends, one that azwizard mends


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
    """Run the command as its user would, in the patient's home, beside the practice cloud in this process."""
    variables = {f"AZWIZARD_SECRET_{name.upper().replace('-', '_')}": value for name, value in patient.setup.given.items()}
    began = time.monotonic()
    status, stdout, stderr = await asyncio.to_thread(run_forked, arguments, patient.folder, {**os.environ, **variables})
    events = [json.loads(line) for line in stdout.splitlines() if line.startswith("{")]
    return DoctorOutcome(status, events, stderr, time.monotonic() - began)


@pytest.mark.parametrize("illness", parameters(ILLNESSES, FEW))
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


@pytest.mark.parametrize(("tables", "image"), [pytest.param(*case[1:], id=case[0], marks=pytest.mark.nightly) for case in HEALTHY])
async def test_the_command_says_healthy_of_what_is(admit: Admit, tables: dict[str, Any], image: dict[str, str]) -> None:
    patient = await admit(tables, image)
    patient.setup.practice.cloud.clock.speed = "fast"
    outcome = await azwizard(patient, "doctor", str(patient.file), "--practice", "--json")
    print(f"healthy: {outcome.seconds:.1f} s")
    assert ([event["verdict"] for event in outcome.verdicts], outcome.exit, outcome.seconds < BOUND) == (["healthy"], 0, True), outcome


def test_every_row_that_runs_by_default_is_in_the_table() -> None:
    assert set(FEW) <= {illness.title for illness in ILLNESSES}
