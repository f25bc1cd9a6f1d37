"""Which Python files are certainly imported when an API starts: those that the started one imports at its top, and so on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from wizard.source.python_source import parse_python
from wizard.source.starting.app_objects import find_module

MOST = 500


def loaded_files(folder: Path, started: Path | None) -> frozenset[Path]:
    """The files below a folder that run at the start, as far as plain import lines lead; empty when the start is not known."""
    loaded: set[Path] = set()
    waiting = [started] if started is not None else []
    while waiting and len(loaded) < MOST:
        path = waiting.pop()
        if path in loaded:
            continue
        loaded.add(path)
        tree = parse_python(path)
        for imported in _imported(folder, path, tree) if tree is not None else ():
            waiting += [imported, *_packages(folder, imported)]
    return frozenset(loaded)


def _imported(folder: Path, path: Path, tree: ast.Module) -> Iterator[Path]:
    for node in tree.body:
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level:
            base = path.parents[node.level - 1]
            if base.is_relative_to(folder):
                here = [*base.relative_to(folder).parts, *(node.module or "").split(".")]
                module = ".".join(filter(None, here))
                names = [module, *(f"{module}.{alias.name}".lstrip(".") for alias in node.names)]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            if (file := find_module(folder, name)) is not None:
                yield file


def _packages(folder: Path, path: Path) -> Iterator[Path]:
    """The ``__init__.py`` files of the packages that a file lies in, which run before it."""
    base = path.parent
    while base != folder and base.is_relative_to(folder):
        if (base / "__init__.py").is_file():
            yield base / "__init__.py"
        base = base.parent
