"""Resource groups, what deleting one takes along, and lists of the resources in them."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.filters import Filter
from wizard.practice.arm.pages import in_pages
from wizard.practice.arm.regions import region_of, regions
from wizard.practice.arm.resources import body_of, seen
from wizard.practice.arm.shapes import GROUP
from wizard.practice.kernel.errors import GATEWAY, AzureError, group_not_found
from wizard.practice.kernel.fidelity import recorded, specified
from wizard.practice.kernel.requests import ENDPOINT, Answer, Request, group_of, resource_type_of, segments, within
from wizard.practice.kernel.store import Document

CREATE_SECONDS = 1.0
DELETE_SECONDS = 0.5
TYPE = "Microsoft.Resources/resourceGroups"
_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}"
_NAME = re.compile(r"[-\w._()]{0,89}[-\w_()]")  # reference.md section 4
_FILTERED_BY = ("resourcetype", "name", "location", "resourcegroup")
_LISTED = ("id", "name", "type", "kind", "managedBy", "location", "sku", "identity", "tags")


class Groups:
    """Resource groups live among the ``resources``, under their own ARM id."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._resources = cloud.store.resources

    async def list_all(self, request: Request) -> Answer:
        """GET of the groups of a subscription, by tag where a filter says so."""
        prefix = f"/subscriptions/{request.names['subscription']}"
        wanted = Filter(request.query.get("$filter", ""), ("name", "location"))
        groups = [g for g in self._resources.values() if g["type"] == TYPE and within(g["id"], prefix)]
        return in_pages(request, [g for g in groups if wanted.fits(_facts(g), g.get("tags") or {})])

    async def get(self, request: Request) -> Answer:
        """GET of one group."""
        return Answer(200, self._found(request))

    async def exists(self, request: Request) -> Answer:
        """204 or 404, without a body."""
        return Answer(204 if self._id(request) in self._resources else 404)

    async def put(self, request: Request) -> Answer:
        """PUT of a group: created, or its tags replaced; its region cannot change."""
        body = body_of(request)
        name, existing = request.names["group"], self._resources.get(self._id(request))
        location = _location(body, name, existing)
        _refuse_deleting(name, existing)
        if existing is None:
            await asyncio.sleep(self._cloud.clock.lasts(CREATE_SECONDS))
        group = {
            "id": existing["id"] if existing else self._id(request),
            "name": existing["name"] if existing else name,
            "type": TYPE,
            "location": location,
            **({"tags": body["tags"]} if body.get("tags") is not None else {}),
            **({"managedBy": body["managedBy"]} if body.get("managedBy") else {}),
            "properties": {"provisioningState": "Succeeded"},
        }
        self._resources[group["id"]] = group
        return Answer(200 if existing else 201, group)

    async def patch(self, request: Request) -> Answer:
        """PATCH of a group: its tags."""
        group = self._found(request)
        _refuse_deleting(group["name"], group)
        body = body_of(request)
        group = {**group, **({"tags": body["tags"] or {}} if "tags" in body else {})}
        self._resources[group["id"]] = group
        return Answer(200, group)

    async def delete(self, request: Request) -> Answer:
        """202 with a Location to poll; the group stays, ``Deleting``, until everything in it has gone."""
        group = self._found(request)
        running = self._cloud.operations.running_on(group["id"])
        if running is None:
            group = {**group, "properties": {"provisioningState": "Deleting"}}
            self._resources[group["id"]] = group
            running = self._cloud.operations.begin("group.delete", group["id"], self._seconds(group["id"]), resource_type=TYPE)
        return Answer(202, None, self._polling(request, running["id"]))

    async def result(self, request: Request) -> Answer:
        """What the Location of a delete answers: 202 until it has ended, then 200 (recorded: without a body), or the error."""
        operation = self._cloud.operations.get(request.names["operation"])
        if operation is None:
            raise AzureError(404, "NotFound", "The operation result was not found.", headers=GATEWAY)
        if operation["status"] == "InProgress":
            return Answer(202, None, self._polling(request, operation["id"]))
        if operation["status"] == "Failed":
            return Answer(409, {"error": operation["error"]})
        return Answer(200)

    async def remove(self, operation: Document) -> None:
        """Delete what lies in the group, types registered last first (apps before their environment), then the group itself."""
        group = operation["target"]
        for resource_type, (remove, _) in reversed(self._cloud.removers.items()):
            for resource_id in self._inside(group, resource_type):
                await remove(resource_id)
        for documents in (self._cloud.store.private, self._resources):
            for key in [key for key in documents if within(key, group)]:
                del documents[key]
        self._cloud.hosts_changed()

    async def keep(self, operation: Document) -> None:
        """A delete that failed leaves the group as usable as before."""
        group = self._resources[operation["target"]]
        self._resources[group["id"]] = {**group, "properties": {"provisioningState": "Succeeded"}}

    async def resources(self, request: Request) -> Answer:
        """The resources of a group or a subscription, as ``$filter`` (tag, type, name, location) and ``$expand`` ask."""
        scope = "/" + "/".join(segments(request.path)[:-1])
        wanted, expand = Filter(request.query.get("$filter", ""), _FILTERED_BY), request.query.get("$expand", "")
        inside = [r for r in seen(self._cloud) if _is_tracked(r) and within(r["id"], scope)]
        matches = [r for r in inside if wanted.fits(_facts(r), r.get("tags") or {})]
        return in_pages(request, [_listed(resource, expand, request.api_version) for resource in matches])

    def _inside(self, group: str, resource_type: str) -> list[str]:
        return [key for key in self._resources if within(key, group) and resource_type_of(key).lower() == resource_type]

    def _seconds(self, group: str) -> float:
        takes = [seconds for kind, (_, seconds) in self._cloud.removers.items() if self._inside(group, kind)]
        return max([DELETE_SECONDS, *takes])

    def _polling(self, request: Request, operation_id: str) -> dict[str, str]:
        location = (
            f"{ENDPOINT}/subscriptions/{request.names['subscription']}/operationresults/{operation_id}?api-version={request.api_version}"
        )
        return {"Location": location, "Retry-After": "15" if self._cloud.clock.speed == "real" else "1"}

    def _id(self, request: Request) -> str:
        return f"/subscriptions/{request.names['subscription']}/resourceGroups/{request.names['group']}"

    def _found(self, request: Request) -> Document:
        group = self._resources.get(self._id(request))
        if group is None:
            raise group_not_found(request.names["group"])
        return group


def _location(body: dict[str, Any], name: str, existing: Document | None) -> str:
    if not _NAME.fullmatch(name):
        message = f"The provided resource group name '{name}' has these invalid characters or is too long. "
        raise AzureError(
            400, "InvalidResourceGroup", message + "The name can only be a letter, digit, '-', '.', '(', ')' or '_'.", headers=GATEWAY
        )
    if not body.get("location"):
        raise AzureError(400, "LocationRequired", "The location property is required for this definition.", headers=GATEWAY)
    region = region_of(body["location"])
    if region is None:
        available = ",".join(r.name for r in regions())
        message = (
            f"The provided location '{body['location']}' is not available for resource group. List of available regions is '{available}'."
        )
        raise AzureError(400, "LocationNotAvailableForResourceGroup", message, headers=GATEWAY)
    if existing is not None and existing["location"] != region.name:
        message = (
            f"Invalid resource group location '{region.name}'. The Resource group already exists in location '{existing['location']}'."
        )
        raise AzureError(409, "InvalidResourceGroupLocation", message, headers=GATEWAY)
    return region.name


def _refuse_deleting(name: str, group: Document | None) -> None:
    if group is not None and group["properties"]["provisioningState"] == "Deleting":
        message = f"The resource group '{name}' is in deprovisioning state and cannot perform this operation."
        raise AzureError(409, "ResourceGroupBeingDeleted", message, headers=GATEWAY)


def _is_tracked(resource: Document) -> bool:
    return resource_type_of(resource["id"]).count("/") == 1 and group_of(resource["id"]) is not None and resource["type"] != TYPE


def _facts(resource: Document) -> dict[str, str]:
    """What a filter may name of a resource."""
    return {
        "resourcetype": resource["type"],
        "name": resource["name"],
        "location": _region(resource),
        "resourcegroup": group_of(resource["id"]) or "",
    }


def _region(resource: Document) -> str:
    """The region's name: lists give it (recorded) even where the resource itself shows the display name, as Microsoft.App's do."""
    location = str(resource.get("location", ""))
    region = region_of(location)
    return region.name if region else location


def _listed(resource: Document, expand: str, version: str) -> Document:
    listed = {**{name: resource[name] for name in _LISTED if name in resource}, "location": _region(resource)}
    system = resource.get("systemData") or {}
    if system and version >= "2020-06-01":  # recorded in 2021-04-01 and later, not in 2015-11-01
        listed["systemData"] = system
    extras = {
        "createdTime": system.get("createdAt"),
        "changedTime": system.get("lastModifiedAt"),
        "provisioningState": (resource.get("properties") or {}).get("provisioningState"),
    }
    return {**listed, **{name: value for name, value in extras.items() if name in expand and value is not None}}


def install(cloud: PracticeCloud) -> None:
    """Serve resource groups and the lists of resources."""
    groups = Groups(cloud)
    action = "Microsoft.Resources/subscriptions/resourceGroups"
    cloud.arm.add(
        "GET", "/subscriptions/{subscription}/resourceGroups", groups.list_all, action=f"{action}/read", known=recorded("200 with a list")
    )
    cloud.arm.add("GET", _GROUP, groups.get, action=f"{action}/read", known=recorded("200, 404 ResourceGroupNotFound"))
    cloud.arm.add("HEAD", _GROUP, groups.exists, action=f"{action}/read", group_must_exist=False, known=recorded("204, 404"))
    cloud.arm.add(
        "PUT",
        _GROUP,
        groups.put,
        action=f"{action}/write",
        group_must_exist=False,
        takes=GROUP,
        known=recorded("201, 200 for one that is there"),
    )
    cloud.arm.add("PATCH", _GROUP, groups.patch, action=f"{action}/write", takes=GROUP, known=specified("200"))
    cloud.arm.add("DELETE", _GROUP, groups.delete, action=f"{action}/delete", known=recorded("202 with Location and Retry-After"))
    cloud.arm.add(
        "GET", "/subscriptions/{subscription}/operationresults/{operation}", groups.result, known=recorded("202, then 200 without a body")
    )
    cloud.arm.add("GET", f"{_GROUP}/resources", groups.resources, action=f"{action}/resources/read", known=recorded("200 with a list"))
    cloud.arm.add(
        "GET",
        "/subscriptions/{subscription}/resources",
        groups.resources,
        action="Microsoft.Resources/subscriptions/resources/read",
        known=recorded("200 with a list"),
    )
    cloud.operations.when_done("group.delete", groups.remove, failed=groups.keep)
