"""Whether the API finds what it cannot do without in its environment, and what it finds there that is right on one computer only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wizard.lint.expectations.local_servers import BARE, NAMES, host_of, is_elsewhere
from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.setup.env_table import laptop_only
from wizard.source.files.databases import SERVER_URL, SERVERS
from wizard.source.files.loaded_files import loaded_files
from wizard.source.settings.variable_use import VariableUse
from wizard.source.starting.app_objects import find_module

LETS_IN = re.compile(r"(ALLOW(ED)?|TRUST(ED)?|CORS|CSRF|PERMITTED|WHITELIST)_\w*|\w*ORIGINS?(_REGEX)?", re.IGNORECASE)
"""What tells by name who may ask."""
LISTENS = re.compile(
    r"(?:(?:UVICORN|SERVER|APP|API|WEB|GUNICORN|HYPERCORN|GRANIAN|FASTAPI|FLASK|HTTP|LISTEN|BIND|SERVICE)_+)?(?:HOST|BIND|LISTEN|ADDRESS|HOST_IP)",
    re.IGNORECASE,
)
"""What tells a server its own place, as people and servers call it."""
OWN_PATH = re.compile(r"[A-Za-z]:\\|/(Users|home)/")


def check_variables(project: CodeProject) -> Iterator[Finding]:
    """Every variable that the code requires has a value, its own or a secret's; an empty text is none."""
    secret = {variable.name for variable in project.answers.variables if variable.secret}
    empty = {variable.name for variable in project.answers.variables if variable.value == ""}
    for use in project.code.variables:
        if not (use.in_code and use.required) or use.name in secret or project.variables.get(use.name):
            continue
        if use.name in empty:
            sentence = _("{name}, which your code asks for, is empty in the setup: give it a value, or make it a secret.")
            line = project.setup_line(rf'name\s*=\s*"{use.name}"')
            yield project.in_setup("variable-missing", _severity(project, use), line, sentence.format(name=use.name))
        else:
            sentence = _("Your code asks for {name}, and the setup gives it none: it would end with an error. Add the variable or secret.")
            path = project.folder / use.file
            line = int(use.where.rpartition(":")[2])
            yield project.in_file("variable-missing", _severity(project, use), path, line, sentence.format(name=use.name))


def check_servers(project: CodeProject) -> Iterator[Finding]:
    """A default that is right on one's own computer alone: a server's address, a name that may ask, a place to listen, a path."""
    declared = {variable.name for variable in project.answers.variables}
    for use in project.code.variables:
        if (
            use.in_code
            and use.default
            and (laptop_only(use.default) or _of_compose(use))
            and use.name not in declared
            and use.name not in project.docker.environment
            and not (LISTENS.fullmatch(use.name) and project.start.listening is not None)  # told where it listens
        ):
            path, line = project.folder / use.file, int(use.where.rpartition(":")[2])
            value = SERVERS[match["kind"].lower()] if (match := SERVER_URL.fullmatch(use.default)) else use.default
            sentence = _local_default(use).format(name=use.name, value=value)
            yield project.in_file("local-default", Severity.WARNING, path, line, sentence)


def _of_compose(use: VariableUse) -> bool:
    """Whether a default asks a server by a name that only a compose file knows, such as ``db``."""
    if SERVER_URL.fullmatch(use.default or ""):
        return is_elsewhere(host_of(use.default or ""))
    return NAMES.fullmatch(use.name) is not None and BARE.fullmatch(use.default or "") is not None


def _local_default(use: VariableUse) -> str:
    if LETS_IN.search(use.name):
        return _("Without {name} your code lets in {value} alone: in Azure it is asked under other names, so give {name} those.")
    if LISTENS.fullmatch(use.name):
        return _("Without {name} your API listens on {value}, where Azure cannot reach it: give {name} 0.0.0.0.")
    if OWN_PATH.match(use.default or ""):
        return _("Without {name} your code looks in {value}, a folder of one computer: give {name} the place in the container.")
    if not laptop_only(use.default or ""):
        return _("Without {name} your code asks {value} by a name that only a compose file knows: give {name} the real address.")
    return _("Without {name} your code asks {value}, which in Azure is the container itself: give {name} the real address.")


def _severity(project: CodeProject, use: VariableUse) -> Severity:
    """An error where the line surely runs when the API starts; a warning where that depends on what is asked of it."""
    if not use.at_import:
        return Severity.WARNING
    started = project.start.script
    if started is None and project.command is not None:
        started = find_module(project.folder, project.command.target.partition(":")[0])
    return Severity.ERROR if project.folder / use.file in loaded_files(project.folder, started) else Severity.WARNING
