"""The signals that stop the program, and what they do before a command listens to them itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread, Timer
from types import FrameType

STOPPED = 130
"""The exit status of what a signal stopped, as shells have it for Ctrl+C."""
GRACE = 1.5
"""Seconds for the end once the terminal has vanished: a thread that waits for its keys, or writes to it, must not keep the program."""
LOOKS = 1.0  # seconds between two looks whether the terminal is still there
NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


def stop_signals() -> list[signal.Signals]:
    """Those of this system; a closed terminal is none where it is ignored already, as ``nohup`` wants it."""
    known = [signal.Signals[name] for name in NAMES if name in signal.Signals.__members__]
    return [number for number in known if number.name != "SIGHUP" or signal.getsignal(number) is not signal.SIG_IGN]


def raise_interrupts() -> None:
    """Let each of them raise KeyboardInterrupt, as Ctrl+C does."""
    for number in stop_signals():
        signal.signal(number, signal.default_int_handler)


def ignore_interrupts() -> None:
    """Let none of them disturb what the program still says at its end."""
    for number in stop_signals():
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def leave_on_stop(leave: Callable[[int], object]) -> Iterator[None]:
    """Within it a stop calls `leave` with the exit status, on the event loop that runs then, so that screens close as they always do.

    A closed terminal ends the program after `GRACE` whatever still runs: what must last is written as it happens.
    """
    import asyncio  # not before: the shortest answers need no event loop

    def stop(number: int, _frame: FrameType | None) -> None:
        if number == getattr(signal, "SIGHUP", None):
            last_resort = Timer(GRACE, os._exit, (STOPPED,))
            last_resort.daemon = True
            last_resort.start()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # before the screens are there, or after
            raise KeyboardInterrupt from None
        loop.call_soon_threadsafe(leave, STOPPED)

    before = {number: signal.signal(number, stop) for number in stop_signals()}
    ended = Event()
    if signal.Signals.__members__.get("SIGHUP") in before and os.isatty(0):
        Thread(target=_tell_of_closed_terminal, args=(ended,), name="azwizard-terminal", daemon=True).start()
    try:
        yield
    finally:
        ended.set()
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell_of_closed_terminal(ended: Event) -> None:
    """Send the signal of a closed terminal where the system does not, since the program is not the leader of its session."""
    while not ended.wait(LOOKS):
        if not os.isatty(0):
            os.kill(os.getpid(), signal.SIGHUP)
            return
