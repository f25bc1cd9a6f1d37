"""What a server loads to run an API: a module's ``app``, or a function that makes it. Nothing is imported."""

from __future__ import annotations

import ast
from pathlib import Path

from wizard.source.project_files import python_files
from wizard.source.python_source import parse_python, top_statements
from wizard.source.starting.app_objects import AppFinder, AppObject

RUN_FILE = """\
import os

{imported}

config_name = os.getenv("FLASK_CONFIG") or "default"
app = {call}

if __name__ == "__main__":
    app.run(host="0.0.0.0", port={port})
"""


def top_names(file: Path) -> set[str] | None:
    """The names that a module has once it was imported; None when that cannot be known (``import *``, no Python)."""
    tree = parse_python(file)
    if tree is None:
        return None
    names: set[str] = set()
    for node in top_statements(tree.body):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
                if name == "__getattr__":
                    return None
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                if any(alias.name == "*" for alias in aliases):
                    return None
                names |= {(alias.asname or alias.name).partition(".")[0] for alias in aliases}
            case ast.Assign(targets=targets):
                names |= {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                names.add(name)
            case ast.For(target=ast.Name(id=name)) | ast.With(items=[ast.withitem(optional_vars=ast.Name(id=name))]):
                names.add(name)
    return names


def find_app(folder: Path, *first: str) -> AppObject | None:
    """The application that a server can load as it stands: an object, or else a function that needs no argument.

    :param first: modules to look at before the usual ones.
    """
    function: AppObject | None = None
    for app in AppFinder(folder, list(python_files(folder))).all(*first):
        if not app.factory:
            return app
        if function is None and not app.needs_argument and "." not in app.name:
            function = app
    return function


def find_factory(folder: Path) -> AppObject | None:
    """The first function that makes an application, whatever it needs for that."""
    return next((item for item in AppFinder(folder, list(python_files(folder))).all() if item.factory), None)


def run_file(factory: AppObject, port: int) -> str:
    """The content of a ``run.py`` as in the article."""
    imported = f"from {factory.module} import {factory.name.partition('.')[0]}"
    text = RUN_FILE.format(imported=imported, call=f"{factory.name}({'config_name' if factory.takes_config else ''})", port=port)
    if factory.takes_config:
        return text
    return text.replace("import os\n\n", "").replace('config_name = os.getenv("FLASK_CONFIG") or "default"\n', "")
