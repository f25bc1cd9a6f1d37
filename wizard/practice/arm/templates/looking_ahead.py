"""What a deployment would change (``whatIf``): worked out when it is asked for, and given under the Location of a 202."""

from __future__ import annotations

from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import body_of
from wizard.practice.arm.templates.evaluation import checked, known_now, template_of
from wizard.practice.arm.templates.template import Planned, Template
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.requests import ENDPOINT, Answer, Request
from wizard.practice.kernel.store import Document

KIND = "what-if"


class LookAhead:
    """The looks ahead of one practice cloud, each an operation whose data are the changes."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        cloud.operations.when_done(KIND, _nothing)

    async def begin(self, request: Request, path: str) -> Answer:
        """202, then the changes of the deployment `path`: what would be made, changed, or left as it is."""
        template = template_of(self._cloud, path, request.caller, body_of(request))
        planned = await checked(self._cloud, request.names["deployment"], template, request.caller)
        changes = [await self._change(template, each) for each in planned if not each.existing]
        scope = "/".join(path.split("/")[:-4])
        touched = {each.path.lower() for each in planned}
        changes += [
            {"resourceId": each["id"], "changeType": "Ignore", "before": each}
            for key, each in self._cloud.store.resources.items()
            if key.lower().startswith(f"{scope.lower()}/providers/") and key.lower() not in touched
        ]
        operation = self._cloud.operations.begin(KIND, path, 0, data={"changes": changes}, resource_type="")
        location = f"{ENDPOINT}/subscriptions/{request.names['subscription']}/providers/Microsoft.Resources/whatIfResults"
        return Answer(202, headers={"Location": f"{location}/{operation['id']}?api-version={request.api_version}", "Retry-After": "0"})

    async def result(self, request: Request) -> Answer:
        """GET of the outcome, 202 until it is there."""
        operation = self._cloud.operations.get(request.names["operation"])
        if operation is None:
            raise AzureError(404, "NotFound", "The what-if result was not found.")
        if operation["status"] == "InProgress":
            again = f"{ENDPOINT}{request.path}?api-version={request.api_version}"
            return Answer(202, headers={"Location": again, "Retry-After": "0"})
        return Answer(200, {"status": "Succeeded", "properties": {"changes": operation["data"]["changes"]}})

    async def _change(self, template: Template, planned: Planned) -> Document:
        before = self._cloud.store.resources.get(planned.path)
        after = {"id": planned.path, "type": planned.kind, **(await known_now(template, planned.body))}
        if before is None:
            return {"resourceId": planned.path, "changeType": "Create", "after": after}
        kind = "NoChange" if _holds(before, after) else "Modify"
        return {"resourceId": planned.path, "changeType": kind, "before": before, "after": after, "delta": []}


async def _nothing(operation: Document) -> None:
    """It was worked out when it was asked for."""


def _holds(present: Any, expected: Any) -> bool:
    """Whether everything that is wanted is there already, case and regions' spellings aside."""
    if isinstance(expected, dict):
        return isinstance(present, dict) and all(name in present and _holds(present[name], value) for name, value in expected.items())
    if isinstance(expected, list):
        return isinstance(present, list) and len(present) == len(expected) and all(map(_holds, present, expected))
    if isinstance(expected, str) and isinstance(present, str):
        return present.replace(" ", "").lower() == expected.replace(" ", "").lower()
    return bool(present == expected)
