"""What a person keeps out of Git: the rules of every ``.gitignore`` from the top of the working tree down to a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.platform.git_remote import top_of

if TYPE_CHECKING:
    import pathspec


def git_rules(lines: Iterable[str]) -> pathspec.GitIgnoreSpec:
    r"""The rules of an ignore file, less the lines that mean nothing to Git.

    A pattern that ends with a backslash, as ``venv\`` does, never matches anything (gitignore(5)); pathspec refuses the whole file for it.
    """
    import pathspec

    whole = list(lines)
    try:
        return pathspec.GitIgnoreSpec.from_lines(whole)
    except (ValueError, re.error):
        return pathspec.GitIgnoreSpec.from_lines(filter(_means_something, whole))


def _means_something(line: str) -> bool:
    import pathspec

    try:
        pathspec.GitIgnoreSpec.from_lines([line])
    except (ValueError, re.error):
        return False
    return True


def git_ignored(folder: Path) -> Callable[[str], bool]:
    """Tells whether Git leaves out a file of `folder`, named by its path within.

    A rule nearer to the file wins over one further up, and nothing is taken out of a folder that is left out, as Git has it. A working
    tree that leaves out the whole folder, such as a home folder with its settings, has no say in it.
    """
    folder = folder.resolve()
    top = top_of(folder) or folder
    inner = folder.relative_to(top).parts
    if inner and _Rules(top).leave_out(inner, is_folder=True):
        top, inner = folder, ()
    rules = _Rules(top)
    return lambda path: rules.leave_out((*inner, *path.split("/")), is_folder=False)


class _Rules:
    """The ignore files of a working tree, each read when a path leads by it."""

    def __init__(self, top: Path) -> None:
        self._top = top
        self._of = cache(self._read)
        self._leaves_out_folder = cache(lambda parts: self.leave_out(parts, is_folder=True))

    def leave_out(self, parts: tuple[str, ...], *, is_folder: bool) -> bool:
        """Whether a path below the top is left out."""
        if len(parts) > 1 and self._leaves_out_folder(parts[:-1]):
            return True
        for depth in reversed(range(len(parts))):
            decision = self._of(parts[:depth]).check_file("/".join(parts[depth:]) + ("/" if is_folder else "")).include
            if decision is not None:
                return bool(decision)
        return False

    def _read(self, below: tuple[str, ...]) -> pathspec.GitIgnoreSpec:
        files = [self._top.joinpath(*below, ".gitignore")]
        if not below:
            files.insert(0, self._top / ".git" / "info" / "exclude")
        texts = [file.read_text(encoding="utf-8", errors="replace") for file in files if file.is_file()]
        return git_rules(line for text in texts for line in text.splitlines())
