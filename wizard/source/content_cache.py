"""The content hashes of a folder's files, kept from one plan to the next for files that have not changed since.

A file's hash is taken as kept where its size, its times of change and its inode are what they were. As in Git's index ("racy-git" in
Git's technical documentation), that says nothing of a file that was changed so shortly before it was read that a later change could bear
the same time: the hash of such a one is not kept, and it is read again the next time.
"""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from wizard.platform.folders import home, write_private

FEWEST = 500
"""A folder with fewer files is read as quickly as the list of their hashes."""
SETTLED_NS = 10 * 10**9
"""How old a change must be: file systems count in steps of up to 2 s, and a file server's clock may be some seconds behind."""
CHUNK = 1 << 20
State = tuple[int, int, int, int]  # size, changed (mtime), changed in any way (ctime), inode
Known = tuple[State, bytes]  # with the SHA-256


class ContentCache:
    """The hashes of one folder's files."""

    def __init__(self, folder: Path) -> None:
        self._file = home() / "contents" / f"{hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:16]}.bin"
        self._before = _read(self._file)
        self._now: dict[str, Known] = {}
        self._began = time.time_ns()
        self.files_read = 0

    def digest(self, path: str, relative: str, status: os.stat_result) -> bytes:
        """The SHA-256 of a file's content.

        :param relative: its place in the folder.
        :param status: as the file is now.
        :raises OSError: when it cannot be read.
        """
        known = self._before.get(relative)
        if known is None or known[0] != _state(status):
            self.files_read += 1
            content, opened = read_digest(path)
            if max(opened.st_mtime_ns, opened.st_ctime_ns) > self._began - SETTLED_NS:
                return content
            known = _state(opened), content
        self._now[relative] = known
        return known[1]

    def save(self) -> None:
        """Keep what is known now, and nothing of files that are there no more. Where that cannot be written, all is read the next time."""
        is_same = not self.files_read and len(self._now) == len(self._before)
        if is_same or (len(self._now) < FEWEST and not self._before):
            return
        with suppress(OSError):
            write_private(self._file, msgspec.msgpack.encode(self._now))


def _state(status: os.stat_result) -> State:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def read_digest(path: str) -> tuple[bytes, os.stat_result]:
    """The SHA-256 of a file's content, and what the file was when it was opened. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        status = os.fstat(handle)
        digest = hashlib.sha256()
        while chunk := os.read(handle, CHUNK if status.st_size >= CHUNK else status.st_size + 1):
            digest.update(chunk)
        return digest.digest(), status
    finally:
        os.close(handle)


def _read(file: Path) -> dict[str, Known]:
    try:
        return msgspec.msgpack.decode(file.read_bytes(), type=dict[str, Known])
    except (OSError, msgspec.MsgspecError):
        return {}
