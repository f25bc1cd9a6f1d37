"""The command `azwizard exercise`: the list, the beginning of one, its hints, and whether it is solved."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.commands.commands import apply, destroy, run_command
from wizard.engine.events import ExerciseEvent, ExerciseState, ResultEvent
from wizard.engine.session import CommandError, CommandOptions, ExitCode, reporter_for, tell_stop
from wizard.exercises import project, record
from wizard.exercises.catalogue import EXERCISES
from wizard.exercises.exercise import Exercise, Scene
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.engine.reporting.reporter import Reporter
    from wizard.engine.session import Session

SETUP = "azwizard.toml"


async def tell_all(options: CommandOptions) -> ExitCode:
    """Tell every exercise, with a tick and the time for what is solved."""
    reporter = reporter_for(options)
    attempts = record.attempts()
    for exercise in EXERCISES:
        reporter.answer(event_of(exercise, attempts.get(exercise.name)))
    reporter.say(_("Begin one: azwizard exercise port. A hint: --hint 1. Is it solved? --check"))
    reporter.event(ResultEvent("succeeded", sentence=_("{count} solved.").format(count=sum(bool(one.solved) for one in attempts.values()))))
    return ExitCode.DONE


async def begin(options: CommandOptions, exercise: Exercise, *, again: bool, told: Reporter | None = None) -> ExitCode:
    """Write its files and bring about what is wrong, or tell the goal of one that has begun. Stops where a folder is in the way.

    :param told: takes what is told, where it is not to be printed.
    """
    attempt = record.attempts().get(exercise.name)
    reporter = told or reporter_for(options)
    folder = Path(attempt.folder) if attempt else Path.cwd() / f"exercise-{exercise.name}"
    if attempt is None or again or not (attempt.ready and folder.is_dir()):
        if attempt is None and folder.exists():
            sentence = _("There is a {folder} here already, which is no exercise begun on this computer.").format(folder=folder.name)
            return tell_stop(CommandError([("exercise", sentence)]), reporter)
        command = replace(options, setup=folder / SETUP, practice=True, yes=True, json=False)
        if attempt is not None and command.setup.is_file() and (status := await take_down(command, told)) is not ExitCode.DONE:
            return status
        try:
            record.begin(exercise.name, folder, ready=False)
            project.write(exercise, folder)
        except OSError as error:
            return tell_stop(CommandError([("exercise", f"{folder}: {error.strerror}")]), reporter)
        status = await bring_about(command, exercise, folder, told)
        if status is not ExitCode.DONE:
            return status
        record.begin(exercise.name, folder, ready=True)
    reporter.answer(event_of(exercise, record.attempts()[exercise.name]))
    reporter.show(_(exercise.goal))
    reporter.show(_("Its files: {folder}").format(folder=folder))
    reporter.event(ResultEvent("succeeded", sentence=_("A hint: azwizard exercise {name} --hint 1").format(name=exercise.name)))
    return ExitCode.DONE


async def take_down(options: CommandOptions, told: Reporter | None) -> ExitCode:
    """Delete what an earlier try left in the practice cloud, whoever the person practised as."""
    from wizard.cloud.transport import practice_process

    await asyncio.to_thread(practice_process.start)
    await asyncio.to_thread(practice_process.fault, (), clear=True)
    return await run_command(options, destroy, told=told)


async def bring_about(options: CommandOptions, exercise: Exercise, folder: Path, told: Reporter | None) -> ExitCode:
    """Set the faults, deploy what is to be deployed, and let it go wrong; the first exit status that is not 0."""
    from wizard.cloud.transport import practice_process

    async def faults(session: Session) -> ExitCode:
        await asyncio.to_thread(practice_process.fault, exercise.faults, clear=True)
        return ExitCode.DONE

    stages: list[Callable[[Session], Awaitable[ExitCode]]] = [faults]
    if exercise.deployed:
        stages.append(apply)
    if exercise.later:

        async def change(_session: Session) -> ExitCode:
            project.change(folder, exercise.later)
            return ExitCode.DONE

        stages += [change, *([apply] if exercise.redeployed else [])]
    if exercise.trouble:
        stages.append(_on_scene(exercise.trouble, folder))
    for stage in stages:
        status = await run_command(options, stage, told=told)
        if status is not ExitCode.DONE:
            return status
    return ExitCode.DONE


def _on_scene(trouble: Callable[[Scene], Awaitable[None]], folder: Path) -> Callable[[Session], Awaitable[ExitCode]]:
    async def done(session: Session) -> ExitCode:
        await trouble(Scene(session, folder))
        return ExitCode.DONE

    return done


async def hint(options: CommandOptions, exercise: Exercise, number: int) -> ExitCode:
    """Tell the hints up to that one."""
    reporter = reporter_for(options)
    if exercise.name not in record.attempts():
        return _not_begun(exercise, reporter)
    record.note_hints(exercise.name, number)
    for place, text in enumerate(exercise.hints[:number], 1):
        reporter.show(f"{place}. {_(text)}")
    reporter.event(ResultEvent("succeeded", sentence=_("Is it solved? azwizard exercise {name} --check").format(name=exercise.name)))
    return ExitCode.DONE


async def check(options: CommandOptions, exercise: Exercise, told: Reporter | None = None) -> ExitCode:
    """Look at the practice cloud, and tell whether the exercise is solved. Exit status 5 while something is left to do."""
    attempt = record.attempts().get(exercise.name)
    if attempt is None:
        return _not_begun(exercise, told or reporter_for(options))
    folder = Path(attempt.folder)

    async def looked_at(session: Session) -> ExitCode:
        scene = Scene(session, folder)
        lacking = ""
        for look in exercise.checks:
            lacking = lacking or await look(scene)
        if lacking:
            session.reporter.answer(event_of(exercise, attempt, lacking))
            return session.finish(ResultEvent("changes", sentence=_("Not solved yet."), detail=lacking))
        solved = record.note_solved(exercise.name)
        session.reporter.answer(event_of(exercise, solved))
        return session.finish(ResultEvent("succeeded", sentence=_("Solved.")))

    return await run_command(replace(options, setup=folder / SETUP, practice=True), looked_at, told=told)


def event_of(exercise: Exercise, attempt: record.Attempt | None, detail: str = "") -> ExerciseEvent:
    """How a learner stands with an exercise."""
    if attempt is None:
        return ExerciseEvent(exercise.name, _(exercise.title), ExerciseState.NEW, detail)
    state = ExerciseState.SOLVED if attempt.solved else ExerciseState.BEGUN
    return ExerciseEvent(exercise.name, _(exercise.title), state, detail, attempt.hints, round(attempt.seconds, 1))


def _not_begun(exercise: Exercise, reporter: Reporter) -> ExitCode:
    sentence = _("That exercise has not begun: azwizard exercise {name} begins it.").format(name=exercise.name)
    return tell_stop(CommandError([("exercise", sentence)]), reporter)
