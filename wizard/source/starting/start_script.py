"""The shell script that starts an API: the command that it ends in, and the variables that it sets before."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wizard.source.starting.command_words import OTHER_NAMES, STANDING_ALONE, expanded, shell_words, unwrapped
from wizard.source.text_file import read_lines, read_text


@dataclass(frozen=True)
class Script:
    """The last command of a shell script that a container runs, from `line` to `end` of a file in the source folder."""

    path: Path
    line: int
    end: int
    text: str
    before: str = ""

    @property
    def sets_others(self) -> bool:
        """Whether lines before it may give values to variables in ways that are not read here."""
        return bool(re.search(r"(?m)^\s*(\.|source|read|eval|set -a|export \$\()|\$\(|`|:=", self.before))

    @property
    def named_before(self) -> frozenset[str]:
        """Every word that stands before it; all there are where another file is read in."""
        return frozenset(re.findall(r"\w+", self.before + (self.text if re.search(r"(?m)^\s*(\.|source)\s", self.before) else "")))


def is_script(file: Path, name: str) -> bool:
    """Whether a file is a script of a shell, by its name or its first line."""
    return file.is_file() and (name.endswith((".sh", ".bash")) or re.match(r"#!.*\b(ba|a|da)?sh\b", read_text(file)) is not None)


def starting_command(file: Path) -> Script | None:
    """The last command of a shell script, with the lines that it is continued from."""
    lines = read_lines(file)
    whole = [number for number, text in enumerate(lines, 1) if text.strip() and not text.lstrip().startswith("#")]
    started = [number for number in whole if _first(lines, number) == number and _starts_something(lines[number - 1])]
    line = started[-1] if started else _first(lines, whole[-1]) if whole else 0
    end = line
    while 0 < end < len(lines) and lines[end - 1].endswith("\\"):
        end += 1
    return Script(file, line, end, "\n".join(lines[line - 1 : end]), "\n".join(lines[: line - 1])) if line else None


def _first(lines: list[str], number: int) -> int:
    """The line with which a command begins that is continued up to this one."""
    while number > 1 and lines[number - 2].endswith("\\"):
        number -= 1
    return number


def _starts_something(line: str) -> bool:
    """Whether a line of a script hands over to what it starts, or starts a server that is known here."""
    words = shell_words(line)
    if words[:1] == ["exec"]:
        return True
    first = posixpath.basename(next(iter(unwrapped(words)), ""))
    return OTHER_NAMES.get(first, first) in STANDING_ALONE or (first == "flask" and "run" in words)


def assigned_before(script: Script, variables: Mapping[str, str]) -> dict[str, str]:
    """What the lines before the last command give to variables: ``PORT=${PORT:-8000}``, ``export A=b``, ``: "${A:=b}"``."""
    values: dict[str, str] = {}
    for name, text in re.findall(r"(?m)^\s*(?:export\s+|readonly\s+)?([A-Za-z_]\w*)=(\"[^\"]*\"|'[^']*'|[^\s;#]*)", script.before):
        unknown: list[str] = []
        value = expanded(text.strip("\"'"), {**variables, **values}, unknown)
        if not unknown and "$(" not in value and "`" not in value:
            values[name] = value
    for name, text in re.findall(r"\$\{(\w+):?=([^}]*)\}", script.before):
        if not variables.get(name):
            values[name] = text
    return values
