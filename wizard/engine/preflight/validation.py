"""Azure's own word on the plan: what is to be made, validated as one deployment (Microsoft.Resources/deployments, ``validate``).

Nothing is made by it. Resource Manager holds each resource against the organization's rules, and each provider against its limits and
names: whatever they refuse, they would refuse at the write. What Azure does not validate (a missing right, a deployment that it cannot
look at now, a fault in the template itself) stops nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wizard.cloud.errors.cloud_error import CloudError, ErrorKind
from wizard.cloud.resource_ids import api_version, group_id
from wizard.engine.preflight.obstacle import Obstacle, Preflight
from wizard.platform import log
from wizard.platform.language import _
from wizard.platform.phrases import with_detail
from wizard.state.resources import GROUP, IDENTITY

if TYPE_CHECKING:
    from wizard.engine.step import Outputs, Step
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

DEPLOYMENTS = "Microsoft.Resources/deployments"
NAME = "azwizard-preflight"
IN_GROUP = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
IN_SUBSCRIPTION = "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#"
_TELLS = {
    ErrorKind.POLICY: Preflight.POLICY,
    ErrorKind.QUOTA: Preflight.QUOTA,
    ErrorKind.SUBSCRIPTION: Preflight.SUBSCRIPTION_STATE,
    ErrorKind.REGION: Preflight.VALIDATION,
    ErrorKind.INVALID: Preflight.VALIDATION,
}
"""What a refusal is about; of any other kind it says nothing of the plan. Names are looked at by the steps: one that a deleted vault holds
is to be had again by a run that recovers or purges it."""
_OF_THE_TEMPLATE = ("InvalidTemplate", "InvalidRequestContent", "InvalidDeployment")
_ASKS = {ErrorKind.REGION: "project.region"}

Proposals = Mapping["Step", Mapping[str, Any]]


async def validate(snapshot: Snapshot, answers: Answers, steps: Sequence[Step], facts: Outputs) -> list[Obstacle]:
    """What Azure refuses of `steps`; nothing where it does not say."""
    from azure.core.exceptions import HttpResponseError

    from wizard.cloud.errors.refusals import explain_each

    proposed = {step: resource for step in steps if (resource := step.proposed(snapshot.cloud.tenant_id, facts)) and _is_whole(resource)}
    if not proposed:
        return []
    path, body = _deployment(snapshot.cloud.subscription_id, answers, proposed)
    try:
        await snapshot.cloud.arm("POST", path, api_version(DEPLOYMENTS), body, polls=1)
    except HttpResponseError as error:
        refusals = explain_each(error)
        log.decision("validation: %s", ", ".join(refusal.code for refusal in refusals))
        return [obstacle for refusal in refusals if (obstacle := _obstacle(refusal, proposed)) is not None]
    return []


def not_told_yet(refused: Sequence[Obstacle], known: Sequence[Obstacle]) -> list[Obstacle]:
    """Those refusals that no other look found: each of these knows better what helps."""
    certain = [obstacle for obstacle in known if obstacle.certain]
    everything = any(not obstacle.steps for obstacle in certain)
    stopped = {step for obstacle in certain for step in obstacle.steps}
    told = {obstacle.what for obstacle in certain}
    return [one for one in refused if not everything and one.what not in told and not stopped.intersection(one.steps)]


def _is_whole(resource: Mapping[str, Any]) -> bool:
    """Whether the resource is told with all that its provider wants to see; of others only the organization's rules can judge."""
    return "properties" in resource or resource["type"] in (GROUP, IDENTITY)


def _deployment(subscription_id: str, answers: Answers, proposed: Proposals) -> tuple[str, dict[str, Any]]:
    """The path and the body of the deployment: to the group, or to the subscription where the group is to be made too."""
    group = answers.project.resource_group
    inside = _template(IN_GROUP, [_declared(resource) for resource in proposed.values() if resource["type"] != GROUP])
    made = next((resource for resource in proposed.values() if resource["type"] == GROUP), None)
    if made is None:
        return _path(group_id(subscription_id, group)), {"properties": {"mode": "Incremental", "template": inside}}
    nested = {
        "type": DEPLOYMENTS,
        "apiVersion": api_version(DEPLOYMENTS),
        "name": NAME,
        "resourceGroup": group,
        "dependsOn": [f"[subscriptionResourceId('{GROUP}', '{group}')]"],
        "properties": {"mode": "Incremental", "expressionEvaluationOptions": {"scope": "inner"}, "template": inside},
    }
    template = _template(IN_SUBSCRIPTION, [_declared(made), nested])
    body = {"location": answers.project.region, "properties": {"mode": "Incremental", "template": template}}
    return _path(f"/subscriptions/{subscription_id}"), body


def _path(scope: str) -> str:
    return f"{scope}/providers/{DEPLOYMENTS}/{NAME}/validate"


def _template(schema: str, resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"$schema": schema, "contentVersion": "1.0.0.0", "resources": list(resources)}


def _declared(resource: Mapping[str, Any]) -> dict[str, Any]:
    return {**literal(dict(resource)), "apiVersion": api_version(resource["type"])}


def literal(value: Any) -> Any:
    """A value that no template takes for an expression: text in brackets would be one."""
    match value:
        case dict():
            return {key: literal(item) for key, item in value.items()}
        case list():
            return [literal(item) for item in value]
        case str() if value.startswith("[") and value.endswith("]"):
            return f"[{value}"
    return value


def _obstacle(refusal: CloudError, proposed: Proposals) -> Obstacle | None:
    what = _TELLS.get(refusal.kind)
    if what is None or refusal.code in _OF_THE_TEMPLATE:
        return None
    if refusal.code == "RequestDisallowedByAzure":
        what = Preflight.ALLOWED_REGIONS
    named = [step for step, resource in proposed.items() if _is_about(refusal, str(resource["name"]))]
    sentence = with_detail(named[0].title, refusal.sentence) if named else refusal.sentence
    certain = bool(named) or refusal.kind is not ErrorKind.INVALID
    remedy = refusal.remedy or _("Ask whoever looks after your subscription.")
    return Obstacle(what, sentence, remedy, tuple(step.id for step in named), certain, _ASKS.get(refusal.kind, ""))


def _is_about(refusal: CloudError, name: str) -> bool:
    """Whether a refusal names a resource: as its target, or in quotation marks or an ARM id within its words."""
    target = refusal.target.rpartition("/")[2].lower()
    return target == name.lower() if target else any(f"{mark}{name.lower()}'" in refusal.message.lower() for mark in ("'", "/"))
