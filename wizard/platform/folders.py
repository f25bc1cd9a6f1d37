"""Where the program keeps what it writes outside the project folder: folders 0700, files 0600."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

HOME = "AZWIZARD_HOME"
_elsewhere: ContextVar[Path | None] = ContextVar("elsewhere", default=None)
_seen_to: set[Path] = set()
"""Folders that this process has made private: nothing of them is looked at again while they are there."""


def home() -> Path:
    """``AZWIZARD_HOME``, or the place that the operating system gives to programs' data; made when it is not there.

    One that is there already keeps its mode: the person may use it for other things too.
    """
    folder = _chosen_home()
    return folder if folder.is_dir() else private_folder(folder)


@contextmanager
def at_home(folder: Path) -> Iterator[None]:
    """Within it the task that entered it, with what it starts, has its home in that folder; other tasks keep theirs."""
    before = _elsewhere.set(folder)
    try:
        yield
    finally:
        _elsewhere.reset(before)


def _chosen_home() -> Path:
    if (elsewhere := _elsewhere.get()) is not None:
        return elsewhere
    chosen = os.environ.get(HOME)
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("azwizard", appauthor=False)


def private_folder(folder: Path) -> Path:
    """Make `folder` and what is missing above it, readable by its owner only; gives `folder` back.

    The home itself, where it was there already, is the person's and keeps its mode, and so is what a link of theirs leads to.
    """
    missing = [level for level in (folder, *folder.parents) if not level.exists()]
    for level in reversed(missing):
        level.mkdir(mode=0o700, exist_ok=True)
    if folder not in missing and folder != _chosen_home() and not folder.is_symlink():
        folder.chmod(0o700)
    return folder


def private_file(file: Path) -> Path:
    """Make an empty `file` that only its owner can read, when it is not there; gives `file` back."""
    private_folder(file.parent)
    return private_file_only(file)


def private_file_only(file: Path) -> Path:
    """The same in a folder that is there, and whose mode is nobody's concern."""
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    file.chmod(0o600)
    return file


def write_private(file: Path, content: str | bytes) -> None:
    """Replace `file` by `content`, wholly or not at all, readable by its owner only."""
    import tempfile  # which loads much, and the shortest commands write nothing

    if file.parent not in _seen_to:
        _seen_to.add(private_folder(file.parent))
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    except FileNotFoundError:  # somebody removed it meanwhile
        handle, name = tempfile.mkstemp(dir=private_folder(file.parent), prefix=f".{file.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
