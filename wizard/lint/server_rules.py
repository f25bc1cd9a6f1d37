"""How the server in the container is started: with a server for the internet, in a form that works, with what it needs installed."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator

from wizard.lint.bind_rules import ERROR_111, check_bind_address, check_command_variables, check_known_place
from wizard.lint.entry_rules import check_entry_point, loading_folder, no_run_file
from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.lint.script_rules import is_no_list, missing_start, parted_words
from wizard.lint.start_command_fix import with_gunicorn, with_uvicorn
from wizard.platform.language import _
from wizard.source.requirements import GUNICORN, adding_command, by_name, declare, declares, installed_lists, where_to_declare
from wizard.source.settings.declared_variables import flask_environment
from wizard.source.starting.app_objects import find_module
from wizard.source.starting.command_words import VARIABLE, expanded
from wizard.source.starting.entry_point import find_app, find_factory
from wizard.source.starting.made_apps import ASGI
from wizard.source.starting.start_command import StartCommand

PACKAGES = {"waitress-serve": "waitress", "fastapi": "fastapi-cli"}
"""Which package a command comes from, where that is called otherwise."""
LOADING = ("gunicorn", "uvicorn", "hypercorn", "daphne", "granian", "waitress-serve")
"""Servers that are told which module to load, as ``module:name``."""


def server(project: CodeProject) -> Iterator[Finding]:
    """Everything about the start command."""
    command = project.command
    if command is None or command.instruction.words != tuple(parted_words(command.instruction)) or is_no_list(command.instruction):
        return  # told by `script_rules`; what it would do cannot be said before
    if not (command.server or project.start.server):
        if not missing_start(project):
            yield from check_known_place(project)
        return
    if project.start.is_development:
        yield from _development_server(project, command)
        return
    if not command.in_shell and any("$" in word for word in command.words):
        yield _variable_not_replaced(project, command)
        return
    unset = list(check_command_variables(project))
    yield from unset
    if not unset:
        yield from check_bind_address(project)
        yield from check_known_place(project)
    if command.server in LOADING:
        yield from check_entry_point(project, command)
        yield from _debug(project)
    if command.server in (*LOADING, *PACKAGES):
        yield from _packages(project, PACKAGES.get(command.server, command.server))
    yield from _reloading(project, command)
    yield from _shell_form(project, command)


def _reloading(project: CodeProject, command: StartCommand) -> Iterator[Finding]:
    """``--reload`` and ``fastapi dev`` watch the files, which in an image never change, and ignore the number of workers."""
    dev = command.server == "fastapi" and command.options.get("command") == "dev"
    if not dev and (command.server not in LOADING or "--reload" not in command.words):
        return
    sentence = _("{words} is for your computer: it watches files that never change in an image, and runs one worker only.")
    text = command.text(project.dockerfile)
    if dev:
        right = re.sub(r"\bfastapi(\s+|\"\s*,\s*\")dev\b", r"fastapi\1run", text, count=1)
    else:
        right = re.sub(r"\s*\"--reload\"\s*,|,\s*\"--reload\"|\s--reload\b", "", text, count=1)
    words = "fastapi dev" if dev else "--reload"
    yield project.of_command("dev-server", Severity.WARNING, command, sentence.format(words=words), right if right != text else "")


def _development_server(project: CodeProject, command: StartCommand) -> Iterator[Finding]:
    place, name = project.start.listening, {"django": "Django", "quart": "Quart"}.get(project.start.server, "Flask")
    if project.start.server == "django" and command.options.get("command") != "runserver":
        return
    if place is not None and place.alone:
        sentence = _("{framework}'s own server listens on {host}, where Azure cannot reach it: every request would end in “{error}”.")
        sentence = sentence.format(framework=name, host=place.host, error=ERROR_111)
    else:
        sentence = _(
            "This starts {framework}'s own server, which is made for your computer only: it is slow, and shows its insides when it fails."
        ).format(framework=name)
    folder = loading_folder(project, command)
    ready, factory = find_app(folder, _started_module(project, command)), find_factory(folder)
    if ready is not None and ready.kind == ASGI:
        sentence += " " + _("Start {server} instead.").format(server="uvicorn")
        yield project.of_command("dev-server", Severity.ERROR, command, sentence, with_uvicorn(project, command, ready))
        yield from _packages(project, "uvicorn")
        return
    sentence += " " + _("Start {server} instead.").format(server="gunicorn")
    writes_run = (ready is None or ready.factory) and factory is not None and find_module(folder, "run") is None
    target = "run:app" if writes_run else ready.target if ready is not None else ""
    text = with_gunicorn(project, command, target) if target else ""
    yield project.of_command("dev-server", Severity.ERROR, command, sentence, text)
    if writes_run and factory is not None:
        yield no_run_file(project, folder, factory)
    yield from _packages(project, "gunicorn")


def _started_module(project: CodeProject, command: StartCommand) -> str:
    """The module that the framework's own server runs."""
    named = command.target or project.variables.get("FLASK_APP") or flask_environment(project.folder).get("FLASK_APP", "")
    return named.removeprefix("-m ").partition(":")[0].removeprefix("./").removesuffix(".py").replace("/", ".")


def _variable_not_replaced(project: CodeProject, command: StartCommand) -> Finding:
    words = shlex.join(command.words).replace("'", '"')
    sentence = _("Nothing replaces the variable in {words}: a command written as a list starts without a shell.").format(words=words)
    text = f"{command.instruction.name} exec {' '.join(command.words)}"
    variables: list[str] = []
    expanded(" ".join(command.words), project.variables, variables)
    if "PORT" in variables:  # nothing sets it, so a shell would replace it by nothing
        port = str(project.answers.app.port)
        listed = [VARIABLE.sub(lambda match: port if "PORT" in match.groups() else match[0], word) for word in command.instruction.words]
        text = f"{command.instruction.name} {json.dumps(listed)}"
    return project.of_line("variable-not-replaced", Severity.ERROR, command.instruction, sentence, text)


def _packages(project: CodeProject, package: str) -> Iterator[Finding]:
    """The server is installed in the image."""
    if declares(project.folder, project.docker, package) is False:
        id, line = ("gunicorn-missing", GUNICORN) if package == "gunicorn" else ("server-missing", package)
        sentence = _("{package} is not among the packages that are installed, so it cannot be started.").format(package=package)
        named = by_name(project.docker)
        if named is not None and not installed_lists(project.folder, project.docker):
            right = re.sub(r"(\bpip3? install(?:\s+-\S+)*)", rf"\1 {package}", named.original.strip(), count=1)
            yield project.of_line(id, Severity.ERROR, named, sentence, right)
            return
        name = where_to_declare(project.folder, project.docker)
        path, command = project.folder / name, adding_command((project.folder / name).parent, package)
        if name.endswith(".txt") and not path.is_file():
            words = _("Add it to what the image installs.")
            yield project.of_line(id, Severity.ERROR, project.docker.instructions[-1], f"{sentence} {words}")
        elif name.endswith(".txt"):
            yield project.appended(id, Severity.ERROR, name, sentence, line)
        elif command or name.startswith("setup."):
            words = _("Add it ({command}), so that the lock file follows.").format(command=command) if command else _("Add it there.")
            yield project.in_file(id, Severity.ERROR, path, 0, f"{sentence} {words}")
        else:
            yield project.toml_edited(id, Severity.ERROR, path, sentence, lambda content: declare(content, line))


def _debug(project: CodeProject) -> Iterator[Finding]:
    for name, wrong in (("FLASK_DEBUG", ("1", "true", "on")), ("FLASK_ENV", ("development",))):
        if project.variables.get(name, "").lower() in wrong:
            sentence = _("{name} is for your computer: in Azure it may show the code's insides to everyone.").format(name=name)
            line = next(
                (instruction for instruction in project.docker.instructions if instruction.name == "ENV" and name in instruction.words),
                None,
            )
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
