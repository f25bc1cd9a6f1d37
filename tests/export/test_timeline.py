"""The picture of a run: every step once, the chain that decided marked, and nothing from outside taken for markup."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.benchmarks.critical_path import critical_path
from wizard.commands.commands import drawn
from wizard.engine.events import StepEvent, StepState
from wizard.engine.session import CommandError, CommandOptions, ExitCode
from wizard.engine.step import Observation, Outputs, Step, StepContext
from wizard.export import timeline as drawing
from wizard.export.timeline import Timeline, critical_steps
from wizard.state.snapshot import Snapshot

SVG = "{http://www.w3.org/2000/svg}"


class TimedStep(Step):
    section = "project"

    def __init__(self, key: str, needs: tuple[str, ...] = (), early: tuple[str, ...] = (), title: str = "") -> None:
        self.id, self.needs, self.early, self.title = key, needs, early, title or key

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        raise NotImplementedError

    async def make(self, making: StepContext) -> None:
        raise NotImplementedError


STEPS = [
    TimedStep("group"),
    TimedStep("vault", ("group",)),
    TimedStep("environment", ("group",)),
    TimedStep("app", ("environment",)),
    TimedStep("role", ("app",), ("app",), title="Role <b>&amp; more"),
    TimedStep("revision", ("app", "role", "vault")),
]
TOLD = [
    (0.0, "group", "running"),
    (1.0, "group", "done"),
    (1.0, "vault", "running"),
    (1.0, "environment", "running"),
    (16.0, "vault", "done"),
    (121.0, "environment", "done"),
    (121.0, "app", "running"),
    (121.5, "role", "running"),
    (124.0, "role", "waiting"),
    (135.5, "role", "done"),
    (151.0, "app", "done"),
    (151.0, "revision", "running"),
]


@pytest.fixture
def timeline(monkeypatch: pytest.MonkeyPatch) -> Timeline:
    """A run with a clock of its own, which is still at its last step."""
    now = 0.0
    monkeypatch.setattr(drawing.time, "monotonic", lambda: now)
    run = Timeline(STEPS)
    for now, step, state in TOLD:  # noqa: B007 - the clock reads it
        run.hear(StepEvent(step, step, StepState(state)))
    return run


def test_the_chain_goes_back_to_what_let_each_step_begin(timeline: Timeline) -> None:
    assert critical_steps(timeline.bars) == ["group", "environment", "app"]
    timeline.bars["revision"].ended = 180.0
    assert critical_steps(timeline.bars) == ["group", "environment", "app", "revision"]


def test_every_step_stands_once_in_a_picture_that_a_browser_reads(timeline: Timeline) -> None:
    picture = ElementTree.fromstring(timeline.svg("azwizard apply of orders-dev"))  # noqa: S314 - our own text
    texts = [element.text or "" for element in picture.iter(f"{SVG}text")]
    assert sum(text.endswith("Role <b>&amp; more") for text in texts) == 1
    assert {"● group", "● environment", "● app", "vault", "revision"} <= set(texts)
    assert len(list(picture.iter(f"{SVG}rect"))) == 1 + len(STEPS)


def test_a_run_that_made_nothing_is_a_picture_too(tmp_path: Path) -> None:
    assert "Nothing was made." in Timeline([]).svg("nothing")


def test_the_benchmarks_path_knows_what_is_told_early() -> None:
    own = {"group": 1.0, "vault": 15.0, "environment": 120.0, "app": 30.0, "role": 14.0, "revision": 30.0}
    assert critical_path(STEPS, own) == (181.0, ["group", "environment", "app", "revision"])


def test_the_picture_is_tried_before_anything_is_made_and_drawn_however_the_run_ends(tmp_path: Path) -> None:
    told: list[object] = []

    def session(file: Path) -> Any:
        answers = SimpleNamespace(project=SimpleNamespace(setup="orders-dev"))
        return SimpleNamespace(options=CommandOptions(timeline=file), answers=answers, reporter=SimpleNamespace(event=told.append))

    plan: Any = SimpleNamespace(steps=[SimpleNamespace(step=step) for step in STEPS])
    with pytest.raises(CommandError) as refused, drawn(session(tmp_path / "nowhere" / "run.svg"), plan):
        raise AssertionError("something was made")
    assert refused.value.status is ExitCode.NOT_READY
    with pytest.raises(RuntimeError), drawn(session(tmp_path / "run.svg"), plan) as listen:
        listen(StepEvent("group", "Group", StepState.RUNNING))
        raise RuntimeError("stopped")
    assert len(told) == 1
    assert "group" in (tmp_path / "run.svg").read_text(encoding="utf-8")
