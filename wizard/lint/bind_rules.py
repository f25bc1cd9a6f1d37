"""Whether Azure's requests arrive where the server in the container listens."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import tomlkit

from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.lint.start_command_fix import rebound
from wizard.platform.language import _
from wizard.sections.container_app import App
from wizard.source.settings.variable_use import SET_BY_AZURE
from wizard.source.starting.gunicorn_config import GUNICORN_FILE
from wizard.source.starting.listening import EVERYWHERE
from wizard.source.starting.start_command import StartCommand
from wizard.source.starting.start_script import ARGUMENTS
from wizard.source.text_file import read_lines

ERROR_111 = "upstream connect error … delayed connect error: 111"
USUAL_PORT: int = msgspec.structs.fields(App)[1].default
"""The port of a setup in which nobody chose one."""
OF_THE_IMAGE = re.compile(r"(docker\.io/)?(library/)?(python|debian|ubuntu|alpine)([:@].*)?|.*/(python|uv|azurelinux/.*)([:@].*)?")
"""Base images that are known to set no PORT."""


def check_bind_address(project: CodeProject) -> Iterator[Finding]:
    """The server listens where requests are sent to."""
    command, place, port = project.command, project.start.listening, project.answers.app.port
    if command is None or place is None:
        return
    if project.start.proxy:
        if place.port is not None and place.port != port:
            sentence = _("The server listens on port {listens}, and requests are sent to port {port}: they would end in “{error}”.").format(
                listens=place.port, port=port, error=ERROR_111
            )
            yield _in_setup(project, sentence, place.port)
    elif place.protocol == "uwsgi":
        sentence = _(
            "uWSGI speaks a protocol of its own at this socket, which only a web server before it understands: "
            "let it speak HTTP, with http = 0.0.0.0:{port}."
        ).format(port=port)
        yield project.of_command("socket", Severity.ERROR, command, sentence, rebound(project, command, port))
    elif place.host == "":
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
        yield _other_port(project, command, sentence, place.port)


def check_command_variables(project: CodeProject) -> Iterator[Finding]:
    """A variable in the start command has a value: other hosts set PORT, Container Apps does not."""
    command = project.command
    if command is None or not command.server or not OF_THE_IMAGE.fullmatch(project.docker.image):
        return
    secret = {variable.name for variable in project.answers.variables if variable.secret}
    unset = [name for name in dict.fromkeys(command.unknown) if name not in secret and not SET_BY_AZURE.fullmatch(name)]
    for name in unset:
        line = command.instruction.line
        if name == "PORT":
            sentence = _(
                "The start command asks for {name}, and nothing sets it: Azure Container Apps gives none, so the server would not start. "
                "Set it in the Dockerfile, or add a variable {name}."
            )
            port = project.answers.app.port
            text = f"ENV PORT={port}"
            yield project.in_dockerfile("variable-not-set", Severity.ERROR, line, sentence.format(name=name), text, end=line - 1)
        else:
            sentence = _("The start command asks for {name}, and nothing sets it: add a variable {name}, or write its value there.")
            yield project.in_dockerfile("variable-not-set", Severity.ERROR, line, sentence.format(name=name))


def _other_port(project: CodeProject, command: StartCommand, sentence: str, listens: int) -> Finding:
    """A port that is only the usual one gives way to the project's; one that was chosen, or that the Dockerfile exposes, does not."""
    port = project.answers.app.port
    if port == USUAL_PORT or (listens in project.docker.ports and port not in project.docker.ports):
        return _in_setup(project, sentence, listens)
    return _elsewhere(project, command, "wrong-port", sentence, port)


def _in_setup(project: CodeProject, sentence: str, listens: int) -> Finding:
    """A finding that the right port in the setup settles."""
    if line := project.setup_line(r"^\s*port\s*="):
        return project.in_setup("wrong-port", Severity.ERROR, line, sentence, f"port = {listens}")

    def change(setup: Any) -> None:
        setup.setdefault("app", tomlkit.table())["port"] = listens

    return project.setup_edited("wrong-port", Severity.ERROR, sentence, change)


def check_known_place(project: CodeProject) -> Iterator[Finding]:
    """Where the server listens is known, or the setup says the port: ours alone would be a guess."""
    start = project.start
    known = start.listening is not None or project.docker.ports or project.setup_line(r"^\s*port\s*=")
    command = project.command
    if known or command is None or command.unknown or project.docker.problems or any(word in ARGUMENTS for word in command.words):
        return
    sentence = _(
        "What this starts cannot be read here, so the port is a guess ({port}): write port = … below [app] in {file}, "
        "as the API listens on 0.0.0.0."
    ).format(port=project.answers.app.port, file=project.answers.file.name)
    yield project.of_command("start-unknown", Severity.WARNING, command, sentence)


def _elsewhere(project: CodeProject, command: StartCommand, id: str, sentence: str, port: int) -> Finding:
    """A finding about the bind address, at the line that says it."""
    start = project.start
    if start.call is not None and start.script is not None:
        call = start.call.call
        text = _rebound_call(read_lines(start.script), call, start.server, port)
        return project.in_file(id, Severity.ERROR, start.script, call.lineno, sentence, text, call.end_lineno or call.lineno)
    if start.script is not None and command.server == "python":
        return project.of_command(id, Severity.ERROR, command, sentence)  # another process that the script starts
    file = project.files.find(posixpath.join(project.docker.workdir, command.options.get("config", GUNICORN_FILE)))
    if command.server == "gunicorn" and "bind" not in command.options and file is not None and file.is_file():
        line = next((number for number, text in enumerate(read_lines(file), 1) if re.match(r"bind\s*=", text)), 0)
        if line:
            return project.in_file(id, Severity.ERROR, file, line, sentence, f'bind = "0.0.0.0:{port}"')
    return project.of_command(id, Severity.ERROR, command, sentence, rebound(project, command, port))


def _rebound_call(lines: list[str], call: ast.Call, server: str, port: int) -> str:
    """The lines of a call that starts a server, which is then reached on that port; "" where more than the call stands there."""
    first, last = lines[call.lineno - 1], lines[(call.end_lineno or call.lineno) - 1]
    if (
        first[: call.col_offset].strip()
        or last[call.end_col_offset or 0 :].strip()
        or server not in ("waitress", "uvicorn", "socketio", "sanic")
    ):
        return ""
    keywords = [word for word in call.keywords if word.arg not in ("host", "port", "listen")]
    own = [ast.keyword("host", ast.Constant(EVERYWHERE)), ast.keyword("port", ast.Constant(port))]
    positional = call.args[: 0 if server == "sanic" else 1]
    changed = ast.Call(call.func, positional, [*own, *keywords])
    return first[: call.col_offset] + ast.unparse(ast.fix_missing_locations(changed)).replace("'", '"')
