"""Waiting for what Azure tells nobody the end of, by trying the real thing until it works."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from wizard.cloud.lookups import BEING_MADE, get_or_none, is_made, provisioning_state
from wizard.cloud.transport.pauses import next_pause
from wizard.platform import log
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.engine.step import StepContext

T = TypeVar("T")

PATIENCE = 900.0  # seconds; Azure applies a role within ten minutes (reference section 7)


async def until(probe: Callable[[], Awaitable[bool]], tell: Callable[[str], None], what: str, *, interval: float) -> None:
    """Try `probe` until it says yes, more and more rarely, and tell what is waited for; a step's own time says for how long.

    :param tell: shows a line, such as `StepContext.wait`.
    :param what: what is waited for: “Azure applies your role”.
    :param interval: seconds between two tries at first.
    Raises CloudError after a quarter of an hour, and whatever `probe` raises.
    """
    began = time.monotonic()
    while not await probe():
        waited = time.monotonic() - began
        if waited > PATIENCE:
            from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

            raise CloudError(
                ErrorKind.TIMEOUT,
                _("{what}: it has not come into effect after {minutes} minutes.").format(what=what, minutes=round(waited / 60)),
                _("Do the same again later; what was made is kept."),
            )
        tell(what)
        pause = next_pause(waited, interval)
        log.wait(what, pause)
        await asyncio.sleep(pause)


async def made_already(making: StepContext, read: Callable[[], Awaitable[T]]) -> T | None:
    """The vault, registry or storage account that Azure has made, or was making when an earlier run was killed.

    None when there is none, and when Azure gave up making it.
    """
    if making.surely_missing:
        return None
    resource: T | None = None

    async def settled() -> bool:
        nonlocal resource
        resource = await get_or_none(read())
        return resource is None or provisioning_state(resource) not in BEING_MADE

    await until(settled, making.wait, _("Azure still makes it"), interval=making.cloud.polling_interval)
    return resource if is_made(resource) else None
