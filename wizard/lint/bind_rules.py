"""Where the server in the container listens, and whether Azure's requests arrive there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.lint.start_command_fix import rebound
from wizard.platform.language import _
from wizard.source.entry_point import server_calls
from wizard.source.gunicorn_config import GUNICORN_FILE, evaluated, gunicorn_settings
from wizard.source.start_command import StartCommand

LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


DEFAULTS = {"uvicorn": ("127.0.0.1", 8000), "waitress-serve": ("0.0.0.0", 8080), "hypercorn": ("127.0.0.1", 8000)}  # noqa: S104


ERROR_111 = "upstream connect error … delayed connect error: 111"


@dataclass(frozen=True)
class Listening:
    """Where a server listens; `host` is "" for a socket file."""

    host: str
    port: int | None

    @property
    def alone(self) -> bool:
        """Whether only the container itself can reach it."""
        return self.host.lower() in LOOPBACK


def listening(project: CodeProject) -> Listening | None:
    """Where the server listens; None when it cannot be known from the files."""
    command = project.command
    if command is None or not command.server:
        return None
    if command.server == "gunicorn":
        return _gunicorn_listening(project, command)
    if command.server in ("flask", "python"):
        return _flask_listening(project, command)
    host, port = DEFAULTS[command.server]
    given = command.options.get("bind") or command.options.get("listen")
    if given:
        return _parsed(given)
    text = command.options.get("port", str(port))
    return Listening(command.options.get("host", host), int(text)) if text.isdigit() else None


def _gunicorn_listening(project: CodeProject, command: StartCommand) -> Listening | None:
    settings = gunicorn_settings(command, project.files, project.docker.workdir, project.variables)
    if "bind" not in settings:
        own = project.variables.get("PORT", "")
        return Listening("0.0.0.0", int(own)) if own.isdigit() else Listening("127.0.0.1", 8000)  # noqa: S104 - gunicorn's own defaults
    return _parsed(settings["bind"]) if settings["bind"] is not None else None


def _flask_listening(project: CodeProject, command: StartCommand) -> Listening | None:
    if command.server == "flask":
        host = command.options.get("host") or project.variables.get("FLASK_RUN_HOST", "127.0.0.1")
        port = command.options.get("port") or project.variables.get("FLASK_RUN_PORT", "5000")
        return Listening(host, int(port)) if port.isdigit() else None
    script = started_script(project, command)
    calls = server_calls(script) if script else []
    if not calls:
        return None
    words = {word.arg: evaluated(word.value, project.variables, {}) for word in calls[-1][0].keywords}
    texts = [evaluated(argument, project.variables, {}) for argument in calls[-1][0].args]
    address = words["host"] if "host" in words else texts[0] if texts else "127.0.0.1"
    given = words["port"] if "port" in words else texts[1] if len(texts) > 1 else "5000"
    return Listening(address, int(given) if given and given.isdigit() else None) if address is not None else None


def _parsed(bind: str) -> Listening | None:
    if bind.startswith(("unix:", "fd:")):
        return Listening("", None)
    host, colon, port = bind.removeprefix("tcp://").rpartition(":")
    return Listening(host or "0.0.0.0", int(port)) if colon and port.isdigit() else None  # noqa: S104 - what an empty host means


def check_bind_address(project: CodeProject, command: StartCommand) -> Iterator[Finding]:
    """The server listens where requests are sent to."""
    place, port = listening(project), project.answers.app.port
    if place is None:
        return
    if place.host == "":
        sentence = _("The server listens on a socket file, which Azure cannot reach: let it listen on 0.0.0.0:{port}.").format(port=port)
        yield _elsewhere(project, command, "socket", sentence, port)
    elif place.alone:
        sentence = _("The server listens on {host}, where Azure cannot reach it: every request would end in “{error}”.").format(
            host=f"{place.host}:{place.port}", error=ERROR_111
        )
        yield _elsewhere(project, command, "loopback", sentence, port)
    elif place.port is not None and place.port != port:
        sentence = _("The server listens on port {listens}, and requests are sent to port {port}: they would end in “{error}”.").format(
            listens=place.port, port=port, error=ERROR_111
        )
        line = project.setup_line(r"^\s*port\s*=")
        if place.port in project.docker.ports and port not in project.docker.ports and line:
            yield project.in_setup("wrong-port", Severity.ERROR, line, sentence, f"port = {place.port}")
        else:
            yield _elsewhere(project, command, "wrong-port", sentence, port)


def _elsewhere(project: CodeProject, command: StartCommand, id: str, sentence: str, port: int) -> Finding:
    """A finding about the bind address, at the line that says it."""
    file = project.files.find(posixpath.join(project.docker.workdir, command.options.get("config", GUNICORN_FILE)))
    if command.server == "gunicorn" and "bind" not in command.options and file is not None and file.is_file():
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        line = next((number for number, text in enumerate(lines, 1) if re.match(r"bind\s*=", text)), 0)
        if line:
            return project.in_file(id, Severity.ERROR, file, line, sentence, f'bind = "0.0.0.0:{port}"')
    return project.of_command(id, Severity.ERROR, command, sentence, rebound(project, command, port))


def started_script(project: CodeProject, command: StartCommand) -> Path | None:
    """The Python file that the command starts."""
    file = project.files.find(posixpath.normpath(posixpath.join(project.docker.workdir, command.target))) if command.target else None
    return file if file is not None and file.is_file() else None
