"""File shares: their place in Azure Resource Manager, and the folder on this machine that each one is."""

from __future__ import annotations

import re
import shutil
import time
import uuid
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.pages import in_pages
from wizard.practice.arm.resources import GROUP, body_of, parent
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded, specified
from wizard.practice.kernel.requests import Answer, Request
from wizard.practice.kernel.store import Document
from wizard.practice.storage.shapes import DELETED_SHARE, FILE_SERVICE, SHARE
from wizard.practice.storage.share_folders import ACCOUNTS, SERVICES, SHARES, share_folder

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TIERS = ("TransactionOptimized", "Hot", "Cool", "Premium")
_MEMBERS = ("shareQuota", "accessTier", "enabledProtocols", "rootSquash", "metadata")


def install(cloud: PracticeCloud) -> None:
    """Serve the file service of every storage account on management.azure.com."""
    service = FileShares(cloud)
    files = GROUP + ACCOUNTS + "/{name}/fileServices"
    share = files + "/default/shares/{share}"
    add = cloud.arm.add
    add("GET", files, service.list_services, action=f"{SERVICES}/read", known=specified("200 with the one service"))
    add("GET", files + "/default", service.get_service, action=f"{SERVICES}/read", known=recorded("200"))
    add("PUT", files + "/default", service.put_service, action=f"{SERVICES}/write", takes=FILE_SERVICE, known=recorded("200"))
    add("GET", files + "/default/shares", service.list_all, action=f"{SHARES}/read", known=recorded("200 with a list"))
    add(
        "PUT",
        share,
        service.put,
        action=f"{SHARES}/write",
        takes=SHARE,
        known=recorded("201 with what was sent; 200 for one that is there"),
    )
    add("PATCH", share, service.patch, action=f"{SHARES}/write", takes=SHARE, known=recorded("200"))
    add("GET", share, service.get, action=f"{SHARES}/read", known=recorded("200, 404 ShareNotFound"))
    add("DELETE", share, service.delete, action=f"{SHARES}/delete", known=recorded("200 without a body"))
    add("POST", share + "/restore", service.restore, action=f"{SHARES}/action", takes=DELETED_SHARE, known=recorded("200 without a body"))


def forget(cloud: PracticeCloud, account: Document) -> None:
    """Drop the documents of every share of an account that is being deleted."""
    cloud.store.collection("file_services").pop(account["id"], None)
    for name in ("file_shares", "deleted_shares"):
        documents = cloud.store.collection(name)
        for key in [key for key in documents if key.lower().startswith(f"{account['id'].lower()}/")]:
            del documents[key]


class FileShares:
    """The shares of every account.

    Documents: ``file_shares``, ``ACCOUNT-ID/SHARE`` -> the body a GET answers; ``deleted_shares``, ``ACCOUNT-ID/SHARE/VERSION`` -> the
    same with ``deleted``, ``version``, ``deletedTime`` and ``remainingRetentionDays``; ``file_services``, account id -> retention policy.
    """

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._shares = cloud.store.collection("file_shares")
        self._deleted = cloud.store.collection("deleted_shares")
        self._services = cloud.store.collection("file_services")

    async def get_service(self, request: Request) -> Answer:
        """GET of an account's file service."""
        return Answer(200, self._service(self._account(request)))

    async def list_services(self, request: Request) -> Answer:
        """GET of an account's file services: there is one."""
        return Answer(200, {"value": [self._service(self._account(request))]})

    async def put_service(self, request: Request) -> Answer:
        """PUT of the file service: for how many days deleted shares are kept."""
        account = self._account(request)
        sent = (body_of(request).get("properties") or {}).get("shareDeleteRetentionPolicy")
        if sent is not None:
            days = sent.get("days")
            if sent.get("enabled") and (not isinstance(days, int) or not 1 <= days <= 365):
                raise AzureError(
                    400, "InvalidRequestPropertyValue", "The value 'days' of shareDeleteRetentionPolicy must be between 1 and 365."
                )
            self._services[account["id"]] = {"enabled": True, "days": days} if sent.get("enabled") else {"enabled": False}
        answered = self._service(account)
        return Answer(200, {word: answered[word] for word in ("id", "name", "type", "properties")})

    def _service(self, account: Document) -> Document:
        return {
            "sku": account["sku"],
            "id": f"{account['id']}/fileServices/default",
            "name": "default",
            "type": SERVICES,
            "properties": {
                "protocolSettings": {"smb": {}},
                "cors": {"corsRules": []},
                "shareDeleteRetentionPolicy": self._retention(account),
            },
        }

    def _retention(self, account: Document) -> Document:
        return self._services.get(account["id"], {"enabled": True, "days": 7})

    def _account(self, request: Request) -> Document:
        account = parent(self._cloud, request, ACCOUNTS)
        if account["properties"]["provisioningState"] != "Succeeded":
            message = "The storage account provisioning state must be 'Succeeded' before executing the operation."
            raise AzureError(409, "StorageAccountIsNotProvisioned", message)
        return account

    def find(self, account: Document, name: str) -> Document:
        """One share of an account. Raises AzureError 404 ShareNotFound."""
        share = self._shares.get(f"{account['id']}/{name}")
        if share is None:
            raise AzureError(404, "ShareNotFound", f"The specified share does not exist.{_trace()}")
        return share

    async def put(self, request: Request) -> Answer:
        """PUT of a share: created, or changed where it is there."""
        account, name = self._account(request), request.names["share"]
        sent = body_of(request).get("properties") or {}
        if f"{account['id']}/{name}" in self._shares:
            return Answer(200, _created(self.change(account, name, sent), sent))
        share = self.create(account, name, sent)
        return Answer(201, _created(share, sent), {"ETag": share["etag"]})

    def create(self, account: Document, name: str, sent: dict[str, Any]) -> Document:
        """Make a share with its folder. Raises AzureError for a name or a value that Azure refuses."""
        _check_name(name)
        _check(sent)
        key, now = f"{account['id']}/{name}", self._cloud.clock.timestamp()
        self._shares[key] = {
            "id": f"{account['id']}/fileServices/default/shares/{name}",
            "name": name,
            "type": SHARES,
            "etag": f'"0x{uuid.uuid4().hex[:15].upper()}"',
            "properties": {
                "leaseStatus": "unlocked",
                "leaseState": "available",
                "signedIdentifiers": [],
                "accessTier": "TransactionOptimized",
                "accessTierChangeTime": now,
                "lastModifiedTime": now,
                "shareQuota": 5120,
                "enabledProtocols": "SMB",
                **{word: sent[word] for word in _MEMBERS if sent.get(word) is not None},
            },
        }
        share_folder(self._cloud, account, name).mkdir(parents=True, exist_ok=True)
        return self._shares[key]

    async def patch(self, request: Request) -> Answer:
        """PATCH of a share: its quota, tier and metadata."""
        sent = body_of(request).get("properties") or {}
        return Answer(200, self.change(self._account(request), request.names["share"], sent))

    def change(self, account: Document, name: str, sent: dict[str, Any]) -> Document:
        """Change a share. Raises AzureError for one that is not there, and for a value that Azure refuses."""
        share, key = self.find(account, name), f"{account['id']}/{name}"
        _check(sent)
        share["properties"].update({word: sent[word] for word in _MEMBERS if sent.get(word) is not None})
        share["properties"]["lastModifiedTime"] = self._cloud.clock.timestamp()
        share["etag"] = f'"0x{uuid.uuid4().hex[:15].upper()}"'
        self._shares[key] = share
        return share

    async def get(self, request: Request) -> Answer:
        """GET of one share."""
        share = self.find(self._account(request), request.names["share"])
        return Answer(200, share, {"ETag": share["etag"]})

    async def list_all(self, request: Request) -> Answer:
        """GET of an account's shares, deleted ones too where asked."""
        account = self._account(request)
        prefix = f"{account['id'].lower()}/"
        items = [share for key, share in self._shares.items() if key.lower().startswith(prefix)]
        if "deleted" in request.query.get("$expand", "").lower():
            items += [share for key, share in self._deleted.items() if key.lower().startswith(prefix)]
        return in_pages(request, items, "$maxpagesize")

    async def delete(self, request: Request) -> Answer:
        """DELETE of a share, which is kept for the days that the file service says."""
        self.remove(self._account(request), request.names["share"])
        return Answer(200)

    def remove(self, account: Document, name: str) -> None:
        """Take a share away, with its files where none are kept. Raises AzureError for one that is not there."""
        share = self.find(account, name)
        del self._shares[f"{account['id']}/{name}"]
        retention = self._retention(account)
        folder = share_folder(self._cloud, account, name)
        if not retention["enabled"]:
            shutil.rmtree(folder, ignore_errors=True)
            return
        version = f"01D{uuid.uuid4().hex[:13].upper()}"
        days = retention["days"]
        gone = {"deleted": True, "version": version, "deletedTime": self._cloud.clock.timestamp(), "remainingRetentionDays": days}
        share["properties"].update(gone)
        self._deleted[f"{account['id']}/{name}/{version}"] = share
        trash = self._cloud.home / "deleted-shares" / account["name"] / f"{name}-{version}"
        trash.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            shutil.move(folder, trash)

    async def restore(self, request: Request) -> Answer:
        """POST restore: a deleted share is back with its files."""
        account, name = self._account(request), request.names["share"]
        sent = body_of(request)
        old, version = str(sent.get("deletedShareName")), str(sent.get("deletedShareVersion"))
        share = self._deleted.get(f"{account['id']}/{old}/{version}")
        if share is None:
            raise AzureError(404, "ShareNotFound", f"The specified share does not exist.{_trace()}")
        if f"{account['id']}/{name}" in self._shares:
            raise AzureError(409, "ShareAlreadyExists", f"The specified share already exists.{_trace()}")
        del self._deleted[f"{account['id']}/{old}/{version}"]
        for word in ("deleted", "version", "deletedTime", "remainingRetentionDays"):
            share["properties"].pop(word, None)
        share.update({"id": f"{account['id']}/fileServices/default/shares/{name}", "name": name})
        self._shares[f"{account['id']}/{name}"] = share
        folder = share_folder(self._cloud, account, name)
        folder.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(self._cloud.home / "deleted-shares" / account["name"] / f"{old}-{version}", folder)
        return Answer(200)


def _created(share: Document, sent: dict[str, Any]) -> Document:
    """What a PUT answers: only the members that were sent (recorded)."""
    properties = {word: share["properties"][word] for word in _MEMBERS if sent.get(word) is not None}
    body = {word: share[word] for word in ("id", "name", "type")}
    return {**body, "properties": properties} if properties else body


def _check_name(name: str) -> None:
    if not 3 <= len(name) <= 63:
        raise AzureError(400, "OutOfRangeInput", f"The specified resource name length is not within the permissible limits.{_trace()}")
    if not _NAME.fullmatch(name):
        raise AzureError(400, "InvalidResourceName", f"The specified resource name contains invalid characters.{_trace()}")


def _check(sent: dict[str, Any]) -> None:
    quota = sent.get("shareQuota")
    if quota is not None and (not isinstance(quota, int) or not 1 <= quota <= 102400):
        raise AzureError(400, "InvalidHeaderValue", f"The value for one of the HTTP headers is not in the correct format.{_trace()}")
    if sent.get("accessTier") not in (None, *_TIERS):
        raise AzureError(400, "InvalidHeaderValue", f"The value for one of the HTTP headers is not in the correct format.{_trace()}")


def _trace() -> str:
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S.0000000Z", time.gmtime())
    return f"\nRequestId:{uuid.uuid4()}\nTime:{stamp}"
