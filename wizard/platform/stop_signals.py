"""The signals that stop the program, and what they do before a command listens to them itself."""

from __future__ import annotations

import signal

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
