"""What Django's own settings do in Azure: hosts that are let in, debugging, and the static files that nobody serves."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.source.health_path import answers_plainly
from wizard.source.python_source import name_of, parse_python, text_of, top_statements

EVERY_HOST, OF_AZURE = "*", ".azurecontainerapps.io"


def check_django(project: CodeProject) -> Iterator[Finding]:
    """The settings of a Django project, where they are written out; what a variable gives is not judged."""
    if project.code.framework != "django":
        return
    for path in project.code.files:
        if "settings" in (path.stem, path.parent.name) and (tree := parse_python(path)) is not None:
            values = {
                name_of(target): node for node in top_statements(tree.body) if isinstance(node, ast.Assign) for target in node.targets
            }
            yield from _hosts(project, path, values.get("ALLOWED_HOSTS"))
            yield from _debug(project, path, values.get("DEBUG"))


def _hosts(project: CodeProject, path: Path, hosts: ast.Assign | None) -> Iterator[Finding]:
    """Django answers 400 to every host that ALLOWED_HOSTS does not name (its manual, "Settings").

    A probe asks at the copy's own address ("defaults to the pod IP", Container Apps 2024-03-01, ContainerAppProbeHttpGet.host).
    """
    if hosts is None or not isinstance(hosts.value, ast.List | ast.Tuple):
        return
    names = [text_of(part) for part in hosts.value.elts]
    if None in names or EVERY_HOST in names:
        return
    if not (any(name and name.endswith(OF_AZURE) for name in names) or own_domain(names)):
        sentence = _("ALLOWED_HOSTS does not let in the address that Azure gives your API: Django would answer 400 to every request.")
    elif project.answers.app.probes and answers_plainly(project.folder, project.answers.app.health_path):
        sentence = _(
            "Azure asks {path} at the running copy's IP address, which ALLOWED_HOSTS does not let in: Django would answer 400, and no "
            "version would be ready. Azure's front lets in requests for your API's own name only."
        ).format(path=project.answers.app.health_path)
    else:
        return
    text = f"ALLOWED_HOSTS = {[*names, EVERY_HOST]}".replace("'", '"')
    end = hosts.end_lineno or hosts.lineno
    yield project.in_file("django-hosts", Severity.WARNING, path, hosts.lineno, sentence, text, end)


def _debug(project: CodeProject, path: Path, debug: ast.Assign | None) -> Iterator[Finding]:
    if debug is not None and isinstance(debug.value, ast.Constant) and debug.value.value is True:
        sentence = _("{name} is for your computer: in Azure it may show the code's insides to everyone.").format(name="DEBUG")
        yield project.in_file("debug-on", Severity.WARNING, path, debug.lineno, sentence, "DEBUG = False")


def own_domain(names: list[str | None]) -> bool:
    """Whether a name is a domain, which the API may be reached at."""
    return any(name and "." in name and name not in ("127.0.0.1", "0.0.0.0", "::1") for name in names)  # noqa: S104
