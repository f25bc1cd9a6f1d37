"""Questions about rights, put together: everything asked at once about one scope is one request."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from wizard.cloud.permissions.checker import PermissionChecker, Permitted

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.cloud.permissions.right import PermissionRequirement


class PermissionBatch:
    """The questions that wait for the end of this turn of the loop, by scope."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._waiting: dict[str, tuple[set[PermissionRequirement], asyncio.Task[Mapping[PermissionRequirement, Permitted]]]] = {}

    async def may(self, right: PermissionRequirement, existing: Collection[str]) -> Permitted:
        """Whether the signed-in person has a right.

        :param existing: the scopes that exist, in small letters; the nearest of them is asked.
        """
        scope = nearest(right.scope, existing)
        if scope not in self._waiting:
            rights: set[PermissionRequirement] = set()
            self._waiting[scope] = rights, asyncio.ensure_future(self._ask(scope, rights))
        rights, answers = self._waiting[scope]
        rights.add(right)
        return (await asyncio.shield(answers))[right]

    async def _ask(self, scope: str, rights: set[PermissionRequirement]) -> Mapping[PermissionRequirement, Permitted]:
        """Let everyone who asks in this turn of the loop do so, then ask Azure."""
        await asyncio.sleep(0)
        del self._waiting[scope]
        return await PermissionChecker(self._cloud).may(scope, sorted(rights, key=lambda right: (right.action, right.scope)))


def nearest(scope: str, existing: Collection[str]) -> str:
    """The scope itself when it exists, otherwise the nearest above it, at last the subscription."""
    while scope.lower() not in existing and scope.count("/") > 2:
        scope = scope.rpartition("/")[0]
    return scope
