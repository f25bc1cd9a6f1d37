"""Storage accounts: the account itself and its keys. Their file shares are in file_shares."""

from __future__ import annotations

import base64
import re
import secrets
import shutil
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.governance import policies
from wizard.practice.arm.governance.limits import most_accounts
from wizard.practice.arm.regions import region_of
from wizard.practice.arm.resources import (
    GROUP,
    SUBSCRIPTION,
    arm_id,
    body_of,
    everywhere,
    location_of,
    name_taken,
    named,
    read,
    retry_after,
    serve_reads,
    system_data,
)
from wizard.practice.arm.shapes import NAME_CHECK
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded, specified
from wizard.practice.kernel.requests import ENDPOINT, Answer, Request
from wizard.practice.kernel.store import Document
from wizard.practice.storage import account_bodies, file_shares, share_folders
from wizard.practice.storage.shapes import ACCOUNT, KEY
from wizard.practice.storage.share_folders import MountError, mount

__all__ = ["ACCOUNTS", "MountError", "install", "mount"]

ACCOUNTS = share_folders.ACCOUNTS
_NAME = re.compile(r"[a-z0-9]{3,24}")


def install(cloud: PracticeCloud) -> None:
    """Serve Microsoft.Storage on management.azure.com."""
    service = StorageAccounts(cloud)
    account = GROUP + ACCOUNTS + "/{name}"
    add = cloud.arm.add
    add(
        "PUT",
        account,
        service.put,
        action=f"{ACCOUNTS}/write",
        takes=ACCOUNT,
        known=recorded("202 without a body, with Location and Retry-After; 200 for one that is there"),
        beforehand=service.check,
    )
    add("PATCH", account, service.patch, action=f"{ACCOUNTS}/write", takes=ACCOUNT, known=recorded("200 with the account"))
    serve_reads(cloud, ACCOUNTS, one=recorded, group=recorded, subscription=recorded)
    add("DELETE", account, service.delete, action=f"{ACCOUNTS}/delete", known=recorded("200 without a body"))
    add("POST", account + "/listKeys", service.list_keys, action=f"{ACCOUNTS}/listKeys/action", known=recorded("200 with both keys"))
    add(
        "POST",
        account + "/regenerateKey",
        service.regenerate_key,
        action=f"{ACCOUNTS}/regenerateKey/action",
        takes=KEY,
        known=recorded("200 with both keys"),
    )
    check = SUBSCRIPTION + "Microsoft.Storage/checkNameAvailability"
    add(
        "POST",
        check,
        service.check_name,
        action="Microsoft.Storage/checkNameAvailability/read",
        takes=NAME_CHECK,
        known=recorded("200 with nameAvailable"),
    )
    add(
        "GET",
        SUBSCRIPTION + "Microsoft.Storage/locations/{location}/asyncoperations/{operation}",
        service.result,
        known=recorded("202 with Location and Retry-After, then 200 with the account"),
    )
    used = SUBSCRIPTION + "Microsoft.Storage/locations/{location}/usages"
    add("GET", used, service.usages, action="Microsoft.Storage/locations/usages/read", known=specified("200 with a list"))
    cloud.operations.when_done("storage-account", service.created, failed=service.create_failed)
    cloud.on_group_delete(ACCOUNTS, service.remove, 10)


class StorageAccounts:
    """The storage accounts of one practice cloud.

    A PUT of a new account takes 20 s: 202 without a body, then the account under its Location (recorded). Keys lie in ``private``.
    """

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    def check(self, request: Request) -> None:
        """What an account is refused for, beforehand and at the write."""
        name, body = request.names["name"], body_of(request)
        existing = self._cloud.store.resources.get(arm_id(request.names, ACCOUNTS, name))
        if not _NAME.fullmatch(name):
            raise AzureError(400, "AccountNameInvalid", _name_problem(name))
        account_bodies.check(body)
        self._check_policy(name, body.get("properties") or {}, existing)
        if existing is not None:
            return
        if named(self._cloud, ACCOUNTS, name) is not None:
            raise AzureError(409, "StorageAccountAlreadyExists", f"The storage account named {name} already exists under the subscription.")
        if name_taken(self._cloud, ACCOUNTS, name):
            raise AzureError(409, "StorageAccountAlreadyTaken", f"The storage account named {name} is already taken.")
        most, location = most_accounts(self._cloud), location_of(request)
        if self._accounts_in(location) >= most:
            message = (
                f"Subscription {self._cloud.subscription_id} already contains {most} storage accounts in location {location} and the "
                f"maximum allowed is {most}."
            )
            raise AzureError(409, "MaxStorageAccountsCountPerSubscriptionExceeded", message)

    async def put(self, request: Request) -> Answer:
        """PUT of an account: created, or changed where it is there."""
        account_id = arm_id(request.names, ACCOUNTS, request.names["name"])
        existing = self._cloud.store.resources.get(account_id)
        location = location_of(request)
        self.check(request)
        if existing is not None:
            self._refuse_in_progress(existing)
            self._change(existing, request)
            return Answer(200, existing)
        self._cloud.store.resources[account_id] = account_bodies.new_account(request, account_id, location, self._cloud.clock)
        self._cloud.store.private[account_id] = {"keys": {"key1": _new_key(), "key2": _new_key()}}
        operation = self._cloud.operations.begin("storage-account", account_id, 20)
        return Answer(202, headers=self._polling(request, location, operation))

    async def patch(self, request: Request) -> Answer:
        """PATCH of an account."""
        account = read(self._cloud, request, ACCOUNTS)
        self._refuse_in_progress(account)
        self._check_policy(account["name"], body_of(request).get("properties") or {}, account)
        self._change(account, request)
        return Answer(200, account)

    def _change(self, account: Document, request: Request) -> None:
        body = body_of(request)
        account_bodies.check_unchanged(account, body)
        account["kind"] = body.get("kind") or account["kind"]
        account["sku"] = account_bodies.sku_of(body["sku"]) if body.get("sku") else account["sku"]
        account["properties"].update(account_bodies.kept(body.get("properties") or {}))
        account["properties"]["networkAcls"] = account_bodies.network_rules(account["properties"]["networkAcls"])
        if body.get("tags") is not None:
            account["tags"] = body["tags"]
        account["systemData"] = system_data(self._cloud.clock, request.caller, account)
        self._cloud.store.resources[account["id"]] = account

    async def usages(self, request: Request) -> Answer:
        """GET of how many accounts a region holds, and how many it may: 250 (learn.microsoft.com, storage account scale limits)."""
        used = self._accounts_in(request.names["location"])
        name = {"value": "StorageAccounts", "localizedValue": "Storage Accounts"}
        return Answer(200, {"value": [{"unit": "Count", "currentValue": used, "limit": most_accounts(self._cloud), "name": name}]})

    def _accounts_in(self, location: str) -> int:
        region = region_of(location)
        return sum(region_of(account["location"]) == region for account in everywhere(self._cloud, ACCOUNTS))

    async def delete(self, request: Request) -> Answer:
        """DELETE of an account with its shares; 204 where there is none."""
        account = self._cloud.store.resources.get(arm_id(request.names, ACCOUNTS, request.names["name"]))
        if account is None:
            return Answer(204)
        self._refuse_in_progress(account)
        await self.remove(account["id"])
        return Answer(200)

    async def remove(self, account_id: str) -> None:
        """Delete an account with its shares and everything in them."""
        account = self._cloud.store.resources.pop(account_id)
        self._cloud.store.private.pop(account_id, None)
        file_shares.forget(self._cloud, account)
        for folder in ("shares", "deleted-shares"):
            shutil.rmtree(self._cloud.home / folder / account["name"], ignore_errors=True)

    async def list_keys(self, request: Request) -> Answer:
        """POST listKeys: both keys of an account."""
        account = read(self._cloud, request, ACCOUNTS)
        self._refuse_while_creating(account)
        return Answer(200, self._keys(account))

    async def regenerate_key(self, request: Request) -> Answer:
        """POST regenerateKey: one of the keys is made anew."""
        account = read(self._cloud, request, ACCOUNTS)
        self._refuse_while_creating(account)
        private = self._cloud.store.private[account["id"]]
        name = body_of(request).get("keyName")
        if name not in private["keys"]:
            raise AzureError(400, "InvalidValuesForRequestParameters", "Values for request parameters are invalid: keyName.")
        private["keys"][name] = _new_key()
        account["properties"]["keyCreationTime"][name] = self._cloud.clock.timestamp()
        self._cloud.store.private[account["id"]] = private
        self._cloud.store.resources[account["id"]] = account
        return Answer(200, self._keys(account))

    def _keys(self, account: Document) -> Document:
        created = account["properties"]["keyCreationTime"]
        keys = self._cloud.store.private[account["id"]]["keys"].items()
        return {"keys": [{"creationTime": created[n], "keyName": n, "value": value, "permissions": "FULL"} for n, value in keys]}

    async def check_name(self, request: Request) -> Answer:
        """POST checkNameAvailability: whether a name may be, and whether it is free in all of Azure."""
        name = str(body_of(request).get("name", ""))
        if not _NAME.fullmatch(name):
            return Answer(200, {"nameAvailable": False, "reason": "AccountNameInvalid", "message": _name_problem(name)})
        if named(self._cloud, ACCOUNTS, name) is not None or name_taken(self._cloud, ACCOUNTS, name):
            message = f"The storage account named {name} is already taken."
            return Answer(200, {"nameAvailable": False, "reason": "AlreadyExists", "message": message})
        return Answer(200, {"nameAvailable": True})

    def _check_policy(self, name: str, sent: dict[str, Any], existing: Document | None) -> None:
        """What rules forbid of an account as it would be (errors.md 22 and 54)."""
        resource = {"properties": {**(existing or {}).get("properties", {}), **sent}}
        for denial in policies.denials(self._cloud, ACCOUNTS, resource):
            if denial.title in policies.OF_ACCOUNTS:
                raise policies.refusal(name, denial)

    def _refuse_while_creating(self, account: Document) -> None:
        if account["properties"]["provisioningState"] != "Succeeded":
            message = "The storage account provisioning state must be 'Succeeded' before executing the operation."
            raise AzureError(409, "StorageAccountIsNotProvisioned", message)

    def _refuse_in_progress(self, account: Document) -> None:
        if account["properties"]["provisioningState"] != "Succeeded":
            message = "An operation is currently performing on this storage account that requires exclusive access."
            raise AzureError(409, "StorageAccountOperationInProgress", message)

    def _polling(self, request: Request, location: str, operation: Document) -> dict[str, str]:
        path = f"/subscriptions/{request.names['subscription']}/providers/Microsoft.Storage/locations/{location}/asyncoperations"
        url = f"{ENDPOINT}{path}/{operation['id']}?monitor=true&api-version={request.api_version}"
        return {"Location": url, "Retry-After": retry_after(self._cloud.clock, 17)}

    async def result(self, request: Request) -> Answer:
        """GET of an operation on an account: 202 until it is over."""
        operation = self._cloud.operations.get(request.names["operation"])
        if operation is None:
            raise AzureError(404, "NotFound", "The operation was not found.")
        if operation["status"] == "InProgress":
            return Answer(202, headers=self._polling(request, request.names["location"], operation))
        if operation["status"] == "Failed":
            raise AzureError(409, operation["error"]["code"], operation["error"]["message"])
        return Answer(200, self._cloud.store.resources.get(operation["target"]))

    async def created(self, operation: Document) -> None:
        """End a creation: the account is there."""
        account = self._cloud.store.resources.get(operation["target"])
        if account is not None:
            account["properties"]["provisioningState"] = "Succeeded"
            self._cloud.store.resources[account["id"]] = account

    async def create_failed(self, operation: Document) -> None:
        """End a creation that failed: no account is left."""
        self._cloud.store.resources.pop(operation["target"], None)
        self._cloud.store.private.pop(operation["target"], None)


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(64)).decode()


def _name_problem(name: str) -> str:
    return (
        f"{name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in length and use numbers "
        "and lower-case letters only."
    )
