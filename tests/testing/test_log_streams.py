"""Following the logs: copies that come later are joined, what ends is opened again without telling anything twice, nothing obeys."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from azure.core.exceptions import HttpResponseError

from tests.doctor.conftest import start_setup
from tests.doctor.ward import Patient
from tests.practice.apps import RUN
from tests.steps.conftest import StartSetup
from tests.steps.deployed import APP, begin
from wizard.engine.events import LogEvent
from wizard.platform.terminal_text import plain
from wizard.state.resources import ResourceRefs
from wizard.testing import log_streams as logs

__all__ = ["start_setup"]

LOUD = RUN.replace("app = Flask(__name__)", "print('\\x1b[31mred [bold]\\x1b]0;title\\x07 \\u202eword', flush=True)\napp = Flask(__name__)")


class Heard:
    """What was told, to be waited for."""

    def __init__(self) -> None:
        self.events: list[LogEvent] = []
        self.said: list[str] = []
        self._news = asyncio.Event()

    def tell(self, event: LogEvent) -> None:
        self.events.append(event)
        self._news.set()

    def say(self, sentence: str) -> None:
        self.said.append(sentence)
        self._news.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not holds():
                self._news.clear()
                await self._news.wait()


@pytest.fixture
async def patient(start_setup: StartSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Patient:
    """A deployed API that prints something nasty when it starts."""
    monkeypatch.setattr(logs, "AGAIN", 0.05)
    patient = Patient.admitted(await begin(start_setup, tmp_path))
    await patient.push(run=LOUD)
    assert (await patient.deploy()).outcome == "succeeded"
    return patient


@asynccontextmanager
async def following(patient: Patient) -> AsyncIterator[Heard]:
    heard = Heard()
    target = ResourceRefs.named(patient.answers, patient.setup.cloud.subscription_id).app
    assert target is not None
    task = asyncio.create_task(logs.follow_logs(patient.setup.cloud, target, heard.tell, heard.say))
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_both_streams_are_told_and_no_line_commands_the_terminal(patient: Patient) -> None:
    async with following(patient) as heard:
        await heard.until(
            lambda: any("red" in event.line for event in heard.events) and any(event.source == logs.SYSTEM for event in heard.events)
        )
        assert next(event.line for event in heard.events if "red" in event.line) == "red [bold] word"


async def test_a_stream_that_ends_is_opened_again_and_nothing_is_told_twice(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud, opened = patient.setup.cloud, []
    real = cloud.follow_stream

    async def short(url: str, token: str) -> AsyncIterator[str]:
        """As Azure ends streams after a while, only sooner."""
        opened.append(url)
        count = 0
        async for line in real(url, token):
            yield line
            count += 1
            if count == opened.count(url):
                return

    monkeypatch.setattr(cloud, "follow_stream", short)
    async with following(patient) as heard:
        await heard.until(lambda: any("Listening at" in event.line for event in heard.events))
        assert len(opened) > len(set(opened)), "at least one stream was opened again"
        lines = [(event.source, event.at, event.line) for event in heard.events]
        assert len(lines) == len(set(lines))


async def test_while_azure_cannot_be_asked_it_is_said_once_and_tried_again(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    apps = patient.setup.cloud.apps.container_apps
    real, refusals = apps.get, iter(range(3))

    async def refusing(group: str, name: str) -> object:
        if next(refusals, None) is not None:
            raise HttpResponseError("The service is unavailable.")
        return await real(group, name)

    monkeypatch.setattr(apps, "get", refusing)
    async with following(patient) as heard:
        await heard.until(lambda: any("Listening at" in event.line for event in heard.events))
        assert len(heard.said) == 1
        assert "It is opened again." in heard.said[0]


def test_text_from_outside_is_shown_and_not_obeyed() -> None:
    assert plain("\x1b[2J\x1b]8;;http://x\x1b\\a\tb\r\n\x07\x9bc\u2066d") == "a\tb\ncd"


async def test_azures_remark_about_its_page_before_the_api_is_left_out(patient: Patient) -> None:
    revisions = (await patient.call("GET", f"{APP}/revisions"))["value"]
    target = ResourceRefs.named(patient.answers, patient.setup.cloud.subscription_id).app
    assert target is not None
    beginning = logs._Beginning(patient.setup.cloud, target)
    meant = {}
    for revision in revisions:
        line = json.dumps({"Reason": "TargetPortMismatch", "RevisionName": revision["name"], "Msg": "The TargetPort 5000 does not match"})
        meant[revision["properties"]["template"]["containers"][0]["image"]] = await beginning.is_meant_by(line)
    assert {image.startswith("mcr.microsoft.com/"): left_out for image, left_out in meant.items()} == {True: True, False: False}
