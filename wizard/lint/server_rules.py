"""How the server in the container is started: with a server for the internet, in a form that works, with what it needs installed."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator

from wizard.lint.bind_rules import ERROR_111, check_bind_address, listening, started_script
from wizard.lint.entry_rules import check_entry_point, loading_folder, no_run_file
from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.lint.start_command_fix import with_gunicorn
from wizard.platform.language import _
from wizard.source.entry_point import find_factory, find_target, server_calls
from wizard.source.requirements import GUNICORN, adding_command, declare, declares, where_to_declare
from wizard.source.start_command import StartCommand


def server(project: CodeProject) -> Iterator[Finding]:
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
    yield from check_bind_address(project, command)
    if command.server == "gunicorn":
        yield from check_entry_point(project, command)
        yield from _packages(project)
        yield from _debug(project)
    yield from _shell_form(project, command)


def _development_server(project: CodeProject, command: StartCommand) -> Iterator[Finding]:
    if command.server == "python":
        script = started_script(project, command)
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
    folder = loading_folder(project, command)
    target, factory = find_target(folder, _started_module(project, command)), find_factory(folder)
    yield project.of_command("dev-server", Severity.ERROR, command, sentence, with_gunicorn(project, command, target or "run:app"))
    if target is None and factory is not None:
        yield no_run_file(project, folder, factory)
    yield from _packages(project)


def _started_module(project: CodeProject, command: StartCommand) -> str:
    """The module that Flask's own server runs."""
    named = command.target or project.variables.get("FLASK_APP", "")
    return named.partition(":")[0].removeprefix("./").removesuffix(".py").replace("/", ".")


def _variable_not_replaced(project: CodeProject, command: StartCommand) -> Finding:
    words = shlex.join(command.words).replace("'", '"')
    sentence = _("Nothing replaces the variable in {words}: a command written as a list starts without a shell.").format(words=words)
    text = f"{command.instruction.name} exec {' '.join(command.words)}"
    return project.of_line("variable-not-replaced", Severity.ERROR, command.instruction, sentence, text)


def _packages(project: CodeProject) -> Iterator[Finding]:
    """gunicorn is installed in the image."""
    if declares(project.folder, project.docker, "gunicorn") is False:
        sentence = _("gunicorn is not among the packages that are installed, so it cannot be started.")
        name = where_to_declare(project.folder, project.docker)
        path, command = project.folder / name, adding_command(project.folder, "gunicorn")
        if name.endswith(".txt"):
            yield project.appended("gunicorn-missing", Severity.ERROR, name, sentence, GUNICORN)
        elif command or name.startswith("setup."):
            words = _("Add it ({command}), so that the lock file follows.").format(command=command) if command else _("Add it there.")
            yield project.in_file("gunicorn-missing", Severity.ERROR, path, 0, f"{sentence} {words}")
        else:
            yield project.toml_edited("gunicorn-missing", Severity.ERROR, path, sentence, lambda content: declare(content, GUNICORN))


def _debug(project: CodeProject) -> Iterator[Finding]:
    for name, wrong in (("FLASK_DEBUG", ("1", "true", "on")), ("FLASK_ENV", ("development",))):
        if project.variables.get(name, "").lower() in wrong:
            sentence = _("{name} is for your computer: in Azure it may show the code's insides to everyone.").format(name=name)
            line = next((it for it in project.docker.instructions if it.name == "ENV" and name in it.words), None)
            right = f"ENV {name}={'0' if name == 'FLASK_DEBUG' else 'production'}"
            if line is not None:
                yield project.of_line("debug-on", Severity.WARNING, line, sentence, right if len(line.words) == 2 else "")
            else:
                yield project.in_setup("debug-on", Severity.WARNING, project.setup_line(rf'name\s*=\s*"{name}"'), sentence)


def _shell_form(project: CodeProject, command: StartCommand) -> Iterator[Finding]:
    line = command.instruction
    text = " ".join(line.words)
    if line.as_json or re.match(r"\s*exec\b", text) or re.search(r"&&|;|\|", text):
        return
    sentence = _("A shell starts the server and keeps Azure's signal to end from it, so that it is killed after 30 seconds instead.")
    right = f"{line.name} exec {text}" if "$" in text else f"{line.name} {json.dumps(shlex.split(text))}"
    yield project.of_line("shell-form", Severity.INFO, line, sentence, right)
