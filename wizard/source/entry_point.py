"""What a server loads to run a Flask API: a module's ``app``, or a function that makes it. Nothing is imported."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

USUAL = ("run", "wsgi", "app", "main", "application", "server")
FACTORIES = ("create_app", "make_app", "build_app", "get_app")
RUN_FILE = """\
import os

{imported}

config_name = os.getenv("FLASK_CONFIG") or "default"
app = {call}

if __name__ == "__main__":
    app.run(host="0.0.0.0", port={port})
"""


@dataclass(frozen=True)
class Factory:
    """A function that makes the app: ``create_app`` in ``app``, or a class's, as ``MyApp.create_app`` in the article."""

    module: str
    name: str
    takes_config: bool


def find_module(folder: Path, module: str) -> Path | None:
    """The file of a module such as ``orders.wsgi`` below a folder."""
    path = folder.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def top_names(file: Path) -> set[str] | None:
    """The names that a module has once it was imported; None when that cannot be known (``import *``, no Python)."""
    try:
        tree = ast.parse(file.read_text(encoding="utf-8-sig"))
    except (OSError, SyntaxError, ValueError):
        return None
    names: set[str] = set()
    for node in _top(tree.body):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                if any(alias.name == "*" for alias in aliases):
                    return None
                names |= {(alias.asname or alias.name).partition(".")[0] for alias in aliases}
            case ast.Assign(targets=targets):
                names |= {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                names.add(name)
    return names


def find_target(folder: Path, *first: str) -> str | None:
    """``run:app`` for the first usual module, or package, that has an ``app``; None when there is none.

    :param first: modules to look at before the usual ones.
    """
    for module in [*filter(None, first), *USUAL, *_packages(folder)]:
        file = find_module(folder, module)
        names = top_names(file) if file else set()
        found = next((name for name in ("app", "application") if names and name in names and not _is_package(folder, name, file)), None)
        if found:
            return f"{module}:{found}"
    return None


def find_factory(folder: Path) -> Factory | None:
    """The first function of a usual name that makes an app."""
    for module in [*_packages(folder), *USUAL]:
        file = find_module(folder, module)
        tree = _parsed(file) if file else None
        for node in tree.body if tree else []:
            if isinstance(node, ast.FunctionDef) and node.name in FACTORIES:
                return Factory(module, node.name, bool(node.args.args))
            if isinstance(node, ast.ClassDef):
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef) and inner.name in FACTORIES:
                        takes = len(inner.args.args) - (not _static(inner)) > 0
                        return Factory(module, f"{node.name}.{inner.name}", takes)
    return None


def run_file(factory: Factory, port: int) -> str:
    """The content of a ``run.py`` as in the article."""
    imported = f"from {factory.module} import {factory.name.partition('.')[0]}"
    text = RUN_FILE.format(imported=imported, call=f"{factory.name}({'config_name' if factory.takes_config else ''})", port=port)
    if factory.takes_config:
        return text
    return text.replace("import os\n\n", "").replace('config_name = os.getenv("FLASK_CONFIG") or "default"\n', "")


def _static(function: ast.FunctionDef) -> bool:
    return any(isinstance(decorator, ast.Name) and decorator.id == "staticmethod" for decorator in function.decorator_list)


def _top(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements that run at import, those inside ``if``, ``try`` and ``with`` too, but not under ``__main__``."""
    found: list[ast.stmt] = []
    for node in body:
        found.append(node)
        if isinstance(node, ast.If) and not is_main_guard(node):
            found += _top(node.body) + _top(node.orelse)
        elif isinstance(node, ast.Try):
            found += _top(node.body) + _top(node.orelse) + _top(node.finalbody)
            found += [inner for handler in node.handlers for inner in _top(handler.body)]
        elif isinstance(node, ast.With):
            found += _top(node.body)
    return found


def is_main_guard(node: ast.If) -> bool:
    """``if __name__ == "__main__":``."""
    return any(isinstance(part, ast.Name) and part.id == "__name__" for part in ast.walk(node.test))


def server_calls(file: Path) -> list[tuple[ast.Call, bool]]:
    """Every ``app.run(...)`` of Flask's own server at the top of a file, and whether it stands under ``__main__``."""
    tree = _parsed(file)
    if tree is None:
        return []
    modules = {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    calls = []
    for node in _top(tree.body):
        guarded = isinstance(node, ast.If) and is_main_guard(node)
        inside = ast.walk(node) if guarded else [node.value] if isinstance(node, ast.Expr) else []
        for part in inside:
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr == "run":
                owner = part.func.value
                is_app = isinstance(owner, ast.Name | ast.Call) and not (isinstance(owner, ast.Name) and owner.id in modules)
                if is_app and not any(isinstance(argument, ast.Name) for argument in part.args):
                    calls.append((part, guarded))
    return calls


def _parsed(file: Path) -> ast.Module | None:
    try:
        return ast.parse(file.read_text(encoding="utf-8-sig"))
    except (OSError, SyntaxError, ValueError):
        return None


def _packages(folder: Path) -> list[str]:
    """The packages right in a folder, but for tests."""
    return sorted(path.parent.name for path in folder.glob("*/__init__.py") if path.parent.name not in ("tests", "test", "migrations"))


def _is_package(folder: Path, name: str, file: Path | None) -> bool:
    """Whether a name such as ``app`` is the package of that name, imported, rather than the app in it."""
    if file is None or not (folder / name / "__init__.py").is_file():
        return False
    tree = _parsed(file)
    return tree is not None and any(isinstance(node, ast.Import) and any(a.name == name for a in node.names) for node in tree.body)
