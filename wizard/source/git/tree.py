"""The source folder as a commit in a repository would hold it: which files, under which paths, with which of Git's object ids."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.source.git.desired_pipeline import FILE
from wizard.source.git.gitignore import git_ignored

if TYPE_CHECKING:
    from wizard.source.build_context import BuildContext, ContextEntry

FILE_MODE, RUNNABLE, LINK = "100644", "100755", "120000"
"""What Git says of a file: that it is one, can be run, or is a link."""


def in_repository(folder: str, path: str) -> str:
    """The path in the repository of a file of the source; `folder` is where the source lies there."""
    return f"{folder}/{path}" if folder else path


def contents(source: BuildContext, folder: str, there: Mapping[str, str]) -> dict[str, bytes]:
    """Path in the repository -> content of every file that belongs there: what a build gets, less what the person keeps out of Git.

    :param there: the repository's files; one that it has is compared although Git would leave it out.
    """
    ignored = git_ignored(source.folder)
    path_in_repository = {in_repository(folder, entry.path): entry.path for entry in _entries(source, "file") if entry.path != FILE}
    return {path: (source.folder / name).read_bytes() for path, name in path_in_repository.items() if path in there or not ignored(name)}


def link_contents(source: BuildContext, folder: str) -> dict[str, bytes]:
    """Path in the repository -> what Git keeps of a link, which is where it leads."""
    ignored = git_ignored(source.folder)
    return {in_repository(folder, entry.path): entry.target.encode() for entry in _entries(source, "link") if not ignored(entry.path)}


def programs(source: BuildContext, folder: str) -> list[str]:
    """Path in the repository of every script that can be run, so that a Dockerfile may start it by its name."""
    ignored = git_ignored(source.folder)
    marked = [entry.path for entry in _entries(source, "file") if entry.runnable and not ignored(entry.path)]
    return [in_repository(folder, path) for path in marked if _begins_as_script(source.folder / path)]


def missing_from(folder: Path, below: str, paths: Iterable[str]) -> list[str]:
    """Those paths in the repository that lie below the source's place and that do not exist in `folder`."""
    inner = [path for path in paths if path.startswith(below)]
    return [
        path for path in inner if not (folder / path.removeprefix(below)).exists() and not (folder / path.removeprefix(below)).is_symlink()
    ]


def ids(content: bytes) -> tuple[str, ...]:
    """Git's object ids of a file: as it stands, and with the line ends that Git may have made of it."""
    forms = (content, content.replace(b"\r\n", b"\n"))
    return tuple(hashlib.sha1(b"blob %d\0%b" % (len(form), form), usedforsecurity=False).hexdigest() for form in forms)


def _entries(source: BuildContext, kind: str) -> list[ContextEntry]:
    return [entry for entry in source.entries if entry.kind == kind]


def _begins_as_script(file: Path) -> bool:
    with file.open("rb") as content:
        return content.read(2) == b"#!"
