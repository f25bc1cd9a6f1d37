"""Who can be asked: the people who may give roles in the subscription, by name where the directory tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import list_or_empty

if TYPE_CHECKING:
    from wizard.cloud import Cloud

ROLES = ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9")  # Owner, User Access Administrator (reference 2)
MOST = 5


async def owners(cloud: Cloud) -> list[str]:
    """A few of them, such as ``Ada Byron (ada@example.com)``; none where they may not be read."""
    from azure.core.exceptions import AzureError

    try:
        assignments = await list_or_empty(cloud.authorization.role_assignments.list_for_subscription(filter="atScope()"))
        ids = [
            str(assignment.principal_id)
            for assignment in assignments
            if str(assignment.role_definition_id).lower().endswith(ROLES) and not assignment.condition
        ]
        others = [identifier for identifier in dict.fromkeys(ids) if identifier != cloud.principal.object_id]
        people = await cloud.graph("POST", "/directoryObjects/getByIds", {"ids": others[:MOST]}) if others else {}
    except AzureError:
        return []
    return [_named(item) for item in people.get("value") or [] if item.get("displayName")]


def _named(principal: dict[str, Any]) -> str:
    address = principal.get("mail") or principal.get("userPrincipalName")
    return f"{principal['displayName']} ({address})" if address else str(principal["displayName"])
