"""Deployments of ARM templates (Microsoft.Resources/deployments): validated, looked ahead, carried out.

Each resource is written as a request of its own would write it, with the caller's rights; Azure does the same. What no provider here
has is refused by its type. Documents: ``deployments``, ARM id -> the body a GET answers; ``deployment_requests``, id -> caller, template
and values, until it has ended (values of secure parameters lie in the vault's file).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.pages import in_pages
from wizard.practice.arm.resources import body_of
from wizard.practice.arm.templates.deployment_operations import DeploymentOperations
from wizard.practice.arm.templates.evaluation import checked, template_of
from wizard.practice.arm.templates.looking_ahead import LookAhead
from wizard.practice.arm.templates.template import Planned, Template
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded, reported, specified
from wizard.practice.kernel.requests import ENDPOINT, Answer, Caller, Request
from wizard.practice.kernel.shapes import ANYTHING, TAGS, TEXT
from wizard.practice.kernel.store import Document

TYPE = "Microsoft.Resources/deployments"
DEPLOYMENT = {
    "location": TEXT,
    "tags": TAGS,
    "properties": {
        "template": ANYTHING,
        "parameters": ANYTHING,
        "mode": TEXT,
        "debugSetting": ANYTHING,
        "expressionEvaluationOptions": ANYTHING,
        "whatIfSettings": {"resultFormat": TEXT},
        "templateLink": ANYTHING,
        "validationLevel": TEXT,
    },
}
_SCOPES = ("/subscriptions/{subscription}/resourceGroups/{group}", "/subscriptions/{subscription}")
_SOON = 0.1  # seconds between two looks at a resource that is being made


class Deployments:
    """The deployments of one practice cloud."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._deployments = cloud.store.collection("deployments")
        self._requests = cloud.store.collection("vault_deployment_requests")
        self._templates = cloud.store.collection("vault_deployment_templates")
        self._operations = DeploymentOperations(cloud)
        self.look_ahead = LookAhead(cloud)
        cloud.store.resources.when_deleted(self._forget)

    async def validate(self, request: Request) -> Answer:
        """Whether it could be carried out: the whole template is evaluated, each resource checked up to its provider."""
        path = self._id(request)
        template = template_of(self._cloud, path, request.caller, body_of(request))
        planned = await checked(self._cloud, request.names["deployment"], template, request.caller)
        shown = self._described(path, body_of(request), template, "Succeeded")
        shown["properties"]["validatedResources"] = [{"id": each.path} for each in planned if not each.existing]
        return Answer(200, shown)

    async def put(self, request: Request) -> Answer:
        """PUT of a deployment: validated, then carried out in the background; 409 while one of its name runs."""
        path = self._id(request)
        existed = path in self._deployments
        self._not_active(path, "edit or replace")
        template = template_of(self._cloud, path, request.caller, body_of(request))
        await checked(self._cloud, request.names["deployment"], template, request.caller)
        deployment = self._described(path, body_of(request), template, "Accepted")
        self._deployments[path] = deployment
        self._templates[path] = {"template": body_of(request)["properties"]["template"]}
        self._requests[path] = {"body": body_of(request), "caller": vars(request.caller)}
        self._operations.begin(path)
        operation = self._cloud.operations.begin("deployment", path, 0, resource_type=TYPE)
        status = f"{ENDPOINT}{path}/operationStatuses/{operation['id']}?api-version={request.api_version}"
        return Answer(200 if existed else 201, deployment, {"Azure-AsyncOperation": status})

    async def status(self, request: Request) -> Answer:
        """GET of the operation that a deployment is."""
        operation = self._cloud.operations.get(request.names["operation"])
        if operation is None:
            raise AzureError(404, "NotFound", "The deployment operation was not found.")
        deployment = self._deployments.get(operation["target"])
        if deployment is not None and deployment["properties"]["provisioningState"] == "Canceled":
            return Answer(200, {"status": "Canceled"})
        running = {"InProgress": "Running"}
        body: dict[str, Any] = {"status": running.get(operation["status"], operation["status"])}
        return Answer(200, {**body, "error": operation["error"]} if operation["error"] else body)

    async def get(self, request: Request) -> Answer:
        """GET of one deployment."""
        return Answer(200, self._found(request))

    async def exists(self, request: Request) -> Answer:
        """HEAD of a deployment: 204 or 404."""
        return Answer(204 if self._id(request) in self._deployments else 404)

    async def list_all(self, request: Request) -> Answer:
        """GET of the deployments at a scope."""
        prefix = f"{request.resource_id.lower()}/"
        return in_pages(request, [shown for key, shown in self._deployments.items() if key.lower().startswith(prefix)])

    async def list_operations(self, request: Request) -> Answer:
        """GET of what a deployment did, resource by resource."""
        return self._operations.all_of(self._found(request)["id"])

    async def operation(self, request: Request) -> Answer:
        """GET of what it did with one resource."""
        return self._operations.one_of(self._found(request)["id"], request.names["operation"])

    async def delete(self, request: Request) -> Answer:
        """DELETE of a deployment's record; what it made stays."""
        path = self._id(request)
        if path not in self._deployments:
            return Answer(204)
        self._not_active(path, "delete")
        self._drop(path)
        operation = self._cloud.operations.begin("deployment-delete", path, 0, resource_type="")
        location = f"{ENDPOINT}/subscriptions/{request.names['subscription']}/operationresults/{operation['id']}"
        return Answer(202, headers={"Location": f"{location}?api-version={request.api_version}", "Retry-After": "1"})

    def _forget(self, gone: str) -> None:
        """The records of a resource group's deployments go with it."""
        for path in [path for path in self._deployments if path.lower().startswith(f"{gone.lower()}/providers/{TYPE.lower()}/")]:
            self._drop(path)

    def _drop(self, path: str) -> None:
        for records in (self._deployments, self._requests, self._templates):
            records.pop(path, None)
        self._operations.forget(path)

    def _not_active(self, path: str, purpose: str) -> None:
        """Refuse while the deployment runs (Azure/bicep issue 14369)."""
        if path not in self._requests:
            return
        began = self._deployments[path]["properties"]["timestamp"]
        message = (
            f"Unable to {purpose} deployment '{path.rpartition('/')[2]}': previous deployment from '{began}' is still active. "
            "Please see https://aka.ms/arm-deploy-resources for usage details."
        )
        raise AzureError(409, "DeploymentActive", message)

    async def export(self, request: Request) -> Answer:
        """POST exportTemplate: the template as it was sent."""
        return Answer(200, {"template": self._templates[self._found(request)["id"]]["template"]})

    async def cancel(self, request: Request) -> Answer:
        """POST cancel: what is being made is finished, and nothing else is begun; 409 for one that has ended."""
        deployment = self._found(request)
        if deployment["id"] not in self._requests:
            state = deployment["properties"]["provisioningState"]
            message = f"Deployment '{deployment['name']}' is not running. Its provisioning state is '{state}'."
            raise AzureError(409, "DeploymentCannotBeCancelled", message)
        self._set(deployment["id"], "Canceled")
        self._requests.pop(deployment["id"])
        return Answer(204)

    async def what_if(self, request: Request) -> Answer:
        """POST whatIf."""
        return await self.look_ahead.begin(request, self._id(request))

    async def carried_out(self, operation: Document) -> None:
        """Make what the template names, one after the other; raises AzureError DeploymentFailed around the first refusal."""
        path = operation["target"]
        request = self._requests.get(path)
        if request is None:  # it was cancelled before it began
            return
        caller = Caller(**request["caller"])
        template = template_of(self._cloud, path, caller, request["body"])
        self._set(path, "Running")
        outputs: list[dict[str, str]] = []
        for planned in await template.resources():
            if planned.existing:
                continue
            try:
                await self._make(template, planned, caller)
            except AzureError as refusal:
                self._operations.record(path, planned, refusal)
                raise _failed(path, refusal) from refusal
            self._operations.record(path, planned)
            if path not in self._requests:
                return
            outputs.append({"id": planned.path})
        deployment = self._set(path, "Succeeded")
        deployment["properties"] |= {"outputs": await template.outputs(), "outputResources": outputs}
        self._deployments[path] = deployment
        self._requests.pop(path, None)

    async def broke(self, operation: Document) -> None:
        """End a deployment that failed, with its error."""
        if operation["target"] not in self._requests:
            return
        deployment = self._set(operation["target"], "Failed")
        deployment["properties"]["error"] = operation["error"]
        self._deployments[operation["target"]] = deployment
        self._requests.pop(operation["target"], None)

    async def _make(self, template: Template, planned: Planned, caller: Caller) -> None:
        body = await template.body_of(planned)
        request = Request("PUT", planned.path, {"api-version": planned.version}, {}, body, caller)
        await self._cloud.part_of_deployment(request)
        while (running := self._cloud.operations.running_on(planned.path)) is not None:
            await asyncio.sleep(_SOON)
            finished = self._cloud.operations.get(running["id"])
            if finished is not None and finished["status"] == "Failed":
                raise AzureError(409, finished["error"]["code"], finished["error"]["message"])

    def _described(self, path: str, body: Mapping[str, Any], template: Template, state: str) -> Document:
        properties = body.get("properties") or {}
        text = json.dumps(properties.get("template"), sort_keys=True)
        shown: Document = {
            "templateHash": str(int(hashlib.sha256(text.encode()).hexdigest()[:15], 16)),
            "parameters": template.shown_parameters(),
            "mode": properties.get("mode") or "Incremental",
            "provisioningState": state,
            "timestamp": self._cloud.clock.timestamp(),
            "duration": "PT0S",
            "correlationId": str(uuid.uuid4()),
            "providers": [],
            "dependencies": [],
        }
        tags = {"tags": body["tags"]} if body.get("tags") else {}
        place = {"location": body["location"]} if body.get("location") else {}
        return {"id": path, "name": path.rsplit("/", 1)[-1], "type": TYPE, **place, **tags, "properties": shown}

    def _set(self, path: str, state: str) -> Document:
        deployment = self._deployments[path]
        deployment["properties"]["provisioningState"] = state
        self._deployments[path] = deployment
        return deployment

    def _id(self, request: Request) -> str:
        """The id of the deployment that a path names, as Azure writes it: az asks for ``resourcegroups``."""
        scope = f"/subscriptions/{request.names['subscription']}"
        if "group" in request.names:
            group = self._cloud.store.resources.get(f"{scope}/resourceGroups/{request.names['group']}")
            scope = group["id"] if group else f"{scope}/resourceGroups/{request.names['group']}"
        return f"{scope}/providers/{TYPE}/{request.names['deployment']}"

    def _found(self, request: Request) -> Document:
        deployment = self._deployments.get(self._id(request))
        if deployment is None:
            raise AzureError(404, "DeploymentNotFound", f"Deployment '{request.names['deployment']}' could not be found.")
        return deployment


def _failed(path: str, refusal: AzureError) -> AzureError:
    message = "At least one resource deployment operation failed. Please list deployment operations for details."
    return AzureError(409, "DeploymentFailed", message, target=path, details=[refusal.error()])


def install(cloud: PracticeCloud) -> None:
    """Serve deployments to resource groups and to the subscription."""
    service = Deployments(cloud)
    action = "Microsoft.Resources/deployments"
    add = cloud.arm.add
    for scope in _SCOPES:
        every, one = f"{scope}/providers/{TYPE}", f"{scope}/providers/{TYPE}/{{deployment}}"
        add("GET", every, service.list_all, action=f"{action}/read", known=recorded("200 with a list"))
        put = recorded("201 Accepted with Azure-AsyncOperation; 200 for one that is there")
        add("PUT", one, service.put, action=f"{action}/write", takes=DEPLOYMENT, known=put)
        add("GET", one, service.get, action=f"{action}/read", known=recorded("200"))
        add("HEAD", one, service.exists, action=f"{action}/read", known=specified("204, 404"))
        add("DELETE", one, service.delete, action=f"{action}/delete", known=specified("202 with Location, 204"))
        valid = recorded("200 Succeeded; 400 InvalidTemplateDeployment around what policies and providers refuse")
        add("POST", f"{one}/validate", service.validate, action=f"{action}/validate/action", takes=DEPLOYMENT, known=valid)
        looked = recorded("202 without a body, with Location")
        add("POST", f"{one}/whatIf", service.what_if, action=f"{action}/whatIf/action", takes=DEPLOYMENT, known=looked)
        running = recorded("200 Running, then Succeeded or Failed")
        add("GET", f"{one}/operationStatuses/{{operation}}", service.status, action=f"{action}/operationstatuses/read", known=running)
        made = specified("200 with what was made and what was refused")
        in_group = f"{scope}/deployments/{{deployment}}" if "{group}" in scope else one  # the specification spells them so
        add("GET", f"{in_group}/operations", service.list_operations, action=f"{action}/operations/read", known=made)
        one_operation = specified("200, 404 DeploymentOperationNotFound")
        add("GET", f"{in_group}/operations/{{operation}}", service.operation, action=f"{action}/operations/read", known=one_operation)
        exported = specified("200 with the template")
        add("POST", f"{one}/exportTemplate", service.export, action=f"{action}/exportTemplate/action", known=exported)
        refused = reported("204; 409 DeploymentCannotBeCancelled for one that has ended", "tests of azure-sdk-for-js, juju")
        add("POST", f"{one}/cancel", service.cancel, action=f"{action}/cancel/action", known=refused)
    results = "/subscriptions/{subscription}/providers/Microsoft.Resources/whatIfResults/{operation}"
    add("GET", results, service.look_ahead.result, known=specified("202 with Location, then 200 with the changes"))
    cloud.operations.when_done("deployment", service.carried_out, failed=service.broke)
    cloud.operations.when_done("deployment-delete", _nothing)


async def _nothing(operation: Document) -> None:
    """The record was deleted when it was asked for."""
