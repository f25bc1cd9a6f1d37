"""Which command of a shell text starts the API, where it stands, and what the lines before it give to variables."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from wizard.source.starting.command_words import OTHER_NAMES, PYTHON, STANDING_ALONE, expanded, program_of, unwrapped
from wizard.source.starting.shell_lines import ShellCommand, shell_commands
from wizard.source.text_file import read_lines, read_text

PROXIES = ("nginx", "caddy", "apache2", "apachectl", "apache2ctl", "apache2-foreground", "httpd", "haproxy", "traefik", "envoy", "lighttpd")
"""Web servers that stand before an API in one container: requests arrive where these listen."""
SUPERVISORS = ("supervisord", "circusd", "honcho", "foreman", "hivemind", "overmind", "goreman", "forego", "init", "s6-svscan", "runsvdir",
               "my_init", "make", "poe", "task", "taskipy")  # fmt: skip
"""Programs that start what a file of theirs says."""
ARGUMENTS = ("$@", "$*", "${@}")
RELOADING = ("--reload", "--dev", "--debug")


@dataclass(frozen=True)
class Script:
    """A command in a file of the source folder that a container runs, from `line` to `end` of it, and what stands before it."""

    path: Path
    line: int
    end: int
    text: str
    before: str = ""


def is_script(file: Path, name: str) -> bool:
    """Whether a file is a script of a shell, by its name or its first line."""
    return file.is_file() and (name.endswith((".sh", ".bash")) or re.match(r"#!.*\b(ba|a|da)?sh\b", read_text(file)) is not None)


def read_script(file: Path) -> list[ShellCommand]:
    """The commands of a shell script."""
    return shell_commands("\n".join(read_lines(file)))


def in_script(file: Path, command: ShellCommand) -> Script:
    """Where a command of a script stands."""
    lines = read_lines(file)
    return Script(file, command.line, command.end, "\n".join(lines[command.line - 1 : command.end]), "\n".join(lines[: command.line - 1]))


def proxy_in(commands: Sequence[ShellCommand]) -> str:
    """The web server that is started before the API, such as ``nginx``; "" for none."""
    for command in commands:
        words = unwrapped(list(command.words))
        names = [posixpath.basename(word) for word in words[:2]]
        name = names[1] if names[:1] == ["service"] and len(names) > 1 else next(iter(names), "")
        if name in PROXIES:
            return name
    return ""


def starting(commands: Sequence[ShellCommand], arguments: Sequence[str] = ()) -> ShellCommand | None:
    """The command that starts the API: the last server for the internet, or else the last of what may start one, or else the last.

    :param arguments: what the text is given, such as ``web`` for ``case "$1" in web)``.
    """
    named = [command for command in commands if proxy_in([command]) == ""]
    if arguments and (at := next((number for number, command in enumerate(named) if arguments[0] in command.words), None)) is not None:
        named = named[at:]
    elif arguments:
        named = named or list(commands)
    return max(enumerate(named), key=lambda pair: (rank(pair[1].words), pair[0]), default=(0, None))[1]


def rank(words: Sequence[str]) -> int:
    """How surely words start the API: 5 a server, 4 one that reloads, 3 a framework's own, 2 what may be one, 1 anything, 0 nothing."""
    program = program_of(words)
    rest = unwrapped(list(words))[1:]
    if program in STANDING_ALONE or program in SUPERVISORS:
        if {"--version", "--help", "--check-config", "-V"} & set(rest):
            return 0
        return 4 if any(word in RELOADING for word in rest) else 5
    if (program == "flask" and "run" in rest) or "runserver" in rest:
        return 3
    if OTHER_NAMES.get(program, program) in ("django", "manage.py", "flask") or (PYTHON.fullmatch(program) and "manage.py" in rest[:1]):
        return 0
    if next(iter(words), "") == "exec":
        return 2
    return 1 if program not in ("wait", "sleep", "tail", "true", "echo", "exit", "set", "export", "trap", ":", "return", "break") else 0


def sets_others(before: str) -> bool:
    """Whether lines may give values to variables in ways that are not read here."""
    return bool(re.search(r"(?m)^\s*(\.|source|read|eval|set -a|export \$\()|\$\(|`|:=", before))


def named_before(script: Script) -> frozenset[str]:
    """Every word that stands before a command; all there are where another file is read in."""
    sourced = re.search(r"(?m)^\s*(\.|source)\s", script.before) is not None
    return frozenset(re.findall(r"\w+", script.before + (script.text if sourced else "")))


def assigned_before(before: str, variables: Mapping[str, str]) -> dict[str, str]:
    """What lines give to variables: ``PORT=${PORT:-8000}``, ``export A=b``, ``: "${A:=b}"``."""
    values: dict[str, str] = {}
    before = re.sub(r"(?m)^(\s*export\s.*)$", _each_exported, before)
    assignment = r"(?m)(?:^|[;&])\s*(?:export\s+|readonly\s+|local\s+)?([A-Za-z_]\w*)=(\"[^\"]*\"|'[^']*'|[^\s;#&]*)"
    for name, text in re.findall(assignment, before):
        unknown: list[str] = []
        value = expanded(text.strip("\"'"), {**variables, **values}, unknown)
        if not unknown and "$(" not in value and "`" not in value:
            values[name] = value
    for name, text in re.findall(r"(?m)^\s*(?:local\s+|declare\s+-a\s+)?([A-Za-z_]\w*)=\(([^()]*)\)", before):
        values[name] = " ".join(text.split())  # an array, whose words stand where ``"${NAME[@]}"`` does
    for name, text in re.findall(r"\$\{(\w+):?=([^}]*)\}", before):
        if not variables.get(name):
            values[name] = text
    return values


def _each_exported(line: re.Match[str]) -> str:
    """``export A=1 B=2`` as two statements."""
    return re.sub(r"(?<=[^\s;&])[ \t]+(?=[A-Za-z_]\w*=)", "; export ", line[0].replace("export ", "export\0", 1)).replace("\0", " ")


def exported_before(before: str, variables: Mapping[str, str]) -> dict[str, str]:
    """What lines hand on to every program that is started after them: ``export A=b``, ``A=b`` and then ``export A``, ``set -a``."""
    every = re.search(r"(?m)^\s*set\s+(-a|-o allexport)\b", before) is not None
    names = {
        name
        for line in re.findall(r"(?m)(?:^|[;&])\s*export\s+([^#;&\n]*)", before)
        for name in re.findall(r"(?:^|\s)([A-Za-z_]\w*)", line)
    }
    return {name: value for name, value in assigned_before(before, variables).items() if every or name in names}
