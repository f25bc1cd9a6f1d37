"""User-assigned managed identities and their federated credentials."""

from __future__ import annotations

import re

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import GROUP, arm_id, body_of, location_of, parent, read, serve_reads, system_data
from wizard.practice.arm.shapes import CREDENTIAL, USER_IDENTITY
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded, specified
from wizard.practice.kernel.requests import Answer, Request
from wizard.practice.kernel.store import Document

IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"
CREDENTIALS = f"{IDENTITIES}/federatedIdentityCredentials"
_CREDENTIAL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,119}")  # its specification
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}")


def install(cloud: PracticeCloud) -> None:
    """Serve Microsoft.ManagedIdentity on management.azure.com."""
    service = ManagedIdentities(cloud)
    identity = GROUP + IDENTITIES + "/{name}"
    credential = identity + "/federatedIdentityCredentials/{credential}"
    add = cloud.arm.add
    add(
        "PUT",
        identity,
        service.put,
        action=f"{IDENTITIES}/write",
        takes=USER_IDENTITY,
        known=recorded("201 with Location, 200 for one that is there"),
    )
    add("PATCH", identity, service.patch, action=f"{IDENTITIES}/write", takes=USER_IDENTITY, known=specified("200"))
    serve_reads(cloud, IDENTITIES, one=recorded, group=specified, subscription=specified)
    add("DELETE", identity, service.delete, action=f"{IDENTITIES}/delete", known=recorded("200 without a body"))
    add(
        "PUT",
        credential,
        service.put_credential,
        action=f"{CREDENTIALS}/write",
        takes=CREDENTIAL,
        known=recorded("201 with Location, 200 for one that is there"),
    )
    add("GET", credential, service.get_credential, action=f"{CREDENTIALS}/read", known=recorded("200, 404 NotFound"))
    add("DELETE", credential, service.delete_credential, action=f"{CREDENTIALS}/delete", known=recorded("200 without a body"))
    add(
        "GET",
        identity + "/federatedIdentityCredentials",
        service.list_credentials,
        action=f"{CREDENTIALS}/read",
        known=specified("200 with a list"),
    )
    cloud.on_group_delete(IDENTITIES, service.remove, 1)


class ManagedIdentities:
    """The user-assigned identities of one practice cloud; each is a service principal in the directory. Nothing here takes time."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._credentials = cloud.store.collection("federated_credentials")

    async def put(self, request: Request) -> Answer:
        """PUT of a user-assigned identity; a new one gets a principal in the directory."""
        name = request.names["name"]
        identity_id = arm_id(request.names, IDENTITIES, name).replace(
            "/resourceGroups/", "/resourcegroups/"
        )  # recorded: as Azure writes it
        existing = self._cloud.store.resources.get(identity_id)
        location = location_of(request)
        if not _NAME.fullmatch(name):
            message = f"The resource name '{name}' is invalid: 3 to 128 letters, digits, '-' and '_', beginning with a letter or digit."
            raise AzureError(400, "InvalidResourceName", message)
        if existing is None:
            principal = self._cloud.directory.add_managed_identity(name, identity_id)
            ids = {"tenantId": self._cloud.tenant_id, "principalId": principal["object_id"], "clientId": principal["client_id"]}
        else:
            ids = existing["properties"]
        identity = {
            "location": location,
            "tags": body_of(request).get("tags") or {},
            "id": existing["id"] if existing else identity_id,
            "name": existing["name"] if existing else name,
            "type": IDENTITIES,
            "systemData": system_data(self._cloud.clock, request.caller, existing),
            "properties": ids,
        }
        self._cloud.store.resources[identity_id] = identity
        return Answer(200, identity) if existing else Answer(201, identity, {"Location": identity_id})

    async def patch(self, request: Request) -> Answer:
        """PATCH of an identity: its tags."""
        identity = read(self._cloud, request, IDENTITIES)
        identity["tags"] = body_of(request).get("tags", identity["tags"])
        self._cloud.store.resources[identity["id"]] = identity
        return Answer(200, identity)

    async def delete(self, request: Request) -> Answer:
        """DELETE of an identity with its principal; 204 where there is none."""
        identity = self._cloud.store.resources.get(arm_id(request.names, IDENTITIES, request.names["name"]))
        if identity is None:
            return Answer(204)
        await self.remove(identity["id"])
        return Answer(200)

    async def remove(self, identity_id: str) -> None:
        """Delete an identity with its credentials and its principal."""
        identity = self._cloud.store.resources.pop(identity_id)
        for credential in self._credentials_of(identity):
            del self._credentials[credential["id"]]
        self._cloud.directory.remove(identity["properties"]["principalId"])

    async def put_credential(self, request: Request) -> Answer:
        """PUT of a federated credential: whose tokens may be exchanged for the identity's."""
        identity = parent(self._cloud, request, IDENTITIES)
        properties = body_of(request).get("properties") or {}
        if missing := next((word for word in ("issuer", "subject", "audiences") if not properties.get(word)), None):
            raise AzureError(400, "BadRequest", f"The property '{missing}' of the federated identity credential is required.")
        if not _CREDENTIAL_NAME.fullmatch(request.names["credential"]):
            message = (
                f"The name '{request.names['credential']}' of the federated identity credential is invalid: 3 to 120 letters, digits, '-'"
            )
            raise AzureError(400, "BadRequest", f"{message} and '_', beginning with a letter or digit.")
        credential_id = self._credential_id(identity, request)
        existed = credential_id in self._credentials
        self._refuse_twin(identity, credential_id, properties)
        credential = {
            "id": credential_id,
            "name": request.names["credential"],
            "type": CREDENTIALS,
            "properties": {word: properties[word] for word in ("issuer", "subject", "audiences")},
        }
        self._credentials[credential_id] = credential
        return Answer(200, credential) if existed else Answer(201, credential, {"Location": credential_id})

    async def get_credential(self, request: Request) -> Answer:
        """GET of one federated credential."""
        credential_id = self._credential_id(parent(self._cloud, request, IDENTITIES), request)
        if credential_id not in self._credentials:
            raise AzureError(404, "NotFound", f"Resource '{credential_id}' was not found.")
        return Answer(200, self._credentials[credential_id])

    async def delete_credential(self, request: Request) -> Answer:
        """DELETE of a federated credential; 204 where there is none."""
        credential_id = self._credential_id(parent(self._cloud, request, IDENTITIES), request)
        return Answer(204 if self._credentials.pop(credential_id, None) is None else 200)

    async def list_credentials(self, request: Request) -> Answer:
        """GET of an identity's federated credentials."""
        return Answer(200, {"value": self._credentials_of(parent(self._cloud, request, IDENTITIES))})

    def _credential_id(self, identity: Document, request: Request) -> str:
        return f"{identity['id']}/federatedIdentityCredentials/{request.names['credential']}"

    def _refuse_twin(self, identity: Document, credential_id: str, properties: Document) -> None:
        """One issuer and subject is trusted by one credential of an identity (learn.microsoft.com, workload-identity-federation)."""
        for other in self._credentials_of(identity):
            same = all(other["properties"][word] == properties[word] for word in ("issuer", "subject"))
            if same and other["id"].lower() != credential_id.lower():
                raise AzureError(409, "Conflict", "Issuer and subject combination already exists for this Managed Identity.")

    def _credentials_of(self, identity: Document) -> list[Document]:
        prefix = f"{identity['id']}/federatedIdentityCredentials/".lower()
        return [credential for key, credential in self._credentials.items() if key.lower().startswith(prefix)]
