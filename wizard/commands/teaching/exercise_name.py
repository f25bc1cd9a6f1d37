"""The argument NAME of an exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from wizard.platform.language import _

if TYPE_CHECKING:
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
