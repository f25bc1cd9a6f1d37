"""The exercises, in lines: which there are, the beginning of one, its hints, and whether it is solved."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wizard.commands.teaching import exercise as command
from wizard.engine.reporting.event_lines import EXERCISE_WORDS
from wizard.exercises import record
from wizard.exercises.catalogue import EXERCISES
from wizard.plain.home import HOME, open_setup
from wizard.plain.lines import SpokenReporter
from wizard.platform.language import _
from wizard.platform.phrases import with_detail

if TYPE_CHECKING:
    from wizard.exercises.exercise import Exercise
    from wizard.plain.lines import Lines
    from wizard.workspace.workspace import Workspace


async def exercises(lines: Lines, workspace: Workspace) -> str:
    """List them and do one; gives the place to go to. Raises GoTo, Leave."""
    lines.say(
        _(
            "Each is a small API in the practice cloud with something wrong in it; it costs nothing. "
            "Whether it is solved the practice cloud itself tells."
        )
    )
    while True:
        attempts = record.attempts()
        options = [_line(exercise, attempts.get(exercise.name)) for exercise in EXERCISES]
        chosen = await lines.choose(_("Which exercise?"), [*options, _("Back to the beginning")])
        if chosen == len(EXERCISES):
            return HOME
        if place := await _do(lines, workspace, EXERCISES[chosen]):
            return place


def _line(exercise: Exercise, attempt: record.Attempt | None) -> str:
    return with_detail(_(EXERCISE_WORDS[command.event_of(exercise, attempt).state]), _(exercise.title))


async def _do(lines: Lines, workspace: Workspace, exercise: Exercise) -> str:
    """One exercise; gives the place to go to, "" for the list."""
    lines.say(_(exercise.goal))
    while True:
        attempt = record.attempts().get(exercise.name)
        is_ready = attempt is not None and attempt.ready
        options = [_("Open it"), _("A hint"), _("Is it solved?")] if is_ready else [_("Begin it: that may take a minute")]
        chosen = await lines.choose(_("What now? q leaves"), [*options, _("Another exercise")])
        if chosen == len(options):
            return ""
        if attempt is None or not is_ready:
            await command.begin(workspace.options, exercise, again=False, told=SpokenReporter(lines))
        elif chosen == 0:
            return open_setup(workspace, Path(attempt.folder) / command.SETUP, practice=True)
        elif chosen == 1:
            record.note_hints(exercise.name, min(attempt.hints + 1, len(exercise.hints)))
            lines.say(*(f"{number}. {_(text)}" for number, text in enumerate(exercise.hints[: attempt.hints + 1], 1)))
        else:
            await command.check(workspace.options, exercise, SpokenReporter(lines))
