"""Tasks that nobody waits for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


def spawn(work: Coroutine[Any, Any, None], kept: set[asyncio.Task[None]] | None = None, *, name: str | None = None) -> asyncio.Task[None]:
    """Start `work`; when it breaks, the log says so.

    :param kept: holds the task while it runs.
    """
    task = asyncio.get_running_loop().create_task(work, name=name)
    if kept is not None:
        kept.add(task)
        task.add_done_callback(kept.discard)
    task.add_done_callback(_tell)
    return task


def _tell(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("A task of the practice cloud broke", exc_info=error)
