"""ARM ids of resources, built-in roles and role assignments."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID, uuid5

_ROLE_ASSIGNMENTS = UUID("5ad3f6a8-2c6b-4b3e-9a37-7b1f7c0f3d52")  # the namespace of our role assignments' names: chosen once, never changed
ROLES: Mapping[str, str] = MappingProxyType(
    {
        "Key Vault Administrator": "00482a5a-887f-4fb3-b363-3b7fe8e74483",
        "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
        "Key Vault Secrets Officer": "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        "Contributor": "b24988ac-6180-42a0-ab88-20f7382dd24c",
        "Role Based Access Control Administrator": "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        "AcrPull": "7f951dda-4ed3-4680-a7ca-43fe172d538d",
        "Container Apps Contributor": "358470bc-b998-42bd-ab17-a7e34c199c0f",
        "Container Apps Jobs Contributor": "4e3d2b60-56ae-4dc6-a233-09c8e5a82e68",
        "AcrPush": "8311e382-0749-4cb8-b61a-304f252e45ec",
        "Container Registry Repository Catalog Lister": "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7",
    }
)
"""Built-in roles the wizard assigns or asks for, by name; the ids are the same in every tenant (reference section 2)."""


API_VERSIONS: Mapping[str, str] = MappingProxyType(
    {
        "Microsoft.KeyVault": "2026-05-15",
        "Microsoft.ContainerRegistry": "2025-11-01",
        "Microsoft.Storage": "2026-09-01",
        "Microsoft.App": "2026-07-01",
        "Microsoft.ManagedIdentity": "2024-11-30",
        "Microsoft.Authorization": "2022-04-01",
        "Microsoft.Resources": "2025-04-01",
    }
)
"""Those of the SDK's clients that `apply` uses, for templates; a test compares them with its traffic."""


def api_version(kind: str) -> str:
    """The api-version of a kind such as ``Microsoft.KeyVault/vaults``."""
    return API_VERSIONS[kind.partition("/")[0]]


def group_id(subscription_id: str, group: str) -> str:
    """The ARM id of a resource group."""
    return f"/subscriptions/{subscription_id}/resourceGroups/{group}"


def resource_id(subscription_id: str, group: str, kind: str, name: str) -> str:
    """The ARM id of a resource: `kind` such as ``Microsoft.KeyVault/vaults``."""
    return f"{group_id(subscription_id, group)}/providers/{kind}/{name}"


def role_definition_id(subscription_id: str, role: str) -> str:
    """The ARM id of a built-in role in `ROLES`."""
    return f"/subscriptions/{subscription_id}/providers/Microsoft.Authorization/roleDefinitions/{ROLES[role]}"


def role_assignment_name(scope: str, principal_id: str, role: str) -> str:
    """The name of a role assignment: the same for the same three, so that making it twice makes one (reference 1.4)."""
    return str(uuid5(_ROLE_ASSIGNMENTS, f"{scope.lower()}|{principal_id.lower()}|{ROLES[role]}"))
