"""Managed identities of apps and environments: given, shared, taken away."""

from __future__ import annotations

from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.errors import GATEWAY, AzureError
from wizard.practice.kernel.requests import Caller
from wizard.practice.kernel.store import Document

_ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"


def change_identity(cloud: PracticeCloud, resource: Document, new_identity: dict[str, Any] | None, caller: Caller) -> None:
    """Give `resource` the identities that a PUT or PATCH asks for in ``identity``; None leaves it as it is.

    A system-assigned identity is made on the first request for it and deleted when no longer wanted.
    :raises AzureError: for an unknown type, a user-assigned identity that does not exist, or one the caller may not assign.
    """
    if new_identity is None:
        return
    kinds = {kind.strip().lower() for kind in str(new_identity.get("type") or "None").split(",")}
    if not kinds <= {"none", "systemassigned", "userassigned"}:
        raise AzureError(400, "InvalidIdentityType", f"The identity type '{new_identity.get('type')}' is not supported.")
    before = resource.get("identity") or {"type": "None"}
    identity: dict[str, Any] = {"type": "None"}
    names = [name for kind, name in (("systemassigned", "SystemAssigned"), ("userassigned", "UserAssigned")) if kind in kinds]
    if names:
        identity["type"] = ", ".join(names)
    if "userassigned" in kinds:
        identity["userAssignedIdentities"] = _user_assigned(cloud, resource, new_identity, before, caller)
    if "systemassigned" in kinds:
        principal = before.get("principalId") or cloud.directory.add_managed_identity(resource["name"], resource["id"])["object_id"]
        identity |= {"principalId": principal, "tenantId": cloud.tenant_id}
    elif before.get("principalId"):
        cloud.directory.remove(before["principalId"])
    resource["identity"] = identity


def remove_identity(cloud: PracticeCloud, resource: Document) -> None:
    """Delete the system-assigned identity of a deleted resource."""
    if principal := (resource.get("identity") or {}).get("principalId"):
        cloud.directory.remove(principal)


def principal_of(cloud: PracticeCloud, resource: Document, reference: str) -> str | None:
    """The object id behind ``system``, ``system-environment`` or a user-assigned identity's id, or None when `resource` has no such one."""
    identity = resource.get("identity") or {}
    if reference.lower() == "system":
        return identity.get("principalId")
    if reference.lower() == "system-environment":
        environment = cloud.store.resources.get(resource["properties"]["environmentId"]) or {}
        return (environment.get("identity") or {}).get("principalId")
    assigned = {key.lower(): value for key, value in (identity.get("userAssignedIdentities") or {}).items()}
    shared = cloud.store.resources.get(reference) if reference.lower() in assigned else None
    return shared["properties"]["principalId"] if shared else None


def _user_assigned(
    cloud: PracticeCloud, resource: Document, identity: dict[str, Any], before: dict[str, Any], caller: Caller
) -> dict[str, dict[str, str]]:
    present = {key.lower() for key in before.get("userAssignedIdentities") or {}}
    assigned = {}
    for identity_id in identity.get("userAssignedIdentities") or {}:
        shared = cloud.store.resources.get(identity_id)
        if identity_id.lower() not in present and not cloud.access.allowed(caller.object_id, _ASSIGN, identity_id):
            raise linked_authorization_failed(caller, f"{resource['type']}/write", resource["id"], _ASSIGN, identity_id)
        if shared is None:
            reason = f"Resource '{identity_id}' was not found."
            message = (
                f"Identity operation for resource '{resource['id']}' failed with error 'Failed to perform resource identity operation. "
                f"Status: 'BadRequest'. Response: '{reason}'.'."
            )
            raise AzureError(400, "FailedIdentityOperation", message)
        properties = shared["properties"]
        assigned[identity_id] = {"principalId": properties["principalId"], "clientId": properties["clientId"]}
    return assigned


def linked_authorization_failed(caller: Caller, action: str, scope: str, linked_action: str, linked_scope: str) -> AzureError:
    """403 for a right that is missing on what a request refers to (errors.md 8)."""
    message = (
        f"The client '{caller.name}' with object id '{caller.object_id}' has permission to perform action '{action}' on scope '{scope}'; "
        f"however, it does not have permission to perform action(s) '{linked_action}' on the linked scope(s) '{linked_scope}' "
        "(respectively) or the linked scope(s) are invalid."
    )
    return AzureError(403, "LinkedAuthorizationFailed", message, headers=GATEWAY)
