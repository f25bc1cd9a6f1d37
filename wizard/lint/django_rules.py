"""What Django's own settings do in Azure: hosts that are let in, debugging, and the static files that nobody serves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from wizard.lint.expectations.host_lists import OF_AZURE, Refused, whom_hosts_refuse
from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.source.python_source import name_of, parse_python, text_of, top_statements

MODULE = "DJANGO_SETTINGS_MODULE"


def check_django(project: CodeProject) -> Iterator[Finding]:
    """The settings of a Django project, where they are written out; what a variable gives is not judged."""
    if project.code.framework != "django":
        return
    used = _used_settings(project)
    said: set[str] = set()
    for path in used or [path for path in project.code.files if "settings" in (path.stem, path.parent.name)]:
        if (tree := parse_python(path)) is not None:
            values = {
                name_of(target): node for node in top_statements(tree.body) if isinstance(node, ast.Assign) for target in node.targets
            }
            values = {name: node for name, node in values.items() if not (used and name in said)}
            said |= values.keys()
            yield from _hosts(project, path, values.get("ALLOWED_HOSTS"))
            yield from _debug(project, path, values.get("DEBUG"))


def _used_settings(project: CodeProject) -> list[Path]:
    """The file that DJANGO_SETTINGS_MODULE names in the container, then those of which it imports all; empty where that is not known."""
    use = next((use for use in project.code.variables if use.name == MODULE), None)
    module = project.variables.get(MODULE) or (use.default if use else "") or ""
    waiting, used = [_file_of(project, module)], list[Path]()
    while waiting:
        path = waiting.pop(0)
        if path is None or path in used:
            continue
        used.append(path)
        tree = parse_python(path)
        for node in reversed(tree.body) if tree is not None else ():
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                near = path.parents[node.level - 1] if node.level else None
                waiting.append(_file_of(project, node.module or "", near))
    return used


def _file_of(project: CodeProject, module: str, near: Path | None = None) -> Path | None:
    """The project's file of a module; beside `near` for one that is named from there."""
    place = module.replace(".", "/")
    for path in project.code.files if module else ():
        name = path.relative_to(near or project.folder).as_posix() if path.is_relative_to(near or project.folder) else ""
        if f"/{name}".endswith((f"/{place}.py", f"/{place}/__init__.py")):
            return path
    return None


def _hosts(project: CodeProject, path: Path, hosts: ast.Assign | None) -> Iterator[Finding]:
    """Django answers 400 to every host that ALLOWED_HOSTS does not name (its manual, "Settings")."""
    if hosts is None or not isinstance(hosts.value, ast.List | ast.Tuple):
        return
    names = [text_of(part) for part in hosts.value.elts]
    match whom_hosts_refuse(project, names):
        case Refused.EVERYONE:
            sentence = _("ALLOWED_HOSTS does not let in the address that Azure gives your API: Django would answer 400 to every request.")
        case Refused.PROBES:
            sentence = _(
                "Azure asks {path} under the address that it gives your API, which ALLOWED_HOSTS does not let in: Django would answer 400, "
                "and no version would be ready."
            ).format(path=project.answers.app.health_path)
        case None:
            return
    text = f"ALLOWED_HOSTS = {[*names, OF_AZURE]}".replace("'", '"')
    end = hosts.end_lineno or hosts.lineno
    yield project.in_file("django-hosts", Severity.WARNING, path, hosts.lineno, sentence, text, end)


def _debug(project: CodeProject, path: Path, debug: ast.Assign | None) -> Iterator[Finding]:
    if debug is not None and isinstance(debug.value, ast.Constant) and debug.value.value is True:
        sentence = _("{name} is for your computer: in Azure it may show the code's insides to everyone.").format(name="DEBUG")
        yield project.in_file("debug-on", Severity.WARNING, path, debug.lineno, sentence, "DEBUG = False")
