"""Where an app or a job shall run: its environment, and whether the caller may put something there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.practice.apps.validation import check_mode
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.regions import region_of
from wizard.practice.arm.resources import arm_id
from wizard.practice.environments.environments import require_provisioned
from wizard.practice.environments.identities import linked_authorization_failed
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.requests import Request
from wizard.practice.kernel.store import Document

_JOIN = "Microsoft.App/managedEnvironments/join/action"


def environment_for(cloud: PracticeCloud, request: Request, whole: Mapping[str, Any], kind: str) -> Document:
    """The environment that a resource of type `kind` shall run in; the caller must be allowed to join it (errors.md 8, 44)."""
    properties = whole.get("properties") or {}
    environment_id = str(properties.get("environmentId") or properties.get("managedEnvironmentId") or "")
    environment = cloud.store.resources.get(environment_id)
    caller, resource_id = request.caller, arm_id(request.names, kind, request.names["name"])
    if environment_id.count("/") == 8 and not cloud.access.allowed(caller.object_id, _JOIN, environment_id):
        raise linked_authorization_failed(caller, f"{kind}/write", resource_id, _JOIN, environment_id)
    if environment is None or environment["type"] != "Microsoft.App/managedEnvironments":
        raise AzureError(
            400, "InvalidEnvironmentId", f"The environment id '{environment_id}' is invalid or the environment does not exist."
        )
    require_provisioned(environment)
    check_mode(environment["properties"].get("environmentMode", ""), whole)
    if whole.get("location") and region_of(str(whole["location"])) != region_of(environment["location"]):
        places = f"'{whole['location']}' differs from the location '{environment['location']}'"
        raise AzureError(400, "InvalidContainerAppLocation", f"The container app location {places} of its environment.")
    return environment
