"""Which face the wizard opens with: screens, questions in lines, or none where nobody could answer."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from typing import TYPE_CHECKING

from wizard.platform.language import _
from wizard.platform.streams import in_automation, is_terminal

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions, ExitCode


class Face(StrEnum):
    """How a person is asked."""

    SCREENS = "screens"
    LINES = "lines"
    NONE = "none"


def chosen(options: CommandOptions) -> Face:
    """The face that the options, the streams and the environment ask for.

    A Textual driver that was named (``TEXTUAL_DRIVER``, as textual-serve does) draws screens without a terminal.
    """
    from wizard.platform.preferences import Preferences

    if in_automation():
        return Face.NONE
    if options.plain:
        return Face.LINES
    if os.environ.get("TEXTUAL_DRIVER"):
        return Face.SCREENS
    if not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        return Face.NONE
    return Face.LINES if os.environ.get("TERM") == "dumb" or Preferences.read().plain else Face.SCREENS


def tell_missing(options: CommandOptions) -> ExitCode:
    """Say why no question is asked, and what the setup file still lacks; gives the exit status."""
    from wizard.engine.session import CommandError, read_answers, reporter_for, tell_stop

    why = _("The wizard asks questions, and there is no terminal to ask them on.")
    if in_automation():
        why = _("The wizard asks questions, and where CI is set nobody would answer them.")
    try:
        read_answers(options)
        problems = [("confirm", _("{why} Your setup lacks nothing: azwizard apply --yes makes it.").format(why=why))]
    except CommandError as error:
        problems = [(error.problems[0][0], f"{why} {error.problems[0][1]}"), *error.problems[1:]]
    return tell_stop(CommandError(problems), reporter_for(options))
