"""The folders here that hold an API's code, found by the names of their files alone."""

from __future__ import annotations

from pathlib import Path

LEFT_OUT = frozenset({".git", ".gitignore", ".bzr", ".bzrignore", ".hg", ".hgignore", ".svn"})
"""Names at the top of the folder that ``az acr build`` never sends (reference 1.6)."""
LEFT_OUT_ANYWHERE = frozenset({".venv", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
"""What tools write beside the code: none belongs into an image."""
NEVER_ENTERED = LEFT_OUT | LEFT_OUT_ANYWHERE | {"node_modules", "venv", "env", "build", "dist"}
DOCKERFILES = ("Dockerfile", "docker/Dockerfile")


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
