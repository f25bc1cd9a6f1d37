"""The standard streams, set up once at the start: whatever their encoding, and closed, full or left by who read them, nothing crashes.

Standard output holds what a command was asked for and nothing else; all that is said beside it goes to standard error.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

SPELLINGS = {
    "→": "->",
    "←": "<-",
    "…": "...",
    "“": '"',
    "”": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "—": "-",
    "·": "-",
    "•": "-",
    "›": ">",
    "✓": "+",
    "✗": "x",
    "●": "*",
    "œ": "oe",
    "Œ": "OE",
    "€": "EUR",
    **dict(zip("▁▂▃▄▅▆▇█", "_.-:=+*#", strict=True)),  # the columns of metrics
}
"""What stands in for a character that an output's encoding does not have."""
REPLACING = "azwizard.spelled-out"
"""The name of the error handler by which the standard streams encode."""
EMPTY = ("", "0", "false", "no")


class OutputLost(Exception):
    """Standard output takes no more.

    :param error: the system's; a broken pipe means that its reader left (``| head``), anything else is told by `reason`.
    """

    def __init__(self, error: OSError) -> None:
        self.reader_left = isinstance(error, BrokenPipeError)
        self.reason = error.strerror or str(error)
        super().__init__(self.reason)


class ResultStream(io.TextIOWrapper):
    """Standard output: what cannot be written ends the command with `OutputLost`."""

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            raise OutputLost(error) from None

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            raise OutputLost(error) from None


class MessageStream(io.TextIOWrapper):
    """Standard error: a sentence that nobody can be told is dropped, and the command goes on."""

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError:
            return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            super().flush()


def set_up() -> None:
    """Make the three standard streams safe to use. Called once, before anything else opens a file."""
    codecs.register_error(REPLACING, spelled_out)
    _open_closed_descriptors()
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    sys.stdout = _rewrapped(sys.stdout, 1, ResultStream)
    sys.stderr = _rewrapped(sys.stderr, 2, MessageStream)


def spelled_out(error: UnicodeError) -> tuple[str, int]:
    """An error handler for encoding: letters lose their accents, signs become what stands in for them, all else ``?``."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_spelling, error.object[error.start : error.end])), error.end


def _spelling(character: str) -> str:
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return SPELLINGS.get(character) or plain or "?"


def _open_closed_descriptors() -> None:
    """Let a descriptor that the caller closed lead nowhere: else the next file that is opened takes its number, and what is printed."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != descriptor:
                os.dup2(opened, descriptor)
                os.close(opened)


def _rewrapped(stream: object, descriptor: int, kind: type[io.TextIOWrapper]) -> io.TextIOWrapper:
    """The stream with its own encoding and `kind`'s way to fail. The old wrapper stays as ``sys.__stdout__``, and its buffer is shared."""
    if not isinstance(stream, io.TextIOWrapper):
        return kind(io.FileIO(descriptor, "wb", closefd=False), encoding="utf-8", errors=REPLACING, line_buffering=True)
    return kind(stream.buffer, encoding=stream.encoding, errors=REPLACING, line_buffering=True)


def lead_nowhere(descriptor: int) -> None:
    """From here on, what is written to a standard stream is dropped, also what its buffer still holds."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def settle() -> OutputLost | None:
    """Write what the streams still hold, at the very end; gives why standard output could not take it. Nothing can fail after that."""
    lost = None
    try:
        sys.stdout.flush()
    except OutputLost as error:
        lost = error
        lead_nowhere(1)
    sys.stderr.flush()
    return lost


def may_ask() -> bool:
    """Whether there is a person to put a question to: a terminal to type at and one to read on, and no build agent."""
    return is_terminal(sys.stdin) and is_terminal(sys.stderr) and not in_automation()


def in_automation() -> bool:
    """Whether ``CI`` says that no person watches, as every build agent sets it."""
    return os.environ.get("CI", "").strip().lower() not in EMPTY


def is_terminal(stream: object) -> bool:
    """Whether a stream is a terminal; one that is closed is none."""
    with suppress(ValueError, AttributeError, OSError):
        return bool(stream.isatty())  # type: ignore[attr-defined]
    return False


def leads_to(files: Iterable[Path]) -> Path | None:
    """The file among `files` into which the shell sends standard output (``> FILE``), and which it has emptied by now; None for none."""
    try:
        target = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError, AttributeError):
        return None
    for file in files:
        with suppress(OSError):
            if os.path.samestat(target, file.stat()):
                return file
    return None
