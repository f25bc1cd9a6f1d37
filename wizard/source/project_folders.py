"""The folders here that hold an API's code, found by the names of their files alone."""

from __future__ import annotations

from pathlib import Path

from wizard.source.ignored_folders import DOCKERFILES, NEVER_ENTERED


def find_projects(folder: Path) -> list[Path]:
    """The folders that look like a Python API: `folder` itself, or those right inside it; those with Flask first."""
    candidates = [folder, *sorted(path for path in folder.iterdir() if path.is_dir() and path.name not in NEVER_ENTERED)]
    likely = [path for path in candidates if _looks_like_an_api(path)]
    if len(likely) < 2:
        return likely
    from wizard.source.code_facts import read_code

    return sorted(likely, key=lambda path: not read_code(path).is_flask)


def _looks_like_an_api(folder: Path) -> bool:
    marks = ("requirements.txt", "pyproject.toml", "run.py", "app.py", "wsgi.py", *DOCKERFILES)
    return not folder.name.startswith(".") and any((folder / mark).is_file() for mark in marks)
