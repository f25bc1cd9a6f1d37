"""How Microsoft.App tells of its long-running operations (behaviour.md)."""

from __future__ import annotations

import time

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.regions import region_of
from wizard.practice.arm.resources import SUBSCRIPTION
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import recorded
from wizard.practice.kernel.requests import ENDPOINT, Answer, Request
from wizard.practice.kernel.store import Document


def operation_headers(
    cloud: PracticeCloud,
    request: Request,
    operation: Document,
    resource: Document,
    kind: str,
    *,
    status: bool = True,
    results: bool = True,
) -> dict[str, str]:
    """The headers of an answer that began `operation`. There is no Retry-After, as in the recordings: clients poll at their own pace.

    :param kind: ``containerapp`` or ``managedEnvironment``.
    :param status: with Azure-AsyncOperation, as PUT and PATCH have it; `results`: with Location, as PATCH and DELETE have it.
    """
    region = region_of(resource["location"])
    base = (
        f"{ENDPOINT}/subscriptions/{request.names['subscription']}/providers/Microsoft.App/locations/{region.name if region else ''}/{kind}"
    )
    query = f"?api-version={request.api_version}"
    headers: dict[str, str] = {}
    if status:
        headers["Azure-AsyncOperation"] = f"{base}OperationStatuses/{operation['id']}{query}&azureAsyncOperation=true"
        headers["x-ms-async-operation-timeout"] = "PT15M"
    if results:
        headers["Location"] = f"{base}OperationResults/{operation['id']}{query}"
    return headers


def serve(cloud: PracticeCloud, kind: str) -> None:
    """Serve the status and the result of operations of `kind` on management.azure.com."""

    def operation_of(request: Request) -> Document:
        operation = cloud.operations.get(request.names["operation"])
        if operation is None:
            raise AzureError(404, "OperationNotFound", f"The operation '{request.names['operation']}' was not found.")
        return operation

    async def status(request: Request) -> Answer:
        operation = operation_of(request)
        started = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(operation["started"])) + f"{operation['started'] % 1:.7f}"[1:]
        body = {"id": request.resource_id, "name": operation["id"], "status": operation["status"], "startTime": started}
        if operation["error"]:
            body["error"] = operation["error"]
        return Answer(200, body)

    async def result(request: Request) -> Answer:
        operation = operation_of(request)
        if operation["status"] == "InProgress":
            address = f"{ENDPOINT}{request.path}?api-version={request.api_version}"
            return Answer(202, None, {"Location": address})
        if operation["status"] == "Failed":
            error = operation["error"]
            raise AzureError(500 if error["code"] == "InternalServerError" else 400, error["code"], error["message"])
        resource = cloud.store.resources.get(operation["target"])
        return Answer(204) if resource is None else Answer(200, resource)

    place = SUBSCRIPTION + "Microsoft.App/locations/{location}/" + kind
    cloud.arm.add(
        "GET",
        place + "OperationStatuses/{operation}",
        status,
        action=f"Microsoft.App/locations/{kind}OperationStatuses/read",
        known=recorded("200 InProgress, then Succeeded or Failed"),
    )
    cloud.arm.add(
        "GET",
        place + "OperationResults/{operation}",
        result,
        action=f"Microsoft.App/locations/{kind}OperationResults/read",
        known=recorded("202 with Location, then 200 or 204"),
    )
