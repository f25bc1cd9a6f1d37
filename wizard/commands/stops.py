"""Stopping: a signal ends a command in one line, and what other tasks then run into is nobody's concern."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

from wizard.platform import log
from wizard.platform.stop_signals import stop_signals

T = TypeVar("T")


async def until_stopped(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which a signal cancels. Raises asyncio.CancelledError when it was stopped once more while it was ending."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_note)
    if sys.platform != "win32":
        for number in stop_signals():
            loop.add_signal_handler(number, task.cancel)
    return await task


def _note(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """A look that failed when nobody waited for it any more, a connection left open: for the log, never for the terminal."""
    error = context.get("exception")
    log.decision("left behind: %s %s", context.get("message", ""), type(error).__name__ if error else "")
