"""What starts an API in its container, read from the Dockerfile and what it names: the server, its options, what it loads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from wizard.containers.dockerfile_stages import Instruction
from wizard.source.dockerfile import DockerfileFacts
from wizard.source.files.container_files import ContainerFiles
from wizard.source.starting.chosen_command import chosen_command, commands_of, filled_in, from_script, text_of_shell, words_of
from wizard.source.starting.command_words import OTHER_NAMES, PYTHON, SERVERS, SHELLS, read_options, unwrapped
from wizard.source.starting.shell_lines import ShellCommand, shell_commands
from wizard.source.starting.start_script import (
    ARGUMENTS,
    Script,
    assigned_before,
    in_script,
    is_script,
    named_before,
    proxy_in,
    rank,
    read_script,
    sets_others,
)
from wizard.source.starting.supervisors import supervised_commands
from wizard.source.text_file import read_lines, read_text

DEEPEST = 4
"""Scripts that start scripts."""
PYTHON_IMAGES = re.compile(r"gcr\.io/distroless/python3[\w.-]*([:@].*)?|cgr\.dev/[\w-]+/python([:@].*)?")
"""Base images whose own ENTRYPOINT is Python, so that CMD is what it is told."""
SEARCHED = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
"""Where a program is looked for that is named without a slash, in Python's images."""
SOURCED = re.compile(r"(?m)^[ \t]*(?:\.|source)[ \t]+(?P<name>[^\s;&|]+)[ \t]*$")


@dataclass(frozen=True)
class StartCommand:
    """The command that a container runs.

    :param server: ``gunicorn``, ``uvicorn``, ``waitress-serve``, ``hypercorn``, ``flask``, ``python`` (a script), or "" when unknown.
    :param instruction: CMD, or else ENTRYPOINT.
    :param words: the command's words, variables replaced where a shell would.
    :param options: what was given for ``bind``, ``workers``, ``host``, ``port`` and so on, the last one counting.
    :param target: what the server loads, such as ``run:app``, or the script that Python runs.
    :param in_shell: whether a shell starts it, and so gets the signals that were meant for it.
    :param unknown: variables that stand in it and whose values are not known here.
    :param script: where it stands, when a script has it.
    :param proxy: the web server that is started before it in the same container, such as ``nginx``.
    """

    server: str
    instruction: Instruction
    words: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    in_shell: bool = False
    unknown: tuple[str, ...] = ()
    script: Script | None = None
    proxy: str = ""

    @property
    def is_list(self) -> bool:
        """Whether it stands in the Dockerfile as a list of words that no shell reads."""
        return self.script is None and self.instruction.as_json and self.instruction.words[0] not in SHELLS

    def text(self, dockerfile: Path) -> str:
        """The lines where it stands, as they are written."""
        if self.script is not None:
            return self.script.text
        lines = read_lines(dockerfile)
        return "\n".join(lines[self.instruction.line - 1 : self.instruction.end])


def read_start_command(folder: Path, docker: DockerfileFacts, files: ContainerFiles, variables: Mapping[str, str]) -> StartCommand | None:
    """The start command; None when the base image decides.

    :param folder: the project on this computer.
    :param variables: what the container finds in its environment.
    """
    entry, cmd = docker.entrypoint, docker.cmd
    instruction = cmd or entry
    if instruction is None or not (instruction.words or (entry is not None and entry.words)):
        return None
    if entry is None and PYTHON_IMAGES.fullmatch(docker.image):
        entry = Instruction("ENTRYPOINT", ("python",), instruction.line, instruction.end, instruction.workdir, as_json=True)
    return _CommandReader(folder, files, variables, instruction).of_instructions(entry, cmd)


def command_of_words(text: str, folder: Path, files: ContainerFiles, variables: Mapping[str, str], workdir: str = "/") -> StartCommand:
    """The same of a text of shell that stands in no Dockerfile, such as a Procfile's."""
    instruction = Instruction("CMD", (text,), 0, 0, workdir)
    reader = _CommandReader(folder, files, variables, instruction)
    return reader.command(reader.of_text(shell_commands(text), in_shell=True))


@dataclass(frozen=True)
class _Read:
    """Words that start something, before their variables are replaced.

    :param folder: where ``cd`` has led, relative to the working directory.
    :param before: what stands before them and may give values to variables.
    :param variables: what the program that starts them sets.
    """

    words: list[str]
    in_shell: bool = False
    script: Script | None = None
    folder: str = ""
    before: str = ""
    proxy: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _CommandReader:
    """Follows what starts an API through shells, scripts and supervisors to the server."""

    project: Path
    files: ContainerFiles
    variables: Mapping[str, str]
    instruction: Instruction

    def of_instructions(self, entry: Instruction | None, cmd: Instruction | None) -> StartCommand:
        """What ENTRYPOINT and CMD come to together."""
        if entry is None or not entry.words:
            assert cmd is not None
            return self.command(self._of_line(cmd))
        if cmd is None or not entry.as_json:
            return self.command(self._of_line(entry))  # the shell form of ENTRYPOINT ignores CMD
        first = self._of_line(entry, list(cmd.words) if cmd.as_json else ["/bin/sh", "-c", " ".join(cmd.words)])
        if not first.in_shell:
            own = self._of_line(cmd)
            whole = replace(own, words=[*first.words, *own.words])
            return self.command(self._further(whole, 0) or whole)
        if any(word in ARGUMENTS for word in first.words):
            at = next(at for at, word in enumerate(first.words) if word in ARGUMENTS)
            program = unwrapped(first.words[:at])
            if not program:
                return self.command(replace(self._of_line(cmd), before=first.before, proxy=first.proxy))
            return self.command(replace(first, words=[*first.words[:at], *cmd.words, *first.words[at + 1 :]]))
        return self.command(first)

    def of_text(
        self, commands: Sequence[ShellCommand], arguments: Sequence[str] = (), *, in_shell: bool, script: Path | None = None, depth: int = 0
    ) -> _Read:
        """The command of a text that starts the API, through the scripts and supervisors that it starts."""
        chosen = chosen_command(commands, arguments)
        proxy = proxy_in(commands)
        if chosen is None:
            return _Read([], in_shell, proxy=proxy)
        place = in_script(script, chosen) if script is not None else None
        at = commands.index(chosen)
        before = self._with_sourced(place.before if place else "\n".join(" ".join(command.words) for command in commands[:at]))
        read = _Read(list(chosen.words), in_shell, place, chosen.folder, before, proxy)
        return self._further(read, depth) or read

    def _with_sourced(self, before: str) -> str:
        """The lines with those of the files that they read in by ``.`` or ``source``, where these are known."""

        def content(line: re.Match[str]) -> str:
            file = self.files.find(posixpath.normpath(posixpath.join(self.instruction.workdir, line["name"].strip("\"'"))))
            return "\n".join(read_lines(file)) if file is not None and file.is_file() else line[0]

        return SOURCED.sub(content, before)

    def _is_of_flask(self, words: Sequence[str]) -> bool:
        """Whether a manage.py is one of Flask's command line (FlaskGroup, Flask-Script), which has a ``run`` or a ``runserver`` too."""
        manage = self.project / next((word for word in words if posixpath.basename(word) == "manage.py"), "manage.py").lstrip("./")
        text = read_text(manage) if manage.is_file() else ""
        return (
            "django" not in text.lower() and re.search(r"\bFlaskGroup\b|flask_script|flask\.ext\.script|\bfrom flask\b", text) is not None
        )

    def _of_line(self, line: Instruction, arguments: Sequence[str] = ()) -> _Read:
        commands, in_shell = commands_of(line)
        return self.of_text(commands, arguments, in_shell=in_shell)

    def _further(self, read: _Read, depth: int) -> _Read | None:
        """What the words start in turn: a script of the project, a text that they give to a shell, what a supervisor's file says."""
        if depth > DEEPEST:
            return None
        own = unwrapped(read.words)
        workdir = posixpath.normpath(posixpath.join(self.instruction.workdir, filled_in(read.folder, self.variables)))
        if own and own[0] in SHELLS and (text := text_of_shell(own)) is not None:
            inner = self.of_text(shell_commands(text), in_shell=True, depth=depth + 1)
            folder = posixpath.join(read.folder, inner.folder)
            return replace(inner, script=inner.script or read.script, folder=folder, proxy=inner.proxy or read.proxy)
        file = self._program(own[0], workdir) if own else None
        if file is not None and is_script(file, own[0]):
            commands = [replace(command, folder=from_script(command.folder, own[0])) for command in read_script(file)]
            inner = self.of_text(commands, own[1:] or self._arguments(), in_shell=True, script=file, depth=depth + 1)
            folder = posixpath.normpath(posixpath.join(read.folder, inner.folder))
            before = f"{read.before}\n{inner.before}"  # what it exports the script finds
            return replace(inner, folder="" if folder == "." else folder, before=before, proxy=inner.proxy or read.proxy)
        return self._supervised(read, workdir, depth)

    def _program(self, name: str, workdir: str) -> Path | None:
        """The file of the project that a program's name leads to."""
        places = [workdir, *(() if "/" in name else SEARCHED)]
        return next((file for place in places if (file := self.files.find(posixpath.normpath(posixpath.join(place, name))))), None)

    def _arguments(self) -> list[str]:
        """What an entry script is given."""
        return list(self.instruction.words) if self.instruction.name == "CMD" and self.instruction.as_json else []

    def _supervised(self, read: _Read, workdir: str, depth: int) -> _Read | None:
        started = supervised_commands(read.words, self.project, self.files, workdir)
        reads = []
        for one in started:
            inner = self.of_text(shell_commands(one.text), in_shell=True, depth=depth + 1)
            script = inner.script or Script(one.path, one.line, one.line, (read_lines(one.path) or [""])[one.line - 1])
            folder = posixpath.join(one.folder, inner.folder)
            reads.append(replace(inner, script=script, folder=folder, variables={**inner.variables, **one.variables}))
        if not reads:
            return None
        proxy = next((inner.proxy for inner in reads if inner.proxy), "")
        best = max((inner for inner in reads if inner.words), key=lambda inner: rank(inner.words), default=reads[0])
        return replace(best, proxy=proxy)

    def command(self, read: _Read) -> StartCommand:
        """The command, its variables replaced where a shell would."""
        unknown: list[str] = []
        words = read.words
        if read.in_shell:
            known = {**self.variables, **read.variables}
            known |= assigned_before(read.before, known)
            words = [part for word in words for part in words_of(word, known, unknown)]
            if read.script is not None and sets_others(read.before):
                unknown = [name for name in unknown if name not in named_before(read.script)]
        command = _command(self.instruction, unwrapped(words), read.in_shell, unknown)
        if command.server == "django" and self._is_of_flask(command.words):
            own = ["flask", *("run" if word == "runserver" else word for word in command.words[1:])]
            command = replace(_command(self.instruction, own, read.in_shell, unknown), words=command.words)
        folder = filled_in(read.folder, self.variables)
        options = dict(command.options)
        if folder not in ("", "."):
            options["chdir"] = posixpath.join(folder, options.get("chdir", ""))
        return replace(command, options=options, script=read.script, proxy=read.proxy)


def _command(instruction: Instruction, words: list[str], in_shell: bool, unknown: Sequence[str]) -> StartCommand:
    name = posixpath.basename(words[0]) if words else ""
    name = "python" if PYTHON.fullmatch(name) else OTHER_NAMES.get(name, name)
    if name == "python" and posixpath.basename(next(iter(words[1:]), "")) in ("manage.py", "django"):
        name, words = "django", words[1:]
    elif name == "manage.py":
        name = "django"
    if name not in SERVERS:
        return StartCommand("", instruction, tuple(words), in_shell=in_shell, unknown=tuple(unknown))
    options, plain = read_options(words[1:], name)
    if name == "flask":
        plain = [word for word in plain if word != "run"]
    if name in ("fastapi", "litestar", "django", "quart"):
        options["command"], plain = (plain[0], plain[1:]) if plain else ("", [])
    target = options.get("app", "") if name in ("flask", "litestar", "quart") else plain[0] if plain else _behind_a_flag(options)
    if name == "python" and words[1:2] == ["-m"]:
        target = f"-m {words[2]}" if len(words) > 2 else ""
    return StartCommand(name, instruction, tuple(words), options, target, in_shell, tuple(unknown))


def _behind_a_flag(options: Mapping[str, str]) -> str:
    """A target that seemed to be the value of an option which takes none."""
    values = [value for name, value in options.items() if name.startswith("-")]
    return next((value for value in reversed(values) if re.fullmatch(r"[A-Za-z_][\w.]*:[\w.()\"']+", value)), "")
