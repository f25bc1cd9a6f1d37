"""The folders here that hold an API in Python: looked at in a moment, however much lies in them."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

from wizard.source.compose.service import read_compose
from wizard.source.dependencies import read_dependencies
from wizard.source.file_facts import IMPORT
from wizard.source.ignored_folders import DOCKERFILES
from wizard.source.project_files import is_never_entered, python_files
from wizard.source.python_source import read_python

FRAMEWORKS = {
    "flask": "Flask",
    "fastapi": "FastAPI",
    "django": "Django",
    "litestar": "Litestar",
    "quart": "Quart",
    "starlette": "Starlette",
    "sanic": "Sanic",
    "falcon": "Falcon",
    "bottle": "Bottle",
    "connexion": "Connexion",
    "dash": "Dash",
    "apiflask": "APIFlask",
    "blacksheep": "BlackSheep",
}
"""What an API in Python is made with: the package, and how its authors write its name."""
MARKS = ("requirements.txt", "pyproject.toml", "Pipfile", "setup.py", "environment.yml", "manage.py", *DOCKERFILES)
MOST_READ = 60  # files of one folder, those nearest the top
MOST_FOLDERS = 200
DEEPEST = 3  # levels below the folders right inside, where those hold nothing


def find_projects(folder: Path) -> list[Path]:
    """The folders that hold a Python API: `folder` itself, or those right inside it; those with a known framework first.

    Where none of these does, those further inside, such as ``services/orders``: the nearest that are marked as a project.
    """
    inside = _folders(folder)
    ranked = [(rank, path) for path in inside if (rank := _rank(path)) is not None]
    compose = read_compose(folder)
    built = compose is not None and compose.dockerfile != ""
    whole = _rank(folder, marked=built)
    if whole is not None and (not ranked or built or _has_own_files(folder)):
        ranked = [(whole, folder), *((rank, path) for rank, path in ranked if _is_marked(path))]  # the others are its own packages
    for _level in range(DEEPEST if not ranked else 0):
        inside = list(islice((deeper for path in inside if os.access(path, os.R_OK | os.X_OK) for deeper in _folders(path)), MOST_FOLDERS))
        ranked = [(rank, path) for path in inside if _is_marked(path) and (rank := _rank(path)) is not None]
        if ranked:
            break
    return [path for _rank_of, path in sorted(ranked, key=lambda pair: pair[0])]


def _folders(folder: Path) -> list[Path]:
    paths = (path for path in folder.iterdir() if path.is_dir() and not is_never_entered(path))
    return list(islice(sorted(paths), MOST_FOLDERS))


def _rank(folder: Path, *, marked: bool = False) -> int | None:
    """How much a folder looks like an API, 0 the most; None for one that holds no Python at its top or no Python at all."""
    marked = marked or _is_marked(folder)
    if folder.name.startswith(".") or not (marked or any(folder.glob("*.py"))):
        return None
    files = list(islice(python_files(folder), MOST_READ))
    if not files:
        return None
    imported = {name for path in files for name in _imports(path)}
    if "flask" in imported:
        return 0
    if imported.intersection(FRAMEWORKS) or read_dependencies(folder).has(*FRAMEWORKS):
        return 1
    return 2 if marked else None


def _is_marked(folder: Path) -> bool:
    """Whether a file in a folder says that a project begins there."""
    return any((folder / mark).is_file() for mark in MARKS)


def _has_own_files(folder: Path) -> bool:
    """Whether a folder is a project itself, rather than a place for several with a Dockerfile in ``docker``."""
    return any((folder / mark).is_file() for mark in MARKS if "/" not in mark) or any(folder.glob("*.py"))


def _imports(path: Path) -> set[str]:
    """The first part of every module that a file imports."""
    names = IMPORT.findall(read_python(path) or b"")
    return {(module or modules).decode(errors="replace").strip().split(".")[0].split(" ")[0].rstrip(",") for module, modules in names}
