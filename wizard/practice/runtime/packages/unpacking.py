"""A pushed image's layers as a file tree, for running it without an engine: what the image adds to a system, not the system itself.

Processes of this machine use this machine's programs and libraries, so those of the image are left out; what stands elsewhere
(the app, a virtual environment, start scripts in /usr/local/bin) is what the tree is for. Nothing is ever written through a link.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

SYSTEM = ("bin", "boot", "dev", "lib", "lib32", "lib64", "libx32", "proc", "sbin", "sys", "usr", "var/lib", "var/cache")
KEPT = ("usr/local/bin", "usr/src")
REMOVED, EMPTIED = ".wh.", ".wh..wh..opq"  # how a layer says that a file of those below it is gone, or all of a folder


def unpack(layers: Sequence[Path], folder: Path) -> None:
    """Lay the layers over one another in `folder`, unless that was done before."""
    if folder.exists():
        return
    half_done = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(half_done, ignore_errors=True)
    half_done.mkdir(parents=True)
    for layer in layers:
        with tarfile.open(layer) as tar:
            for member in tar:
                _lay(tar, member, half_done)
    half_done.rename(folder)


def _lay(tar: tarfile.TarFile, member: tarfile.TarInfo, root: Path) -> None:
    name = str(PurePosixPath("/", member.name)).lstrip("/")
    place = root / name
    if not name or ".." in PurePosixPath(name).parts or _left_out(name) or _through_link(root, place.parent):
        return
    if place.name == EMPTIED:
        _clear(place.parent)
    elif place.name.startswith(REMOVED):
        _remove(place.with_name(place.name.removeprefix(REMOVED)))
    elif member.isdir():
        if not place.is_dir() or place.is_symlink():
            _remove(place)
            place.mkdir(parents=True)
    elif member.issym() or member.isfile() or member.islnk():
        _remove(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(tar, member, place, root)


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, place: Path, root: Path) -> None:
    if member.issym():
        place.symlink_to(member.linkname)
    elif member.islnk():
        source = root / member.linkname.lstrip("/")
        if ".." not in PurePosixPath(member.linkname).parts and not _through_link(root, source) and source.is_file():
            shutil.copy2(source, place)
    elif (content := tar.extractfile(member)) is not None:
        with place.open("wb") as target:
            shutil.copyfileobj(content, target)
        place.chmod(0o600 | member.mode & 0o777)


def _left_out(name: str) -> bool:
    return _below(name, SYSTEM) and not _below(name, KEPT)


def _below(name: str, folders: Sequence[str]) -> bool:
    return any(name == each or name.startswith(f"{each}/") for each in folders)


def _through_link(root: Path, place: Path) -> bool:
    """Whether a link stands on the way to `place`."""
    while place != root:
        if place.is_symlink():
            return True
        place = place.parent
    return False


def _clear(folder: Path) -> None:
    if folder.is_dir() and not folder.is_symlink():
        for entry in folder.iterdir():
            _remove(entry)


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)
