"""The doctor on broken deployments: one right verdict each, and the API answers after the fix. On healthy ones it says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.doctor.app_harms import template
from tests.doctor.harms import starting
from tests.doctor.table import HEALTHY, ILLNESSES, Illness, parameters
from tests.doctor.ward import Admit, Patient
from tests.steps.conftest import StartSetup
from tests.steps.deployed import begin

HEALTHY_DAILY = ("as in the article", "asleep when nobody calls", "a path that is not there", "several copies")
FIRST_OF_EACH_VERDICT = {illness.verdict: illness.title for illness in reversed(ILLNESSES)}.values()


@pytest.mark.parametrize("illness", parameters(ILLNESSES, FIRST_OF_EACH_VERDICT))
async def test_a_broken_deployment_gets_one_right_verdict_and_answers_after_the_fix(admit: Admit, illness: Illness) -> None:
    patient = await admit(illness.tables, illness.image, illness.faults, built=illness.built)
    if illness.harm is not None:
        await illness.harm(patient)
    verdict = await patient.examine()
    assert verdict.id == illness.verdict, verdict
    assert illness.says in " ".join([verdict.detail, *verdict.evidence]), verdict
    assert "canary" not in str(verdict)
    if illness.person is None:
        result = await patient.mend(verdict)
        assert result.outcome in ("succeeded", "unchanged"), patient.setup.events[-6:]
    else:
        assert verdict.cure is not None and verdict.cure.sentence and not verdict.cure.applies
        assert "azwizard " not in verdict.cure.words, "a screen has a key for that"
        await illness.person(patient)
    assert await patient.ask() == 200
    assert (await patient.examine()).id == "healthy"


@pytest.mark.parametrize(
    ("tables", "image"),
    [pytest.param(*case[1:], id=case[0], marks=() if case[0] in HEALTHY_DAILY else pytest.mark.nightly) for case in HEALTHY],
)
async def test_a_healthy_deployment_is_called_so(admit: Admit, tables: dict[str, Any], image: dict[str, str]) -> None:
    patient = await admit(tables, image)
    verdict = await patient.examine()
    assert verdict.id == "healthy", verdict
    assert verdict.cure is None


@pytest.mark.parametrize(
    "command",
    [["python", "-c", "raise ValueError('typed in the portal')"], ["gunicorn", "--bind", "127.0.0.1:5000", "run:app"]],
    ids=["a command that fails", "a command that listens elsewhere"],
)
async def test_a_failing_version_that_someone_made_in_azure_is_cured_by_the_setup(admit: Admit, command: list[str]) -> None:
    patient = await admit({}, {})
    await template(patient, lambda body: body["containers"][0].update(command=command))
    verdict = await patient.examine()
    assert verdict.id in ("crash", "loopback", "new-version-failed"), verdict
    assert any("what starts it" in line for line in verdict.evidence), verdict
    result = await patient.mend(verdict)
    assert result.outcome == "succeeded", patient.setup.events[-6:]
    assert await patient.ask() == 200
    assert (await patient.examine()).id == "healthy"


async def test_nothing_deployed_is_not_called_an_illness_of_the_app(start_setup: StartSetup, tmp_path: Path) -> None:
    patient = Patient.admitted(await begin(start_setup, tmp_path))
    assert (await patient.examine()).id == "not-deployed"


async def test_what_an_api_prints_of_its_secret_is_neither_told_by_the_run_nor_kept_in_its_record(admit: Admit) -> None:
    printed = "import json\nprint(json.dumps(dict(os.environ)), flush=True)\nraise RuntimeError('not ' + os.environ['API_KEY'])"
    patient = await admit({}, starting(printed))
    lines = [event for event in patient.setup.events if "RuntimeError: not ***" in str(event)]
    assert lines and "canary" not in str(patient.setup.events)
    assert "canary" not in str(patient.setup.journal.failures())


async def test_a_page_of_azures_is_no_version_of_theirs(admit: Admit) -> None:
    patient = await admit({"app": {"port": 80, "health_path": "/health"}}, starting("raise RuntimeError('boom')"))
    verdict = await patient.examine()
    assert verdict.id == "crash", verdict
