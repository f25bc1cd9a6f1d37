"""Container Apps environments (Microsoft.App/managedEnvironments)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.regions import region_of
from wizard.practice.arm.resources import GROUP, arm_id, body_of, everywhere, read, serve_reads, system_data
from wizard.practice.environments import documents as environment_documents
from wizard.practice.environments import operations as app_operations
from wizard.practice.environments.identities import change_identity, remove_identity
from wizard.practice.environments.operations import operation_headers
from wizard.practice.environments.shapes import ENVIRONMENT
from wizard.practice.environments.stream_tokens import stream_base, stream_token
from wizard.practice.environments.usage import ENVIRONMENT_LIMIT, ENVIRONMENTS, EnvironmentUsage
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded, specified
from wizard.practice.kernel.requests import Answer, Request
from wizard.practice.kernel.store import Document

_NAME = re.compile(r"[a-z](?!.*--)[a-z0-9-]{0,58}[a-z0-9]")
_CHANGEABLE = (
    "peerAuthentication",
    "peerTrafficConfiguration",
    "publicNetworkAccess",
    "ingressConfiguration",
    "openTelemetryConfiguration",
)
_CREATE_SECONDS, _UPDATE_SECONDS, _DELETE_SECONDS = 120, 10, 60


def install(cloud: PracticeCloud) -> None:
    """Serve environments on management.azure.com."""
    service = Environments(cloud)
    one = GROUP + ENVIRONMENTS + "/{name}"
    add = cloud.arm.add
    put = recorded("201 Waiting with Azure-AsyncOperation")
    add("PUT", one, service.put, action=f"{ENVIRONMENTS}/write", takes=ENVIRONMENT, known=put, beforehand=service.check)
    add(
        "PATCH",
        one,
        service.patch,
        action=f"{ENVIRONMENTS}/write",
        takes=ENVIRONMENT,
        known=specified("202 without a body, with Azure-AsyncOperation and Location"),
    )
    serve_reads(cloud, ENVIRONMENTS, one=recorded, group=recorded, subscription=recorded)
    add("DELETE", one, service.delete, action=f"{ENVIRONMENTS}/delete", known=recorded("202 without a body, with Location"))
    add(
        "POST", one + "/getAuthtoken", service.auth_token, action=f"{ENVIRONMENTS}/getAuthToken/action", known=specified("200 with a token")
    )
    EnvironmentUsage(cloud).add_to(cloud.arm)
    app_operations.serve(cloud, "managedEnvironment")
    cloud.operations.when_done("environment", service.provisioned, failed=service.provisioning_failed)
    cloud.operations.when_done("environment-delete", service.deleted, failed=service.provisioning_failed)
    cloud.on_group_delete(ENVIRONMENTS, service.remove, _DELETE_SECONDS)


def require_provisioned(environment: Document) -> None:
    """Refuse what an unfinished environment cannot take (errors.md 44)."""
    if environment["properties"]["provisioningState"] != "Succeeded":
        message = f"The environment '{environment['id']}' has not been provisioned successfully."
        raise AzureError(400, "ManagedEnvironmentNotProvisioned", message)


def _check_logs(sent: Document) -> None:
    if not environment_documents.has_valid_logs(sent.get("properties") or {}):
        message = "LogAnalyticsConfiguration is invalid. Must provide a valid LogAnalyticsConfiguration"
        raise AzureError(400, "InvalidRequestParameterWithDetails", message)


class Environments:
    """The environments of one practice cloud."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    def check(self, request: Request) -> None:
        """What a deployment is refused for beforehand: a name that cannot be, and one environment too many (azure-dev#482, #656).

        Whether the region has room is told by no validation.
        """
        if self._cloud.store.resources.get(arm_id(request.names, ENVIRONMENTS, request.names["name"])) is None:
            region = region_of(body_of(request)["location"])
            assert region is not None  # the front has looked
            self._check_name(request.names["name"])
            self._check_quota(region.name, region.displayName)

    async def put(self, request: Request) -> Answer:
        """PUT of an environment: created, or replaced as a whole."""
        name = request.names["name"]
        environment_id = arm_id(request.names, ENVIRONMENTS, name)
        existing = self._cloud.store.resources.get(environment_id)
        region = region_of(body_of(request)["location"])
        assert region is not None  # the front has looked
        _check_logs(body_of(request))
        if existing is None:
            self._check_name(name)
            self._check_quota(region.name, region.displayName)
            self._check_room()
        else:
            self._refuse_while_busy(existing)
            self._refuse_another_mode(existing, body_of(request).get("properties") or {})
        environment = self._composed(request, environment_id, existing)
        change_identity(self._cloud, environment, body_of(request).get("identity"), request.caller)
        environment["properties"]["provisioningState"] = "Waiting" if existing is None else "InProgress"
        self._cloud.store.resources[environment_id] = environment
        seconds = _CREATE_SECONDS if existing is None else _UPDATE_SECONDS
        operation = self._cloud.operations.begin("environment", environment_id, seconds)
        headers = operation_headers(self._cloud, request, operation, environment, "managedEnvironment", results=False)
        return Answer(201 if existing is None else 200, environment, headers)

    async def patch(self, request: Request) -> Answer:
        """PATCH of an environment: what is sent is merged into what is there."""
        environment = read(self._cloud, request, ENVIRONMENTS)
        self._refuse_while_busy(environment)
        sent = body_of(request)
        _check_logs(sent)
        environment["tags"] = sent.get("tags", environment.get("tags"))
        if sent.get("identity"):
            change_identity(self._cloud, environment, sent["identity"], request.caller)
        changes = sent.get("properties") or {}
        if "appLogsConfiguration" in changes:
            environment["properties"]["appLogsConfiguration"] = environment_documents.logs(changes)
        if changes.get("workloadProfiles"):
            environment["properties"]["workloadProfiles"] = environment_documents.profiles(changes)
        self._refuse_another_mode(environment, changes)
        for key in _CHANGEABLE:
            if changes.get(key):
                environment["properties"][key] = changes[key]
        environment["systemData"] = system_data(self._cloud.clock, request.caller, environment)
        environment["properties"]["provisioningState"] = "InProgress"
        self._cloud.store.resources[environment["id"]] = environment
        operation = self._cloud.operations.begin("environment", environment["id"], _UPDATE_SECONDS)
        return Answer(202, None, operation_headers(self._cloud, request, operation, environment, "managedEnvironment"))

    async def delete(self, request: Request) -> Answer:
        """DELETE of an environment; 204 where there is none."""
        environment = self._cloud.store.resources.get(arm_id(request.names, ENVIRONMENTS, request.names["name"]))
        if environment is None:
            return Answer(204)
        self._refuse_while_busy(environment)
        if apps := [app["name"] for app in self._apps_in(environment)]:
            message = f"The environment '{environment['name']}' cannot be deleted while it holds container apps: {', '.join(apps)}."
            raise AzureError(409, "ManagedEnvironmentHasContainerApps", message)
        environment["properties"]["provisioningState"] = "ScheduledForDelete"
        self._cloud.store.resources[environment["id"]] = environment
        operation = self._cloud.operations.begin("environment-delete", environment["id"], _DELETE_SECONDS)
        return Answer(202, None, operation_headers(self._cloud, request, operation, environment, "managedEnvironment", status=False))

    async def auth_token(self, request: Request) -> Answer:
        """POST getAuthToken: the token that opens the environment's stream of events."""
        return Answer(200, stream_token(self._cloud, read(self._cloud, request, ENVIRONMENTS), request.caller))

    async def provisioned(self, operation: Document) -> None:
        """End an operation that succeeded."""
        self._settle(operation, "Succeeded")

    async def provisioning_failed(self, operation: Document) -> None:
        """End an operation that failed."""
        self._settle(operation, "Failed")

    async def deleted(self, operation: Document) -> None:
        """End a deletion: the environment and its storages are gone."""
        await self.remove(operation["target"])

    async def remove(self, environment_id: str) -> None:
        """Delete an environment with its storages and its identity."""
        environment = self._cloud.store.resources.pop(environment_id, None)
        if environment is None:
            return
        remove_identity(self._cloud, environment)
        storages = self._cloud.store.collection("environment_storages")
        for key in [key for key in storages if key.lower().startswith(f"{environment_id}/".lower())]:
            del storages[key]
            self._cloud.store.private.pop(key, None)

    def _settle(self, operation: Document, state: str) -> None:
        environment = self._cloud.store.resources.get(operation["target"])
        if environment is not None:
            environment["properties"]["provisioningState"] = state
            self._cloud.store.resources[environment["id"]] = environment

    def _apps_in(self, environment: Document) -> list[Document]:
        apps = [*everywhere(self._cloud, "Microsoft.App/containerApps"), *everywhere(self._cloud, "Microsoft.App/jobs")]
        return [app for app in apps if app["properties"]["environmentId"].lower() == environment["id"].lower()]

    def _check_name(self, name: str) -> None:
        if not _NAME.fullmatch(name):
            message = (
                f"Invalid ManagedEnvironment name '{name}'. A name must consist of lower case alphanumeric characters or '-', start with "
                "an alphabetic character, end with an alphanumeric character and cannot have '--'. The length must be between 2 and 60 "
                "characters."
            )
            raise AzureError(400, "ManagedEnvironmentInvalidName", message)

    def _check_quota(self, region: str, region_title: str) -> None:
        """Refuse one environment too many (errors.md 19 and 20)."""
        limit = self._cloud.faults.value("environment-quota")
        present = everywhere(self._cloud, ENVIRONMENTS)
        subscription = self._cloud.subscription_id
        if limit is not None and int(limit) <= 1 and len(present) >= int(limit):
            message = (
                f"The subscription '{subscription}' cannot have more than {limit} Container App Environments. "
                "For more information, visit: https://go.microsoft.com/fwlink/?linkid=2208872"
            )
            raise AzureError(400, "MaxNumberOfGlobalEnvironmentsInSubExceeded", message)
        here = [e for e in present if region_of(e["location"]) == region_of(region)]
        if len(here) >= int(limit or ENVIRONMENT_LIMIT):
            message = (
                f"The subscription '{subscription}' cannot have more than {limit or ENVIRONMENT_LIMIT} environments in {region_title}."
            )
            raise AzureError(400, "MaxNumberOfRegionalEnvironmentsInSubExceeded", message)

    def _check_room(self) -> None:
        """Refuse an environment in a region that is full (errors.md 21)."""
        if self._cloud.faults.active("region-capacity"):
            code = "ManagedEnvironmentNoAvailableCapacityInRegion"
            message = "No capacity available in this region for provisioning an environment, please try again in another region."
            raise AzureError(400, code, message, details=[{"code": code, "message": message}])

    def _refuse_another_mode(self, environment: Document, sent: Mapping[str, Any]) -> None:
        mode, new_mode = environment["properties"].get("environmentMode"), sent.get("environmentMode")
        if new_mode not in (None, mode):
            message = f"The environment mode of '{environment['name']}' cannot be changed from '{mode}' to '{new_mode}'."
            raise AzureError(400, "ManagedEnvironmentModeCannotBeChanged", message)

    def _refuse_while_busy(self, environment: Document) -> None:
        if self._cloud.operations.running_on(environment["id"]) is not None:
            message = f"Cannot modify environment '{environment['name']}' because there is another operation in progress."
            raise AzureError(409, "ManagedEnvironmentOperationInProgress", message)

    def _composed(self, request: Request, environment_id: str, existing: Document | None) -> Document:
        """The environment as a GET shows it (recorded: test_containerapp_env_storage)."""
        sent = body_of(request)
        region = region_of(sent["location"])
        assert region is not None
        stream = f"{stream_base(environment_id, region.name)}/eventstream"
        environment = {
            "id": existing["id"] if existing else environment_id,
            "name": existing["name"] if existing else request.names["name"],
            "type": ENVIRONMENTS,
            "location": region.displayName,
            "systemData": system_data(self._cloud.clock, request.caller, existing),
            "properties": environment_documents.properties(sent.get("properties") or {}, existing, region.name, stream),
        }
        if sent.get("tags"):
            environment["tags"] = sent["tags"]
        if existing and "identity" in existing:
            environment["identity"] = existing["identity"]
        return environment
