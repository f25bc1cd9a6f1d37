"""A container image's file tree in a folder of this machine, changed as a builder with that folder as its root would change it.

Whatever links the tree and the sources hold, nothing outside the folder is written: every path is resolved by `rooted.inside`, and what
is copied replaces a link that stands in its place instead of following it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from wizard.containers.copy_sources import has_wildcards, pattern
from wizard.practice.kernel.rooted import inside


class FileTree:
    """The tree in the folder `root`. Every path is one of the tree, from its root; errors are OSError."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, path: str, *, follow: bool = True) -> Path:
        """Where it lies on this machine, in words of `rooted.inside`."""
        return inside(self.root, path, follow=follow)

    def exists(self, path: str) -> bool:
        """Whether it is there; a link that leads nowhere is not."""
        with contextlib.suppress(OSError):
            return self.path(path).exists()
        return False

    def is_folder(self, path: str) -> bool:
        """Whether a folder is there."""
        with contextlib.suppress(OSError):
            return self.path(path).is_dir()
        return False

    def find(self, glob: str) -> list[str]:
        """The paths that Docker's wildcards name, sorted; links to folders are not gone into."""
        paths = [""]
        for name in PurePosixPath("/", glob).parts[1:]:
            paths = [f"{place}/{child}" for place in paths for child in self._children(place, name)]
        return sorted(paths)

    def _children(self, place: str, name: str) -> Iterator[str]:
        folder = inside(self.root, place, follow=False)
        if folder.is_symlink() or not folder.is_dir():
            return
        if has_wildcards(name):
            yield from (child.name for child in folder.iterdir() if pattern(name).fullmatch(child.name))
        elif os.path.lexists(folder / name):
            yield name

    def make_folder(self, path: str) -> Path:
        """The folder, made with all above it where it is not there."""
        folder = self.path(path)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def put(self, source: Path, path: str) -> None:
        """Copy a file, or what a folder holds, to `path`; a link there is followed, those below it are replaced.

        :param source: on this machine, itself no link.
        """
        target = self.path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy(source, target)

    def create(self, path: str, mode: int = 0o644) -> BinaryIO:
        """A new file to write to, in place of what is no folder there."""
        target = self.path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target)
        target.touch(mode | stat.S_IRUSR | stat.S_IWUSR)
        target.chmod(mode & 0o777 | stat.S_IRUSR | stat.S_IWUSR)
        return target.open("wb")

    def link(self, target: str, path: str) -> None:
        """A symbolic link at `path`, in place of what is no folder there."""
        place = self.path(path, follow=False)
        place.parent.mkdir(parents=True, exist_ok=True)
        _replace(place)
        place.symlink_to(target)

    def remove(self, path: str) -> None:
        """Remove a file, a link itself, or a folder with all in it."""
        place = self.path(path, follow=False)
        if place == self.root:
            return
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink()


def _copy(source: Path, target: Path) -> None:
    """Copy what is at `source` to exactly `target`, as an archive is unpacked over what is there."""
    about = source.lstat()
    if stat.S_ISLNK(about.st_mode):
        _replace(target, folders=True)
        target.symlink_to(source.readlink())
    elif stat.S_ISDIR(about.st_mode):
        if target.is_symlink() or not target.is_dir():
            _replace(target)
            target.mkdir(mode=0o755)
        for child in sorted(source.iterdir()):
            _copy(child, target / child.name)
        target.chmod(stat.S_IMODE(about.st_mode) | stat.S_IRWXU)
    elif stat.S_ISREG(about.st_mode):
        _replace(target, folders=True)
        shutil.copyfile(source, target, follow_symlinks=False)
        target.chmod(stat.S_IMODE(about.st_mode) & 0o777 | stat.S_IRUSR | stat.S_IWUSR)


def _replace(target: Path, *, folders: bool = False) -> None:
    """Make room for a new entry, so that nothing is written through a link or into a file with a second name."""
    if target.is_dir() and not target.is_symlink():
        if folders:
            shutil.rmtree(target)
    else:
        target.unlink(missing_ok=True)
