"""What a person types at the terminal, read so that Ctrl+C ends the program at once, and not after one more Enter."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import os
import select
import sys
from collections.abc import Iterator

from wizard.platform.daemon_thread import in_daemon_thread

PASTED_WITHIN = 0.15  # seconds in which the next line of a pasted text comes


async def typed_line() -> str:
    """The next line of standard input; "" at its end."""
    return await in_daemon_thread(sys.stdin.readline)


async def typed_hidden(question: str) -> str:
    """An answer that is not shown while it is typed; "" when the input ends."""
    with _terminal_as_it_was():
        typed = await in_daemon_thread(lambda: _hidden(question))
    if typed is None:
        raise asyncio.CancelledError
    return typed


def _hidden(question: str) -> str | None:
    """None for Ctrl+C where it arrives as a key and not as a signal (Windows)."""
    try:
        if sys.platform == "win32" or not sys.stdin.isatty():
            return getpass.getpass(question)
        return _hidden_lines(question)
    except EOFError:
        return ""
    except KeyboardInterrupt:
        return None


def _hidden_lines(question: str) -> str:
    """What is typed up to Enter, or pasted: a pasted key has several lines, of which getpass would throw all but one away."""
    import termios

    terminal = sys.stdin.fileno()
    print(question, end="", file=sys.stderr, flush=True)
    settings = termios.tcgetattr(terminal)
    settings[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSADRAIN, settings)
    typed = b""
    while not typed.endswith(b"\n") or select.select([terminal], [], [], PASTED_WITHIN)[0]:
        more = os.read(terminal, 65536)
        if not more:
            break
        typed += more
    print(file=sys.stderr)
    return typed.decode(errors="surrogateescape").replace("\r\n", "\n").rstrip("\n")


@contextlib.contextmanager
def _terminal_as_it_was() -> Iterator[None]:
    """Show again what is typed, also when the question is left without an answer."""
    if sys.platform == "win32" or not sys.stdin.isatty():
        yield
        return
    import termios

    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSANOW, before)
