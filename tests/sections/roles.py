"""Who may do what on the practice cloud, for tests about people with less than everything."""

from __future__ import annotations

from uuid import uuid4

from tests.sections.conftest import Setup

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
ROLE_ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"


async def give_only(setup: Setup, group: str, *roles: str) -> None:
    """Take every role from the signed-in account but these, which it gets on one resource group."""
    principal = {"principalId": setup.cloud.principal.object_id, "principalType": setup.cloud.principal.kind}
    for role in roles:
        definition = f"{setup.practice.scope}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        path = f"/resourceGroups/{group}/providers/Microsoft.Authorization/roleAssignments/{uuid4()}"
        body = {"properties": {"roleDefinitionId": definition, **principal}}
        assert (await setup.practice.call("PUT", path, body, version="2022-04-01")).status == 201
    setup.practice.cloud.access.account_assignments = list  # type: ignore[method-assign]
