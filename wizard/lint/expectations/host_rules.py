"""Lists of the host names under which an API lets itself be asked: Starlette's middleware, Litestar's, Flask's TRUSTED_HOSTS."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from wizard.lint.expectations.host_lists import OF_AZURE, Refused, whom_hosts_refuse
from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.source.python_source import keyword, name_of, parse_python, read_python, text_of
from wizard.source.text_file import read_lines

MIDDLEWARE, LITESTAR, FLASK = "TrustedHostMiddleware", "AllowedHostsConfig", "TRUSTED_HOSTS"
NAMES = (MIDDLEWARE, LITESTAR, FLASK)


def check_trusted_hosts(project: CodeProject) -> Iterator[Finding]:
    """Each of them answers 400 to a host that is not on its list; a probe of Azure asks under the API's address."""
    for path in project.code.files:
        content = read_python(path) or b""
        tree = parse_python(path) if any(name.encode() in content for name in NAMES) else None
        for node in ast.walk(tree) if tree is not None else ():
            name, listed = _list_of(node)
            if isinstance(listed, ast.List | ast.Tuple):
                yield from _of_list(project, path, name, listed)


def _list_of(node: ast.AST) -> tuple[str, ast.expr | None]:
    match node:
        case ast.Call() if name_of(node.func) in NAMES:
            return name_of(node.func), keyword(node, "allowed_hosts")
        case ast.Call() if any(name_of(arg) == MIDDLEWARE for arg in node.args):
            return MIDDLEWARE, keyword(node, "allowed_hosts")
        case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value="TRUSTED_HOSTS"))], value=value):
            return FLASK, value
        case ast.Assign(targets=[ast.Name(id="TRUSTED_HOSTS")], value=value):
            return FLASK, value
    return "", None


def _of_list(project: CodeProject, path: Path, name: str, listed: ast.List | ast.Tuple) -> Iterator[Finding]:
    names = [text_of(part) for part in listed.elts]
    match whom_hosts_refuse(project, names):
        case Refused.EVERYONE:
            sentence = _("{name} does not let in the address that Azure gives your API: every request would be answered with 400.")
        case Refused.PROBES:
            sentence = _(
                "Azure asks {path} under the address that it gives your API, which {name} does not let in: it would answer 400, and no "
                "version would be ready."
            )
        case None:
            return
    of_azure = OF_AZURE if name == FLASK else f"*{OF_AZURE}"  # Werkzeug's host_is_trusted takes a leading dot, the others an asterisk
    sentence = sentence.format(name=name, path=project.answers.app.health_path)
    yield project.in_file(
        "trusted-hosts", Severity.WARNING, path, listed.lineno, sentence, _opened(path, listed, [*names, of_azure]), listed.lineno
    )


def _opened(path: Path, listed: ast.List | ast.Tuple, names: list[str | None]) -> str:
    """The line with these hosts on its list; "" for a list of several lines."""
    if listed.end_lineno != listed.lineno or listed.end_col_offset is None:
        return ""
    line = read_lines(path)[listed.lineno - 1].encode()
    return (line[: listed.col_offset] + json.dumps(names).encode() + line[listed.end_col_offset :]).decode()
