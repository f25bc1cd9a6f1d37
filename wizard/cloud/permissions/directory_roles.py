"""What the signed-in account may do in the directory (Microsoft Entra ID), as far as Microsoft Graph tells (reference.md 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.cloud.permissions.checker import Permitted

if TYPE_CHECKING:
    from wizard.cloud.client import Cloud

ROLES = {
    "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3": "Application Administrator",
    "158c047a-c907-4556-b7ef-446551a6b5f7": "Cloud Application Administrator",
    "62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
    "cf1c38e5-3621-4004-a7cb-879624dced7c": "Application Developer",
}
"""Directory roles, by template id, each of which is enough to register an application."""


async def may_register_applications(cloud: Cloud) -> Permitted:
    """Whether the account may register an application; UNKNOWN where the directory does not tell, which is never a no."""
    is_user = cloud.principal.kind == "User"
    me = "/me" if is_user else f"/servicePrincipals/{cloud.principal.object_id}"
    roles = await _asked(cloud, f"{me}/transitiveMemberOf/microsoft.graph.directoryRole?$select=displayName,roleTemplateId&$count=true")
    if any(str(role.get("roleTemplateId")).lower() in ROLES for role in (roles or {}).get("value", ())):
        return Permitted.ALLOWED
    # What the tenant lets people do holds for people; a program may do what was consented to.
    other = await _asked(cloud, "/policies/authorizationPolicy" if is_user else f"{me}/appRoleAssignments")
    if is_user and other and (other.get("defaultUserRolePermissions") or {}).get("allowedToCreateApps"):
        return Permitted.ALLOWED
    if roles is None or other is None or (not is_user and other.get("value")):
        return Permitted.UNKNOWN
    return Permitted.DENIED


async def role_to_activate(cloud: Cloud) -> str:
    """A directory role, enough to register an application, that the person may activate (Privileged Identity Management, PIM).

    "" where there is none, and where the directory does not tell: reading it takes ``RoleEligibilitySchedule.Read.Directory``, which the
    sign-ins of the Azure CLI do not have. A role's id is its template's, as for every built-in one; only people activate roles.
    """
    if cloud.principal.kind != "User":
        return ""
    mine = "roleEligibilityScheduleInstances/filterByCurrentUser(on='principal')?$select=roleDefinitionId,directoryScopeId"
    eligibilities = (await _asked(cloud, f"/roleManagement/directory/{mine}") or {}).get("value") or ()
    everywhere = (str(match.get("roleDefinitionId")).lower() for match in eligibilities if match.get("directoryScopeId") == "/")
    return next((ROLES[role] for role in everywhere if role in ROLES), "")


async def _asked(cloud: Cloud, path: str) -> Any:
    """What Graph answers, or None when it refuses: tokens of the Azure CLI have scopes that cannot be changed."""
    from azure.core.exceptions import AzureError

    try:
        return await cloud.graph("GET", path)
    except AzureError:
        return None
