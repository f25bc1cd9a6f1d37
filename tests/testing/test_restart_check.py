"""``azwizard test --restart``: a file on each share survives a restart, each share is told, and nothing of it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doctor.conftest import start_setup
from tests.doctor.ward import STORAGE, Patient
from tests.steps.conftest import StartSetup
from tests.steps.deployed import begin
from wizard.commands.test import RequestOptions, run_requests
from wizard.engine.events import Event, ShareEvent
from wizard.engine.reporting.event_json import as_json
from wizard.engine.session import CommandOptions, ExitCode, Session
from wizard.platform.secret import Secret
from wizard.setup.secret_sources import SecretValues
from wizard.steps.registry_of_steps import contributions
from wizard.testing.restart_check import ShareProof

__all__ = ["start_setup"]

SHARES = [
    {"designation": "db", "mount": "/project-container/databases", "nobrl": True},
    {"designation": "json", "mount": "/project-container/json", "access": "ReadOnly"},
]
REST = "### Every order\n# expect 200\nGET {{host}}/orders\n"


class RestartReporter:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.said: list[str] = []

    def event(self, event: Event) -> None:
        self.events.append(event)

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    answer, show = event, say

    @property
    def shares(self) -> dict[str, ShareEvent]:
        return {event.share: event for event in self.events if isinstance(event, ShareEvent)}


@pytest.fixture
async def patient(start_setup: StartSetup, tmp_path: Path) -> Patient:
    """A deployed API with two shares, one of which it may only read."""
    patient = Patient.admitted(await begin(start_setup, tmp_path, storage={"shares": SHARES}))
    assert (await patient.deploy()).outcome == "succeeded"
    return patient


async def proven(patient: Patient, tmp_path: Path) -> tuple[ExitCode, RestartReporter]:
    """``azwizard test --restart`` with one request."""
    file = tmp_path / "orders.rest"
    file.write_text(REST)
    reporter = RestartReporter()
    secrets = SecretValues(["api-key"], environment={"AZWIZARD_SECRET_API_KEY": "canary-1"})
    session = Session(CommandOptions(setup=patient.file, yes=True), reporter, patient.answers, secrets, patient.setup.cloud, contributions)
    return await run_requests(session, RequestOptions(file, restart=True)), reporter


def folders(patient: Patient) -> list[Path]:
    return sorted((patient.setup.practice.cloud.home / "shares" / "stordersdev").iterdir())


async def copies(patient: Patient) -> set[str]:
    """The names of the running copies."""
    app = await patient.app()
    path = f"/resourceGroups/rg-orders-dev/providers/Microsoft.App/containerApps/{app['name']}"
    listed = await patient.call("GET", f"{path}/revisions/{app['properties']['latestRevisionName']}/replicas")
    return {item["name"] for item in listed["value"]}


async def test_each_share_is_named_with_its_result_after_a_real_restart(patient: Patient, tmp_path: Path) -> None:
    before = await copies(patient)
    status, told = await proven(patient, tmp_path)
    assert status is ExitCode.DONE
    assert {share: event.passed for share, event in told.shares.items()} == {
        "fileshare-db-orders-dev": True,
        "fileshare-json-orders-dev": True,
    }
    assert not before & await copies(patient), "every copy is another one"
    assert [list(folder.glob("azwizard-proof-*")) for folder in folders(patient)] == [[], []], "the files are taken away again"
    event = as_json(told.shares["fileshare-db-orders-dev"])
    assert (event["event"], event["mount"], event["passed"]) == ("share", "/project-container/databases", True)


async def test_a_share_that_the_api_does_not_mount_is_told(patient: Patient, tmp_path: Path) -> None:
    template = (await patient.app())["properties"]["template"]
    template["containers"][0]["volumeMounts"] = [
        volume_mount for volume_mount in template["containers"][0]["volumeMounts"] if volume_mount["volumeName"] != "json"
    ]
    await patient.edit({"template": template})
    status, told = await proven(patient, tmp_path)
    assert status is ExitCode.FAILED
    assert {share: event.passed for share, event in told.shares.items()} == {
        "fileshare-db-orders-dev": True,
        "fileshare-json-orders-dev": False,
    }
    assert "does not mount it" in told.shares["fileshare-json-orders-dev"].detail


async def test_a_file_that_is_gone_and_one_that_changed_are_told(patient: Patient) -> None:
    proof = ShareProof(patient.setup.cloud, patient.answers)
    await proof.write()
    gone, changed = (folder / proof.file for folder in folders(patient))
    gone.unlink()
    changed.write_text("something else")
    by_name = {event.share: event for event in await proof.look()}
    assert "is gone" in by_name["fileshare-db-orders-dev"].detail
    assert "another content" in by_name["fileshare-json-orders-dev"].detail
    assert not any(event.passed for event in by_name.values())
    assert await proof.remove() == []
    assert not changed.exists()


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"allowSharedKeyAccess": False}, "does not accept its key"),
        ({"networkAcls": {"defaultAction": "Deny"}}, "firewall keeps this computer out"),
    ],
)
async def test_why_no_file_can_be_put_there_is_told_of_each_share(patient: Patient, properties: dict[str, object], words: str) -> None:
    await patient.call("PATCH", STORAGE, {"properties": properties}, version="2023-05-01")
    proof = ShareProof(patient.setup.cloud, patient.answers)
    await proof.write()
    outcome = await proof.look()
    assert [event.passed for event in outcome] == [False, False]
    assert all(words in event.detail for event in outcome), outcome
    assert await proof.remove() == [], "nothing was written, so nothing is left"


async def test_a_name_with_spaces_and_a_longer_content_go_there_and_back(patient: Patient) -> None:
    keys = await patient.call("POST", f"{STORAGE}/listKeys", version="2023-05-01")
    files = patient.setup.cloud.share_files("https://stordersdev.file.core.windows.net/", Secret(keys["keys"][1]["value"]))
    content = bytes(range(256)) * 40
    await files.write("fileshare-db-orders-dev", "a note, §2 & more (=1).txt", content)
    assert await files.read("fileshare-db-orders-dev", "a note, §2 & more (=1).txt") == content
    await files.delete("fileshare-db-orders-dev", "a note, §2 & more (=1).txt")
    assert await files.read("fileshare-db-orders-dev", "a note, §2 & more (=1).txt") is None


async def test_a_form_and_a_broken_body_reach_the_api_as_they_are_written(patient: Patient, tmp_path: Path) -> None:
    file = tmp_path / "orders.rest"
    file.write_text(
        "### Broken\n# expect 400\nPOST {{host}}/orders\nContent-Type: application/json\n\n{not json\n\n### A form\n# expect 415\n"
        "POST {{host}}/orders\nContent-Type: application/x-www-form-urlencoded\n\nitem=tea\n"
    )
    reporter = RestartReporter()
    session = Session(
        CommandOptions(setup=patient.file, yes=True),
        reporter,
        patient.answers,
        SecretValues(["api-key"]),
        patient.setup.cloud,
        contributions,
    )
    assert await run_requests(session, RequestOptions(file)) is ExitCode.DONE, reporter.events


async def test_a_value_that_only_the_vault_knows_is_hidden_in_an_answer(patient: Patient, tmp_path: Path) -> None:
    file = tmp_path / "orders.rest"
    file.write_text("GET {{host}}/seen\n")
    reporter = RestartReporter()
    session = Session(
        CommandOptions(setup=patient.file, yes=True),
        reporter,
        patient.answers,
        SecretValues(["api-key"]),
        patient.setup.cloud,
        contributions,
    )
    assert await run_requests(session, RequestOptions(file)) is ExitCode.DONE
    result = str(reporter.events)
    assert '"key":"***"' in result
    assert "canary-1" not in result
