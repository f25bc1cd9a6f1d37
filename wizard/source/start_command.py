"""What starts an API in its container, read from the Dockerfile and what it names: the server, where it listens, what it loads."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from wizard.containers.dockerfile_stages import Instruction
from wizard.source.dockerfile import DockerfileFacts

SERVERS = ("gunicorn", "uvicorn", "waitress-serve", "hypercorn", "flask", "python")
RUNNERS = (("poetry", "run"), ("uv", "run"), ("pipenv", "run"), ("pdm", "run"), ("tini", "--"), ("dumb-init", "--"), ("exec",), ("env",),
           ("opentelemetry-instrument",), ("ddtrace-run",))  # fmt: skip
RUNNERS_WITH_VALUE = {
    "--group",
    "--only-group",
    "--extra",
    "--with",
    "--package",
    "--project",
    "--directory",
    "--env-file",
    "--python",
    "-p",
}
SHELLS = ("sh", "bash", "ash", "/bin/sh", "/bin/bash")
VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::-(?P<default>[^}]*))?\}|(?P<bare>\w+))")
WITH_VALUE = {"-b": "bind", "--bind": "bind", "-w": "workers", "--workers": "workers", "-c": "config", "--config": "config",
              "--chdir": "chdir", "--pythonpath": "pythonpath", "-h": "host", "--host": "host", "-p": "port", "--port": "port",
              "--listen": "listen", "-A": "app", "--app": "app"}  # fmt: skip
FLAGS = {"--reload", "--preload", "--daemon", "-D", "--no-sendfile", "--reuse-port", "--capture-output", "--debug", "--no-debug", "--call",
         "--no-reload", "--with-threads", "-R", "--enable-stdio-inheritance", "--statsd-enable", "-q"}  # fmt: skip


@dataclass(frozen=True)
class Script:
    """The last command of a shell script that a container runs, from `line` to `end` of a file in the source folder."""

    path: Path
    line: int
    end: int
    text: str


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
        lines = dockerfile.read_text(encoding="utf-8-sig").splitlines()
        return "\n".join(lines[self.instruction.line - 1 : self.instruction.end])


class ContainerFiles:
    """Where a file of the container comes from: the source folder, through the Dockerfile's COPY and ADD lines."""

    def __init__(self, folder: Path, docker: DockerfileFacts) -> None:
        self._folder = folder
        self._copies = [it for it in docker.instructions if it.name in ("COPY", "ADD") and not from_elsewhere(it) and len(it.words) > 1]

    def find(self, path: str) -> Path | None:
        """The file or folder in the source that lies at an absolute path of the container; None when none was copied there."""
        for copy in reversed(self._copies):
            *sources, target = copy.words
            whole = posixpath.normpath(posixpath.join(copy.workdir, target))
            for source in sources:
                found = self._of(source.lstrip("/"), whole, target, path)
                if found is not None and found.exists():
                    return found
        return None

    def _of(self, source: str, whole: str, target: str, path: str) -> Path | None:
        origin = self._folder / source
        if origin.is_dir():
            inside = posixpath.relpath(path, whole)
            return None if inside.startswith("..") else origin / inside
        places = [posixpath.join(whole, PurePosixPath(source).name), *([] if target.endswith("/") else [whole])]
        if "*" in source or "?" in source:
            return next((it for it in self._folder.glob(source) if posixpath.join(whole, it.name) == path), None)
        return origin if path in places else None


def from_elsewhere(copy: Instruction) -> bool:
    """Whether a COPY or ADD takes from another stage or the network, not from the folder."""
    return any(flag.startswith("--from") for flag in copy.flags) or any("://" in word for word in copy.words)


def read_start_command(docker: DockerfileFacts, files: ContainerFiles, variables: Mapping[str, str]) -> StartCommand | None:
    """The start command; None when the base image decides.

    :param variables: what the container finds in its environment.
    """
    entry, cmd = docker.entrypoint, docker.cmd
    instruction = cmd or entry
    if instruction is None:
        return None
    words, in_shell, script = _words(entry, cmd, files)
    unknown: list[str] = []
    if in_shell:
        words = [_expanded(word, variables, unknown) for word in words]
    return replace(_command(instruction, unwrapped(words), in_shell, unknown), script=script)


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
    named = [word for word in words if word not in (*SHELLS, "exec")]
    path = posixpath.normpath(posixpath.join(line.workdir, named[0])) if named and named[0].endswith(".sh") else ""
    file = files.find(path) if path else None
    script = _last_of(file) if file is not None and file.is_file() else None
    return (words, in_shell, None) if script is None else (_shell_words(script.text.replace("\\\n", " ")), True, script)


def _last_of(file: Path) -> Script | None:
    """The last command of a shell script, with the lines that it is continued from."""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    end = next(
        (number for number in range(len(lines), 0, -1) if lines[number - 1].strip() and not lines[number - 1].lstrip().startswith("#")), 0
    )
    line = end
    while line > 1 and lines[line - 2].endswith("\\"):
        line -= 1
    return Script(file, line, end, "\n".join(lines[line - 1 : end])) if end else None


def _split(instruction: Instruction) -> tuple[list[str], bool]:
    words = list(instruction.words)
    if not instruction.as_json:
        return _shell_words(" ".join(words)), True
    if len(words) >= 3 and words[0] in SHELLS and words[1] in ("-c", "-lc", "-ec"):
        return _shell_words(words[2]), True
    return words, False


def _shell_words(line: str) -> list[str]:
    """The words of the last command of a line of shell."""
    last = re.split(r"&&|;|\|\|", line)[-1].strip()
    try:
        return shlex.split(last)
    except ValueError:
        return last.split()


def unwrapped(words: list[str]) -> list[str]:
    """Without what only starts something else: ``exec``, ``NAME=value``, ``poetry run``, ``python -m``."""
    while words:
        prefix = next((prefix for prefix in RUNNERS if tuple(words[: len(prefix)]) == prefix), ())
        if prefix:
            words = _without_options(words[len(prefix) :])
        elif re.fullmatch(r"\w+=.*", words[0]):
            words = words[1:]
        elif re.fullmatch(r"(.*/)?python[\d.]*", words[0]) and words[1:2] == ["-m"] and len(words) > 2:
            words = [words[2], *words[3:]]
        elif re.fullmatch(r"(.*/)?python[\d.]*", words[0]) and words[1:2] == ["-u"]:
            words = [words[0], *words[2:]]
        else:
            break
    return words


def _without_options(words: list[str]) -> list[str]:
    """Without what stands first and is meant for a runner, such as ``--no-dev`` in ``uv run --no-dev gunicorn``."""
    while words and words[0].startswith("-"):
        words = words[2 if words[0] in RUNNERS_WITH_VALUE else 1 :]
    return words


def _command(instruction: Instruction, words: list[str], in_shell: bool, unknown: Sequence[str]) -> StartCommand:
    name = posixpath.basename(words[0]) if words else ""
    name = {"waitress": "waitress-serve"}.get(re.sub(r"^python[\d.]*$", "python", name), re.sub(r"^python[\d.]*$", "python", name))
    if name not in SERVERS:
        return StartCommand("", instruction, tuple(words), in_shell=in_shell, unknown=tuple(unknown))
    options, plain = read_options(words[1:])
    if name == "flask":
        plain = [word for word in plain if word != "run"]
    target = options.get("app", "") if name == "flask" else plain[0] if plain else _behind_a_flag(options)
    return StartCommand(name, instruction, tuple(words), options, target, in_shell, tuple(unknown))


def _behind_a_flag(options: Mapping[str, str]) -> str:
    """A target that seemed to be the value of an option which takes none."""
    values = [value for name, value in options.items() if name.startswith("-")]
    return next((value for value in reversed(values) if re.fullmatch(r"[A-Za-z_][\w.]*:[\w.()\"']+", value)), "")


def read_options(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The options of a server's command line by their long names, and the words that are none."""
    options: dict[str, str] = {}
    plain: list[str] = []
    waiting = ""
    for word in words:
        name, equals, value = word.partition("=")
        if waiting:
            options[waiting.rstrip("?")], waiting = word, ""
        elif word.startswith("-") and name in WITH_VALUE:
            if equals:
                options[WITH_VALUE[name]] = value
            else:
                waiting = WITH_VALUE[name]
        elif short := re.fullmatch(r"(-[bwcp])(\S+)", word):
            options[WITH_VALUE[short[1]]] = short[2]
        elif word.startswith("-"):
            waiting = "" if equals or word in FLAGS else f"{name}?"
        else:
            plain.append(word)
    return options, plain


def _expanded(text: str, variables: Mapping[str, str], unknown: list[str]) -> str:
    def value(found: re.Match[str]) -> str:
        name = found["braced"] or found["bare"]
        if name in variables:
            return variables[name]
        if found["default"] is not None:
            return found["default"]
        unknown.append(name)
        return found[0]

    return VARIABLE.sub(value, text)
