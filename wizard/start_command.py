"""What starts an API in its container, read from the Dockerfile and what it names: the server, where it listens, what it loads."""

from __future__ import annotations

import ast
import posixpath
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from wizard.dockerfile import DockerfileFacts, Instruction

SERVERS = ("gunicorn", "uvicorn", "waitress-serve", "hypercorn", "flask", "python")
RUNNERS = (("poetry", "run"), ("uv", "run"), ("pipenv", "run"), ("pdm", "run"), ("tini", "--"), ("dumb-init", "--"), ("exec",))
SHELLS = ("sh", "bash", "ash", "/bin/sh", "/bin/bash")
VARIABLE = re.compile(r"\$(?:\{(?P<braced>\w+)(?::-(?P<default>[^}]*))?\}|(?P<bare>\w+))")
GUNICORN_FILE = "gunicorn.conf.py"
WITH_VALUE = {"-b": "bind", "--bind": "bind", "-w": "workers", "--workers": "workers", "-c": "config", "--config": "config",
              "--chdir": "chdir", "--pythonpath": "pythonpath", "-h": "host", "--host": "host", "-p": "port", "--port": "port",
              "--listen": "listen", "-A": "app", "--app": "app"}  # fmt: skip
FLAGS = {"--reload", "--preload", "--daemon", "-D", "--no-sendfile", "--reuse-port", "--capture-output", "--debug", "--no-debug", "--call",
         "--no-reload", "--with-threads", "-R", "--enable-stdio-inheritance", "--statsd-enable", "-q"}  # fmt: skip


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
    """

    server: str
    instruction: Instruction
    words: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    target: str = ""
    in_shell: bool = False
    unknown: tuple[str, ...] = ()


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
    entry, cmd = docker.last("ENTRYPOINT"), docker.last("CMD")
    if entry and cmd and cmd.line < entry.line:
        cmd = None  # an ENTRYPOINT takes back the CMD before it
    instruction = cmd or entry
    if instruction is None:
        return None
    words, in_shell = _words(entry, cmd, files)
    unknown: list[str] = []
    if in_shell:
        words = [_expanded(word, variables, unknown) for word in words]
    return _command(instruction, _unwrapped(words), in_shell, unknown)


def _words(entry: Instruction | None, cmd: Instruction | None, files: ContainerFiles) -> tuple[list[str], bool]:
    """The words of ENTRYPOINT and CMD together, and whether a shell reads them; a script that was copied is read for its last command."""
    if entry is None or (not entry.as_json and cmd is None):
        assert cmd or entry
        return _split(cmd or entry)  # type: ignore[arg-type]
    if not entry.as_json:
        return _split(entry)  # its shell form ignores CMD
    first = list(entry.words)
    rest, rest_in_shell = _split(cmd) if cmd else ([], False)
    script = files.find(posixpath.normpath(posixpath.join(entry.workdir, first[0]))) if first and first[0].endswith(".sh") else None
    if first[:1] and first[0] in SHELLS and len(first) == 2 and first[1].endswith(".sh"):
        script = files.find(posixpath.normpath(posixpath.join(entry.workdir, first[1])))
    if script is None:
        return [*first, *rest], rest_in_shell
    lines = [line.strip() for line in script.read_text(encoding="utf-8", errors="replace").replace("\\\n", " ").splitlines()]
    last = next((line for line in reversed(lines) if line and not line.startswith("#")), "")
    return (rest, rest_in_shell) if '"$@"' in last else (_shell_words(last), True)


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


def _unwrapped(words: list[str]) -> list[str]:
    """Without what only starts something else: ``exec``, ``NAME=value``, ``poetry run``, ``python -m``."""
    while words:
        prefix = next((prefix for prefix in RUNNERS if tuple(words[: len(prefix)]) == prefix), ())
        if prefix:
            words = words[len(prefix) :]
        elif re.fullmatch(r"\w+=.*", words[0]):
            words = words[1:]
        elif re.fullmatch(r"(.*/)?python[\d.]*", words[0]) and words[1:2] == ["-m"] and len(words) > 2:
            words = [words[2], *words[3:]]
        elif re.fullmatch(r"(.*/)?python[\d.]*", words[0]) and words[1:2] == ["-u"]:
            words = [words[0], *words[2:]]
        else:
            break
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


def gunicorn_settings(command: StartCommand, files: ContainerFiles, workdir: str, variables: Mapping[str, str]) -> dict[str, str | None]:
    """What gunicorn is told, from least to most: its file, GUNICORN_CMD_ARGS, its command line. None is what cannot be known here."""
    told: dict[str, str | None] = {}
    from_environment, _plain = read_options(shlex.split(variables.get("GUNICORN_CMD_ARGS", "")))
    if "WEB_CONCURRENCY" in variables:
        told["workers"] = variables["WEB_CONCURRENCY"]
    named = command.options.get("config") or from_environment.get("config") or GUNICORN_FILE
    file = files.find(posixpath.normpath(posixpath.join(workdir, named.removeprefix("file:").removeprefix("python:"))))
    if file is not None and file.is_file():
        told |= read_assignments(file, variables)
    elif named != GUNICORN_FILE:
        told |= {"bind": None, "workers": None}
    told |= from_environment
    told |= command.options
    return told


def read_assignments(file: Path, variables: Mapping[str, str]) -> dict[str, str | None]:
    """The names that a Python file assigns at its top, with their values as text; None where a value cannot be worked out."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8-sig"))
    except (OSError, SyntaxError, ValueError):
        return {}
    values: dict[str, str | None] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    values[target.id] = evaluated(node.value, variables, values)
    return values


def evaluated(node: ast.expr, variables: Mapping[str, str], names: Mapping[str, str | None]) -> str | None:
    """The text of a simple expression: constants, f-strings, ``+``, ``int()``, and what is asked of the environment; None otherwise."""
    match node:
        case ast.Constant(value=value):
            return None if value is None else str(value)
        case ast.Name(id=name):
            return names.get(name)
        case ast.List(elts=[one]) | ast.Tuple(elts=[one]):
            return evaluated(one, variables, names)
        case ast.JoinedStr(values=parts):
            texts = [evaluated(part.value if isinstance(part, ast.FormattedValue) else part, variables, names) for part in parts]
            return None if None in texts else "".join(text or "" for text in texts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            both = evaluated(left, variables, names), evaluated(right, variables, names)
            return None if None in both else f"{both[0]}{both[1]}"
        case ast.Call(func=ast.Name(id="int" | "str"), args=[inner]):
            return evaluated(inner, variables, names)
        case ast.Call(func=ast.Attribute(attr="get" | "getenv") | ast.Name(id="getenv"), args=[ast.Constant(value=str(name)), *rest]):
            return variables.get(name) or (evaluated(rest[0], variables, names) if rest else None)
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return variables.get(name)
        case ast.BoolOp(op=ast.Or(), values=choices):
            return next((text for choice in choices if (text := evaluated(choice, variables, names))), None)
    return None


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
