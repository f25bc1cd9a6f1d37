"""Whether somebody makes the tables of a SQL database before the first request asks for them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.source.migrations import migrate_command, runs_migrations
from wizard.source.project_files import walk
from wizard.source.python_source import is_main_guard, name_of, parse_python, read_python

MAKES = "create_all"
SHIPPED = (".db", ".sqlite", ".sqlite3", ".sql")


def check_tables(project: CodeProject) -> Iterator[Finding]:
    """SQLAlchemy's tables are made by a line that a server runs too, by migrations, or come with the code."""
    if not project.start.server or project.start.script is not None:
        return
    if migrate_command(project.code) or runs_migrations(project.code):
        return
    places = [place for path in project.code.files for place in _places(path)]
    if places and all(guarded for _path, _line, guarded in places):
        path, line, _guarded = places[0]
        sentence = _(
            "{call} runs only where Python is given {file} itself; {server} imports it, so the tables are never made, and requests end "
            "with “no such table”. Take it out of that “if”, or name a command as before_deploy under [app]."
        )
        sentence = sentence.format(call=MAKES, file=path.name, server=project.start.server)
        yield project.in_file("tables-not-made", Severity.WARNING, path, line, sentence)
    elif not places and (model := _model(project)) is not None and not any(path.suffix in SHIPPED for path in walk(project.folder)):
        sentence = _(
            "Nothing in your code makes the tables of its database, so that requests end with “no such table”: call create_all where the "
            "application is made, or name a command as before_deploy under [app]."
        )
        yield project.in_file("tables-not-made", Severity.WARNING, model[0], model[1], sentence)


def _places(path: Path) -> Iterator[tuple[Path, int, bool]]:
    """Where tables are made, and whether only a file that Python itself is given does so."""
    if MAKES.encode() not in (read_python(path) or b"") or (tree := parse_python(path)) is None:
        return
    guards = [node for node in tree.body if is_main_guard(node)]
    inside = {id(part) for guard in guards for part in ast.walk(guard)}
    called = {name_of(part.func) for guard in guards for part in ast.walk(guard) if isinstance(part, ast.Call)}
    elsewhere = {name_of(part.func) for part in ast.walk(tree) if isinstance(part, ast.Call) and id(part) not in inside}
    of_main = {
        id(part)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name in called - elsewhere and not node.decorator_list
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == MAKES:
            yield path, node.lineno, id(node) in inside | of_main


def _model(project: CodeProject) -> tuple[Path, int] | None:
    """The first class of Flask-SQLAlchemy's that has a table in a SQLite file of the API's own."""
    if "flask_sqlalchemy" not in project.code.imports or not project.stored.databases:
        return None
    if any(b"create table" in (read_python(path) or b"").lower() for path in project.code.files):
        return None
    for path in project.code.files:
        tree = parse_python(path) if b".Model" in (read_python(path) or b"") else None
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Attribute) and base.attr == "Model" for base in node.bases):
                return path, node.lineno
    return None
