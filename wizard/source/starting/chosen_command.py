"""Which command of a shell's text starts the API, and its words as the shell splits them."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Mapping, Sequence

from wizard.containers.dockerfile_stages import Instruction
from wizard.source.starting.command_words import SHELL_TEXT, SHELLS, expanded, unwrapped
from wizard.source.starting.shell_lines import ShellCommand, shell_commands
from wizard.source.starting.start_script import (
    ARGUMENTS,
    rank,
    starting,
)

ALONE = re.compile(r"\$\{?([A-Za-z_]\w*)(\[[@*]\])?\}?")


PASSED_ON = 2
"""Words that rank no higher may only hand over to what follows them."""


def chosen_command(commands: Sequence[ShellCommand], arguments: Sequence[str]) -> ShellCommand | None:
    """The command that starts the API; what passes its arguments on counts where they begin with no word that the text knows itself."""
    functions = {command.words[0] for command in commands if len(command.words) == 1}
    passing = next(
        (command for command in commands if any(word in ARGUMENTS for word in command.words) and command.words[0] not in functions), None
    )
    if passing is not None:
        program = unwrapped(list(passing.words))[:1]
        known = any(rank(command.words) > PASSED_ON for command in commands)
        if program and program[0] not in ARGUMENTS:
            known = False
        if not known or not arguments or rank(arguments) > PASSED_ON or "/" in arguments[0]:
            return passing
    return starting(commands, arguments)


def commands_of(line: Instruction) -> tuple[list[ShellCommand], bool]:
    """The commands of an instruction, and whether a shell runs them."""
    words = list(line.words)
    if not line.as_json:
        return shell_commands(" ".join(words)), True
    text = text_of_shell(unwrapped(words))
    return (shell_commands(text), True) if text is not None else ([ShellCommand(tuple(words))], False)


def text_of_shell(words: Sequence[str]) -> str | None:
    """What a shell is told to run: the word after ``-c``."""
    if not words or words[0] not in SHELLS:
        return None
    at = next((at for at, word in enumerate(words) if SHELL_TEXT.fullmatch(word)), None)
    return words[at + 1] if at is not None and at + 1 < len(words) else None


def words_of(word: str, variables: Mapping[str, str], unknown: list[str]) -> list[str]:
    """A word with its variables replaced; several words for one that is a variable or an array alone, as a shell splits it."""
    alone = ALONE.fullmatch(word)
    value = variables.get(alone[1]) if alone else None
    if value is None or not (alone and (alone[2] or " " in value)):
        return [expanded(word, variables, unknown)]
    try:
        return [expanded(part, variables, unknown) for part in shlex.split(value)]
    except ValueError:
        return [value]


def from_script(folder: str, script: str) -> str:
    """``cd "$(dirname "$0")"`` leads to where the script lies."""
    return posixpath.dirname(script) if "dirname" in folder else folder


def filled_in(folder: str, variables: Mapping[str, str]) -> str:
    """A folder with its variables replaced; what is not known stays."""
    return expanded(folder, variables, [])
