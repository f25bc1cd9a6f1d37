"""What an earlier hand-off gave: a limited right to give roles, which Azure lets a person hold once and which is then widened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.cloud.lookups import list_or_empty
from wizard.cloud.permissions.conditions import assignable_roles
from wizard.cloud.resource_ids import ROLES
from wizard.handoff.request import ROLE_ADMINISTRATOR, Grant, HandoffRequest

if TYPE_CHECKING:
    from wizard.cloud import Cloud

NAMES = {identifier: name for name, identifier in ROLES.items()}


async def with_earlier(request: HandoffRequest, cloud: Cloud) -> HandoffRequest:
    """The same request, where each limited right also allows what the person may give already: nothing is taken away from them."""
    grants = [await _widened(grant, cloud) if grant.assignable else grant for grant in request.grants]
    return replace(request, grants=tuple(grants))


async def _widened(grant: Grant, cloud: Cloud) -> Grant:
    condition = await _condition(grant.scope, cloud)
    before = assignable_roles(condition) if condition else None
    if not condition or before is None:
        return grant
    return replace(grant, assignable=tuple(sorted({*grant.assignable, *(NAMES.get(item, item) for item in before)})), earlier=condition)


async def _condition(scope: str, cloud: Cloud) -> str:
    """The condition of the right to give roles that the person holds at exactly that scope; "" for none, or where it may not be read."""
    from azure.core.exceptions import HttpResponseError

    try:
        assignments = await list_or_empty(cloud.authorization.role_assignments.list_for_scope(scope, filter="atScope()"))
    except HttpResponseError:
        return ""
    mine = (
        assignment
        for assignment in assignments
        if assignment.principal_id == cloud.principal.object_id and str(assignment.scope).lower() == scope.lower()
    )
    role = ROLES[ROLE_ADMINISTRATOR]
    return next((str(item.condition) for item in mine if item.condition and str(item.role_definition_id).lower().endswith(role)), "")
