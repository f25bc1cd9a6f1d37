"""Container registries as Azure Resource Manager sees them; what is inside one stands in data_plane, images, image_imports and tasks."""

from __future__ import annotations

import re
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import (
    GROUP,
    SUBSCRIPTION,
    arm_id,
    body_of,
    location_of,
    name_taken,
    named,
    read,
    serve_reads,
    system_data,
)
from wizard.practice.arm.shapes import NAME_CHECK
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded
from wizard.practice.kernel.requests import ENDPOINT, Answer, Request
from wizard.practice.kernel.store import Document
from wizard.practice.registry import admin_passwords, images
from wizard.practice.registry import tasks as builds
from wizard.practice.registry.shapes import REGISTRY

REGISTRIES = images.REGISTRIES
_NAME = re.compile(r"[A-Za-z0-9]{5,50}")
_TIERS = ("Basic", "Standard", "Premium")
_STORAGE = {"Basic": 10, "Standard": 100, "Premium": 500}  # GiB included
_KEPT = [
    "adminUserEnabled",
    "anonymousPullEnabled",
    "dataEndpointEnabled",
    "publicNetworkAccess",
    "networkRuleBypassOptions",
    "zoneRedundancy",
    "roleAssignmentMode",
    "policies",
]


def install(cloud: PracticeCloud) -> None:
    """Serve Microsoft.ContainerRegistry: on management.azure.com, and every registry under its own name."""
    service = Registries(cloud)
    registry = GROUP + REGISTRIES + "/{name}"
    add = cloud.arm.add
    add(
        "PUT",
        registry,
        service.put,
        action=f"{REGISTRIES}/write",
        takes=REGISTRY,
        known=recorded("201 Creating with Azure-AsyncOperation; 200 for one that is there"),
        beforehand=service.check,
    )
    add("PATCH", registry, service.patch, action=f"{REGISTRIES}/write", takes=REGISTRY, known=recorded("200"))
    serve_reads(cloud, REGISTRIES, one=recorded, group=recorded, subscription=recorded)
    add("DELETE", registry, service.delete, action=f"{REGISTRIES}/delete", known=recorded("200 without a body"))
    add(
        "GET",
        registry + "/operationStatuses/{operation}",
        service.status,
        action=f"{REGISTRIES}/operationStatuses/read",
        known=recorded("200 Creating, then Succeeded"),
    )
    add("GET", registry + "/listUsages", service.usages, action=f"{REGISTRIES}/listUsages/read", known=recorded("200"))
    check = SUBSCRIPTION + "Microsoft.ContainerRegistry/checkNameAvailability"
    add(
        "POST",
        check,
        service.check_name,
        action="Microsoft.ContainerRegistry/checkNameAvailability/read",
        takes=NAME_CHECK,
        known=recorded("200 with nameAvailable"),
    )
    admin_passwords.install(cloud)
    cloud.operations.when_done("registry", service.created, failed=service.create_failed)
    cloud.on_group_delete(REGISTRIES, service.remove, 5)


class Registries:
    """The registries of one practice cloud.

    A PUT of a new registry takes 10 s: 201 Creating with Azure-AsyncOperation (recorded). Its name resolves once it has Succeeded.
    """

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    def check(self, request: Request) -> None:
        """What a registry is refused for, beforehand and at the write."""
        name, body = request.names["name"], body_of(request)
        if not _NAME.fullmatch(name):
            raise AzureError(400, "InvalidParameter", _name_problem(name), target="name")
        _check_network(_sku(body.get("sku")), body.get("properties") or {})
        existing = self._cloud.store.resources.get(arm_id(request.names, REGISTRIES, name))
        if existing is None and (named(self._cloud, REGISTRIES, name) is not None or name_taken(self._cloud, REGISTRIES, name)):
            message = (
                f"The registry DNS name {name.lower()}.azurecr.io is already in use. You can check if the name is already claimed using "
                "following API: https://docs.microsoft.com/en-us/rest/api/containerregistry/registries/checknameavailability"
            )
            raise AzureError(409, "AlreadyInUse", message)

    async def put(self, request: Request) -> Answer:
        """PUT of a registry: created, or changed where it is there."""
        self.check(request)
        registry_id = arm_id(request.names, REGISTRIES, request.names["name"])
        existing = self._cloud.store.resources.get(registry_id)
        location = location_of(request)
        if existing is not None and existing["properties"]["provisioningState"] != "Failed":  # one that failed is made anew
            self._change(existing, request)
            return Answer(200, existing)
        registry = self._composed(request, registry_id, location)
        self._cloud.store.resources[registry_id] = registry
        self._cloud.store.private[registry_id] = {"passwords": admin_passwords.new(), "runs": 0}
        operation = self._cloud.operations.begin("registry", registry_id, 10)
        return Answer(201, registry, {"Azure-AsyncOperation": self._status_url(request, operation)})

    def _composed(self, request: Request, registry_id: str, location: str) -> Document:
        body, clock = body_of(request), self._cloud.clock
        sent = body.get("properties") or {}
        now = clock.timestamp()
        policies = {
            "quarantinePolicy": {"status": "disabled"},
            "trustPolicy": {"type": "Notary", "status": "disabled"},
            "retentionPolicy": {"days": 7, "lastUpdatedTime": now, "status": "disabled"},
            "exportPolicy": {"status": "enabled"},
            "azureADAuthenticationAsArmPolicy": {"status": "enabled"},
            "softDeletePolicy": {"retentionDays": 7, "lastUpdatedTime": now, "status": "disabled"},
        }
        return {
            "sku": _sku(body["sku"]),
            "type": REGISTRIES,
            "id": registry_id,
            "name": request.names["name"],
            "location": location,
            "tags": body.get("tags") or {},
            "systemData": system_data(clock, request.caller),
            "properties": {
                "loginServer": f"{request.names['name'].lower()}.azurecr.io",
                "creationDate": now,
                "provisioningState": "Creating",
                "adminUserEnabled": False,
                "encryption": {"status": "disabled"},
                "dataEndpointEnabled": False,
                "dataEndpointHostNames": [],
                "privateEndpointConnections": [],
                "publicNetworkAccess": "Enabled",
                "networkRuleBypassOptions": "AzureServices",
                "zoneRedundancy": "Disabled",
                "anonymousPullEnabled": False,
                "roleAssignmentMode": "LegacyRegistryPermissions",
                **{word: sent[word] for word in _KEPT if sent.get(word) is not None},
                "policies": {**policies, **(sent.get("policies") or {})},
            },
        }

    async def patch(self, request: Request) -> Answer:
        """PATCH of a registry."""
        registry = read(self._cloud, request, REGISTRIES)
        self._change(registry, request)
        return Answer(200, registry)

    def _change(self, registry: Document, request: Request) -> None:
        body = body_of(request)
        sent = body.get("properties") or {}
        sku = _sku(body["sku"]) if body.get("sku") else registry["sku"]
        _check_network(sku, {**registry["properties"], **sent})
        policies = {**registry["properties"]["policies"], **(sent.get("policies") or {})}
        registry["properties"].update({word: sent[word] for word in _KEPT if sent.get(word) is not None})
        registry["properties"]["policies"] = policies
        registry["sku"] = sku
        if body.get("tags") is not None:
            registry["tags"] = body["tags"]
        registry["systemData"] = system_data(self._cloud.clock, request.caller, registry)
        self._cloud.store.resources[registry["id"]] = registry

    async def delete(self, request: Request) -> Answer:
        """DELETE of a registry with its images; 204 where there is none."""
        registry = self._cloud.store.resources.get(arm_id(request.names, REGISTRIES, request.names["name"]))
        if registry is None:
            return Answer(204)
        await self.remove(registry["id"])
        return Answer(200)

    async def remove(self, registry_id: str) -> None:
        """Delete a registry with its images, its runs and their logs."""
        registry = self._cloud.store.resources.pop(registry_id)
        self._cloud.store.private.pop(registry_id, None)
        images.forget(self._cloud, registry["properties"]["loginServer"])
        builds.forget(self._cloud, registry)
        self._cloud.hosts_changed()

    async def usages(self, request: Request) -> Answer:
        """GET of how many bytes a registry holds, and how many its SKU includes."""
        registry = read(self._cloud, request, REGISTRIES)
        used = images.size(self._cloud, registry["properties"]["loginServer"])
        limit = _STORAGE[registry["sku"]["name"]] << 30
        sizes = [{"name": "Size", "limit": limit, "currentValue": used, "unit": "Bytes"}]
        return Answer(200, {"value": [*sizes, {"name": "Webhooks", "limit": 2, "currentValue": 0, "unit": "Count"}]})

    async def status(self, request: Request) -> Answer:
        """GET of an operation on a registry."""
        operation = self._operation(request)
        headers = {"Azure-AsyncOperation": self._status_url(request, operation)}
        if operation["status"] == "Failed":
            return Answer(200, {"status": "Failed", "error": operation["error"]}, headers)
        return Answer(200, {"status": "Creating" if operation["status"] == "InProgress" else "Succeeded"}, headers)

    def _operation(self, request: Request) -> Document:
        operation = self._cloud.operations.get(request.names["operation"].removeprefix("registries-"))
        if operation is None:
            raise AzureError(404, "OperationNotFound", "The operation was not found.")
        return operation

    def _status_url(self, request: Request, operation: Document) -> str:
        path = arm_id(request.names, REGISTRIES, request.names["name"])
        return f"{ENDPOINT}{path}/operationStatuses/registries-{operation['id']}?api-version={request.api_version}"

    async def created(self, operation: Document) -> None:
        """End an operation that succeeded."""
        self._finish(operation["target"], "Succeeded")

    async def create_failed(self, operation: Document) -> None:
        """End an operation that failed."""
        self._finish(operation["target"], "Failed")

    def _finish(self, registry_id: str, state: str) -> None:
        registry = self._cloud.store.resources.get(registry_id)
        if registry is not None:
            registry["properties"]["provisioningState"] = state
            self._cloud.store.resources[registry_id] = registry
            self._cloud.hosts_changed()

    async def check_name(self, request: Request) -> Answer:
        """POST checkNameAvailability: whether a name may be, and whether it is free in all of Azure."""
        name = str(body_of(request).get("name", ""))
        if not _NAME.fullmatch(name):
            return Answer(200, {"nameAvailable": False, "reason": "Invalid", "message": _name_problem(name)})
        if named(self._cloud, REGISTRIES, name) is not None or name_taken(self._cloud, REGISTRIES, name):
            return Answer(200, {"nameAvailable": False, "reason": "AlreadyExists", "message": f"The registry {name} is already in use."})
        return Answer(200, {"nameAvailable": True})


def _check_network(sku: dict[str, Any], properties: dict[str, Any]) -> None:
    """Only a Premium registry can be closed (quoted: hashicorp/terraform-provider-azurerm#26054)."""
    if properties.get("publicNetworkAccess") == "Disabled" and sku["name"] != "Premium":
        message = f"Disabling public network access is not supported for the SKU {sku['name']}. For more information, please visit "
        raise AzureError(400, "DisablingPublicNetworkAccessNotSupported", f"{message}https://aka.ms/acr/private-link.")


def _sku(sku: dict[str, Any] | None) -> dict[str, str]:
    name = str((sku or {}).get("name")).capitalize()
    if name not in _TIERS:
        raise AzureError(400, "InvalidSku", "The registry SKU must be one of Basic, Standard, Premium.", target="sku")
    return {"name": name, "tier": name}


def _name_problem(name: str) -> str:
    return (
        f"The specified resource name '{name}' is invalid. Registry names may contain only alpha numeric characters and must be between 5 "
        "and 50 characters."
    )
