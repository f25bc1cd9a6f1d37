"""One command on several setups in one process: some at a time, over one sign-in, with one table and one exit status."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.cloud.transport.counting import RequestCount
from wizard.commands.commands import guarded
from wizard.engine.crash_record import report_crash
from wizard.engine.events import CheckEvent, Event, ResultEvent, StepEvent, StepState
from wizard.engine.reporting.event_json import as_json
from wizard.engine.reporting.event_lines import OUTCOME_WORDS
from wizard.engine.reporting.reporter import JsonReporter, TextReporter
from wizard.engine.session import CommandError, CommandOptions, ExitCode, Session, open_cloud, open_session, tell_stop
from wizard.platform.language import _, plural
from wizard.steps.registry_of_steps import contributions

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.engine.reporting.reporter import Reporter
    from wizard.setup.answers import Answers

AT_ONCE = 8
"""Setups worked on at the same time: what they ask Azure for is held to its limits by `wizard.cloud.transport.pace`."""
WORST_FIRST = (130, 1, 4, 3, 5, 0)
OUTCOMES = {130: "interrupted", 1: "failed", 4: "blocked", 3: "blocked", 5: "changes"}


@dataclass
class SetupOutcome:
    """How the command went on one setup, as far as it was told.

    :param label: the setup as the person named it.
    :param name: ``orders-dev``, once its file was read.
    """

    label: str
    name: str = ""
    status: ExitCode = ExitCode.FAILED
    result: ResultEvent = field(default_factory=lambda: ResultEvent("failed"))
    reasons: list[str] = field(default_factory=list)

    def hear(self, event: Event) -> None:
        """Keep what the table says."""
        if isinstance(event, ResultEvent):
            self.result = event
        elif isinstance(event, CheckEvent) and event.state != "met":
            self.reasons.append(event.detail)
        elif isinstance(event, StepEvent) and event.state is StepState.FAILED:
            self.reasons.append(f"{event.title}: {event.detail}")


class LabelledJson(JsonReporter):
    """Each line says of which setup it is."""

    def __init__(self, outcome: SetupOutcome) -> None:
        self._outcome = outcome

    def body(self, event: Event) -> dict[str, Any]:
        self._outcome.hear(event)
        return {**as_json(event), "setup": self._outcome.label}

    def say(self, sentence: str) -> None:
        """A sentence for people, with the setup that it is about."""
        super().say(f"{self._outcome.label}: {sentence}")

    def show(self, sentence: str) -> None:
        """What is no event, of which one for each setup would be too many."""


class QuietText(TextReporter):
    """Nothing but how it ended: the table says the rest, since the lines of several setups between each other tell nobody anything."""

    def __init__(self, outcome: SetupOutcome) -> None:
        super().__init__()
        self._outcome = outcome

    def event(self, event: Event) -> None:
        self._outcome.hear(event)

    answer = event

    def say(self, sentence: str) -> None:
        """A sentence for people, with the setup that it is about."""
        super().say(f"{self._outcome.label}: {sentence}")

    def show(self, sentence: str) -> None:
        """What is no event, of which one for each setup would be too many."""


def reporter_of(options: CommandOptions, outcome: SetupOutcome) -> Reporter:
    """What one setup's events go to."""
    return LabelledJson(outcome) if options.json else QuietText(outcome)


class SharedClouds:
    """One connection for all setups that sign in alike; what they read of the subscription is read once."""

    def __init__(self) -> None:
        self._opened: dict[str, asyncio.Task[Cloud]] = {}

    async def of(self, options: CommandOptions, answers: Answers) -> Cloud:
        """The connection for a setup. Raises CommandError, for each setup that would need it, when it cannot be made."""
        key = "practice" if options.practice else repr(answers.sign_in)
        if key not in self._opened:
            self._opened[key] = asyncio.ensure_future(self._open(options, answers))
        return await asyncio.shield(self._opened[key])

    async def close(self) -> None:
        """Close every connection that came about."""
        for opening in self._opened.values():
            if not opening.done():
                opening.cancel()
            for cloud in await asyncio.gather(opening, return_exceptions=True):
                if not isinstance(cloud, BaseException):
                    await cloud.close()

    async def _open(self, options: CommandOptions, answers: Answers) -> Cloud:
        cloud = await open_cloud(options, answers)
        cloud.shared_reads = {}
        return cloud


async def run_on_several(options: CommandOptions, setups: Sequence[Path], command: Callable[[Session], Awaitable[ExitCode]]) -> ExitCode:
    """Run a command on each setup; one failure stops none of the others. The exit status is the worst that occurs."""
    began, clouds, room = time.monotonic(), SharedClouds(), asyncio.Semaphore(AT_ONCE)
    outcomes = [SetupOutcome(str(setup)) for setup in dict.fromkeys(setups)]
    ended: list[str] = []

    async def one(outcome: SetupOutcome) -> None:
        async with room:
            await _run_one(replace(options, setup=Path(outcome.label), unattended=True), outcome, clouds, command)
        ended.append(outcome.label)
        if not options.json:
            words = _("{number} of {count}: {setup}").format(number=len(ended), count=len(outcomes), setup=outcome.label)
            print(words, file=sys.stderr, flush=True)

    tasks = [asyncio.ensure_future(one(outcome)) for outcome in outcomes]
    stopped = False
    try:
        await asyncio.wait(tasks)
    except asyncio.CancelledError:
        stopped = True
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    finally:
        await clouds.close()
    status = worst_of([outcome.status for outcome in outcomes] + [ExitCode.INTERRUPTED] * stopped)
    _tell_all(options, outcomes, status, time.monotonic() - began)
    return status


def worst_of(statuses: Iterable[ExitCode]) -> ExitCode:
    """The exit status of a command on several setups."""
    return min(statuses, key=lambda status: WORST_FIRST.index(int(status)), default=ExitCode.DONE)


async def _run_one(
    options: CommandOptions, outcome: SetupOutcome, clouds: SharedClouds, command: Callable[[Session], Awaitable[ExitCode]]
) -> None:
    reporter = reporter_of(options, outcome)
    try:
        with RequestCount():
            async with open_session(options, reporter, contributions, clouds.of) as session:
                outcome.name = session.answers.project.setup
                outcome.status = await guarded(session, command)
    except CommandError as stop:
        outcome.status = tell_stop(stop, reporter)
    except asyncio.CancelledError:
        reporter.event(ResultEvent("interrupted"))
        outcome.status = ExitCode.INTERRUPTED
    except Exception as error:  # a fault of ours in one setup is told, and the others go on
        outcome.reasons.append(report_crash(error))
        reporter.event(ResultEvent("failed", failed=1))


def _tell_all(options: CommandOptions, outcomes: Sequence[SetupOutcome], status: ExitCode, seconds: float) -> None:
    """One line for each setup and one for all, or one result for all."""
    if not options.json:
        table = TextReporter()
        for line in table_of(outcomes):
            table.show(line)
        return
    total = ResultEvent(OUTCOMES.get(int(status), "succeeded"), seconds=round(seconds, 1), extra={"setups": len(outcomes)})
    for name in ("created", "changed", "kept", "deleted", "failed", "blocked", "requests"):
        setattr(total, name, sum(getattr(outcome.result, name) for outcome in outcomes))
    if total.outcome == "succeeded" and all(outcome.result.outcome == "unchanged" for outcome in outcomes):
        total.outcome = "unchanged"
    JsonReporter().event(total)


def table_of(outcomes: Sequence[SetupOutcome]) -> list[str]:
    """One line for each setup and one for all."""
    wide = max((len(outcome.label) for outcome in outcomes), default=0)
    rows = [f"{outcome.label:<{wide}}  {_sentence(outcome)}" for outcome in outcomes]
    good = sum(outcome.status in (ExitCode.DONE, ExitCode.CHANGES) for outcome in outcomes)
    return [
        *rows,
        plural("{good} of {count} setup went through.", "{good} of {count} setups went through.", len(outcomes)).format(
            good=good, count=len(outcomes)
        ),
    ]


def _sentence(outcome: SetupOutcome) -> str:
    """How it ended in a few words, with the address or the first reason."""
    result = outcome.result
    words = [_(OUTCOME_WORDS[result.outcome])]
    if result.created or result.changed:
        counts = _("{created} to create, {changed} to change") if result.planned else _("{created} created, {changed} changed")
        words.append(counts.format(created=result.created, changed=result.changed))
    if outcome.status not in (ExitCode.DONE, ExitCode.CHANGES):
        words += [line for line in (outcome.reasons or [result.detail])[:1] if line]
    elif result.url:
        words.append(result.url)
    return "  ".join(words)
