"""Archives from outside, taken apart without letting them write anywhere else."""

from __future__ import annotations

import posixpath
import shutil
import tarfile
import zlib
from pathlib import Path

from wizard.practice.kernel.file_tree import FileTree

MOST_BYTES = 2 << 30
MOST_MEMBERS = 100_000


class UnsafeArchive(Exception):
    """An archive that is broken, too large, or reaches outside its folder."""


def extract(archive: Path, folder: Path) -> int:
    """Extract a tar archive, compressed or not, into `folder`; answers how many bytes its files hold.

    :raises UnsafeArchive: for a broken one, one with a path or link that leads out, or one of more than 2 GiB or 100,000 members.
    """
    return unpack(archive, FileTree(folder), "/", links_out=False)


def unpack(archive: Path, tree: FileTree, place: str, *, links_out: bool = True) -> int:
    """Extract a tar archive into a folder of a file tree, as ADD does: its links are followed inside the tree only.

    :param links_out: whether links may name what lies outside `place`; in the tree, they then lead nowhere else all the same.
    :raises UnsafeArchive: see `extract`.
    """
    total = members = 0
    try:
        with tarfile.open(archive) as tar:
            for member in tar:
                total, members = total + member.size, members + 1
                if total > MOST_BYTES or members > MOST_MEMBERS:
                    raise UnsafeArchive("the archive is too large")
                _extract(tar, member, tree, place, links_out=links_out)
    except (tarfile.TarError, OSError, EOFError, ValueError, zlib.error) as error:
        raise UnsafeArchive(f"archive/tar: {error}") from error
    return total


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, tree: FileTree, place: str, *, links_out: bool) -> None:
    name = member.name
    if name.startswith("/") or ".." in name.split("/"):
        raise UnsafeArchive(f"archive/tar: {name!r} leads out of the archive")
    path = posixpath.join(place, name)
    if member.isdir():
        tree.make_folder(path).chmod(member.mode & 0o777 | 0o700)
    elif member.issym():
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(name), member.linkname))
        depth = len([part for part in posixpath.dirname(name).split("/") if part not in ("", ".")])
        if not links_out and (member.linkname.startswith("/") or _climbs(member.linkname, depth)):
            raise UnsafeArchive(f"archive/tar: {name!r} is a link that leads out of the archive ({target})")
        tree.link(member.linkname, path)
    elif member.islnk():
        if ".." in member.linkname.split("/"):
            raise UnsafeArchive(f"archive/tar: {name!r} is a link that leads out of the archive")
        tree.put(tree.path(posixpath.join(place, member.linkname)), path)
    elif member.isreg():
        content = tar.extractfile(member)
        if content is not None:
            with tree.create(path, member.mode) as file:
                shutil.copyfileobj(content, file)
    else:
        raise UnsafeArchive(f"archive/tar: {name!r} is neither a file, a folder nor a link")


def _climbs(target: str, depth: int) -> bool:
    """Whether a relative link in a folder `depth` below the top leads above the top, at any of its steps."""
    for part in target.split("/"):
        if part == "..":
            depth -= 1
        elif part not in ("", "."):
            depth += 1
        if depth < 0:
            return True
    return False
