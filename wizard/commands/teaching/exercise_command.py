"""The command `exercise`, and its argument: the name of one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from wizard.commands.groups import DocumentedCommand
from wizard.commands.options import DEBUG, JSON, WHEELS, finish, with_options
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions
    from wizard.exercises.exercise import Exercise


class ExerciseName(click.ParamType["Exercise"]):
    """The name of an exercise; the exercises are read only when one is named."""

    name = "exercise"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Exercise:
        from wizard.exercises.catalogue import EXERCISES

        known = {exercise.name: exercise for exercise in EXERCISES}
        if value not in known:
            from wizard.setup.problems import nearest

            sentence = _("There is no exercise '{name}'.").format(name=value) + nearest(str(value), known)
            self.fail(sentence + " " + _("There are: {names}.").format(names=", ".join(known)), param, ctx)
        return known[value]

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from wizard.exercises.catalogue import EXERCISES

        return [CompletionItem(one.name, help=_(one.title)) for one in EXERCISES if one.name.startswith(incomplete)]


@click.command(
    cls=DocumentedCommand,
    examples=["azwizard exercise", "azwizard exercise port", "azwizard exercise port --hint 1", "azwizard exercise port --check"],
    exits=(0, 1, 2, 3, 4, 5, 130),
    page="docs/class.md",
)
@click.argument("name", type=ExerciseName(), required=False)
@click.option("--hint", "number", type=click.IntRange(1, 3), help="Show its hints up to this one; each says more.")
@click.option("--check", "is_checked", is_flag=True, help="Look at the practice cloud: is it solved? Exit status 5 when not yet.")
@click.option("--again", is_flag=True, help="Begin it anew.")
@partial(with_options, parameters=(JSON, DEBUG, WHEELS))
def exercise(options: CommandOptions, name: Exercise | None, number: int | None, is_checked: bool, again: bool) -> None:
    """Practise with something that goes wrong: begin an exercise, ask for hints, see whether it is solved. Without NAME the list."""
    from wizard.commands.teaching import exercise as command

    if name is None:
        work = command.tell_all(options)
    elif number:
        work = command.hint(options, name, number)
    else:
        work = command.check(options, name) if is_checked else command.begin(options, name, again=again)
    finish(options, work)
