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
from wizard.source.starting.command_words import OTHER_NAMES, PYTHON, SERVERS, SHELLS, expanded, read_options, shell_words, unwrapped
from wizard.source.starting.start_script import Script, assigned_before, is_script, starting_command
from wizard.source.text_file import read_lines


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
    """

    server: str
    instruction: Instruction
    words: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    in_shell: bool = False
    unknown: tuple[str, ...] = ()
    script: Script | None = None

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


def read_start_command(docker: DockerfileFacts, files: ContainerFiles, variables: Mapping[str, str]) -> StartCommand | None:
    """The start command; None when the base image decides.

    :param variables: what the container finds in its environment.
    """
    entry, cmd = docker.entrypoint, docker.cmd
    instruction = cmd or entry
    if instruction is None:
        return None
    words, in_shell, script = _words(entry, cmd, files)
    return replace(_understood(instruction, words, in_shell, script, variables), script=script)


def command_of_words(text: str, variables: Mapping[str, str]) -> StartCommand:
    """The same of a line of shell that stands in no Dockerfile, such as a Procfile's."""
    instruction = Instruction("CMD", (text,), 0, 0, "/")
    return _understood(instruction, shell_words(text), True, None, variables)


def _understood(
    instruction: Instruction, words: list[str], in_shell: bool, script: Script | None, variables: Mapping[str, str]
) -> StartCommand:
    unknown: list[str] = []
    if in_shell:
        set_before = assigned_before(script, variables) if script else {}
        words = [expanded(word, {**variables, **set_before}, unknown) for word in words]
        if script and script.sets_others:
            unknown = [name for name in unknown if name not in script.named_before]
    return _command(instruction, unwrapped(words), in_shell, unknown)


def _words(entry: Instruction | None, cmd: Instruction | None, files: ContainerFiles) -> tuple[list[str], bool, Script | None]:
    """The words of ENTRYPOINT and CMD together, whether a shell reads them, and the script that was read for its last command."""
    rest, rest_in_shell, script = _followed(cmd, files) if cmd else ([], False, None)
    if entry is None or not entry.words:
        return rest, rest_in_shell, script
    if not entry.as_json:
        return _followed(entry, files)  # its shell form ignores CMD
    first, in_shell, own = _followed(entry, files)
    if own is None:
        return [*first, *rest], rest_in_shell or in_shell, script
    return (rest, rest_in_shell, script) if '"$@"' in own.text else (first, True, own)


def _followed(line: Instruction, files: ContainerFiles) -> tuple[list[str], bool, Script | None]:
    """The words of an instruction; the last command of a script that was copied, where it starts one."""
    words, in_shell = _split(line)
    named = [
        word for word in words if word not in (*SHELLS, "exec", "tini", "--", "dumb-init", "/usr/bin/tini", "/tini") and word[:1] != "-"
    ]
    path = posixpath.normpath(posixpath.join(line.workdir, named[0])) if named else ""
    file = files.find(path) if path else None
    script = starting_command(file) if file is not None and is_script(file, named[0]) else None
    return (words, in_shell, None) if script is None else (shell_words(script.text.replace("\\\n", " ")), True, script)


def _split(instruction: Instruction) -> tuple[list[str], bool]:
    words = list(instruction.words)
    if not instruction.as_json:
        return shell_words(" ".join(words)), True
    if len(words) >= 3 and words[0] in SHELLS and words[1] in ("-c", "-lc", "-ec"):
        return shell_words(words[2]), True
    return words, False


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
