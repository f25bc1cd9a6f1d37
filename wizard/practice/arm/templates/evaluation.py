"""What a template comes to with its values: read in the scope of its deployment, and checked up to the providers."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Mapping
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.templates.expressions import invalid_template
from wizard.practice.arm.templates.refusals import Refusals
from wizard.practice.arm.templates.template import NESTED, Planned, Template
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


async def checked(cloud: PracticeCloud, name: str, template: Template, caller: Caller) -> list[Planned]:
    """Every resource of the deployment `name`, those of its nested templates too, each checked as far as its provider does beforehand.

    :raises AzureError: what Resource Manager itself finds, at once; InvalidTemplateDeployment around what policies and providers refuse.
    """
    refusals = Refusals(name)
    planned = await _checked(cloud, template, caller, refusals)
    refusals.raise_if_any()
    return planned


async def _checked(cloud: PracticeCloud, template: Template, caller: Caller, refusals: Refusals) -> list[Planned]:
    planned = await template.resources()
    nested: list[Planned] = []
    for each in planned:
        method = "GET" if each.existing else "PUT"
        body = {} if each.existing else await known_now(template, each.body)
        request = Request(method, each.path, {"api-version": each.version}, {}, body, caller)
        try:
            await cloud.part_of_deployment(request, only_check=True)
        except AzureError as refusal:
            refusals.add(each.path, refusal)
        if each.kind.lower() == NESTED and not each.existing and isinstance((body.get("properties") or {}).get("template"), dict):
            inner = template_of(cloud, each.path, caller, await template.body_of(each))
            nested += await _checked(cloud, inner, caller, refusals)
    return [*planned, *nested]


async def known_now(template: Template, body: dict[str, Any]) -> dict[str, Any]:
    """The members of a body that can be worked out before anything is made; what another resource gives comes later."""
    known = {}
    for name, value in body.items():
        with contextlib.suppress(AzureError):
            known[name] = await template.expressions.evaluated(value)
    return known
