"""What a template comes to with its values: read in the scope of its deployment, and checked up to the providers."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Mapping
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.templates.expressions import invalid_template
from wizard.practice.arm.templates.template import Planned, Template
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.requests import Caller, Request, segments


def template_of(cloud: PracticeCloud, path: str, caller: Caller, body: Mapping[str, Any]) -> Template:
    """The template in the body of the deployment at `path`, with its values. Raises AzureError 400 InvalidTemplate."""
    properties = body.get("properties") or {}
    template, values = properties.get("template"), properties.get("parameters") or {}
    if not isinstance(template, dict) or not isinstance(values, dict):
        raise invalid_template("The content of the template is required and must be an object")
    scope = "/".join(path.split("/")[:-4])
    group = cloud.store.resources.get(scope) or {}
    subscription = segments(scope)[1]
    environment = {
        "resourcegroup": {
            "id": scope,
            "name": scope.rsplit("/", 1)[-1],
            "location": group.get("location"),
            "tags": group.get("tags", {}),
        },
        "subscription": {"id": f"/subscriptions/{subscription}", "subscriptionId": subscription, "tenantId": cloud.tenant_id},
        "tenant": {"tenantId": cloud.tenant_id},
        "deployment": {"name": path.rsplit("/", 1)[-1], "location": body.get("location"), "properties": {"template": template}},
        "deployer": {"objectId": caller.object_id, "tenantId": caller.tenant_id, "userPrincipalName": caller.name},
        "utcnow": cloud.clock.timestamp()[:19] + "Z",
        "newguid": str(uuid.uuid4()),
        "environment": {"suffixes": {"keyvaultDns": ".vault.azure.net", "storage": "core.windows.net", "acrLoginServer": ".azurecr.io"}},
    }

    async def answered(method: str, resource_path: str, version: str, sent: Any) -> Any:
        request = Request(method, resource_path, {"api-version": version}, {}, sent, caller)
        return (await cloud.part_of_deployment(request)).body

    return Template(template, values, scope, environment, answered)


async def checked(cloud: PracticeCloud, template: Template, caller: Caller) -> list[Planned]:
    """Every resource of a template, each checked up to its provider. Raises AzureError as a request of its own would."""
    planned = await template.resources()
    for each in planned:
        method = "GET" if each.existing else "PUT"
        body = {} if each.existing else await known_now(template, each.body)
        request = Request(method, each.path, {"api-version": each.version}, {}, body, caller)
        await cloud.part_of_deployment(request, only_check=True)
    return planned


async def known_now(template: Template, body: dict[str, Any]) -> dict[str, Any]:
    """The members of a body that can be worked out before anything is made; what another resource gives comes later."""
    known = {}
    for name, value in body.items():
        with contextlib.suppress(AzureError):
            known[name] = await template.expressions.evaluated(value)
    return known
