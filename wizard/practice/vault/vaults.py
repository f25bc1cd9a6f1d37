"""Key vaults as Azure Resource Manager sees them; what is inside a vault is in vault_secrets."""

from __future__ import annotations

import re
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.pages import in_pages
from wizard.practice.arm.resources import GROUP, SUBSCRIPTION, arm_id, body_of, listed, location_of, name_taken, named, read, system_data
from wizard.practice.arm.shapes import NAME_CHECK
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded, specified
from wizard.practice.kernel.requests import Answer, Request
from wizard.practice.kernel.store import Document
from wizard.practice.vault import secret_documents
from wizard.practice.vault.deleted_vaults import VAULTS, DeletedVaults, deleted_not_found
from wizard.practice.vault.shapes import ARM_SECRET, VAULT

_NAME = re.compile(r"(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]")
_KEPT = [
    "accessPolicies",
    "enabledForDeployment",
    "enabledForDiskEncryption",
    "enabledForTemplateDeployment",
    "enableRbacAuthorization",
    "enableSoftDelete",
    "softDeleteRetentionInDays",
    "enablePurgeProtection",
    "networkAcls",
    "publicNetworkAccess",
]
_DEFAULT_RBAC_SINCE = "2026-02-01"  # reference.md 1.3: from this api-version a new vault is in RBAC mode unless told otherwise


def install(cloud: PracticeCloud) -> None:
    """Serve Microsoft.KeyVault on management.azure.com."""
    service = Vaults(cloud)
    vault = GROUP + VAULTS + "/{name}"
    add = cloud.arm.add
    put = recorded("200 RegisteringDns, later Succeeded")
    add("PUT", vault, service.put, action=f"{VAULTS}/write", takes=VAULT, known=put, beforehand=service.check)
    add("PATCH", vault, service.patch, action=f"{VAULTS}/write", takes=VAULT, known=specified("200 with the vault"))
    add("GET", vault, service.get, action=f"{VAULTS}/read", known=recorded("200, 404 ResourceNotFound"))
    add("DELETE", vault, service.delete, action=f"{VAULTS}/delete", known=recorded("200 without a body; 204 when it is not there"))
    add(
        "PUT",
        vault + "/secrets/{secret}",
        service.put_secret,
        action=f"{VAULTS}/secrets/write",
        takes=ARM_SECRET,
        known=specified("200 without the value"),
    )
    add("GET", GROUP + VAULTS, service.list_all, action=f"{VAULTS}/read", known=specified("200 with a list"))
    add("GET", SUBSCRIPTION + VAULTS, service.list_all, action=f"{VAULTS}/read", known=specified("200 with a list"))
    check = SUBSCRIPTION + "Microsoft.KeyVault/checkNameAvailability"
    add(
        "POST",
        check,
        service.check_name,
        action="Microsoft.KeyVault/checkNameAvailability/read",
        takes=NAME_CHECK,
        known=specified("200 with nameAvailable"),
    )
    cloud.operations.when_done("vault", service.created, failed=service.create_failed)
    DeletedVaults(cloud).install()
    cloud.on_group_delete(VAULTS, service.remove, 7.5)


class Vaults:
    """The vaults of one practice cloud.

    A PUT takes 15 s and answers 200 RegisteringDns; the data host exists once it has Succeeded (recorded). A deleted vault keeps
    its name and its secrets in ``deleted_vaults`` until it is recovered or purged.
    """

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._deleted = DeletedVaults(cloud)

    def check(self, request: Request) -> None:
        """What a deployment is refused for beforehand: a name that cannot be had, or properties that cannot be."""
        name = request.names["name"]
        if (problem := _name_problem(name)) is not None:
            raise AzureError(400, "VaultNameNotValid", problem)
        vault_id = arm_id(request.names, VAULTS, name)
        existing = self._cloud.store.resources.get(vault_id)
        sent = body_of(request).get("properties") or {}
        if existing is None and sent.get("createMode") != "recover":
            self._deleted.pretend(name, vault_id, location_of(request))
            if name in self._deleted:
                raise AzureError(409, "VaultAlreadyExists", _taken(name))
            self._refuse_taken(name)
        _check(sent, existing["properties"] if existing else {}, self._cloud.tenant_id)

    async def put(self, request: Request) -> Answer:
        """PUT of a vault: created, replaced, or recovered from deletion where createMode says so."""
        name = request.names["name"]
        vault_id = arm_id(request.names, VAULTS, name)
        existing = self._cloud.store.resources.get(vault_id)
        location = location_of(request)
        if (problem := _name_problem(name)) is not None:
            raise AzureError(400, "VaultNameNotValid", problem)
        properties = body_of(request).get("properties") or {}
        if existing is None:
            self._deleted.pretend(name, vault_id, location)
            if name in self._deleted:
                recovered = self._deleted.take(name, vault_id, recover=properties.get("createMode") == "recover")
                return Answer(200, self._kept(recovered, request))  # recorded: a recovered vault is Succeeded at once
            if properties.get("createMode") == "recover":
                raise deleted_not_found(name)
            self._refuse_taken(name)
        vault = self._composed(request, vault_id, location, properties, existing)
        self._cloud.store.resources[vault_id] = vault
        if existing is not None and existing["properties"]["provisioningState"] != "Failed":
            return Answer(200, vault)
        vault["properties"]["provisioningState"] = "RegisteringDns"  # also one that failed, which is made anew
        self._cloud.store.resources[vault_id] = vault
        self._cloud.operations.begin("vault", vault_id, 15)
        # recorded: the first answer alone writes the URI without its last slash
        return Answer(200, {**vault, "properties": {**vault["properties"], "vaultUri": vault["properties"]["vaultUri"].rstrip("/")}})

    def _composed(self, request: Request, vault_id: str, location: str, sent: dict[str, Any], existing: Document | None) -> Document:
        before = existing["properties"] if existing else {}
        _check(sent, before, self._cloud.tenant_id)
        properties = {name: sent[name] for name in _KEPT if sent.get(name) is not None}
        if before.get("enableRbacAuthorization") is not None or request.api_version >= _DEFAULT_RBAC_SINCE:
            properties.setdefault("enableRbacAuthorization", before.get("enableRbacAuthorization", True))
        if not properties.get("enableRbacAuthorization") and "accessPolicies" not in properties and "accessPolicies" not in before:
            raise AzureError(400, "BadRequest", "The parameter accessPolicies is not specified.")
        for name, default in (
            ("accessPolicies", []),
            ("enabledForDeployment", False),
            ("softDeleteRetentionInDays", 90),
            ("publicNetworkAccess", "Enabled"),
        ):
            properties.setdefault(name, before.get(name, default))
        properties["enableSoftDelete"] = True  # recorded: also where a new vault asks for none
        if before.get("enablePurgeProtection"):
            properties["enablePurgeProtection"] = True
        return {
            "id": vault_id,
            "name": existing["name"] if existing else request.names["name"],
            "type": VAULTS,
            "location": location,
            "tags": body_of(request).get("tags") or {},
            "systemData": system_data(self._cloud.clock, request.caller, existing),
            "properties": {
                "sku": {"family": "A", **(sent.get("sku") or {"name": "standard"})},
                "tenantId": sent.get("tenantId", self._cloud.tenant_id),
                **properties,
                "vaultUri": f"https://{request.names['name'].lower()}.vault.azure.net/",
                "provisioningState": before.get("provisioningState", "RegisteringDns"),
            },
        }

    async def patch(self, request: Request) -> Answer:
        """PATCH of a vault."""
        vault = read(self._cloud, request, VAULTS)
        changes = body_of(request)
        sent = changes.get("properties") or {}
        _check(sent, vault["properties"], self._cloud.tenant_id)
        vault["properties"].update({name: sent[name] for name in _KEPT if sent.get(name) is not None})
        if sent.get("sku"):
            vault["properties"]["sku"] = sent["sku"]
        if changes.get("tags") is not None:
            vault["tags"] = changes["tags"]
        return Answer(200, self._kept(vault, request))

    async def get(self, request: Request) -> Answer:
        """GET of one vault."""
        self._deleted.pretend(request.names["name"], arm_id(request.names, VAULTS, request.names["name"]))
        return Answer(200, read(self._cloud, request, VAULTS))

    async def list_all(self, request: Request) -> Answer:
        """GET of the vaults of a group or a subscription."""
        return in_pages(request, listed(self._cloud, request, VAULTS).body["value"])

    async def delete(self, request: Request) -> Answer:
        """DELETE of a vault, which is kept as a deleted one; 204 where there is none."""
        vault = self._cloud.store.resources.get(arm_id(request.names, VAULTS, request.names["name"]))
        if vault is None:
            return Answer(204)
        await self.remove(vault["id"])
        return Answer(200)

    async def remove(self, vault_id: str) -> None:
        """Delete a vault softly, as deleting it or its resource group does."""
        self._deleted.add(self._cloud.store.resources.pop(vault_id))
        self._cloud.hosts_changed()

    def _kept(self, vault: Document, request: Request) -> Document:
        vault["systemData"] = system_data(self._cloud.clock, request.caller, vault)
        self._cloud.store.resources[vault["id"]] = vault
        self._cloud.hosts_changed()
        return vault

    async def put_secret(self, request: Request) -> Answer:
        """PUT of a secret through Azure Resource Manager; its value is not told again."""
        vault = read(self._cloud, request, VAULTS)
        properties = body_of(request).get("properties") or {}
        item = secret_documents.store_value(self._cloud, vault, request.names["secret"], {**body_of(request), **properties})
        return Answer(200, _control_plane_secret(vault, item))

    async def check_name(self, request: Request) -> Answer:
        """POST checkNameAvailability: whether a name may be, and whether it is free in all of Azure."""
        name = str(body_of(request).get("name", ""))
        if (problem := _name_problem(name)) is not None:
            return Answer(200, {"nameAvailable": False, "reason": "AccountNameInvalid", "message": problem})
        self._deleted.pretend(name)
        if name in self._deleted or named(self._cloud, VAULTS, name) or name_taken(self._cloud, VAULTS, name):
            return Answer(200, {"nameAvailable": False, "reason": "AlreadyExists", "message": _taken(name)})
        return Answer(200, {"nameAvailable": True})

    def _refuse_taken(self, name: str) -> None:
        if named(self._cloud, VAULTS, name) is not None or name_taken(self._cloud, VAULTS, name):
            raise AzureError(409, "VaultAlreadyExists", _taken(name))

    async def created(self, operation: Document) -> None:
        """End an operation that succeeded."""
        self._finish(operation["target"], "Succeeded")

    async def create_failed(self, operation: Document) -> None:
        """End an operation that failed."""
        self._finish(operation["target"], "Failed")

    def _finish(self, vault_id: str, state: str) -> None:
        vault = self._cloud.store.resources.get(vault_id)
        if vault is not None:
            vault["properties"]["provisioningState"] = state
            self._cloud.store.resources[vault_id] = vault
            self._cloud.hosts_changed()


def _check(sent: dict[str, Any], before: dict[str, Any], tenant_id: str) -> None:
    missing = next((name for name in ("tenantId", "sku") if not (before or sent.get(name))), None)
    if missing is not None:  # the specification requires both
        raise AzureError(400, "BadRequest", f"An invalid value was provided for '{missing}'.")
    if sent.get("tenantId", tenant_id) != tenant_id:
        raise AzureError(400, "BadRequest", "An invalid value was provided for 'tenantId'.")
    if sent.get("enablePurgeProtection") is False:
        message = (
            'The property "enablePurgeProtection" cannot be set to false. '
            "Enabling the purge protection for a vault is an irreversible action."
        )
        raise AzureError(400, "BadRequest", message)
    if sent.get("enableSoftDelete") is False and before:
        message = 'The property "enableSoftDelete" can be set to false only for creating new vault. Enabling soft delete is irreversible.'
        raise AzureError(400, "BadRequest", message)
    days = sent.get("softDeleteRetentionInDays")
    if days is None:
        return
    if not isinstance(days, int) or not 7 <= days <= 90:
        raise AzureError(400, "BadRequest", "The property softDeleteRetentionInDays must be between 7 and 90.")
    if before.get("softDeleteRetentionInDays", days) != days:
        raise AzureError(400, "BadRequest", 'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.')


def _name_problem(name: str) -> str | None:
    if _NAME.fullmatch(name):
        return None
    return (
        f"The vault name '{name}' is invalid. A vault's name must be between 3-24 alphanumeric characters. The name must begin with a "
        "letter, end with a letter or digit, and not contain consecutive hyphens. Follow this link for more information: "
        "https://go.microsoft.com/fwlink/?linkid=2147742"
    )


def _taken(name: str) -> str:
    return (
        f"The vault name '{name}' is already in use. Vault names are globally unique so it is possible that the name is already taken. "
        "If you are sure that the vault name was not taken then it is possible that a vault with the same name was recently deleted but "
        "not purged after being placed in a recoverable state. If the vault is in a recoverable state then the vault will need to be "
        "purged before reusing the name. For more information about VaultAlreadyExists, follow this link "
        "https://go.microsoft.com/fwlink/?linkid=2147740"
    )


def _control_plane_secret(vault: Document, item: Document) -> Document:
    name, version = item["id"].rstrip("/").split("/")[-2:]
    uri = f"{vault['properties']['vaultUri']}secrets/{name}"
    return {
        "id": f"{vault['id']}/secrets/{name}",
        "name": name,
        "type": "Microsoft.KeyVault/vaults/secrets",
        "location": vault["location"],
        "tags": item.get("tags", {}),
        "properties": {"attributes": item["attributes"], "secretUri": uri, "secretUriWithVersion": f"{uri}/{version}"},
    }
