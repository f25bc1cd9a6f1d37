"""RUN lines carried out as far as no program is needed: mkdir, chmod, cp, ln, mv, touch, rm and the like, in the image's own file tree.

Everything else of a line is passed over and named, so that nobody takes what it would have made for missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wizard.containers.dockerfile_stages import Instruction
from wizard.containers.dockerfile_words import WordError, expand
from wizard.practice.kernel.file_tree import FileTree
from wizard.practice.registry.building import file_commands, other_commands
from wizard.practice.registry.building.file_commands import CommandFailed, Shell, Unrehearsed
from wizard.practice.registry.building.file_tests import holds

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
    "chown",
    "chgrp",
    "groupadd",
    "addgroup",
    "usermod",
    "userdel",
    "deluser",
    "passwd",
    "chpasswd",
    "true",
    ":",
    "umask",
    "ulimit",
    "sync",
)
"""Commands that change nothing of what practice rehearses: owners and groups are not, here everything belongs to one."""

_COMMANDS = {**file_commands.COMMANDS, **other_commands.COMMANDS}
_SHELLS = ("sh", "bash", "ash", "dash")
_BRACES = re.compile(r"\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}")  # which bash makes several words of


@dataclass
class RunResult:
    """What became of a RUN line.

    :param passed_over: the commands that were not carried out, as they are written.
    :param code: the line's exit code as far as it is known, 0 where it is not.
    :param failure: what the command that failed said, "" for none that says anything.
    """

    passed_over: list[str] = field(default_factory=list)
    code: int = 0
    failure: str = ""


@dataclass
class _Command:
    """One simple command of a line of shell."""

    words: list[str] = field(default_factory=list)
    redirections: list[tuple[str, str]] = field(default_factory=list)  # operator and file
    plain: bool = True  # without pipes, substitutions, loops
    after: str = ""  # the operator before it
    start: int = 0
    end: int = 0


class _Exit(Exception):
    """The shell ends, with a status that is None where it is not known."""

    def __init__(self, status: int | None) -> None:
        super().__init__()
        self.status = status


def carry_out(line: Instruction, tree: FileTree, certain: Callable[[str], bool]) -> RunResult:
    """Carry out a RUN line of a stage whose files are `tree`; what cannot be is passed over, and told.

    :param certain: whether a path that is not in the tree would not be in the image either; where it may be, nothing fails for it.
    """
    result = RunResult()
    shell = Shell(tree, line.workdir, dict(line.variables), lambda path: not result.passed_over and certain(path))
    run = _Run(shell, result)
    try:
        if line.as_json:
            status = run.words(list(line.words), " ".join(line.words))
        else:
            text = " ".join(line.words)
            if line.heredocs:
                text = line.heredocs[0].content if re.fullmatch(r"\s*<<-?\s*\S+\s*", text) else f"{text} <"
            status = run.words([*line.shell, text], text)
    except _Exit as end:
        status = end.status
    result.code = status or 0
    if not result.code:
        result.failure = ""
    return result


class _Run:
    """Carries commands out one after the other, as a shell does: ``&&``, ``||``, ``;`` and ``set -e`` by their exit statuses.

    The status of a command that is passed over is None: taken for success by ``&&``, while what stands behind ``||`` is passed over too.
    """

    def __init__(self, shell: Shell, result: RunResult) -> None:
        self._shell, self._result = shell, result
        self._ends_on_failure = False  # set -e
        self._bash = False

    def script(self, text: str) -> int | None:
        """The status of a script's last command; raises _Exit where it ends before."""
        commands = _parsed(text)
        if commands is None:
            return self._pass_over(text.strip())
        status: int | None = 0
        for command, following in zip(commands, [*commands[1:], _Command(after=";")], strict=True):
            written = text[command.start : command.end].strip()
            words = _words(command, self._shell.variables) if command.plain else None
            if (command.after == "&&" and status) or (command.after == "||" and status == 0):
                continue
            if command.after == "||" and status is None:
                status = self._perhaps(words, written)
                continue
            if words is None or (self._bash and any(map(_BRACES.search, command.words))):
                status = self._pass_over(written)
            else:
                status = self.words(words, written, command.redirections)
            if status and self._ends_on_failure and following.after == ";":
                raise _Exit(status)
        return status

    def words(self, words: list[str], written: str, redirections: Sequence[tuple[str, str]] = ()) -> int | None:
        """The status of one command; its failure is kept in the result."""
        shell = self._shell
        while words and re.fullmatch(r"[A-Za-z_]\w*=.*", words[0], re.DOTALL):
            name, _, value = words.pop(0).partition("=")
            shell.variables[name] = value  # for the line, which is all that lives as long
        while words and words[0] in ("exec", "command", "builtin"):
            words.pop(0)
        name = words[0].rpartition("/")[2] if words else "true"
        if name == "exit":
            raise _Exit(int(words[1]) % 256 if len(words) > 1 and words[1].isdecimal() else 0)
        if name == "set":
            return self._set(words[1:])
        if name in _SHELLS and not redirections:
            return self._inner(words, written)
        if name in ("false", "test", "["):
            return self._test(words, written)
        run = (lambda _shell, _words: b"") if name in IGNORED else _COMMANDS.get(name)
        if run is None:
            return self._pass_over(written)
        try:
            output = run(shell, words[1:])
            if output is None:
                return self._pass_over(written)
            for operator, file in redirections:
                if not operator.startswith("2") and file != "/dev/null":
                    shell.write(file, output, add=operator.endswith(">>"))
        except Unrehearsed:
            return self._pass_over(written)
        except (CommandFailed, OSError) as error:
            self._result.failure = f"{name}: {error if isinstance(error, CommandFailed) else error.strerror}"
            return 1
        return 0

    def _inner(self, words: list[str], written: str) -> int | None:
        """``sh -c SCRIPT``: the same shell here, whose folder and variables are its own."""
        bash = words[0].endswith("bash")
        options = [word for word in words[1:-1] if word.startswith("-")]
        if len(words) < 3 or not options or not options[-1].endswith("c") or words[-2] not in options:
            return self._pass_over(written)
        inner = _Run(replace(self._shell, variables=dict(self._shell.variables)), self._result)
        inner._bash = bash
        inner._set([word.removesuffix("c") for word in words[1:-1]])
        try:
            return inner.script(words[-1])
        except _Exit as end:
            return end.status

    def _set(self, words: list[str]) -> int:
        for word, following in zip(words, [*words[1:], ""], strict=True):
            if re.fullmatch(r"[-+][a-z]*e[a-z]*", word) or (word in ("-o", "+o") and following == "errexit"):
                self._ends_on_failure = word[0] == "-"
        return 0

    def _test(self, words: list[str], written: str) -> int | None:
        try:
            return 0 if words[0].rpartition("/")[2] != "false" and holds(self._shell, words) else 1
        except Unrehearsed:
            return self._pass_over(written)

    def _perhaps(self, words: list[str] | None, written: str) -> int | None:
        """What stands behind ``||`` of a command that nobody knows the status of; most often it only says that a failure is no matter."""
        if words and words[0] in ("true", ":", "echo", "exit", "false"):
            return 0
        return self._pass_over(written)

    def _pass_over(self, written: str) -> int | None:
        """Name a command as not carried out; its status is not known."""
        self._result.passed_over.append(written)
        return None


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
