"""What an API's source says about itself: its framework, start, variables, databases and addresses. Nothing of it is run."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, wraps
from pathlib import Path
from typing import Any, TypeVar

from wizard.source.compose.service import read_compose
from wizard.source.dependencies import Dependencies, read_dependencies
from wizard.source.dockerfile import DockerfileError, DockerfileFacts, read_dockerfile
from wizard.source.dockerfile_place import find_dockerfile
from wizard.source.file_facts import file_facts, read_through
from wizard.source.files.config_files import config_files
from wizard.source.files.container_files import ContainerFiles
from wizard.source.files.databases import Database, Stored, read_stored
from wizard.source.ignored_folders import DOCKERFILES
from wizard.source.project_files import python_files
from wizard.source.project_folders import FRAMEWORKS
from wizard.source.python_source import read_python
from wizard.source.rest_files import find_rest_files
from wizard.source.settings.declared_variables import declared_variables, flask_environment
from wizard.source.settings.flask_config import FlaskKeys, flask_variables
from wizard.source.settings.settings_classes import SettingsClass, settings_variables
from wizard.source.settings.shared_readers import Shared
from wizard.source.settings.variable_use import SET_BY_AZURE, VariableUse, united
from wizard.source.starting.app_objects import AppFinder, AppObject
from wizard.source.starting.start import Start, StartReader
from wizard.source.starting.start_script import exported_before
from wizard.source.surroundings import surroundings

ENV_FILES = (".env", ".env.prod", ".env.production")
WORKDIR = "/project-container"
"""Where the code lies in an image that the wizard itself writes a Dockerfile for, as in the article."""
OF_THEIR_OWN = ("aiohttp", "tornado", "cherrypy", "robyn", "gradio")
"""Frameworks that are servers themselves, known by what starts them: others import them too, to ask other APIs."""
MOST_FILES = 20_000
FILES_WATCHED = 500
T = TypeVar("T")


class ReadingStopped(Exception):
    """Whoever asked for the reading needs it no more."""


@dataclass(frozen=True)
class CodeFacts:
    """What was read from a source folder.

    :param files: its Python files, those of tests left out.
    :param dockerfile: its path relative to the folder; "" when there is none.
    :param imports: the packages that the code imports, such as ``flask``.
    :param app: the application that a server would load; None when none is found.
    :param start: what starts the API: in the Dockerfile, or else a Procfile or the code itself.
    :param workdir: the folder in the container that relative paths start from.
    :param stored: its databases and log files, with their places in the container.
    :param worked_out: what `once_for_facts` keeps of them.
    """

    folder: Path
    files: tuple[Path, ...] = ()
    imports: frozenset[str] = frozenset()
    dockerfile: str = ""
    docker: DockerfileFacts = field(default_factory=DockerfileFacts)
    workdir: str = WORKDIR
    app: AppObject | None = None
    start: Start = field(default_factory=Start)
    variables: tuple[VariableUse, ...] = ()
    stored: Stored = field(default_factory=Stored)
    dependencies: Dependencies = field(default_factory=Dependencies)
    rest_files: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()
    problem: str = ""
    worked_out: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def framework(self) -> str:
        """Such as ``flask``; "" when the code uses none that is known here."""
        if self.app is not None and self.app.framework:
            return self.app.framework
        known = next((name for name in FRAMEWORKS if name in self.imports or self.dependencies.has(name)), "")
        return known or (self.start.server if self.start.server in OF_THEIR_OWN else "")

    @property
    def is_flask(self) -> bool:
        """Whether it is a Flask API."""
        return self.framework == "flask"

    @property
    def is_api(self) -> bool:
        """Whether there is anything in Python that a server could run."""
        return bool(self.files and (self.framework or self.app or self.start.server))

    @property
    def port(self) -> int | None:
        """Where the API listens, when the start says so; where that is unknown, a port that the Dockerfile or a compose file opens."""
        if self.start.port is not None or self.start.listening is not None:
            return self.start.port
        if self.docker.ports:
            return self.docker.ports[0]
        compose = read_compose(self.folder)
        return compose.ports[0] if compose is not None and compose.ports else None

    @property
    def server(self) -> str:
        """Which server starts it; "" when unknown."""
        return self.start.server

    @property
    def logs(self) -> tuple[str, ...]:
        """The files that it logs to, absolute in the container."""
        return tuple(log.path for log in self.stored.logs)

    @property
    def databases(self) -> tuple[Database, ...]:
        """Its SQLite databases."""
        return self.stored.databases

    @cached_property
    def is_there(self) -> bool:
        """Whether there is such a folder."""
        return self.folder.is_dir()

    @cached_property
    def has_requirements(self) -> bool:
        """Whether there is a requirements.txt."""
        return (self.folder / "requirements.txt").is_file()

    @cached_property
    def health_path(self) -> str:
        """A path that surely answers a GET; ``/`` when none is known."""
        from wizard.source.health_path import health_path

        return health_path(self.folder)


def once_for_facts(work_out: Callable[[CodeFacts], T]) -> Callable[[CodeFacts], T]:
    """What a function reads beside the facts is read once, as the facts were: each key on a screen asks for it."""

    @wraps(work_out)
    def kept(facts: CodeFacts) -> T:
        if work_out.__qualname__ not in facts.worked_out:
            facts.worked_out[work_out.__qualname__] = work_out(facts)
        result: T = facts.worked_out[work_out.__qualname__]
        return result

    return kept


def state_of_files(facts: CodeFacts) -> tuple[tuple[str, int, int], ...]:
    """What tells whether the code was changed since it was read: its folder and the first of its files, each with size and time."""
    names = ("", "requirements.txt", ".dockerignore", *DOCKERFILES, facts.dockerfile)
    paths = dict.fromkeys([*(facts.folder / name for name in names), *facts.files[:FILES_WATCHED]])
    return tuple(_state(path) for path in paths)


def _state(path: Path) -> tuple[str, int, int]:
    try:
        status = path.stat()
    except OSError:
        return str(path), -1, -1
    return str(path), status.st_size, status.st_mtime_ns


def read_code(folder: Path, dockerfile: str = "", stop: Callable[[], bool] = lambda: False) -> CodeFacts:
    """Read a source folder. A file that is no Python text is passed over.

    :param dockerfile: where the person said it is; otherwise the usual places are tried.
    :param stop: asked between files; raises ReadingStopped when it says so.
    """
    if not folder.is_dir():
        return CodeFacts(folder)
    files: list[Path] = []
    for path in python_files(folder):
        if stop():
            raise ReadingStopped
        files.append(path)
        if len(files) >= MOST_FILES:
            break
    imports, uses = _read_files(folder, files, stop)
    named = dockerfile if dockerfile and (folder / dockerfile).is_file() else find_dockerfile(folder)
    docker, problem = _docker_facts(folder / named) if named else (DockerfileFacts(), "")
    facts = CodeFacts(
        folder,
        files=tuple(files),
        imports=imports,
        dockerfile=named,
        docker=docker,
        workdir=docker.workdir if named else WORKDIR,
        variables=tuple(
            use for use in united([*uses, *declared_variables(folder)], _given(docker)) if not SET_BY_AZURE.fullmatch(use.name)
        ),
        dependencies=read_dependencies(folder),
        rest_files=find_rest_files(folder),
        env_files=tuple(name for name in ENV_FILES if (folder / name).is_file()),
        problem=problem,
    )
    return _with_start(facts)


def read_stored_files(facts: CodeFacts, variables: dict[str, str]) -> Stored:
    """The databases and logs, as the API finds them with these variables in its environment."""
    chdir = facts.start.command.options.get("chdir", "") if facts.start.command else ""
    container = ContainerFiles(facts.folder, facts.docker) if facts.dockerfile else None
    around = surroundings(facts.folder, facts.files, container, posixpath.join(facts.workdir, chdir), facts.workdir, variables)
    filled = {use.field: variables[use.name] for use in facts.variables if use.field and variables.get(use.name)}
    around = replace(around, filled=filled)
    flask_sqlalchemy = facts.dependencies.flask_sqlalchemy or (3 if "flask_sqlalchemy" in facts.imports else 0)
    files = [*facts.files, *(one.path for one in config_files(facts.folder, facts.files) if one.path.is_file())]
    return read_stored(files, around, flask_sqlalchemy=flask_sqlalchemy)


def _with_start(facts: CodeFacts) -> CodeFacts:
    """The facts with what starts the API, which application that is, and where its files lie then."""
    variables = dict(facts.docker.environment)
    reader = StartReader(facts.folder, facts.docker, ContainerFiles(facts.folder, facts.docker), variables)
    start = reader.read()
    if start == Start():
        start = reader.hinted()
    named = start.command.target.partition(":")[0] if start.command else ""
    flask_app = flask_environment(facts.folder).get("FLASK_APP", "").partition(":")[0].removesuffix(".py").replace("/", ".")
    finder = AppFinder(facts.folder, facts.files)
    apps = finder.all(named, flask_app)
    first = next(apps, None)
    if first is not None and first.factory and not first.framework:  # it is only called like one, such as a create_app that makes a manager
        first = next((app for app in apps if app.framework), first)
    exported = exported_before(start.command.script.before, variables) if start.command and start.command.script else {}
    own = tuple(replace(use, required=False, at_import=False) if exported.get(use.name) else use for use in facts.variables)
    facts = replace(facts, start=start, app=first, variables=own)
    if not start.server and not facts.dockerfile:
        started = _started_by_code(facts, reader)
        of_another = started and facts.app and started.server == "flask" != facts.app.framework and facts.app.framework
        facts = facts if started is None or of_another else replace(facts, start=started)
    facts = _with_lists_of_root(facts)
    return replace(facts, stored=read_stored_files(facts, variables))


def _with_lists_of_root(facts: CodeFacts) -> CodeFacts:
    """The requirements of the folder that the application is imported from, where the project's own folder lists none."""
    if facts.app is None or not facts.app.root or facts.dependencies.requirements:
        return facts
    inner = read_dependencies(facts.folder / facts.app.root)
    if inner.tool != "pip" or not inner.file.endswith(".txt"):
        return facts
    return replace(facts, dependencies=replace(inner, file=posixpath.join(facts.app.root, inner.file)))


def _started_by_code(facts: CodeFacts, reader: StartReader) -> Start | None:
    """The first server that a Python file near the top starts, for a project without a Dockerfile."""
    for path in facts.files:
        if len(path.relative_to(facts.folder).parts) > 3:
            break
        content = read_python(path) or b""
        if b"run" in content or b"serve" in content or b"Server" in content:
            start = reader.of_script(path)
            if start.server:
                return start
    return None


def _read_files(folder: Path, files: list[Path], stop: Callable[[], bool]) -> tuple[frozenset[str], list[VariableUse]]:
    imports: set[str] = set()
    uses: list[VariableUse] = []
    assigned: set[str] = set()
    classes: list[SettingsClass] = []
    flask: list[FlaskKeys] = []
    shared = Shared()
    for path in files:
        if stop():
            raise ReadingStopped
        facts_of_file = file_facts(path, path.relative_to(folder).as_posix())
        imports |= facts_of_file.imports
        uses += facts_of_file.variables
        assigned |= facts_of_file.assigned
        classes += facts_of_file.classes
        flask.append(facts_of_file.flask)
        shared = Shared((*shared.helpers, *facts_of_file.shared.helpers), (*shared.readers, *facts_of_file.shared.readers))
    for path in files if shared != Shared() else ():
        uses += read_through(path, path.relative_to(folder).as_posix(), shared)
    uses += settings_variables(classes)
    uses += flask_variables(flask, flask_sqlalchemy="flask_sqlalchemy" in imports)
    return frozenset(imports), list(united(uses, frozenset(assigned)))


def _given(docker: DockerfileFacts) -> frozenset[str]:
    """What the image itself gives a value to."""
    return frozenset(name for name, value in docker.environment.items() if value)


def _docker_facts(path: Path) -> tuple[DockerfileFacts, str]:
    try:
        return read_dockerfile(path), ""
    except DockerfileError as error:
        return DockerfileFacts(), str(error)
