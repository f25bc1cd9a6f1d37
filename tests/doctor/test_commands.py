"""The commands for when it does not work: test, logs, report."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.doctor.ward import Patient
from tests.practice.apps import write_api
from tests.steps.conftest import StartSetup
from tests.steps.deployed import begin
from wizard.commands.test import RequestOptions, run_requests
from wizard.doctor import examination
from wizard.engine.events import Event, LogEvent, RequestEvent
from wizard.engine.session import CommandOptions, ExitCode, Session, read_answers, signed_in
from wizard.setup.loading import load, resolve
from wizard.setup.secret_sources import SecretValues
from wizard.steps.registry_of_steps import contributions
from wizard.testing import log_streams as streams
from wizard.testing.rest.file import parse

REST = """\
@host = https://elsewhere.example.com

### Is it well?
# expect 200
GET {{host}}/health

### Order tea
// expect 200, 201
POST {{host}}/orders
Content-Type: application/json

{"item": "tea"}

### Every order
GET {{host}}/orders

### What it sees
# expect 200
GET {{host}}/seen
X-Api-Key: {{$processEnv API_KEY}}
"""


class DoctorReporter:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.said: list[str] = []
        self.told = asyncio.Event()

    def event(self, event: Event) -> None:
        self.events.append(event)
        self.told.set()

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    answer, show = event, say

    @property
    def requests(self) -> list[RequestEvent]:
        return [event for event in self.events if isinstance(event, RequestEvent)]

    @property
    def lines(self) -> list[LogEvent]:
        return [event for event in self.events if isinstance(event, LogEvent)]


@pytest.fixture
async def session(start_setup: StartSetup, tmp_path: Path) -> Session:
    """A session on a deployed API."""
    patient = Patient.admitted(await begin(start_setup, tmp_path))
    assert (await patient.deploy()).outcome == "succeeded"
    secrets = SecretValues(["api-key"], environment={"AZWIZARD_SECRET_API_KEY": "canary-1"})
    return Session(
        CommandOptions(setup=patient.file, yes=True), DoctorReporter(), patient.answers, secrets, patient.setup.cloud, contributions
    )


def kept(session: Session) -> DoctorReporter:
    assert isinstance(session.reporter, DoctorReporter)
    return session.reporter


def test_a_comment_says_which_statuses_are_expected() -> None:
    assert [request.expected for request in parse(REST).requests] == [(200,), (200, 201), (), (200,)]
    assert parse(REST).requests[1].text.endswith('{"item": "tea"}')


async def test_each_request_is_sent_and_held_against_what_is_expected(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "orders.rest"
    file.write_text(REST)
    assert await run_requests(session, RequestOptions(file)) is ExitCode.DONE
    result = kept(session).requests
    assert [(line.method, line.path, line.status, line.passed) for line in result][:3] == [
        ("GET", "/health", 200, True),
        ("POST", "/orders", 201, True),
        ("GET", "/orders", 200, True),
    ]
    assert "canary-1" not in str(result), "a secret's value is hidden in what is shown"
    assert "***" in result[3].body


async def test_another_status_than_expected_fails(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "orders.rest"
    file.write_text("# expect 404\nGET https://x/health\n")
    assert await run_requests(session, RequestOptions(file)) is ExitCode.FAILED
    assert not kept(session).requests[0].passed


async def test_what_was_written_to_a_share_is_there_after_a_restart(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "orders.rest"
    file.write_text(REST.partition("### What it sees")[0])
    assert await run_requests(session, RequestOptions(file, restart=True)) is ExitCode.DONE
    before, after = [request for request in kept(session).requests if request.path == "/orders" and request.method == "GET"][-2:]
    assert after.title.startswith("After a restart")
    assert before.body == after.body == '["tea"]'


async def test_logs_show_both_streams(session: Session) -> None:
    assert await streams.logs(session, follow=False) is ExitCode.DONE
    lines = kept(session).lines
    assert any(line.source == "system" and "ContainerStarted" in line.line for line in lines)
    assert any(line.source != "system" and "Listening at" in line.line for line in lines)


async def test_following_the_logs_goes_on_with_the_copies_that_replace_others(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "AGAIN", 0.1)
    following = asyncio.create_task(streams.logs(session, follow=True))
    apps, target = session.cloud.apps, session.answers.app.name
    group = session.answers.project.resource_group
    app = await apps.container_apps.get(group, target)
    assert app.properties is not None
    await _copies_seen(kept(session), 1)
    await apps.container_apps_revisions.restart_revision(group, target, str(app.properties.latest_revision_name))
    await _copies_seen(kept(session), 2)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def _copies_seen(reporter: DoctorReporter, count: int) -> None:
    """Wait until so many copies have said that they listen."""
    async with asyncio.timeout(30):
        while len({line.source for line in reporter.lines if "Listening at" in line.line}) < count:
            reporter.told.clear()
            await reporter.told.wait()


async def test_what_may_hurt_is_offered_once_nothing_is_broken(session: Session, tmp_path: Path) -> None:
    """A remark about the setup file, on a deployment that is healthy: shown, and written when the person confirms."""
    setup = session.options.setup
    setup.write_text(setup.read_text().replace("nobrl = true\n", ""))
    write_api(session.answers.source_folder)
    session.answers = signed_in(read_answers(session.options), session.cloud)
    report = await examination.examine(session)
    assert (report.verdict.id, report.applies) == ("healthy", False), report.verdict
    assert "+nobrl = true" in report.difference
    await examination.repair(session, report)
    assert resolve(load(setup)).storage.shares[0].nobrl
