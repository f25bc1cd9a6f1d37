"""What only someone who practises does: keep the practice cloud running, and sign in to it as somebody with other rights."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.workspace.workspace import Workspace


async def keep_practice_running() -> None:
    """Start the practice cloud where it has ended meanwhile. Raises PracticeError."""
    from wizard.cloud.transport import practice_process as practice

    await asyncio.to_thread(practice.start)


async def become(workspace: Workspace, account: str) -> Cloud:
    """Practise as ``owner``, ``contributor`` or ``reader`` of the subscription, or as ``none``. Raises CloudError, PracticeError."""
    from wizard.cloud.transport import practice_process as practice

    await keep_practice_running()
    await asyncio.to_thread(practice.fault, [f"account:{account}"])
    return await workspace.sign_in()
