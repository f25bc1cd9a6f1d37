"""The tags of a thing in Azure, changed by themselves: the thing is not written, so an app gets no new revision by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from wizard.cloud.client import Cloud


async def change_tags(cloud: Cloud, scope: str, operation: Literal["Merge", "Delete"], tags: Mapping[str, str]) -> None:
    """Merge tags into those of the ARM id `scope`, or delete them, and leave its others alone. Raises HttpResponseError."""
    body: Any = {"operation": operation, "properties": {"tags": dict(tags)}}
    poller = await cloud.resources.tags.begin_update_at_scope(scope, body, polling_interval=cloud.polling_interval)
    await poller.result()
