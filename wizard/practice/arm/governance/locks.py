"""Management locks: set and removed at any scope, and what they keep from being changed.

``ReadOnly`` lets nothing at or below its scope be written or deleted, and no keys be listed; ``CanNotDelete`` lets nothing be deleted
(learn.microsoft.com, lock-resources). The fault ``lock`` sets a ReadOnly one on the subscription. Refused as ARM refuses: ``ScopeLocked``.
"""

from __future__ import annotations

from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import body_of
from wizard.practice.kernel.errors import GATEWAY, AzureError
from wizard.practice.kernel.fidelity import documented, recorded
from wizard.practice.kernel.requests import Answer, Request, resource_type_of, within
from wizard.practice.kernel.shapes import TEXT, OneOf

PROVIDER = "/providers/Microsoft.Authorization/locks"
TYPE = "Microsoft.Authorization/locks"
OF_THE_FAULT = "no-changes"
LOCK = {
    "properties": {
        "level": OneOf(("NotSpecified", "CanNotDelete", "ReadOnly")),
        "notes": TEXT,
        "owners": [{"applicationId": TEXT}],
    }
}
_KEYS = ("listkeys", "listcredentials", "regeneratekey", "regeneratecredential")


def check_locks(cloud: PracticeCloud, request: Request) -> None:
    """Refuse what a lock forbids. Raises AzureError 409 ScopeLocked."""
    deletes = request.method == "DELETE"
    asks_keys = request.method == "POST" and request.path.rstrip("/").rpartition("/")[2].lower() in _KEYS
    if not (deletes or asks_keys or request.method in ("PUT", "PATCH")) or resource_type_of(request.path).lower() == TYPE.lower():
        return
    stopping = [
        _scope_of(lock)
        for lock in _locks(cloud)
        if (within(request.path, _scope_of(lock)) or (deletes and within(_scope_of(lock), request.path)))
        and (lock["properties"]["level"] == "ReadOnly" or deletes)
    ]
    if stopping:
        places = ",".join(sorted(set(stopping)))
        message = (
            f"The scope '{request.resource_id}' cannot perform {'delete' if deletes else 'write'} operation because following scope(s) are "
            f"locked: '{places}'. Please remove the lock and try again."
        )
        raise AzureError(409, "ScopeLocked", message, headers=GATEWAY)


def _locks(cloud: PracticeCloud) -> list[dict[str, Any]]:
    """Every lock, the fault's first."""
    locks = list(cloud.store.collection("locks").values())
    if cloud.faults.active("lock"):
        scope = f"/subscriptions/{cloud.subscription_id}"
        locks.insert(0, _lock(scope, OF_THE_FAULT, {"level": "ReadOnly", "notes": "Nothing is changed here this month."}))
    return locks


def _lock(scope: str, name: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"properties": properties, "id": f"{scope}{PROVIDER}/{name}", "type": TYPE, "name": name}


def _scope_of(lock: dict[str, Any]) -> str:
    return str(lock["id"]).partition(PROVIDER)[0]


class Locks:
    """The locks of one practice cloud."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._locks = cloud.store.collection("locks")
        cloud.store.resources.when_deleted(self._forget_scope)

    async def list_all(self, request: Request) -> Answer:
        """The locks at a scope and below it."""
        scope = "/" + request.names["scope"].strip("/")
        return Answer(200, {"value": [lock for lock in _locks(self._cloud) if within(_scope_of(lock), scope)]})

    async def get(self, request: Request) -> Answer:
        """GET of one lock."""
        lock = next((lock for lock in _locks(self._cloud) if lock["id"].lower() == request.resource_id.lower()), None)
        if lock is None:
            raise AzureError(404, "LockNotFound", f"The lock '{request.names['name']}' could not be found.", headers=GATEWAY)
        return Answer(200, lock)

    async def put(self, request: Request) -> Answer:
        """PUT of a lock: created or replaced."""
        properties = body_of(request).get("properties") or {}
        if not properties.get("level"):
            raise AzureError(400, "LockLevelNotSpecified", "The lock level is required for this definition.", headers=GATEWAY)
        existed = request.resource_id in self._locks
        scope = request.resource_id.rpartition(PROVIDER)[0] or "/" + request.names["scope"].strip("/")
        self._locks[request.resource_id] = _lock(scope, request.names["name"], properties)
        return Answer(200 if existed else 201, self._locks[request.resource_id])

    async def delete(self, request: Request) -> Answer:
        """DELETE of a lock; 204 where there is none."""
        removed = self._locks.pop(request.resource_id, None)
        if removed is None and request.names["name"].lower() == OF_THE_FAULT:
            return Answer(200 if self._cloud.faults.take("lock") else 204)
        return Answer(204 if removed is None else 200)

    def _forget_scope(self, scope: str) -> None:
        for key in [key for key in self._locks if within(key, scope)]:
            del self._locks[key]


def install(cloud: PracticeCloud) -> None:
    """Serve locks at every scope."""
    locks, action = Locks(cloud), "Microsoft.Authorization/locks"
    base = f"/{{scope*}}{PROVIDER}"
    one = f"{base}/{{name}}"
    cloud.arm.add("GET", base, locks.list_all, action=f"{action}/read", known=recorded("200 with a list"))
    cloud.arm.add("GET", one, locks.get, action=f"{action}/read", known=recorded("200"))
    cloud.arm.add("PUT", one, locks.put, action=f"{action}/write", takes=LOCK, known=recorded("201, 200 when it was there"))
    cloud.arm.add("DELETE", one, locks.delete, action=f"{action}/delete", known=documented("200, 204 when there was none", "specification"))
