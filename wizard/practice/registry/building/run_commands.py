"""RUN lines carried out as far as no program is needed: mkdir, chmod, cp, ln, mv, touch, rm and the like, in the image's own file tree.

Everything else of a line is passed over and named, so that nobody takes what it would have made for missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from wizard.containers.dockerfile_stages import Instruction
from wizard.containers.dockerfile_words import WordError, expand
from wizard.practice.kernel.file_tree import FileTree
from wizard.practice.registry.building.file_commands import COMMANDS, CommandFailed, Shell, Unrehearsed

_TOKEN = re.compile(
    r"""(?P<blank>(?:[ \t\r]|\\\n|[0-9]?>&[0-9-])+)|(?P<operator>&&|\|\||[0-9]?>>|[0-9]?>|[;&|<()\n`]|\$\()"""
    r"""|(?P<word>(?:\\.|"(?:\\.|[^"\\])*"|'[^']*'|\$(?!\()|[^\s;&|<>()`$"'\\])+)""",
    re.DOTALL,
)
_CONTROL = ("if", "for", "while", "until", "case", "{", "function", "!", "[[", "select")
_SUBSTITUTION = re.compile(r"\$\(|`")
INSTALLER = re.compile(r"(?:\S*/)?(?:python[\d.]* -m )?(?:pip[\d.]*|uv|poetry|pipenv|pdm)\s")
"""What installs Python packages, which the environment that the image starts with has (see `requirements`)."""

IGNORED = (
    *("chown", "chgrp", "useradd", "adduser", "groupadd", "addgroup", "usermod", "userdel", "deluser", "passwd", "chpasswd"),
    *("true", ":", "set", "umask", "ulimit", "sync", "exit"),
)
"""Commands that change nothing of what practice rehearses: owners and users are not, here everything belongs to one."""


@dataclass
class RunResult:
    """What became of a RUN line.

    :param passed_over: the commands that were not carried out, as they are written.
    :param failure: what the first command that failed said, "" when none did.
    """

    passed_over: list[str] = field(default_factory=list)
    failure: str = ""
    carried_out: int = 0


@dataclass
class _Command:
    """One simple command of a line of shell."""

    words: list[str] = field(default_factory=list)
    redirections: list[tuple[str, str]] = field(default_factory=list)  # operator and file
    plain: bool = True  # without pipes, substitutions, loops
    after: str = ""  # the operator before it
    start: int = 0
    end: int = 0


def carry_out(line: Instruction, tree: FileTree, certain: Callable[[str], bool]) -> RunResult:
    """Carry out a RUN line of a stage whose files are `tree`; what cannot be is passed over, and told.

    :param certain: whether a path that is not in the tree would not be in the image either; where it may be, nothing fails for it.
    """
    result = RunResult()
    shell = Shell(tree, line.workdir, dict(line.variables), lambda path: not result.passed_over and certain(path))
    if line.as_json:
        words = list(line.words)
        if len(words) == 3 and words[0].rpartition("/")[2] in ("sh", "bash") and words[1].startswith("-") and words[1].endswith("c"):
            _script(words[2], shell, result)
        else:
            _command(_Command(words), words, shell, result, " ".join(words))
        return result
    text = " ".join(line.words)
    if line.heredocs:
        text = line.heredocs[0].content if re.fullmatch(r"\s*<<-?\s*\S+\s*", text) else f"{text} <"
    _script(text, shell, result)
    return result


def _script(text: str, shell: Shell, result: RunResult) -> None:
    commands = _parsed(text)
    if commands is None:
        result.passed_over.append(text.strip())
        return
    skipping = False
    for command in commands:
        skipping = command.after == "||" or (skipping and command.after != ";")
        if skipping or result.failure:  # what stands behind || is for a failure; a failed command ends the build
            continue
        written = text[command.start : command.end].strip()
        words = _words(command, shell.variables) if command.plain else None
        if words is None:
            result.passed_over.append(written)
        else:
            forgiven = any(other.after == "||" for other in commands if other.start > command.start)
            _command(command, words, shell, result, written, forgiven=forgiven)


def _command(command: _Command, words: list[str], shell: Shell, result: RunResult, written: str, *, forgiven: bool = False) -> None:
    while words and re.fullmatch(r"[A-Za-z_]\w*=.*", words[0], re.DOTALL):
        name, _, value = words.pop(0).partition("=")
        shell.variables[name] = value  # for the line, which is all that lives as long
    while words and words[0] in ("sudo", "exec", "command", "builtin"):
        words.pop(0)
    name = words[0].rpartition("/")[2] if words else "true"
    run: Callable[[Shell, list[str]], bytes | None] | None = COMMANDS.get(name)
    if name in IGNORED:
        result.carried_out += 1
        return
    if run is None:
        result.passed_over.append(written)
        return
    try:
        output = run(shell, words[1:])
        if output is None:
            result.passed_over.append(written)
            return
        for operator, file in command.redirections:
            if not operator.startswith("2") and file != "/dev/null":
                shell.write(file, output, add=operator.endswith(">>"))
        result.carried_out += 1
    except Unrehearsed:
        result.passed_over.append(written)
    except (CommandFailed, OSError) as error:
        if not forgiven:
            result.failure = f"{name}: {error if isinstance(error, CommandFailed) else error.strerror}"


def _words(command: _Command, variables: Mapping[str, str]) -> list[str] | None:
    """The words with variables replaced and quotes taken off, wildcards marked; None where only a shell can say what they are."""
    words = []
    for raw in command.words:
        if _SUBSTITUTION.search(re.sub(r"'[^']*'", "", raw)):
            return None
        try:
            words.append(expand(raw, variables, modern=True))
        except WordError:
            return None
    return words


def _parsed(text: str) -> list[_Command] | None:
    """The simple commands of a line of shell in order; None for loops and conditions, which only a shell carries out."""
    commands = [_Command()]
    at = 0
    waits = ""  # a redirection for its file
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            return None
        command = commands[-1]
        if word := match["word"]:
            if word.startswith("#"):
                at = (text.find("\n", at) + len(text)) % len(text) if "\n" in text[at:] else len(text)
                continue
            if not command.words and not waits:
                command.start = match.start()
                if word in _CONTROL:
                    return None
            if waits:
                command.redirections.append((waits, word.strip("\"'")))
                waits = ""
            else:
                command.words.append(word)
            command.end = match.end()
        elif operator := match["operator"]:
            if operator in ("&&", "||", ";", "\n"):
                commands.append(_Command(after=";" if operator == "\n" else operator, start=match.end()))
            elif operator.lstrip("012").startswith(">"):
                waits = operator
            else:
                command.plain = False
                command.end = match.end()
                if operator == "|":  # what follows belongs to it
                    command.words.append("|")
        at = match.end()
    return [command for command in commands if command.words or command.redirections]
