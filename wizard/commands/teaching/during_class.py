"""What ``azwizard class`` does while a class goes on: the board, trouble for all, help for one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wizard.classroom.class_file import ClassFile, Learner
from wizard.classroom.door.trainer import Trainer
from wizard.classroom.help import LAST, place_of, prepared_answers
from wizard.engine.events import CheckEvent, ResultEvent
from wizard.engine.session import CommandError, CommandOptions, ExitCode, reporter_for, tell_stop
from wizard.platform import language
from wizard.platform.language import _
from wizard.sections import ORDER
from wizard.setup.problems import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wizard.classroom.door.standings import Standing, Standings
    from wizard.cloud import Cloud


async def board(options: CommandOptions, read: ClassFile, listen: str, port: int | None) -> ExitCode:
    """Serve the board and the event door until this is stopped; what learners' folders here need to find it is written anew."""
    from wizard.classroom.door.server import EventDoor

    language.choose(read.course.language)
    reporter, trainer = reporter_for(options), Trainer(read)
    listen = listen or read.board.listen
    door = EventDoor(trainer)
    try:
        await door.start(listen, read.board.port if port is None else port)
    except OSError as error:
        sentence = _("{address} cannot be listened on: {reason}").format(address=listen, reason=error.strerror or error)
        return tell_stop(CommandError([("board", sentence)]), reporter)
    try:
        trainer.write_passes(listen, door.port)
        who = _("Only this computer reaches it.") if trainer.is_private(listen) else _("Every computer that reaches {address} can ask.")
        reporter.show(door.page_address)
        reporter.say(f"{who.format(address=listen)} {_('Stop it with Ctrl+C; started again, it knows what it knew.')}")
        if read.cloud.kind == "azure":
            await _watch_azure(options, read, trainer.standings)
        await asyncio.Event().wait()
    finally:
        await door.close()
    return ExitCode.DONE


async def _watch_azure(options: CommandOptions, read: ClassFile, standings: Standings) -> None:
    """Look again and again how far each setup is in Azure. Raises CommandError where nobody can be signed in."""
    from wizard.classroom.azure_standings import SECONDS, furthest_sections
    from wizard.cloud.errors.translation import translate
    from wizard.commands.teaching.subscription import open_subscription

    reporter = reporter_for(options)
    cloud: Cloud
    async with await open_subscription(options, read) as cloud:
        while True:
            try:
                for suffix, section in (await furthest_sections(cloud, read)).items():
                    standings.seen_in_azure(suffix, section)
            except Exception as error:
                reporter.say(str(translate(error)))
            await asyncio.sleep(SECONDS)


async def fault(options: CommandOptions, read: ClassFile, name: str) -> ExitCode:
    """Wish the same trouble to everybody's practice cloud, or, without a name, that all of it ends."""
    from wizard.practice.kernel.faults import UnknownFault, parse

    reporter = reporter_for(options)
    try:
        if name:
            parse(name)
        if read.cloud.kind != "practice":
            raise UnknownFault(_("The class works in Azure, where no trouble can be made; it can in the practice cloud."))
    except UnknownFault as unknown:
        return tell_stop(CommandError([("class.fault", str(unknown))]), reporter)
    Trainer(read).wishes.wish_fault((name,) if name else ())
    sentence = _("Everybody's practice cloud gets it with the next sign of life: the board counts them.")
    reporter.event(ResultEvent("succeeded", sentence=sentence))
    return ExitCode.DONE


async def help_learner(options: CommandOptions, read: ClassFile, name: str, step: int | None) -> ExitCode:
    """Bring a learner to a step with prepared answers; without one to that after the step where the board saw the learner last."""
    from wizard.classroom.door.standings import read_standings

    reporter, trainer = reporter_for(options), Trainer(read)
    learner = read.learner(name)
    if learner is None:
        sentence = _("Nobody in the class is called “{name}”.").format(name=name)
        return tell_stop(CommandError([("class.help", sentence + nearest(name, [one.name for one in read.learners]))]), reporter)
    if step is None:
        step = next_step(read_standings(trainer.standings_file), learner)
    place = place_of(step)
    trainer.wishes.wish_help(learner.suffix, place, prepared_answers(read, learner, step))
    reporter.answer(CheckEvent("class.help", "met", f"{learner.name}: {place}"))
    sentence = _("{name} comes to step {step} with the next sign of life, with the answers before it filled in.")
    reporter.event(ResultEvent("succeeded", sentence=sentence.format(name=learner.name, step=step), extra={"step": step}))
    return ExitCode.DONE


def next_step(standings: Mapping[str, Standing], learner: Learner) -> int:
    """The step after the one where a learner is; the last one for who is past them all."""
    place = standings[learner.suffix].place if learner.suffix in standings else ""
    return ORDER.index(place) + 2 if place in ORDER else LAST if place else 1
