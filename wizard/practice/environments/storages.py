"""Storages of an environment (Microsoft.App/managedEnvironments/storages): named Azure Files shares that its apps can mount."""

from __future__ import annotations

import re
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import GROUP, arm_id, body_of, parent
from wizard.practice.environments.environments import require_provisioned
from wizard.practice.environments.shapes import STORAGE
from wizard.practice.environments.usage import ENVIRONMENTS
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded
from wizard.practice.kernel.requests import Answer, Request
from wizard.practice.kernel.store import Document

_NAME = re.compile(r"(?=.{1,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*")
_FIXED = {
    "azureFile": {"accountName": "account", "shareName": "share", "accessMode": "access mode"},
    "nfsAzureFile": {"server": "server", "shareName": "share", "accessMode": "access mode"},
}
_MODES = ("ReadOnly", "ReadWrite")


def install(cloud: PracticeCloud) -> None:
    """Serve environment storages on management.azure.com."""
    service = EnvironmentStorages(cloud)
    storages = GROUP + ENVIRONMENTS + "/{name}/storages"
    cloud.arm.add(
        "PUT", storages + "/{storage}", service.put, action=f"{ENVIRONMENTS}/storages/write", takes=STORAGE, known=recorded("200")
    )
    cloud.arm.add(
        "GET",
        storages + "/{storage}",
        service.get,
        action=f"{ENVIRONMENTS}/storages/read",
        known=recorded("200, 404 ManagedEnvironmentStorageNotFound"),
    )
    cloud.arm.add(
        "DELETE", storages + "/{storage}", service.delete, action=f"{ENVIRONMENTS}/storages/delete", known=recorded("200 without a body")
    )
    cloud.arm.add("GET", storages, service.list, action=f"{ENVIRONMENTS}/storages/read", known=recorded("200 with a list"))


def storage_not_found(name: str) -> AzureError:
    """404 for a storage that its environment does not have (recorded; errors.md 45)."""
    return AzureError(404, "ManagedEnvironmentStorageNotFound", f"ManagedEnvironment Storage '{name}' was not found.")


def find_storage(cloud: PracticeCloud, environment_id: str, name: str) -> tuple[Document, str] | None:
    """A storage and its account key, or None; the key is empty where a vault holds it, and for NFS, which has none."""
    storage_id = f"{environment_id}/storages/{name}"
    storage = cloud.store.collection("environment_storages").get(storage_id)
    return (storage, cloud.store.private[storage_id]["accountKey"]) if storage else None


class EnvironmentStorages:
    """The storages of one practice cloud; a key is kept apart and never answered."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._storages = cloud.store.collection("environment_storages")

    async def put(self, request: Request) -> Answer:
        """PUT of a storage: a file share made known under a name; of one that is there only the key can change."""
        environment = parent(self._cloud, request, ENVIRONMENTS)
        require_provisioned(environment)
        name, storage_id = request.names["storage"], self._id(request)
        existing = self._storages.get(storage_id)
        kind, sent = _kind_and_members(name, body_of(request).get("properties") or {})
        self._check(name, kind, sent, existing)
        shown = {key: value for key, value in sent.items() if key != "accountKey"}
        storage = {"id": storage_id, "name": name, "type": "Microsoft.App/managedenvironments/storages", "properties": {kind: shown}}
        self._cloud.store.private[storage_id] = {"accountKey": sent.get("accountKey") or ""}
        self._storages[storage_id] = storage
        return Answer(200, storage)

    async def get(self, request: Request) -> Answer:
        """GET of one storage, without its key."""
        storage = self._storages.get(self._id(request))
        if storage is None:
            raise storage_not_found(request.names["storage"])
        return Answer(200, storage)

    async def delete(self, request: Request) -> Answer:
        """DELETE of a storage; 204 where there is none."""
        storage_id = self._id(request)
        self._cloud.store.private.pop(storage_id, None)
        return Answer(204 if self._storages.pop(storage_id, None) is None else 200)

    async def list(self, request: Request) -> Answer:
        """GET of an environment's storages."""
        prefix = f"{parent(self._cloud, request, ENVIRONMENTS)['id']}/storages/".lower()
        return Answer(200, {"value": [storage for key, storage in self._storages.items() if key.lower().startswith(prefix)]})

    def _id(self, request: Request) -> str:
        return f"{arm_id(request.names, ENVIRONMENTS, request.names['name'])}/storages/{request.names['storage']}"

    def _check(self, name: str, kind: str, sent: dict[str, Any], existing: Document | None) -> None:
        if not _NAME.fullmatch(name):
            message = (
                f"Invalid ManagedEnvironment storage name '{name}'. A name must consist of lower case alphanumeric characters or '-', "
                "start with an alphabetic character, and end with an alphanumeric character. The length must not be more than 32 "
                "characters."
            )
            raise AzureError(400, "ManagedEnvironmentStorageInvalidName", message)
        missing = [key for key in _FIXED[kind] if not sent.get(key)]
        if kind == "azureFile" and not sent.get("accountKey") and not sent.get("accountKeyVaultProperties"):
            missing.append("accountKey")
        if missing:
            message = f"Azure file properties of storage '{name}' are invalid: {', '.join(missing)} should be provided."
            raise AzureError(400, "ManagedEnvironmentInvalidStorageProperties", message)
        if sent["accessMode"] not in _MODES:
            message = f"Access mode '{sent['accessMode']}' of storage '{name}' is invalid: it should be one of {', '.join(_MODES)}."
            raise AzureError(400, "ManagedEnvironmentInvalidStorageProperties", message)
        before = existing["properties"] if existing else {kind: sent}
        for key, title in _FIXED[kind].items():
            if sent[key] != before.get(kind, {}).get(key):
                message = (
                    f"The {title} of storage '{name}' cannot be changed; only the account key can. Delete the storage and create it anew."
                )
                raise AzureError(400, "ManagedEnvironmentStorageCannotBeChanged", message)


def _kind_and_members(name: str, properties: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Which of its two kinds a storage is, and what was sent of it."""
    sent = {kind: properties[kind] for kind in _FIXED if properties.get(kind)}
    if len(sent) > 1:
        message = f"Storage '{name}' is invalid: only one of azureFile and nfsAzureFile can be provided."
        raise AzureError(400, "ManagedEnvironmentInvalidStorageProperties", message)
    return next(iter(sent.items()), ("azureFile", {}))
