"""Who may do what on the practice cloud, for tests about people with less than everything."""

from __future__ import annotations

from uuid import uuid4

from tests.steps.conftest import Setup

READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
ROLE_ADMINISTRATOR = "f58310d9-a9f6-439a-9e8d-f62e7b41a168"
REFERENCE = {
    "Owner": "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "Contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "User Access Administrator": "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    "Key Vault Administrator": "00482a5a-887f-4fb3-b363-3b7fe8e74483",
    "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
    "Key Vault Contributor": "f25e0fa2-a7c8-4377-a976-54943a77a395",
    "Key Vault Purge Operator": "a68e7c17-0ab2-4c09-9a58-125dae29748c",
    "AcrPull": "7f951dda-4ed3-4680-a7ca-43fe172d538d",
    "AcrPush": "8311e382-0749-4cb8-b61a-304f252e45ec",
    "AcrDelete": "c2f4ef07-c644-48eb-af81-4b1b4947fb11",
    "Container Registry Repository Catalog Lister": "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7",
    "Container Registry Repository Reader": "b93aa761-3e63-49ed-ac28-beffa264f7ac",
    "Container Registry Repository Writer": "2a1e307c-b015-4ebd-883e-5b7698a07328",
    "Container Registry Repository Contributor": "2efddaa5-3f1f-4df3-97df-af3f13818f4c",
    "Container Registry Tasks Contributor": "fb382eab-e894-4461-af04-94435c366c3f",
    "Container Registry Contributor and Data Access Configuration Administrator": "3bc748fc-213d-45c1-8d91-9da5725539b9",
    "Storage File Data SMB Share Contributor": "0c867c2a-1d8c-454a-a3db-ab2ea1bdc8bb",
    "Storage Account Contributor": "17d1049b-9a84-46fb-8f53-869881c3d3ab",
    "Container Apps Contributor": "358470bc-b998-42bd-ab17-a7e34c199c0f",
    "Container Apps ManagedEnvironments Contributor": "57cc5028-e6a7-4284-868d-0611c5923f8d",
    "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
    "Managed Identity Contributor": "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59",
}
"""The built-in roles of this path (reference section 2)."""


async def give_only(setup: Setup, group: str, *roles: str) -> None:
    """Take every role from the signed-in account but these, which it gets on one resource group."""
    principal = {"principalId": setup.cloud.principal.object_id, "principalType": setup.cloud.principal.kind}
    for role in roles:
        definition = f"{setup.practice.scope}/providers/Microsoft.Authorization/roleDefinitions/{role}"
        path = f"/resourceGroups/{group}/providers/Microsoft.Authorization/roleAssignments/{uuid4()}"
        body = {"properties": {"roleDefinitionId": definition, **principal}}
        assert (await setup.practice.call("PUT", path, body, version="2022-04-01")).status == 201
    setup.practice.cloud.access.account_assignments = list  # type: ignore[method-assign]
