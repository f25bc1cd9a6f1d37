"""Waits for what nothing announces, by looking until it is so: the one place where a test lets time pass."""

from __future__ import annotations

import asyncio
import inspect
import threading
import time
from collections.abc import Awaitable, Callable

LONGEST = 40.0  # seconds, for a computer that does much else
BETWEEN_LOOKS = 0.02


async def eventually(holds: Callable[[], object | Awaitable[object]], seconds: float = LONGEST) -> None:
    """Look until `holds` says yes; AssertionError when it does not within `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        answer = holds()
        if await answer if inspect.isawaitable(answer) else answer:
            return
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        await asyncio.sleep(BETWEEN_LOOKS)


def wait_until(holds: Callable[[], object], seconds: float = LONGEST) -> None:
    """The same without an event loop."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        threading.Event().wait(BETWEEN_LOOKS)
