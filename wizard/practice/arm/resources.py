"""What every resource under a resource group has in common: its id, its documents, its refusals."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.clock import Clock
from wizard.practice.kernel.errors import GATEWAY, AzureError, resource_not_found
from wizard.practice.kernel.fidelity import Known
from wizard.practice.kernel.requests import Answer, Caller, Request, within
from wizard.practice.kernel.store import Document

Mark = Callable[[str], Known]
"""Such as `wizard.practice.kernel.fidelity.recorded`."""
SUBSCRIPTION = "/subscriptions/{subscription}/providers/"
GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/providers/"


def arm_id(names: Mapping[str, str], kind: str, name: str) -> str:
    """The canonical id of a resource of type `kind` in the group that the route's holes name."""
    return f"/subscriptions/{names['subscription']}/resourceGroups/{names['group']}/providers/{kind}/{name}"


def parent_not_found(parent_id: str) -> AzureError:
    """ARM's 404 for a part of a resource that does not exist (errors.md 26)."""
    message = f"Can not perform requested operation on nested resource. Parent resource '{parent_id.split('/')[-1]}' not found."
    return AzureError(404, "ParentResourceNotFound", message, headers=GATEWAY)


def read(cloud: PracticeCloud, request: Request, kind: str) -> Document:
    """The resource that the route's hole ``name`` names; raises ARM's 404."""
    resource = cloud.store.resources.get(arm_id(request.names, kind, request.names["name"]))
    if resource is None:
        raise resource_not_found(kind, request.names["name"], request.names["group"])
    return resource


def parent(cloud: PracticeCloud, request: Request, kind: str) -> Document:
    """The resource that the route's hole ``name`` names, for a call on a part of it; raises ARM's 404."""
    resource_id = arm_id(request.names, kind, request.names["name"])
    resource = cloud.store.resources.get(resource_id)
    if resource is None:
        raise parent_not_found(resource_id)
    return resource


def everywhere(cloud: PracticeCloud, kind: str) -> list[Document]:
    """Every resource of that type."""
    return [resource for resource in cloud.store.resources.values() if resource["type"].lower() == kind.lower()]


def named(cloud: PracticeCloud, kind: str, name: str) -> Document | None:
    """The resource of that type and name wherever it lies, for types whose names are global."""
    return next((resource for resource in everywhere(cloud, kind) if resource["name"].lower() == name.lower()), None)


def listed(cloud: PracticeCloud, request: Request, kind: str) -> Answer:
    """The resources of that type in the route's group, or in its whole subscription."""
    scope = f"/subscriptions/{request.names['subscription']}"
    if "group" in request.names:
        scope += f"/resourceGroups/{request.names['group']}"
    resources = [resource for resource in seen(cloud) if resource["type"].lower() == kind.lower() and within(resource["id"], scope)]
    return Answer(200, {"value": resources})


def serve_reads(cloud: PracticeCloud, kind: str, *, one: Mark, group: Mark, subscription: Mark) -> None:
    """Serve GET of one resource of that type, and of those of a group and of a subscription; each with how its answer is known."""

    async def read_one(request: Request) -> Answer:
        return Answer(200, read(cloud, request, kind))

    async def read_list(request: Request) -> Answer:
        return listed(cloud, request, kind)

    action = f"{kind}/read"
    cloud.arm.add("GET", f"{GROUP}{kind}/{{name}}", read_one, action=action, known=one("200, 404 ResourceNotFound"))
    cloud.arm.add("GET", GROUP + kind, read_list, action=action, known=group("200 with a list"))
    cloud.arm.add("GET", SUBSCRIPTION + kind, read_list, action=action, known=subscription("200 with a list"))


def seen(cloud: PracticeCloud) -> list[Document]:
    """Every resource as lists show it: as it was a while ago under fault ``stale-list``."""
    delay = cloud.faults.value("stale-list")
    return list(cloud.store.resources.values()) if delay is None else cloud.store.resources.as_of(float(delay))


def body_of(request: Request) -> dict[str, Any]:
    """The request's JSON object, in the shape that its route declares."""
    body: dict[str, Any] = request.body
    return body


def location_of(request: Request) -> str:
    """The region a PUT asks for, as Azure writes it: ``West Europe`` is ``westeurope``. The front has checked it."""
    return str(body_of(request).get("location", "")).replace(" ", "").lower()


def system_data(clock: Clock, caller: Caller, existing: Document | None = None) -> dict[str, str]:
    """Who made a resource and who last changed it (recorded: ``systemData``)."""
    kind = "User" if caller.kind == "User" else "ManagedIdentity" if caller.kind == "ManagedIdentity" else "Application"
    by = caller.name if kind == "User" else caller.app_id
    created = (existing or {}).get("systemData") or {"createdBy": by, "createdByType": kind, "createdAt": clock.timestamp()}
    creation = {name: created[name] for name in ("createdBy", "createdByType", "createdAt")}
    return {**creation, "lastModifiedBy": by, "lastModifiedByType": kind, "lastModifiedAt": clock.timestamp()}


def retry_after(clock: Clock, real_seconds: float) -> str:
    """A Retry-After of whole seconds, at least 1: azure-core reads no fraction from a first response (practice-cloud.md 3)."""
    return str(max(1, math.floor(clock.lasts(real_seconds))))


def name_taken(cloud: PracticeCloud, kind: str, name: str) -> bool:
    """Whether somebody else's resource has that global name: under fault ``name-taken``, the first name of its type that was wanted."""
    if not cloud.faults.active("name-taken"):
        return False
    taken = cloud.store.collection("taken_names")
    if kind not in taken:
        taken[kind] = {"name": name}
    return str(taken[kind]["name"]).lower() == name.lower()
