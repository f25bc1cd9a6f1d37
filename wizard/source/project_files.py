"""The one walk over a project's folder, for every reader: what no Python API is made of is never entered."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from pathlib import Path

NEVER_ENTERED = frozenset(
    {"node_modules", "bower_components", "jspm_packages", "__pycache__", "site-packages", "__pypackages__", "lost+found"}
)
"""Folders that tools fill, whatever else lies in them."""
OFTEN_MADE = frozenset({"venv", "env", "virtualenv", "build", "dist", "target", "htmlcov"})
"""Names that tools use for what they make and people use for code: entered only with an ``__init__.py`` in them."""
TESTS = frozenset({"tests", "test"})
MOST_ENTRIES = 200_000
"""A folder with more files than this, such as a home folder, is read as far as it goes, what lies nearest the top first."""


def walk(folder: Path, visited: frozenset[str] = frozenset()) -> Iterator[Path]:
    """Every file of a project, nearest the top first and then by name. Links to folders are not followed.

    Left out: virtual environments (by their pyvenv.cfg or conda-meta, whatever they are called), node_modules, caches, hidden folders,
    and what the project's own .gitignore leaves out as a whole folder.

    :param visited: hidden folders that are entered all the same.
    """
    ignored = _IgnoredFolders(folder)
    waiting = deque([(folder, "")])
    seen = 0
    while waiting:
        base, below = waiting.popleft()
        inner: list[tuple[Path, str]] = []
        for entry in _entries(base):
            seen += 1
            name = f"{below}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                if entry.name in visited or not (is_never_entered(Path(entry.path)) or ignored(name)):
                    inner.append((Path(entry.path), f"{name}/"))
            elif _is_file(entry):
                yield Path(entry.path)
        if seen > MOST_ENTRIES:
            return
        waiting.extend(inner)


def python_files(folder: Path) -> Iterator[Path]:
    """The Python files of an API: every one of the walk but those of its tests."""
    for path in walk(folder):
        if path.suffix == ".py" and not TESTS.intersection(path.relative_to(folder).parts[:-1]):
            yield path


def is_never_entered(folder: Path) -> bool:
    """Whether a folder holds what tools wrote: packages, caches, an environment, a version control system's own files."""
    name = folder.name
    if name in NEVER_ENTERED or name.startswith(".") or name.endswith(".egg-info"):
        return True
    if is_environment(folder):
        return True
    return name in OFTEN_MADE and not (folder / "__init__.py").is_file()


def is_environment(folder: Path) -> bool:
    """Whether a folder is a virtual environment of Python's or of conda's, whatever it is called."""
    return (folder / "pyvenv.cfg").is_file() or (folder / "conda-meta").is_dir()


def _is_file(entry: os.DirEntry[str]) -> bool:
    """Whether it is a file, or a link to one; a link that leads in a circle is none."""
    try:
        return entry.is_file()
    except OSError:
        return False


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


class _IgnoredFolders:
    """Tells whether the .gitignore at the top leaves a folder out; the spec is made once, and only where there is such a file."""

    def __init__(self, folder: Path) -> None:
        self._spec = None
        file = folder / ".gitignore"
        if file.is_file():
            from wizard.source.git.gitignore import git_rules
            from wizard.source.text_file import read_lines

            self._spec = git_rules(read_lines(file))

    def __call__(self, name: str) -> bool:
        return self._spec is not None and self._spec.match_file(f"{name}/")
