"""What ``azwizard class`` does with a class file: prepare, check, cost, pack, destroy."""

from __future__ import annotations

import asyncio
import json
import socket
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from wizard.classroom import prepare as preparation
from wizard.classroom.class_file import ClassFile, Learner, read_class
from wizard.classroom.door.courier import Courier
from wizard.classroom.door.door_pass import pass_beside
from wizard.classroom.door.standings import LONGEST_NAME, MOST_NAMES, Report
from wizard.classroom.door.trainer import Trainer
from wizard.commands.commands import run_command, tell_hindered
from wizard.commands.exporting.output import write_output
from wizard.commands.teaching.preparing import learner_options, prepare_subscription
from wizard.engine.events import CheckEvent, Event, ResultEvent
from wizard.engine.reporting.event_json import as_json
from wizard.engine.session import OUTCOME_EXITS, CommandError, CommandOptions, ExitCode, reporter_for, tell_stop
from wizard.platform.language import _
from wizard.platform.terminal_text import plain
from wizard.setup.problems import AnswersError
from wizard.workspace import machine

if TYPE_CHECKING:
    from wizard.engine.session import Session

Action = Callable[[CommandOptions, ClassFile], Awaitable[ExitCode]]


async def with_class(options: CommandOptions, action: Action) -> ExitCode:
    """Read the class file that the options name, and do something with it; what is wrong in it is told, and nothing done."""
    try:
        return await action(options, read_class(options.setup))
    except AnswersError as error:
        problem = CommandError([(f"class:{problem.where}", problem.sentence) for problem in error.problems])
    except CommandError as stop:
        problem = stop
    except OSError as error:
        problem = CommandError([("class", f"{error.filename or options.setup}: {error.strerror}")])
    return tell_stop(problem, reporter_for(options))


async def prepare(options: CommandOptions, read: ClassFile, script: Path | None) -> ExitCode:
    """Write every learner's folder; one that is there is left alone. In Azure also what each needs there, or a script that makes it."""
    reporter = reporter_for(options)
    prepared = 0
    for learner in read.learners:
        is_new = await asyncio.to_thread(preparation.prepare, read, learner)
        prepared += is_new
        sentence = _("{name}: {folder}") if is_new else _("{name}: {folder} is there already")
        reporter.answer(CheckEvent("class.folder", "met", sentence.format(name=learner.name, folder=read.folder(learner).name)))
    await asyncio.to_thread(Trainer(read).write_passes, read.board.listen, read.board.port)
    if script is not None:
        from wizard.classroom.admin_script import admin_script

        await write_output(script, admin_script(read))
        reporter.say(_("Written: {file}").format(file=script))
    elif read.cloud.kind == "azure":
        return await prepare_subscription(options, read)
    reporter.event(ResultEvent("succeeded" if prepared else "unchanged", created=prepared, sentence=_("Every learner has a folder.")))
    return ExitCode.DONE


async def check(options: CommandOptions, read: ClassFile, output: Path | None) -> ExitCode:
    """Check this laptop, then what the class's cloud lets this person do; all of it in a result file too."""
    reporter, events = reporter_for(options), list[Event]()

    def tell(event: Event) -> None:
        events.append(event)
        reporter.answer(event)

    async for event in machine.checks_for_class(options.wheels):
        tell(event if options.json else replace(event, group=_("This computer")))
    with tempfile.TemporaryDirectory() as work:
        trial = structs.replace(read, file=Path(work) / read.file.name)
        learner = next(iter(read.learners), Learner(name="", suffix="01"))
        preparation.prepare(trial, learner)

        async def rights(session: Session) -> ExitCode:
            plan = await session.plan()
            for event in plan.passport.events(grouped=True):
                tell(event)
            tell_hindered(plan, tell)
            return ExitCode.DONE

        def stopped(stop: CommandError, _reporter: object) -> ExitCode:
            for what, sentence in stop.problems:
                tell(CheckEvent(what, "missing", sentence))
            return stop.status

        status = await run_command(learner_options(options, trial, learner), rights, stopped)
    lacking = sum(isinstance(event, CheckEvent) and event.state == "missing" for event in events)
    good = _("Ready: this computer can take part.")
    result = ResultEvent("missing" if lacking else "met", blocked=lacking, sentence=_("Not ready yet.") if lacking else good)
    file = output or Path(f"class-check-{_host()}.jsonl")
    await write_output(file, "".join(json.dumps(as_json(event)) + "\n" for event in [*events, result]))
    reporter.say(_("Written: {file}").format(file=file))
    await _tell_the_trainer(
        options, result, [event.check for event in events if isinstance(event, CheckEvent) and event.state == "missing"]
    )
    reporter.event(result)
    return status if status is ExitCode.INTERRUPTED else OUTCOME_EXITS[result.outcome]


async def _tell_the_trainer(options: CommandOptions, result: ResultEvent, lacking: list[str]) -> None:
    """Send what a laptop's check came to, where a pass lies beside the class file."""
    door = pass_beside(options.setup)
    if door is not None:
        names = tuple(name.removeprefix("right:")[:LONGEST_NAME] for name in lacking[:MOST_NAMES])
        courier = Courier(door, options.setup, lambda _sentence: None, practice=False)
        await courier.exchange(Report(laptop="missing" if result.outcome == "missing" else "met", lacking=names))


async def cost(options: CommandOptions, read: ClassFile) -> ExitCode:
    """What the class's setups cost in a month, one by one and together, at list prices."""
    from wizard.engine.cost import estimate
    from wizard.setup.loading import load, resolve

    reporter = reporter_for(options)
    low = high = 0.0
    for learner in read.learners:
        setup = preparation.setup_of(read, learner)
        if not setup.is_file():
            continue
        parts = estimate(resolve(load(setup))).values()
        own = sum(part.low for part in parts), sum(part.high for part in parts)
        low, high = low + own[0], high + own[1]
        reporter.show(_("{name}: {low:.2f} to {high:.2f} USD a month").format(name=plain(learner.name), low=own[0], high=own[1]))
    total = _("The class: {low:.2f} to {high:.2f} USD a month, {day:.2f} to {most:.2f} a day, at list prices.")
    sentence = total.format(low=low, high=high, day=low / 30, most=high / 30)
    reporter.event(ResultEvent("succeeded", sentence=sentence, extra={"low": round(low, 2), "high": round(high, 2)}))
    return ExitCode.DONE


def _host() -> str:
    """This computer's name, as part of a file's name."""
    return "".join(letter if letter.isalnum() or letter == "-" else "-" for letter in socket.gethostname()) or "laptop"
