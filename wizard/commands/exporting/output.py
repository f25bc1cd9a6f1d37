"""Files that a command writes where the person said: wholly, or a sentence about why not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wizard.engine.session import CommandError, ExitCode
from wizard.platform.files import replace_file
from wizard.platform.language import _


def unwritable(path: Path, error: OSError) -> str:
    """Why a file or a folder that a person named cannot be written, and what to do."""
    return _("{path} cannot be written: {reason}. Name another one.").format(path=path, reason=error.strerror)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what goes wrong while `path` is written into a CommandError."""
    try:
        yield
    except OSError as error:
        raise CommandError([("output", unwritable(path, error))], ExitCode.USAGE) from None


async def write_output(path: Path, text: str) -> None:
    """Make `text` the content of a file. Raises CommandError, and then nothing has changed."""
    with writing(path):
        await asyncio.to_thread(replace_file, path, text)
