"""The files that a configuration is read from: Flask's ``app.config.from_pyfile("shop.cfg")`` and its like, ``dotenv_values(".env")``."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from wizard.source.python_source import argument, keyword, name_of, parse_python, read_python, text_of

READS_ENV_FILE = re.compile(rb"\b(dotenv_values|RepositoryEnv)\b")
"""python-dotenv's function that asks a file rather than the environment, and python-decouple's class that ends without its file."""
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


def env_files_read(files: Iterable[Path]) -> Iterator[tuple[Path, int, str]]:
    """Where the code asks a ``.env`` file alone: the file, the line, and the name; not ``{**dotenv_values(".env"), **os.environ}``."""
    for path in files:
        if not READS_ENV_FILE.search(read_python(path) or b"") or (tree := parse_python(path)) is None:
            continue
        merged = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Dict) and None in node.keys for part in ast.walk(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) in ("dotenv_values", "RepositoryEnv") and id(node) not in merged:
                name = text_of(argument(node, 0, "dotenv_path") or argument(node, 0, "source") or ast.Constant(".env"))
                if name and posixpath.basename(name).startswith(".env"):
                    yield path, node.lineno, name
