"""A resource group as a template (POST exportTemplate): what lies in it, as ``az group export`` and the portal show it."""

from __future__ import annotations

import re
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import body_of
from wizard.practice.arm.versions import versions_for
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import specified
from wizard.practice.kernel.requests import Answer, Request, resource_type_of, segments, within
from wizard.practice.kernel.shapes import TEXT
from wizard.practice.kernel.store import Document

SCHEMA = "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#"
EXPORT = {"resources": [TEXT], "options": TEXT, "outputFormat": TEXT}
_SHOWN = ("location", "tags", "sku", "kind", "identity", "properties")
_OF_AZURE = (
    "provisioningState",
    "creationDate",
    "creationTime",
    "vaultUri",
    "primaryEndpoints",
    "outboundIpAddresses",
    "eventStreamEndpoint",
)
_NO_NAMES = ("skipresourcenameparameterization", "skipallparameterization")


class GroupExport:
    """The export of groups."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    async def export(self, request: Request) -> Answer:
        """The resources that are asked for, ``*`` for all of the group."""
        body = body_of(request)
        scope = "/" + "/".join(segments(request.path)[:4])
        listed = [str(each).lower() for each in body.get("resources") or ["*"]]
        inside = [each for key, each in self._cloud.store.resources.items() if within(key, f"{scope}/providers")]
        chosen = [each for each in inside if "*" in listed or each["id"].lower() in listed]
        if not chosen and inside:
            raise AzureError(400, "ExportTemplateResourcesNotFound", f"No resource of '{', '.join(listed)}' is in the resource group.")
        options = str(body.get("options") or "").lower().replace(" ", "").split(",")
        named = not set(_NO_NAMES).intersection(options)
        defaults = "includeparameterdefaultvalue" in options
        parameters = {_parameter(each): {"type": "String", **({"defaultValue": each["name"]} if defaults else {})} for each in chosen}
        template = {
            "$schema": SCHEMA,
            "contentVersion": "1.0.0.0",
            "parameters": parameters if named else {},
            "variables": {},
            "resources": [_declared(each, named=named) for each in chosen],
        }
        return Answer(200, {"template": template})


def _declared(resource: Document, *, named: bool) -> dict[str, Any]:
    kind = resource_type_of(resource["id"])
    shown = {key: resource[key] for key in _SHOWN if resource.get(key) is not None}
    shown["properties"] = {key: value for key, value in (shown.get("properties") or {}).items() if key not in _OF_AZURE}
    if "identity" in shown:
        shown["identity"] = {key: value for key, value in shown["identity"].items() if key not in ("principalId", "tenantId")}
    name = f"[parameters('{_parameter(resource)}')]" if named else resource["name"]
    return {"type": kind, "apiVersion": _version(resource["id"]), "name": name, **shown}


def _version(path: str) -> str:
    """The newest api-version that is no preview."""
    return next((version for version in versions_for(path) if version.replace("-", "").isdecimal()), "")


def _parameter(resource: Document) -> str:
    return re.sub(r"\W", "_", f"{resource_type_of(resource['id']).rpartition('/')[2]}_{resource['name']}_name")


def install(cloud: PracticeCloud) -> None:
    """Serve the export of groups."""
    path = "/subscriptions/{subscription}/resourceGroups/{group}/exportTemplate"
    known = specified("200 with the template; of what lies below another resource, such as shares and secrets, nothing")
    action = "Microsoft.Resources/subscriptions/resourceGroups/exportTemplate/action"
    cloud.arm.add("POST", path, GroupExport(cloud).export, action=action, takes=EXPORT, known=known)
