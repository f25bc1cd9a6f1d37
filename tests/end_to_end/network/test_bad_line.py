"""The line to the cloud breaks at some request of an apply, in each way that lines break: told clearly, and nothing is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest

from wizard.cloud.services import blobs
from wizard.cloud.transport import transport
from wizard.cloud.transport.complete_responses import WholeAnswers

from ..conftest import ProcessOutcome, WizardProcess
from ..support.bad_line import FOREIGN, WAYS, BadLine, apply, bad_line
from ..support.small_project import SmallProject

REQUESTS = 110  # an undisturbed apply sends some more


@pytest.fixture
async def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BadLine]:
    """A practice cloud behind such a line; the wizard repeats without a pause and does not wait for long."""
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AZWIZARD_SECRET_API_KEY", "canary-c1d03e-value")
    monkeypatch.setattr(WholeAnswers, "sleep", no_pause)
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(blobs, "ANSWER_SECONDS", 0.3)
    monkeypatch.setattr(blobs, "PAUSE", 0)
    async with bad_line(tmp_path / "home", tmp_path / "traffic.har") as line:
        yield line


async def no_pause(_transport: WholeAnswers, _seconds: float) -> None:
    """What a retry waits for."""


@pytest.fixture
def project(line: BadLine, tmp_path: Path) -> SmallProject:
    folder = tmp_path / "project"
    project = SmallProject(WizardProcess(tmp_path / "home", folder), folder, "line", tmp_path / "traffic.har")
    project.write()
    return project


def told(outcome: ProcessOutcome) -> list[str]:
    """What was said to hinder or to have failed, each with its next move."""
    text = outcome.of("check", state="missing") + outcome.of("step", state="failed")
    return [f"{event['detail']} {event.get('remedy', '')}".strip() for event in text]


async def test_single_troubles_of_every_kind_are_survived_within_one_apply(line: BadLine, project: SmallProject) -> None:
    places = Random(7).sample(range(2, REQUESTS, 3), 3 * len(WAYS))  # noqa: S311
    line.breaks({place: list(WAYS)[number % len(WAYS)] for number, place in enumerate(places)})
    done = await apply(project.setup)
    assert done.exit == 0, [*told(done), *line.struck]
    assert len(line.struck) >= 2 * len(WAYS), line.struck


@pytest.mark.parametrize("way", WAYS)
async def test_a_line_that_stays_broken_is_told_with_what_to_do_and_nothing_is_lost(line: BadLine, project: SmallProject, way: str) -> None:
    line.breaks_from_write(Random(way).randint(2, 10), way)  # noqa: S311
    refused = await apply(project.setup)
    assert refused.exit == 1, line.struck
    assert refused.result["event"] == "result" and refused.result["outcome"] == "failed"
    sentences = told(refused)
    assert sentences and not [
        sentence for sentence in sentences if "again" not in sentence or "<html" in sentence or "HttpRequest" in sentence
    ], sentences
    assert not (project.wizard.home / "crashes").exists()

    steps_done = {event["step"] for event in refused.of("step", state="done")}
    line.mend()
    done = await apply(project.setup)
    assert done.exit == 0, told(done)
    assert steps_done & {event["step"] for event in done.of("plan", action="create")} == set()
    assert way in FOREIGN or project.made_twice() == []


@pytest.mark.parametrize("way", WAYS)
async def test_a_line_that_is_broken_from_the_first_request_on_lets_nothing_be_made(line: BadLine, project: SmallProject, way: str) -> None:
    line.breaks(dict.fromkeys(range(1, 10_000), way))
    refused = await apply(project.setup)
    assert (refused.exit, refused.result["outcome"]) == (3, "blocked"), refused.stdout
    [sentence] = told(refused)
    assert "again" in sentence and "<html" not in sentence, sentence
