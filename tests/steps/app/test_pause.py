"""Pausing an app and starting it: everything else respects that the person wanted it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.doctor.ward import Patient
from tests.steps import deployed
from tests.steps.conftest import StartSetup
from tests.steps.deployed import app, changes
from wizard.commands.commands import status
from wizard.commands.operating.pause import pause_setup, start_setup
from wizard.commands.test import RequestOptions, run_requests
from wizard.engine.reporting.reporter import JsonReporter
from wizard.engine.session import CommandError, CommandOptions, ExitCode, Session
from wizard.sections.naming import PAUSED_TAG
from wizard.setup.secret_sources import SecretValues
from wizard.steps.registry_of_steps import contributions


def session_on(patient: Patient) -> Session:
    answers = patient.answers
    options = CommandOptions(setup=answers.file)
    return Session(options, JsonReporter(), answers, SecretValues(answers.key_vault.secrets), patient.setup.cloud, contributions)


@pytest.fixture
async def patient(start_setup: StartSetup, tmp_path: Path) -> Patient:
    return Patient.admitted(await deployed.deployed(start_setup, tmp_path))


async def test_a_paused_app_is_kept_by_the_plan_tested_by_nobody_and_started_by_the_person_alone(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    session = session_on(patient)
    result = await pause_setup(session)
    assert (result.outcome, result.extra) == ("succeeded", {"state": "paused"})
    stopped: Any = await app(patient.setup)
    assert stopped["properties"]["runningStatus"] == "Stopped"
    assert stopped["tags"][PAUSED_TAG].endswith("Z")
    assert await patient.ask() == 404
    assert await changes(patient.setup) == {}
    assert await status(session) is ExitCode.DONE
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["state"] == "paused"
    with pytest.raises(CommandError) as refused:
        await run_requests(session, RequestOptions())
    assert refused.value.status is ExitCode.NOT_READY

    verdict = await patient.examine()
    assert verdict.id == "paused"
    assert verdict.cure is not None
    assert not verdict.cure.applies
    assert verdict.cure.sentence.startswith("azwizard start")
    assert (await pause_setup(session)).outcome == "unchanged"

    started = await start_setup(session)
    assert (started.outcome, started.extra) == ("succeeded", {"state": "running"})
    assert PAUSED_TAG not in (await app(patient.setup))["tags"]
    assert await patient.ask() == 200
    assert (await start_setup(session)).outcome == "unchanged"


async def test_other_answers_are_applied_to_a_paused_app_which_stays_paused(patient: Patient) -> None:
    await pause_setup(session_on(patient))
    result = await patient.deploy_with("app", memory="1.0Gi", cpu=0.5)
    assert result.outcome == "succeeded", patient.setup.events[-6:]
    written: Any = await app(patient.setup)
    assert written["properties"]["runningStatus"] == "Stopped"
    assert written["tags"][PAUSED_TAG]
    assert (await start_setup(session_on(patient))).outcome == "succeeded"
    assert (await app(patient.setup))["properties"]["template"]["containers"][0]["resources"]["cpu"] == 0.5


async def test_what_somebody_else_stopped_is_no_pause_and_another_setups_app_is_left_alone(patient: Patient) -> None:
    cloud = patient.setup.cloud
    poller = await cloud.apps.container_apps.begin_stop("rg-orders-dev", "capp-orders-dev", polling_interval=0.05)
    await poller.result()
    assert (await patient.examine()).id == "stopped"
    assert "app.running" in await changes(patient.setup)

    session = session_on(patient)
    assert (await start_setup(session)).outcome == "succeeded"
    await patient.edit({}, tags={"azwizard-setup": "someone-else"})
    with pytest.raises(CommandError):
        await pause_setup(session)
    assert (await app(patient.setup))["properties"]["runningStatus"] == "Running"
