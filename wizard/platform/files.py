"""A person's files: read without waiting for a pipe or filling the memory, and replaced wholly or not at all."""

from __future__ import annotations

import errno
import os
import select
import stat
import tempfile
import time
from pathlib import Path

from wizard.platform.language import _

PATIENCE = 1.5  # seconds for somebody to begin to write into a pipe


class UnusableFile(OSError):
    """The file is no ordinary one, or too large; `strerror` says so in words."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(errno.EINVAL, reason, str(path))


def read_bounded(path: Path, most: int) -> bytes:
    """The content of an ordinary file. Raises OSError, as `UnusableFile` for a pipe, a device, or more than `most` bytes."""
    with open(path, "rb", opener=_without_waiting) as file:
        kind = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(kind):
            raise UnusableFile(path, _("it is no ordinary file"))
        content = file.read(most + 1)
    if len(content) > most:
        raise UnusableFile(path, _("it is larger than {count} KB").format(count=most // 1000))
    return content


def read_given(path: Path, most: int) -> bytes:
    """The content of what a person names as a file: an ordinary one, or a pipe as the shell makes it (``<(pass show key)``).

    It waits for who writes into a pipe, so call it `in_daemon_thread`. Raises OSError, as `UnusableFile` for a pipe into which nobody
    begins to write, and for more than `most` bytes.
    """
    with open(path, "rb", buffering=0, opener=_without_waiting) as file:
        kind = os.fstat(file.fileno()).st_mode
        if not (stat.S_ISFIFO(kind) or stat.S_ISCHR(kind)):
            return read_bounded(path, most)
        content, begun, waits_until = b"", False, time.monotonic() + PATIENCE
        while len(content) <= most:
            chunk = file.read(1 << 16)
            if chunk is None:  # somebody holds its other end and has not written yet
                select.select([file], [], [])
            elif chunk:
                content += chunk
            elif begun or stat.S_ISCHR(kind):
                return content
            elif time.monotonic() > waits_until:
                raise UnusableFile(path, _("nobody writes into it"))
            else:
                time.sleep(0.05)
            begun = begun or chunk != b""
    raise UnusableFile(path, _("it is larger than {count} KB").format(count=most // 1000))


def _without_waiting(path: str, flags: int) -> int:
    """Open a pipe that nobody writes to, or a terminal, without waiting for it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))


def replace_file(path: Path, text: str) -> None:
    """Make `text` the content of a file: at once, and on the disk when this returns.

    A link stays a link, a file that is there keeps its mode, and a device or a pipe is written into. Raises OSError, and then nothing has
    changed.
    """
    if _takes_what_is_written(path):
        path.write_text(text, encoding="utf-8", newline="")
        return
    target = path.resolve()
    mode = stat.S_IMODE(target.stat().st_mode) if target.is_file() else 0o666 & ~_umask()
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _takes_what_is_written(path: Path) -> bool:
    """Whether something stands there that nothing must take the place of: ``/dev/null``, ``/dev/stdout``, a pipe."""
    try:
        kind = path.stat().st_mode
    except OSError:
        return False
    return stat.S_ISCHR(kind) or stat.S_ISFIFO(kind)


def _umask() -> int:
    umask = os.umask(0o077)
    os.umask(umask)
    return umask
