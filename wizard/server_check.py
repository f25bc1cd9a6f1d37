"""Whether the server in the container starts and can be reached: bind address, port, Flask's own server, what it loads and needs."""

from __future__ import annotations

import json
import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wizard.entry_point import Factory, find_factory, find_module, find_target, run_file, server_calls, top_names
from wizard.finding import Finding, Severity
from wizard.language import _
from wizard.packages import declares, where_to_declare
from wizard.project_files import Project
from wizard.start_command import GUNICORN_FILE, StartCommand, evaluated, gunicorn_settings

LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")
DEFAULTS = {"uvicorn": ("127.0.0.1", 8000), "waitress-serve": ("0.0.0.0", 8080), "hypercorn": ("127.0.0.1", 8000)}  # noqa: S104
TARGET = re.compile(r"(?P<module>[\w.]+)(?::(?P<name>[\w.]+)(?P<called>\(.*\))?)?")
OWN_PACKAGE = re.compile(r"pip3? install\b[^&;|]*\s(-e )?\.(\[[\w,-]+\])?(\s|$)|poetry install(?!.*--no-root)|uv (sync|pip install \.)")
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


def server(project: Project) -> Iterator[Finding]:
    """Everything about the start command."""
    command = project.command
    if command is None or not command.server:
        return
    if command.server in ("flask", "python"):
        yield from _development_server(project, command)
        return
    if not command.in_shell and any("$" in word for word in command.words):
        yield _variable_not_replaced(project, command)
        return
    yield from _bound(project, command)
    if command.server == "gunicorn":
        yield from _target(project, command)
        yield from _packages(project)
        yield from _debug(project)
    yield from _shell_form(project, command)


def listening(project: Project) -> Listening | None:
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


def _gunicorn_listening(project: Project, command: StartCommand) -> Listening | None:
    settings = gunicorn_settings(command, project.files, project.docker.workdir, project.variables)
    if "bind" not in settings:
        own = project.variables.get("PORT", "")
        return Listening("0.0.0.0", int(own)) if own.isdigit() else Listening("127.0.0.1", 8000)  # noqa: S104 - gunicorn's own defaults
    return _parsed(settings["bind"]) if settings["bind"] is not None else None


def _flask_listening(project: Project, command: StartCommand) -> Listening | None:
    if command.server == "flask":
        host = command.options.get("host") or project.variables.get("FLASK_RUN_HOST", "127.0.0.1")
        port = command.options.get("port") or project.variables.get("FLASK_RUN_PORT", "5000")
        return Listening(host, int(port)) if port.isdigit() else None
    script = _script(project, command)
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


def _development_server(project: Project, command: StartCommand) -> Iterator[Finding]:
    if command.server == "python":
        script = _script(project, command)
        if script is None or not project.code.is_flask or not server_calls(script):
            return
    place = listening(project)
    if place is not None and place.alone:
        sentence = _("Flask's own server listens on {host}, where Azure cannot reach it: every request would end in “{error}”.").format(
            host=place.host, error=ERROR_111
        )
    else:
        sentence = _(
            "This starts Flask's own server, which is made for your computer only: it is slow, and shows its insides when it fails."
        )
    sentence += " " + _("Start gunicorn instead.")
    port = project.answers.app.port
    folder = _loading_folder(project, command)
    target, factory = find_target(folder, _started_module(project, command)), find_factory(folder)
    words = ["gunicorn", "--bind", f"0.0.0.0:{port}", target or "run:app"]
    yield project.of_line("dev-server", Severity.ERROR, command.instruction, sentence, f"CMD {json.dumps(words)}")
    if target is None and factory is not None:
        yield _no_run_file(project, folder, factory)
    yield from _packages(project)


def _started_module(project: Project, command: StartCommand) -> str:
    """The module that Flask's own server runs."""
    named = command.target or project.variables.get("FLASK_APP", "")
    return named.partition(":")[0].removeprefix("./").removesuffix(".py").replace("/", ".")


def _no_run_file(project: Project, folder: Path, factory: Factory) -> Finding:
    sentence = _("gunicorn needs a file that holds the app; {factory} in {module} makes it.").format(
        factory=factory.name, module=factory.module
    )
    path = folder / "run.py"
    return Finding(
        "no-run-file",
        Severity.ERROR,
        path,
        path.relative_to(project.folder).as_posix(),
        0,
        sentence,
        run_file(factory, project.answers.app.port),
    )


def _variable_not_replaced(project: Project, command: StartCommand) -> Finding:
    words = shlex.join(command.words).replace("'", '"')
    sentence = _("Nothing replaces the variable in {words}: a command written as a list starts without a shell.").format(words=words)
    text = f"{command.instruction.name} exec {' '.join(command.words)}"
    return project.of_line("variable-not-replaced", Severity.ERROR, command.instruction, sentence, text)


def _bound(project: Project, command: StartCommand) -> Iterator[Finding]:
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


def _elsewhere(project: Project, command: StartCommand, id: str, sentence: str, port: int) -> Finding:
    """A finding about the bind address, at the line that says it."""
    file = project.files.find(posixpath.join(project.docker.workdir, command.options.get("config", GUNICORN_FILE)))
    if command.server == "gunicorn" and "bind" not in command.options and file is not None and file.is_file():
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        line = next((number for number, text in enumerate(lines, 1) if re.match(r"bind\s*=", text)), 0)
        if line:
            return project.in_file(id, Severity.ERROR, file, line, sentence, f'bind = "0.0.0.0:{port}"')
    return project.of_line(id, Severity.ERROR, command.instruction, sentence, _rebound(command, port))


def _rebound(command: StartCommand, port: int) -> str:
    """The instruction with another bind address; "" when the server stands in a script."""
    words = list(command.instruction.words) if command.instruction.as_json else list(command.words)
    if command.server not in " ".join(command.instruction.words) and command.instruction.name == "ENTRYPOINT":
        return ""
    place = {"uvicorn": ["--host", "0.0.0.0", "--port", str(port)], "waitress-serve": [f"--listen=0.0.0.0:{port}"]}.get(  # noqa: S104
        command.server, ["--bind", f"0.0.0.0:{port}"]
    )
    kept: list[str] = []
    skip = False
    for word in words:
        if skip:
            skip = False
        elif word in ("-b", "--bind", "--host", "--port", "--listen"):
            skip = True
        elif not re.match(r"(-b\S|--bind=|--host=|--port=|--listen=)", word):
            kept.append(word)
    at = next((number + 1 for number, word in enumerate(kept) if posixpath.basename(word) in (command.server, "waitress")), 0)
    words = [*kept[:at], *place, *kept[at:]]
    if command.unknown:
        return f"{command.instruction.name} exec {' '.join(words)}"
    return f"{command.instruction.name} {json.dumps(words)}"


def _target(project: Project, command: StartCommand) -> Iterator[Finding]:
    """The module that gunicorn loads is there, and has the name."""
    match = TARGET.fullmatch(command.target)
    folder = _loading_folder(project, command)
    if match is None or not folder.is_dir() or _installed(project):
        return
    module, name = match["module"], (match["name"] or "application").partition(".")[0]
    file = find_module(folder, module)
    if file is None:
        yield from _no_module(project, command, folder, module)
        return
    for call, guarded in server_calls(file):
        if not guarded:
            lines = file.read_text(encoding="utf-8-sig").splitlines()[call.lineno - 1 : call.end_lineno]
            text = "\n".join(['if __name__ == "__main__":', *(f"    {line}" for line in lines)])
            sentence = _("Importing {module} starts Flask's own server, so gunicorn never gets the app.").format(module=module)
            yield project.in_file("run-at-import", Severity.ERROR, file, call.lineno, sentence, text, call.end_lineno or call.lineno)
    names = top_names(file)
    if names is not None and name not in names:
        sentence = _("gunicorn looks for {name} in {file}, which has none.").format(name=name, file=file.name)
        factory = find_factory(folder)
        better = f"{module}:{factory.name}()" if factory and factory.name in names else find_target(folder)
        text = _with_target(command, better) if better else ""
        yield project.of_line("target-missing", Severity.ERROR, command.instruction, sentence, text)


def _no_module(project: Project, command: StartCommand, folder: Path, module: str) -> Iterator[Finding]:
    sentence = _("gunicorn is told to load {module}, and there is no {module}.py.").format(module=module)
    better, factory = find_target(folder), find_factory(folder)
    if better is None and factory is not None and module == "run":
        yield _no_run_file(project, folder, factory)
    else:
        text = _with_target(command, better) if better else ""
        yield project.of_line("target-missing", Severity.ERROR, command.instruction, sentence, text)


def _with_target(command: StartCommand, target: str) -> str:
    words = list(command.instruction.words) if command.instruction.as_json else list(command.words)
    words = [target if word == command.target else word for word in words]
    return f"{command.instruction.name} {json.dumps(words)}" if target in words else ""


def _packages(project: Project) -> Iterator[Finding]:
    """gunicorn is installed in the image."""
    if declares(project.folder, project.docker, "gunicorn") is False:
        sentence = _("gunicorn is not among the packages that are installed, so it cannot be started.")
        name, line = where_to_declare(project.folder, project.docker)
        if name.endswith(".txt"):
            yield project.appended("gunicorn-missing", Severity.ERROR, name, sentence, "gunicorn>=23")
        else:
            yield project.in_file(
                "gunicorn-missing", Severity.ERROR, project.folder / name, line, sentence, '    "gunicorn>=23",', line - 1
            )


def _debug(project: Project) -> Iterator[Finding]:
    for name, wrong in (("FLASK_DEBUG", ("1", "true", "on")), ("FLASK_ENV", ("development",))):
        if project.variables.get(name, "").lower() in wrong:
            sentence = _("{name} is for your computer: in Azure it may show the code's insides to everyone.").format(name=name)
            line = next((it for it in project.docker.instructions if it.name == "ENV" and name in it.words), None)
            right = f"ENV {name}={'0' if name == 'FLASK_DEBUG' else 'production'}"
            if line is not None:
                yield project.of_line("debug-on", Severity.WARNING, line, sentence, right if len(line.words) == 2 else "")
            else:
                yield project.in_setup("debug-on", Severity.WARNING, project.setup_line(rf'name\s*=\s*"{name}"'), sentence)


def _shell_form(project: Project, command: StartCommand) -> Iterator[Finding]:
    line = command.instruction
    text = " ".join(line.words)
    if line.as_json or re.match(r"\s*exec\b", text) or re.search(r"&&|;|\|", text):
        return
    sentence = _("A shell starts the server and keeps Azure's signal to end from it, so that it is killed after 30 seconds instead.")
    right = f"{line.name} exec {text}" if "$" in text else f"{line.name} {json.dumps(shlex.split(text))}"
    yield project.of_line("shell-form", Severity.INFO, line, sentence, right)


def _script(project: Project, command: StartCommand) -> Path | None:
    file = project.files.find(posixpath.normpath(posixpath.join(project.docker.workdir, command.target))) if command.target else None
    return file if file is not None and file.is_file() else None


def _loading_folder(project: Project, command: StartCommand) -> Path:
    """The folder of the source that the server imports from."""
    inside = posixpath.normpath(posixpath.join(project.docker.workdir, command.options.get("chdir", "")))
    for path in (command.options.get("pythonpath"), project.variables.get("PYTHONPATH")):
        for part in (path or "").split(":"):
            found = project.files.find(posixpath.normpath(posixpath.join(project.docker.workdir, part))) if part else None
            module = command.target.partition(":")[0]
            if found is not None and find_module(found, module):
                return found
    return project.files.find(inside) or Path("/nonexistent")


def _installed(project: Project) -> bool:
    """Whether the API itself is installed as a package, so that its modules need not lie in the folder it starts in."""
    runs = [" ".join(it.words) for it in project.docker.instructions if it.name == "RUN"]
    return any(OWN_PACKAGE.search(run) for run in runs)
