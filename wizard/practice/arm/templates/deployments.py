"""Deployments of ARM templates (Microsoft.Resources/deployments): validated, looked ahead, carried out.

Each resource is written as a request of its own would write it, with the caller's rights; Azure does the same. What no provider here
has is refused by its type. Documents: ``deployments``, ARM id -> the body a GET answers; ``deployment_requests``, id -> caller, template
and values, until it has ended (values of secure parameters lie in the vault's file).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import body_of
from wizard.practice.arm.templates.expressions import invalid_template
from wizard.practice.arm.templates.template import Planned, Template
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import judged, recorded, specified
from wizard.practice.kernel.requests import ENDPOINT, Answer, Caller, Request, segments
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
_SUFFIXES = {"keyvaultDns": ".vault.azure.net", "storage": "core.windows.net", "acrLoginServer": ".azurecr.io"}
_SOON = 0.1  # seconds between two looks at a resource that is being made


class Deployments:
    """The deployments of one practice cloud."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._deployments = cloud.store.collection("deployments")
        self._requests = cloud.store.collection("vault_deployment_requests")

    async def validate(self, request: Request) -> Answer:
        """Whether it could be carried out: the whole template is evaluated, each resource checked up to its provider."""
        template = self._template(request.resource_id.rpartition("/")[0], request.caller, body_of(request))
        planned = await self._checked(template, request.caller)
        shown = self._described(request.resource_id.rpartition("/")[0], body_of(request), template, "Succeeded")
        shown["properties"]["validatedResources"] = [{"id": each.path} for each in planned if not each.existing]
        return Answer(200, shown)

    async def put(self, request: Request) -> Answer:
        """PUT of a deployment: validated, then carried out in the background."""
        existed = request.resource_id in self._deployments
        template = self._template(request.resource_id, request.caller, body_of(request))
        await self._checked(template, request.caller)
        deployment = self._described(request.resource_id, body_of(request), template, "Accepted")
        self._deployments[request.resource_id] = deployment
        self._requests[request.resource_id] = {"body": body_of(request), "caller": vars(request.caller)}
        operation = self._cloud.operations.begin("deployment", request.resource_id, 0, resource_type=TYPE)
        status = f"{ENDPOINT}{request.resource_id}/operationStatuses/{operation['id']}?api-version={request.api_version}"
        return Answer(200 if existed else 201, deployment, {"Azure-AsyncOperation": status})

    async def status(self, request: Request) -> Answer:
        """GET of the operation that a deployment is."""
        operation = self._cloud.operations.get(request.names["operation"])
        if operation is None:
            raise AzureError(404, "NotFound", "The deployment operation was not found.")
        running = {"InProgress": "Running"}
        body: dict[str, Any] = {"status": running.get(operation["status"], operation["status"])}
        return Answer(200, {**body, "error": operation["error"]} if operation["error"] else body)

    async def get(self, request: Request) -> Answer:
        """GET of one deployment."""
        return Answer(200, self._found(request))

    async def exists(self, request: Request) -> Answer:
        """HEAD of a deployment: 204 or 404."""
        return Answer(204 if request.resource_id in self._deployments else 404)

    async def list_all(self, request: Request) -> Answer:
        """GET of the deployments at a scope."""
        prefix = f"{request.resource_id.lower()}/"
        return Answer(200, {"value": [shown for key, shown in self._deployments.items() if key.lower().startswith(prefix)]})

    async def list_operations(self, request: Request) -> Answer:
        """GET of what a deployment made, resource by resource."""
        deployment = self._found(request, below=1)
        output_resources = deployment["properties"].get("outputResources") or []
        value = [
            {
                "id": f"{deployment['id']}/operations/{hashlib.sha256(each['id'].encode()).hexdigest()[:16].upper()}",
                "operationId": hashlib.sha256(each["id"].encode()).hexdigest()[:16].upper(),
                "properties": {"provisioningOperation": "Create", "provisioningState": "Succeeded", "targetResource": {"id": each["id"]}},
            }
            for each in output_resources
        ]
        return Answer(200, {"value": value})

    async def delete(self, request: Request) -> Answer:
        """DELETE of a deployment's record; what it made stays."""
        self._requests.pop(request.resource_id, None)
        return Answer(204 if self._deployments.pop(request.resource_id, None) is None else 200)

    async def what_if(self, request: Request) -> Answer:
        """202, then the changes under its Location: what would be made, changed, or left as it is."""
        path = request.resource_id.rpartition("/")[0]
        template = self._template(path, request.caller, body_of(request))
        planned = await self._checked(template, request.caller)
        changes = [await self._change(template, each) for each in planned if not each.existing]
        scope = "/".join(path.split("/")[:-4])
        touched = {each.path.lower() for each in planned}
        changes += [
            {"resourceId": each["id"], "changeType": "Ignore", "before": each}
            for key, each in self._cloud.store.resources.items()
            if key.lower().startswith(f"{scope.lower()}/providers/") and key.lower() not in touched
        ]
        operation = self._cloud.operations.begin("what-if", path, 0, data={"changes": changes}, resource_type="")
        location = f"{ENDPOINT}/subscriptions/{request.names['subscription']}/providers/Microsoft.Resources/whatIfResults"
        return Answer(202, headers={"Location": f"{location}/{operation['id']}?api-version={request.api_version}", "Retry-After": "0"})

    async def what_if_result(self, request: Request) -> Answer:
        """GET of the outcome of a look ahead, 202 until it is there."""
        operation = self._cloud.operations.get(request.names["operation"])
        if operation is None:
            raise AzureError(404, "NotFound", "The what-if result was not found.")
        if operation["status"] == "InProgress":
            again = f"{ENDPOINT}{request.path}?api-version={request.api_version}"
            return Answer(202, headers={"Location": again, "Retry-After": "0"})
        return Answer(200, {"status": "Succeeded", "properties": {"changes": operation["data"]["changes"]}})

    async def carried_out(self, operation: Document) -> None:
        """Make what the template names, one after the other; raises AzureError DeploymentFailed around the first refusal."""
        path = operation["target"]
        request = self._requests[path]
        caller = Caller(**request["caller"])
        template = self._template(path, caller, request["body"])
        self._set(path, "Running")
        outputs: list[dict[str, str]] = []
        for planned in await template.resources():
            if planned.existing:
                continue
            try:
                await self._make(template, planned, caller)
            except AzureError as refusal:
                raise _failed(path, refusal) from refusal
            outputs.append({"id": planned.path})
        deployment = self._set(path, "Succeeded")
        deployment["properties"] |= {"outputs": await template.outputs(), "outputResources": outputs}
        self._deployments[path] = deployment
        self._requests.pop(path, None)

    async def broke(self, operation: Document) -> None:
        """End a deployment that failed, with its error."""
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

    async def _checked(self, template: Template, caller: Caller) -> list[Planned]:
        planned = await template.resources()
        for each in planned:
            method = "GET" if each.existing else "PUT"
            body = {} if each.existing else await _known_now(template, each.body)
            request = Request(method, each.path, {"api-version": each.version}, {}, body, caller)
            await self._cloud.part_of_deployment(request, only_check=True)
        return planned

    async def _change(self, template: Template, planned: Planned) -> Document:
        before = self._cloud.store.resources.get(planned.path)
        after = {"id": planned.path, "type": planned.kind, **(await _known_now(template, planned.body))}
        if before is None:
            return {"resourceId": planned.path, "changeType": "Create", "after": after}
        kind = "NoChange" if _holds(before, after) else "Modify"
        return {"resourceId": planned.path, "changeType": kind, "before": before, "after": after, "delta": []}

    def _template(self, path: str, caller: Caller, body: Mapping[str, Any]) -> Template:
        properties = body.get("properties") or {}
        template, values = properties.get("template"), properties.get("parameters") or {}
        if not isinstance(template, dict) or not isinstance(values, dict):
            raise invalid_template("The content of the template is required and must be an object")
        scope = "/".join(path.split("/")[:-4])
        group = self._cloud.store.resources.get(scope) or {}
        subscription = segments(scope)[1]
        environment = {
            "resourcegroup": {
                "id": scope,
                "name": scope.rsplit("/", 1)[-1],
                "location": group.get("location"),
                "tags": group.get("tags", {}),
            },
            "subscription": {"id": f"/subscriptions/{subscription}", "subscriptionId": subscription, "tenantId": self._cloud.tenant_id},
            "tenant": {"tenantId": self._cloud.tenant_id},
            "deployment": {"name": path.rsplit("/", 1)[-1], "location": body.get("location"), "properties": {"template": template}},
            "deployer": {"objectId": caller.object_id, "tenantId": caller.tenant_id, "userPrincipalName": caller.name},
            "utcnow": self._cloud.clock.timestamp()[:19] + "Z",
            "newguid": str(uuid.uuid4()),
            "environment": {
                "suffixes": {"keyvaultDns": ".vault.azure.net", "storage": "core.windows.net", "acrLoginServer": ".azurecr.io"}
            },
        }

        async def answered(method: str, resource_path: str, version: str, sent: Any) -> Any:
            request = Request(method, resource_path, {"api-version": version}, {}, sent, caller)
            return (await self._cloud.part_of_deployment(request)).body

        return Template(template, values, scope, environment, answered)

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

    def _found(self, request: Request, *, below: int = 0) -> Document:
        path = "/".join(request.resource_id.split("/")[: len(request.resource_id.split("/")) - below])
        deployment = self._deployments.get(path)
        if deployment is None:
            raise AzureError(404, "DeploymentNotFound", f"Deployment '{path.rsplit('/', 1)[-1]}' could not be found.")
        return deployment


async def _known_now(template: Template, body: dict[str, Any]) -> dict[str, Any]:
    """The members of a body that can be worked out before anything is made; what another resource gives comes later."""
    known = {}
    for name, value in body.items():
        with contextlib.suppress(AzureError):
            known[name] = await template.expressions.evaluated(value)
    return known


def _holds(present: Any, expected: Any) -> bool:
    """Whether everything that is wanted is there already, case and regions' spellings aside."""
    if isinstance(expected, dict):
        return isinstance(present, dict) and all(name in present and _holds(present[name], value) for name, value in expected.items())
    if isinstance(expected, list):
        return isinstance(present, list) and len(present) == len(expected) and all(map(_holds, present, expected))
    if isinstance(expected, str) and isinstance(present, str):
        return present.replace(" ", "").lower() == expected.replace(" ", "").lower()
    return bool(present == expected)


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
        add("DELETE", one, service.delete, action=f"{action}/delete", known=judged("200 at once; Azure answers 202"))
        valid = recorded("200 Succeeded; a type that is not served is 404 InvalidResourceType")
        add("POST", f"{one}/validate", service.validate, action=f"{action}/validate/action", takes=DEPLOYMENT, known=valid)
        looked = recorded("202 without a body, with Location")
        add("POST", f"{one}/whatIf", service.what_if, action=f"{action}/whatIf/action", takes=DEPLOYMENT, known=looked)
        running = recorded("200 Running, then Succeeded or Failed")
        add("GET", f"{one}/operationStatuses/{{operation}}", service.status, action=f"{action}/operationstatuses/read", known=running)
        add("GET", f"{one}/operations", service.list_operations, action=f"{action}/operations/read", known=judged("200 with what was made"))
    results = "/subscriptions/{subscription}/providers/Microsoft.Resources/whatIfResults/{operation}"
    add("GET", results, service.what_if_result, known=specified("202 with Location, then 200 with the changes"))
    cloud.operations.when_done("deployment", service.carried_out, failed=service.broke)
    cloud.operations.when_done("what-if", _nothing)


async def _nothing(operation: Document) -> None:
    """A what-if was worked out when it was asked for."""
