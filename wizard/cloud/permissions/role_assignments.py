"""Giving and taking back roles, so that doing it twice does it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.cloud.lookups import get_or_none
from wizard.cloud.resource_ids import role_assignment_name, role_definition_id

if TYPE_CHECKING:
    from wizard.cloud import Cloud


async def grant(cloud: Cloud, scope: str, role: str, principal_id: str, principal_kind: str) -> None:
    """Assign a built-in role; it takes effect some time later.

    The assignment's name follows from the three, so that a repeated PUT is the same one; the same three under another name is
    as good (errors.md 10).

    :param role: its name, one of `ROLES`.
    :param principal_kind: ``User`` or ``ServicePrincipal``; never left to the SDK, whose default is ``User`` (reference 1.4).
    Raises HttpResponseError.
    """
    from azure.core.exceptions import ResourceExistsError
    from azure.mgmt.authorization.v2022_04_01.models import RoleAssignmentCreateParameters

    parameters = RoleAssignmentCreateParameters(
        role_definition_id=role_definition_id(cloud.subscription_id, role),
        principal_id=principal_id,
        principal_type=principal_kind,
    )
    try:
        await cloud.authorization.role_assignments.create(scope, role_assignment_name(scope, principal_id, role), parameters)
    except ResourceExistsError as error:
        if error.error is None or error.error.code != "RoleAssignmentExists":
            raise


def az_grant(role: str, scope: str) -> list[list[str]]:
    """The same for the signed-in person as az command lines; the first asks who that is."""
    ask = ["az", "ad", "signed-in-user", "show", "--query", "id"]
    return [ask, ["az", "role", "assignment", "create", "--role", role, "--assignee", "<your-id>", "--scope", scope]]


async def revoke(cloud: Cloud, scope: str, role: str, principal_id: str) -> bool:
    """Take back what `grant` gave; whether there was something. Raises HttpResponseError.

    Looked for first, since whoever was given the role by an administrator may not even try to take it back.
    """
    assignments, name = cloud.authorization.role_assignments, role_assignment_name(scope, principal_id, role)
    if await get_or_none(assignments.get(scope, name)) is None:
        return False
    return await get_or_none(assignments.delete(scope, name)) is not None
