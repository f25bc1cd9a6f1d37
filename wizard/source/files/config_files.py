"""The files that Flask's configuration is read from: ``app.config.from_pyfile("shop.cfg")`` and its like."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wizard.source.python_source import argument, keyword, parse_python, read_python, text_of

READING = ("from_pyfile", "from_file", "from_json")


@dataclass(frozen=True)
class ConfigFile:
    """One file.

    :param path: where it lies, or should lie, in the project.
    :param silent: whether the API starts without it.
    :param where: the file and the line that name it.
    """

    path: Path
    silent: bool
    where: tuple[Path, int]


def config_files(folder: Path, files: Iterable[Path]) -> Iterator[ConfigFile]:
    """Those whose name stands in the code; relative ones lie beside the module, in the instance folder, or where Python was started."""
    for path in files:
        if b".from_" not in (read_python(path) or b"") or (tree := parse_python(path)) is None:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READING:
                name = text_of(argument(node, 0, "filename"))
                silent = keyword(node, "silent")
                if name and not posixpath.isabs(name):
                    bases = (path.parent, folder / "instance", path.parent / "instance", folder)
                    places = [Path(posixpath.normpath(base / name)) for base in bases]
                    found = next((place for place in places if place.is_file() and place.is_relative_to(folder)), places[0])
                    certain = isinstance(silent, ast.Constant) and bool(silent.value)
                    yield ConfigFile(found, certain, (path, node.lineno))
