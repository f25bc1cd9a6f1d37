"""Roles that the signed-in account does not have and may activate itself (Privileged Identity Management, PIM).

Azure's verdicts and lists of permissions know active roles only (reference.md 3). ``roleEligibilityScheduleInstances`` with the filter
``asTarget()`` lists what the caller may activate, through groups too; reading it takes ``roleAssignments/read``, which every built-in role
has (learn.microsoft.com, "Use Azure PIM to manage eligible access with the REST API").
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wizard.cloud.permissions.checker import Permission, Permitted, evaluate

if TYPE_CHECKING:
    from wizard.cloud.client import Cloud
    from wizard.cloud.permissions.right import PermissionRequirement

ELIGIBLE_VERSION = "2020-10-01"
DEFINITIONS_VERSION = "2022-04-01"
READ_AT_MOST = 12  # role definitions: nobody has many, and each is a request


@dataclass(frozen=True)
class Eligible:
    """One role that may be activated, and where it would hold then. One with a condition counts as none: nobody can tell what it gives."""

    role: str
    scope: str
    permissions: tuple[Permission, ...]

    def gives(self, right: PermissionRequirement) -> bool:
        """Whether an activated role is certain to give that right."""
        reaches = f"{right.scope}/".lower().startswith(f"{self.scope.rstrip('/')}/".lower())
        return reaches and evaluate(self.permissions, right.action, data=right.data) is Permitted.ALLOWED


async def eligible(cloud: Cloud, scope: str, rights: Sequence[PermissionRequirement]) -> dict[PermissionRequirement, str]:
    """Right -> the role whose activation gives it, for those of `rights` for which there is one.

    Asked at `scope`, an ARM id that exists. Where Azure does not tell, such as without a licence for it, nothing is found.
    """
    from azure.core.exceptions import HttpResponseError

    place = f"{scope}/providers/Microsoft.Authorization/roleEligibilityScheduleInstances?$filter=asTarget()"
    try:
        instances = (await cloud.arm("GET", place, ELIGIBLE_VERSION) or {}).get("value") or []
        unconditional = [instance["properties"] for instance in instances if not instance["properties"].get("condition")]
        roles = await asyncio.gather(*(_eligible(cloud, properties) for properties in unconditional[:READ_AT_MOST]))
    except HttpResponseError:
        return {}
    return {right: role for right in rights if (role := next((item.role for item in roles if item.gives(right)), None)) is not None}


async def _eligible(cloud: Cloud, properties: Mapping[str, Any]) -> Eligible:
    definition = (await cloud.arm("GET", str(properties["roleDefinitionId"]), DEFINITIONS_VERSION))["properties"]
    permissions = tuple(Permission.parse(permission) for permission in definition.get("permissions") or ())
    return Eligible(str(definition["roleName"]), str(properties["scope"]), permissions)
