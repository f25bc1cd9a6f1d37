"""What an API's source says about itself: its server, port, variables, database files and addresses. Nothing of it is run."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from wizard.source.dockerfile import DockerfileError, DockerfileFacts, read_dockerfile
from wizard.source.ignored_folders import DOCKERFILES, NEVER_ENTERED
from wizard.source.rest_files import find_rest_files

ENV_FILES = (".env", ".env.prod", ".env.production")
DATABASE = re.compile(r"(?:sqlite:///)?(?P<path>[\w./\\-]+\.(?:db|sqlite3?))", re.IGNORECASE)
LOG = re.compile(r"[\w./\\-]+\.log")
LARGEST = 1 << 20  # a source file beyond 1 MiB is data
MOST_FILES = 2000


@dataclass(frozen=True)
class VariableUse:
    """A variable that the code reads from its environment.

    :param default: what the code takes without it; None when the API cannot start without it, or takes None.
    :param required: ``os.environ["NAME"]``: without it the API does not start.
    :param where: file and line, such as ``config.py:5``.
    """

    name: str
    default: str | None
    required: bool
    where: str


@dataclass(frozen=True)
class CodeFacts:
    """What was read from a source folder.

    :param dockerfile: its path relative to the folder; "" when there is none.
    :param port: where the API listens, when the Dockerfile or the code says so.
    :param server: ``gunicorn``, ``uvicorn`` or ``waitress`` from the start command, ``flask`` for Flask's own, "" when unknown.
    :param files: paths of databases and logs as the code writes them.
    :param routes: what the API answers to, such as ``/health``, without parameters.
    :param workdir: the folder in the container that relative paths start from.
    """

    folder: Path
    is_flask: bool = False
    dockerfile: str = ""
    docker: DockerfileFacts = field(default_factory=DockerfileFacts)
    workdir: str = "/project-container"
    port: int | None = None
    server: str = ""
    variables: tuple[VariableUse, ...] = ()
    databases: tuple[str, ...] = ()
    logs: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()
    rest_files: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    has_requirements: bool = False
    problem: str = ""


def read_code(folder: Path, dockerfile: str = "") -> CodeFacts:
    """Read a source folder. A file that is not Python text is passed over.

    :param dockerfile: where the person said it is; otherwise the usual places are tried.
    """
    if not folder.is_dir():
        return CodeFacts(folder)
    reader = _CodeReader()
    for path in _python_files(folder):
        reader.read(path, path.relative_to(folder).as_posix())
    found = next((name for name in (dockerfile, *DOCKERFILES) if name and (folder / name).is_file()), "")
    docker, problem = _docker_facts(folder / found) if found else (DockerfileFacts(), "")
    port, server = _listening(docker)
    return CodeFacts(
        folder,
        is_flask=reader.is_flask or "flask" in _text(folder / "requirements.txt").lower(),
        dockerfile=found,
        docker=docker,
        workdir=docker.workdir if found else "/project-container",
        port=port or reader.port,
        server=server or ("flask" if reader.port else ""),
        variables=tuple(reader.variables.values()),
        databases=tuple(dict.fromkeys(reader.databases)),
        logs=tuple(dict.fromkeys(reader.logs)),
        routes=tuple(dict.fromkeys(reader.routes)),
        rest_files=find_rest_files(folder),
        env_files=tuple(name for name in ENV_FILES if (folder / name).is_file()),
        has_requirements=(folder / "requirements.txt").is_file(),
        problem=problem,
    )


def _python_files(folder: Path) -> Iterator[Path]:
    count = 0
    for base, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in NEVER_ENTERED and not name.startswith(".") and name != "tests")
        for name in sorted(files):
            path = Path(base, name)
            if name.endswith(".py") and path.stat().st_size <= LARGEST:
                count += 1
                if count > MOST_FILES:
                    return
                yield path


def _docker_facts(path: Path) -> tuple[DockerfileFacts, str]:
    try:
        return read_dockerfile(path), ""
    except DockerfileError as error:
        return DockerfileFacts(), str(error)


def _listening(docker: DockerfileFacts) -> tuple[int | None, str]:
    """Port and server of the start command; an exposed port where the command names none."""
    command = " ".join(docker.command)
    server = next(
        (name for name in ("gunicorn", "uvicorn", "waitress", "hypercorn") if name in command), "flask" if "flask" in command else ""
    )
    bound = re.search(r"(?:--bind|-b|--port|-p|--listen)[= ]?\s*(?:[\w.*\[\]:]*:)?(\d{2,5})\b", command)
    return (int(bound[1]) if bound else docker.ports[0] if docker.ports else None), server


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""


class _CodeReader:
    """Collects what Python files say, one after the other."""

    def __init__(self) -> None:
        self.is_flask = False
        self.port: int | None = None
        self.variables: dict[str, VariableUse] = {}
        self.databases: list[str] = []
        self.logs: list[str] = []
        self.routes: list[str] = []

    def read(self, path: Path, name: str) -> None:
        try:
            tree = ast.parse(_text(path))
        except (SyntaxError, ValueError, RecursionError):
            return
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=names):
                    self.is_flask |= any(alias.name.split(".")[0] == "flask" for alias in names)
                case ast.ImportFrom(module=str(module)):
                    self.is_flask |= module.split(".")[0] == "flask"
                case ast.Subscript(value=target, slice=ast.Constant(value=str(variable)), ctx=ast.Load()) if _name(target) == "environ":
                    self._use(VariableUse(variable, None, True, f"{name}:{node.lineno}"))
                case ast.Call():
                    self._call(node, name)
                case ast.Constant(value=str(text)):
                    self._constant(text)

    def _call(self, call: ast.Call, name: str) -> None:
        function = call.func
        called = _name(function)
        first = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
        from_environ = called == "getenv" or (
            called == "get" and isinstance(function, ast.Attribute) and _name(function.value) == "environ"
        )
        if from_environ and isinstance(first, str):
            second = call.args[1] if len(call.args) > 1 else next((word.value for word in call.keywords if word.arg == "default"), None)
            default = str(second.value) if isinstance(second, ast.Constant) and second.value is not None else None
            self._use(VariableUse(first, default, False, f"{name}:{call.lineno}"))
        elif called == "run":
            ports = [word.value.value for word in call.keywords if word.arg == "port" and isinstance(word.value, ast.Constant)]
            self.port = next((port for port in ports if isinstance(port, int)), self.port)
        elif called in ("route", "get", "post", "put", "delete", "patch") and isinstance(first, str) and re.fullmatch(r"/[\w/.-]*", first):
            self.routes.append(first)

    def _use(self, use: VariableUse) -> None:
        known = self.variables.get(use.name)
        if known is None or (use.required and not known.required):
            self.variables[use.name] = use

    def _constant(self, text: str) -> None:
        if (found := DATABASE.fullmatch(text)) and len(text) > 4:
            self.databases.append(found["path"])
        elif LOG.fullmatch(text):
            self.logs.append(text)


def _name(node: ast.expr) -> str:
    """The last part of a dotted name: ``environ`` for ``os.environ``."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
