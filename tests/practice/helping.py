"""What the tests of the data services do over and over: a resource group, a role given and taken, a vault, a tar of sources."""

from __future__ import annotations

import io
import tarfile
import uuid
from collections.abc import Mapping
from typing import Any

from tests.conftest import Practice
from wizard.practice.access.directory import SERVICE_PRINCIPAL

ADMINISTRATOR = "00482a5a-887f-4fb3-b363-3b7fe8e74483"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
PUSH = "8311e382-0749-4cb8-b61a-304f252e45ec"
REPOSITORY_WRITER = "2a1e307c-b015-4ebd-883e-5b7698a07328"
VAULT: dict[str, Any] = {
    "location": "westeurope",
    "properties": {"sku": {"family": "A", "name": "standard"}, "accessPolicies": [], "softDeleteRetentionInDays": 7},
}


async def group(practice: Practice, name: str = "rg-orders-dev") -> None:
    """Make a resource group."""
    assert (await practice.call("PUT", f"/resourceGroups/{name}", {"location": "westeurope"})).status in (200, 201)


async def grant(practice: Practice, scope: str, role: str, principal: str = SERVICE_PRINCIPAL) -> str:
    """Assign a role, at once on an instant practice cloud; answers the assignment's id."""
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    definition = f"{practice.scope}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    properties = {"roleDefinitionId": definition, "principalId": principal, "principalType": "ServicePrincipal"}
    answer = await practice.call("PUT", path, {"properties": properties}, version="2022-04-01")
    assert answer.status == 201, answer.body
    return path


async def revoke(practice: Practice, assignment: str) -> None:
    """Take a role assignment back."""
    assert (await practice.call("DELETE", assignment, version="2022-04-01")).status == 200


def vault_body(practice: Practice, **properties: Any) -> dict[str, Any]:
    """What makes a key vault in role mode."""
    fixed = {"tenantId": practice.cloud.tenant_id, "enableRbacAuthorization": True}
    return {**VAULT, "properties": {**VAULT["properties"], **fixed, **properties}}


def archive(files: Mapping[str, str]) -> bytes:
    """A compressed tar of text files, as a build context is uploaded."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, text in files.items():
            content = text.encode()
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return buffer.getvalue()
