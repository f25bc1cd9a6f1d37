"""Deleted vaults: they keep their name and their secrets until they are recovered or purged."""

from __future__ import annotations

import time

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import SUBSCRIPTION, everywhere, named, retry_after
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded
from wizard.practice.kernel.requests import ENDPOINT, Answer, Request
from wizard.practice.kernel.store import Document
from wizard.practice.vault import secret_documents

VAULTS = "Microsoft.KeyVault/vaults"


class DeletedVaults:
    """The deleted vaults: documents ``deleted_vaults``, name -> ``{"vault", "deleted", "purge_at"}`` in unix seconds."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._deleted = cloud.store.collection("deleted_vaults")

    def install(self) -> None:
        """Serve them on management.azure.com."""
        deleted = SUBSCRIPTION + "Microsoft.KeyVault/locations/{location}/deletedVaults/{name}"
        results = SUBSCRIPTION + "Microsoft.KeyVault/locations/{location}/operationResults/{operation}"
        add = self._cloud.arm.add
        add(
            "GET",
            SUBSCRIPTION + "Microsoft.KeyVault/deletedVaults",
            self.list_all,
            action="Microsoft.KeyVault/deletedVaults/read",
            known=recorded("200 with a list"),
        )
        add(
            "GET",
            deleted,
            self.get,
            action="Microsoft.KeyVault/locations/deletedVaults/read",
            known=recorded("200, 404 DeletedVaultNotFound"),
        )
        add(
            "POST",
            deleted + "/purge",
            self.purge,
            action="Microsoft.KeyVault/locations/deletedVaults/purge/action",
            known=recorded("202 without a body, with Location"),
        )
        add(
            "GET",
            results,
            self.result,
            action="Microsoft.KeyVault/locations/operationResults/read",
            known=recorded("202 NotStarted, then 200 Succeeded"),
        )
        self._cloud.operations.when_done("vault-purge", self.purged)

    def __contains__(self, name: str) -> bool:
        return name in self._deleted

    def add(self, vault: Document) -> None:
        """Keep a vault that has just been deleted, were it still being created."""
        vault["properties"]["provisioningState"] = "Succeeded"
        now = time.time()
        retention = vault["properties"]["softDeleteRetentionInDays"] * 86400
        self._deleted[vault["name"]] = {"vault": vault, "deleted": now, "purge_at": now + retention}

    def take(self, name: str, vault_id: str, *, recover: bool) -> Document:
        """The deleted vault of that name, which is not deleted any more; 409 ConflictError unless it is that one and is to be recovered."""
        vault: Document = self._deleted[name]["vault"]
        if not recover or vault["id"].lower() != vault_id.lower():
            message = (
                "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. "
                "Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete."
            )
            raise AzureError(409, "ConflictError", message)
        del self._deleted[name]
        return vault

    def pretend(self, name: str, vault_id: str = "", location: str = "") -> None:
        """Fault ``vault-soft-deleted``: the first vault name that is asked for belongs to a vault that was deleted lately."""
        if name in self._deleted or named(self._cloud, VAULTS, name) is not None or not self._cloud.faults.take("vault-soft-deleted"):
            return
        group = f"/subscriptions/{self._cloud.subscription_id}/resourceGroups/rg-{name.removeprefix('kv-')}"
        vault_id = vault_id or f"{group}/providers/{VAULTS}/{name}"
        groups = {r["id"].lower(): r["location"] for r in everywhere(self._cloud, "Microsoft.Resources/resourceGroups")}
        location = location or groups.get(vault_id.partition("/providers/")[0].lower()) or "westeurope"
        properties = {
            "sku": {"family": "A", "name": "standard"},
            "tenantId": self._cloud.tenant_id,
            "accessPolicies": [],
            "enabledForDeployment": False,
            "enableRbacAuthorization": True,
            "enableSoftDelete": True,
            "softDeleteRetentionInDays": 90,
            "publicNetworkAccess": "Enabled",
            "vaultUri": f"https://{name.lower()}.vault.azure.net/",
            "provisioningState": "Succeeded",
        }
        self.add({"id": vault_id, "name": name, "type": VAULTS, "location": location, "tags": {}, "properties": properties})

    async def list_all(self, request: Request) -> Answer:
        """GET of the deleted vaults of a subscription."""
        return Answer(200, {"value": [_shown(entry) for entry in self._listed()]})

    def _listed(self) -> list[Document]:
        """What the list shows; under fault ``stale-list`` a vault appears in it a while after it was deleted."""
        delay = float(self._cloud.faults.value("stale-list") or 0)
        return [entry for entry in self._deleted.values() if entry["deleted"] <= time.time() - delay]

    async def get(self, request: Request) -> Answer:
        """GET of one deleted vault."""
        return Answer(200, _shown(self._find(request)))

    def _find(self, request: Request) -> Document:
        self.pretend(request.names["name"], location=request.names["location"].replace(" ", "").lower())
        entry = self._deleted.get(request.names["name"])
        if entry is None or entry["vault"]["location"] != request.names["location"].replace(" ", "").lower():
            raise deleted_not_found(request.names["name"])
        return entry

    async def purge(self, request: Request) -> Answer:
        """POST purge: a deleted vault is gone for good; refused where it is protected against that."""
        entry = self._find(request)
        if entry["vault"]["properties"].get("enablePurgeProtection"):
            raise AzureError(400, "MethodNotAllowed", "Operation 'DeletedVaultPurge' is not allowed.")
        operation = self._cloud.operations.begin("vault-purge", entry["vault"]["id"], 7.5, data={"name": entry["vault"]["name"]})
        location = (
            f"{ENDPOINT}/subscriptions/{request.names['subscription']}/providers/Microsoft.KeyVault"
            f"/locations/{request.names['location']}/operationResults/{operation['id']}?api-version={request.api_version}"
        )
        return Answer(202, headers={"Location": location, "Retry-After": retry_after(self._cloud.clock, 5)})

    async def result(self, request: Request) -> Answer:
        """GET of a purge: 202 until it is done."""
        operation = self._cloud.operations.get(request.names["operation"])
        if operation is None:
            raise AzureError(404, "NotFound", "The operation was not found.")
        body = {"createdDateTime": _spaced_time(operation["started"]), "lastActionDateTime": _spaced_time(time.time())}
        if operation["status"] == "InProgress":
            again = f"{ENDPOINT}{request.path}?api-version={request.api_version}"
            return Answer(202, {**body, "status": "NotStarted"}, {"Location": again})
        if operation["status"] == "Failed":
            return Answer(200, {**body, "status": "Failed", "error": operation["error"]})
        return Answer(200, {**body, "status": "Succeeded"})

    async def purged(self, operation: Document) -> None:
        """End a purge: the vault and its secrets are gone, and its name is free."""
        name = operation["data"]["name"]
        if self._deleted.pop(name, None) is not None:
            secret_documents.forget(self._cloud, name)


def deleted_not_found(name: str) -> AzureError:
    """Azure's refusal of a deleted vault that is not there."""
    message = (
        f"The specified deleted vault '{name}' does not exist. Ensure that the vault was indeed deleted and that it is in recoverable "
        "state. If soft delete was not enabled then the vault is permanently deleted. Follow this link for more information: "
        "https://go.microsoft.com/fwlink/?linkid=2149745"
    )
    return AzureError(404, "DeletedVaultNotFound", message)


def _shown(entry: Document) -> Document:
    vault = entry["vault"]
    properties = {
        "vaultId": vault["id"],
        "location": vault["location"],
        "tags": vault["tags"],
        "deletionDate": _iso(entry["deleted"]),
        "scheduledPurgeDate": _iso(entry["purge_at"]),
    }
    if vault["properties"].get("enablePurgeProtection"):
        properties["purgeProtectionEnabled"] = True
    subscription = vault["id"].split("/")[2]
    return {
        "id": f"/subscriptions/{subscription}/providers/Microsoft.KeyVault/locations/{vault['location']}/deletedVaults/{vault['name']}",
        "name": vault["name"],
        "type": "Microsoft.KeyVault/deletedVaults",
        "properties": properties,
    }


def _iso(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _spaced_time(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(seconds))
