"""The one reading of an API's start: which server, where it listens, with how many workers. Suggestion, check and doctor all use it."""

from __future__ import annotations

import ast
import posixpath
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from wizard.source.compose.service import read_compose
from wizard.source.dockerfile import DockerfileFacts
from wizard.source.files.container_files import ContainerFiles
from wizard.source.files.path_expressions import PathReader, Surroundings
from wizard.source.python_source import keyword, parse_python
from wizard.source.settings.declared_variables import flask_environment
from wizard.source.starting.call_addresses import called_at
from wizard.source.starting.gunicorn_config import gunicorn_settings, read_assignments, toml_settings
from wizard.source.starting.launched_commands import launched_command
from wizard.source.starting.listening import EVERYWHERE, Listening, listening_at, parsed
from wizard.source.starting.program_arguments import program_arguments
from wizard.source.starting.project_scripts import script_function
from wizard.source.starting.proxies import proxy_listening, started_by_image
from wizard.source.starting.server_calls import ServerCall, server_calls
from wizard.source.starting.start_command import StartCommand, command_of_words, read_start_command
from wizard.source.text_file import read_lines

CPU = "cpu"
"""Workers that are as many as the computer has processors."""
DEFAULTS = {
    "uvicorn": ("127.0.0.1", 8000),
    "hypercorn": ("127.0.0.1", 8000),
    "granian": ("127.0.0.1", 8000),
    "daphne": ("127.0.0.1", 8000),
    "litestar": ("127.0.0.1", 8000),
    "sanic": ("127.0.0.1", 8000),
    "quart": ("127.0.0.1", 5000),
    "waitress-serve": (EVERYWHERE, 8080),
}
"""Where the command of a server listens unless it is told otherwise; each from its own documentation."""
OF_ENVIRONMENT = {"uvicorn": "UVICORN", "granian": "GRANIAN", "litestar": "LITESTAR", "quart": "QUART"}
"""The prefix of the variables that give a command's options, such as UVICORN_PORT."""
DEVELOPMENT = ("flask", "werkzeug", "wsgiref", "django", "quart")
"""Servers that are made for the computer of who writes the code."""


@dataclass(frozen=True)
class Start:
    """What starts an API.

    :param command: the command, where one is known.
    :param server: what listens in the end, such as ``gunicorn``, ``waitress`` or ``flask``; "" when it cannot be told.
    :param listening: where; None when it cannot be known from the files.
    :param script: the Python file that is run, and `call` the line in it that starts the server.
    :param workers: how many processes, a number or `CPU`; None when nothing says it.
    :param proxy: the web server in the same container that requests arrive at; `listening` is its place then.
    """

    command: StartCommand | None = None
    server: str = ""
    listening: Listening | None = None
    script: Path | None = None
    call: ServerCall | None = None
    workers: str | None = None
    proxy: str = ""

    @property
    def is_development(self) -> bool:
        """Whether it is a server for one's own computer."""
        return self.server in DEVELOPMENT

    @property
    def port(self) -> int | None:
        """The port alone."""
        return self.listening.port if self.listening else None


@dataclass(frozen=True)
class StartReader:
    """Reads the start of one project.

    :param variables: what the container finds in its environment, without the values of secrets.
    """

    folder: Path
    docker: DockerfileFacts
    files: ContainerFiles
    variables: Mapping[str, str]

    def read(self) -> Start:
        """What the Dockerfile starts, or what its base image does."""
        command = read_start_command(self.folder, self.docker, self.files, self.variables)
        by_image = started_by_image(self.docker.image) if command is None else None
        if by_image is not None:
            server, port = by_image
            own = self.variables.get("PORT", "") if server == "gunicorn" else ""
            place = Listening(EVERYWHERE, int(own) if own.isdigit() else port)
            return Start(None, server, proxy_listening(server, self.folder, self.files) or place)
        return self.of(command)

    def hinted(self) -> Start:
        """What a Procfile or a compose file says, for a project without a Dockerfile, or with one that starts nothing."""
        for line in read_lines(self.folder / "Procfile"):
            if match := re.match(r"\s*web\s*:\s*(.+)", line):
                return self._of_text(match[1])
        compose = read_compose(self.folder)
        if compose is not None and compose.command:
            given = {name: value for name, value in compose.environment.items() if value is not None}
            return replace(self, variables={**self.variables, **given})._of_text(shlex.join(compose.command))
        return Start()

    def _of_text(self, text: str) -> Start:
        """A line of shell that stands in no Dockerfile, in the folder that the code lies in."""
        workdir = self.docker.workdir
        files = self.files if self.docker.instructions else ContainerFiles.of_folder(self.folder, workdir)
        return replace(self, files=files).of(command_of_words(text, self.folder, files, self.variables, workdir))

    def of(self, command: StartCommand | None) -> Start:
        """The start that a command comes to."""
        if command is None:
            return Start()
        start = self._of_server(command)
        if command.proxy:
            return replace(start, proxy=command.proxy, listening=proxy_listening(command.proxy, self.folder, self.files))
        return start

    def _of_server(self, command: StartCommand) -> Start:
        if command.server == "gunicorn":
            settings = gunicorn_settings(command, self.files, self.docker.workdir, self.variables)
            command = command if command.target else replace(command, target=settings.get("wsgi_app") or "")
            return Start(command, "gunicorn", self._gunicorn(settings), workers=settings.get("workers"))
        if command.server == "python" or not command.server:
            return self._python(command)
        workers = command.options.get("workers") or self.variables.get("WEB_CONCURRENCY")
        if command.server == "waitress-serve":
            workers = None
        server = {"waitress-serve": "waitress", "fastapi": "uvicorn", "litestar": "uvicorn"}.get(command.server, command.server)
        return Start(command, server, self._listening(command), workers=workers)

    def of_script(self, script: Path, command: StartCommand | None = None, function: str = "") -> Start:
        """The start of a Python file that is run."""
        reader = PathReader(script, parse_python(script) or ast.Module([], []), self._around())
        calls = server_calls(script, function)
        if not calls:
            line = launched_command(reader)
            if line and command is not None:
                launched = self.of(command_of_words(line, self.folder, self.files, self.variables))
                return replace(launched, command=command, script=script)
            return Start(command, "", None, script)
        call = calls[-1]
        words = command.words[command.words.index(command.target) + 1 :] if command and command.target in command.words else ()
        reader.arguments = program_arguments(reader, words, self.variables)
        workers = reader.text(keyword(call.call, "workers")) if call.server in ("uvicorn", "sanic", "granian") else None
        return Start(command, call.server, called_at(call, reader), script, call, workers)

    def started_script(self, command: StartCommand) -> tuple[Path | None, str]:
        """The Python file that a command runs, and the function in it when it is a script of pyproject.toml."""
        if command.server == "python" and command.target.startswith("-m "):
            module = command.target[3:].replace(".", "/")
            places, function = [f"{module}.py", f"{module}/__main__.py", f"src/{module}/__main__.py"], ""
        elif command.server == "python":
            places, function = [command.target, f"{command.target}/__main__.py"], ""  # a folder is run by its __main__.py
        else:
            name = posixpath.basename(next(iter(command.words), ""))
            module, function = script_function(self.folder, name)
            places = [f"{module}.py", f"{module}/__init__.py", f"src/{module}.py", f"src/{module}/__init__.py"] if module else []
        for place in filter(None, places):
            file = self.files.find(posixpath.normpath(posixpath.join(self.docker.workdir, command.options.get("chdir", ""), place)))
            if file is None and module_installed(self.folder, place):
                file = self.folder / place
            if file is not None and file.is_file():
                return file, function
        return None, ""

    def _python(self, command: StartCommand) -> Start:
        script, function = self.started_script(command)
        return Start(command, "") if script is None else self.of_script(script, command, function)

    def _around(self) -> Surroundings:
        return Surroundings(
            self.folder,
            self.docker.workdir,
            self.variables,
            lambda path: self.files.place(path) or posixpath.join(self.docker.workdir, path.name),
        )

    def _gunicorn(self, settings: Mapping[str, str | None]) -> Listening | None:
        if "bind" not in settings:
            own = self.variables.get("PORT", "")
            return Listening(EVERYWHERE, int(own)) if own.isdigit() else Listening("127.0.0.1", 8000)  # gunicorn's own defaults
        return parsed(settings["bind"], 8000) if settings["bind"] is not None else None

    def _listening(self, command: StartCommand) -> Listening | None:
        options = command.options
        if "uds" in options or "fd" in options:
            return Listening("", None)
        match command.server:
            case "uwsgi":
                return self._uwsgi(command)
            case "django":
                return _django(command)
            case "flask":
                return self._flask(command)
            case "fastapi":
                host = EVERYWHERE if options.get("command") == "run" else "127.0.0.1"
                return listening_at(options.get("host", host), options.get("port", "8000"))
            case "hypercorn":
                return self._hypercorn(command)
            case "daphne":
                return listening_at(options.get("bind", "127.0.0.1"), options.get("port", "8000"))
        host, port = DEFAULTS[command.server]
        address = options.get("bind") or options.get("listen")
        if address:
            return parsed(address, port)
        prefix = OF_ENVIRONMENT.get(command.server, "-")
        host = options.get("host") or self.variables.get(f"{prefix}_HOST") or host
        return listening_at(host, options.get("port") or self.variables.get(f"{prefix}_PORT") or str(port))

    def _flask(self, command: StartCommand) -> Listening | None:
        own = {**flask_environment(self.folder), **self.variables}
        host = command.options.get("host") or own.get("FLASK_RUN_HOST") or "127.0.0.1"
        return listening_at(host, command.options.get("port") or own.get("FLASK_RUN_PORT") or "5000")

    def _hypercorn(self, command: StartCommand) -> Listening | None:
        """Its command line, or else its file: TOML, or Python after ``file:`` (hypercorn's documentation, "Configuring")."""
        bind: str | None = command.options.get("bind")
        named = command.options.get("config", "")
        if bind is None and named:
            file = self.files.find(posixpath.normpath(posixpath.join(self.docker.workdir, named.removeprefix("file:"))))
            if file is None:
                return None
            settings = read_assignments(file, self.variables) if named.startswith("file:") else toml_settings(file)
            if "bind" in settings and settings["bind"] is None:
                return None
            bind = settings.get("bind")
        return parsed(bind, 8000) if bind else Listening("127.0.0.1", 8000)

    def _uwsgi(self, command: StartCommand) -> Listening | None:
        options = dict(command.options)
        ini = options.get("ini") or options.get("yaml") or ""
        ini = ini or (command.target if command.target.endswith((".ini", ".yml", ".yaml")) else "")
        if ini:
            file = self.files.find(posixpath.normpath(posixpath.join(self.docker.workdir, ini)))
            for line in read_lines(file) if file is not None else []:
                if match := re.match(r"\s*([\w-]+)\s*[=:]\s*(.+?)\s*$", line):
                    key = {"http-socket": "http", "http_socket": "http"}.get(match[1], match[1])
                    options.setdefault(key, re.sub(r"\$\((\w+)\)", lambda name: self.variables.get(name[1], ""), match[2]))
        if "http" in options:
            return parsed(options["http"], 0)
        place = parsed(options["socket"], 0) if "socket" in options else None
        spoken = "http" if options.get("protocol") == "http" else "uwsgi"
        return replace(place, protocol=spoken) if place is not None else None


def module_installed(folder: Path, place: str) -> bool:
    """Whether a file belongs to a package of the project itself, which an image installs rather than copies."""
    return (folder / "pyproject.toml").is_file() and (folder / place).is_file()


def _django(command: StartCommand) -> Listening | None:
    if command.options.get("command") != "runserver":
        return None
    at = next((word for word in command.words if re.fullmatch(r"(\S+:)?\d+|\[?[\d.:]+\]?:\d+", word)), "127.0.0.1:8000")
    return Listening("127.0.0.1", int(at)) if at.isdigit() else parsed(at, 8000)
