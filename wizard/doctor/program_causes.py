"""A command that its image cannot start: the program, an interpreter or the user is not in it, a word of the shell, a line as one word."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence

from wizard.containers.absent_programs import NOT_FOUND, NOT_FOUND_BY_ENV, absent_program
from wizard.doctor.evidence import Evidence, telling_lines
from wizard.doctor.exit_codes import last_code
from wizard.doctor.verdict import Fix, Verdict
from wizard.platform.language import _

NO_PROGRAM = re.compile(r'exec: "([^"]+)": (?:executable file not found|stat )')
NO_USER = re.compile(r"unable to find (?:user|group) ([^\s:]+): no matching entries")
REFUSED = re.compile(r'failed to start container "[^"]*": (.+?)(?:: unknown)?(?: \(started \d+ times\))?$')
OF_SHELL = frozenset(
    ("cd", "source", ".", "export", "set", "exec", "eval", "alias", "ulimit", "umask", "unset", "if", "for", "while", "&&")
)


def no_program(evidence: Evidence, lines: Sequence[str], shown: tuple[str, ...]) -> Verdict | None:
    """The image does not have what its command names, or what a script in it starts.

    :param lines: what the platform says.
    :param shown: the evidence of a verdict.
    """
    dockerfile = evidence.answers.pipeline.dockerfile
    if match := NO_PROGRAM.search("\n".join(lines)):
        return Verdict("crash", *_first_word(match[1], tuple(lines), dockerfile))
    if match := NO_USER.search("\n".join(lines)):
        detail = _("Your API cannot be started: its image has no user or group {name}.").format(name=match[1])
        words = _("Make it in {file} before the line USER, as RUN useradd {name} does, or name one that is there.")
        return Verdict("crash", detail, tuple(lines), Fix(words.format(name=match[1], file=dockerfile), "apply"))
    if match := next(filter(None, map(REFUSED.search, reversed(lines))), None):
        detail = _("Your API cannot be started: {reason}").format(reason=match[1])
        words = _("Correct what the last lines name.")
        return Verdict("crash", detail, tuple(lines), Fix(words, "apply"))
    name = absent_program(evidence.said.console) if last_code(lines) == NOT_FOUND else ""
    if not name:
        return None
    detail = _("Your API cannot be started: its image has no program {name}.").format(name=name)
    if NOT_FOUND_BY_ENV.search("\n".join(evidence.said.console)):
        detail = _("Your API cannot be started: its start script is run by {name}, which its image does not have.").format(name=name)
    words = _("Have {name} installed in the image by {file}, or start another program.")
    return Verdict("crash", detail, shown, Fix(words.format(name=name, file=dockerfile), "apply"))


def _first_word(name: str, lines: tuple[str, ...], dockerfile: str) -> tuple[str, tuple[str, ...], Fix]:
    """What to say of the first word of a command that no program is called by."""
    words = _("Correct the command in {file}, or have what it starts installed in the image.").format(file=dockerfile)
    detail = _("Your API cannot be started: its image has no program {name}.").format(name=name)
    if name in OF_SHELL:
        detail = _(
            "Your API cannot be started: {name} is a word of the shell and no program, and a list in brackets is run without a shell."
        )
        words = _("Write the command in {file} without brackets and quotes, or as {form}.")
        words = words.format(file=dockerfile, form='["sh", "-c", "..."]')
        detail = detail.format(name=name)
    elif re.search(r"\s", name):
        detail = _("Your API cannot be started: the command in {file} has a whole line as one word, and no program is called “{name}”.")
        detail = detail.format(file=dockerfile, name=name)
        words = _("Put each word in quotes of its own: {list}.").format(list=_parted(name))
    return detail, telling_lines(lines), Fix(words, "apply")


def _parted(line: str) -> str:
    try:
        parts = shlex.split(line)
    except ValueError:
        parts = line.split()
    return json.dumps(parts, ensure_ascii=False)
