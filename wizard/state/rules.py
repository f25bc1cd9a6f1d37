"""What stands over a subscription: the rules of the organization (Azure Policy), locks, and the regions it may use.

Read with Azure's own lists and with Policy Insights' ``checkPolicyRestrictions`` (azure-mgmt-policyinsights, CheckRestrictionsRequest),
which says of a resource that is not there yet whether a rule would refuse it. Where the account may not read them, nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wizard.cloud import Cloud

ASSIGNMENTS_VERSION = "2022-06-01"
LOCKS_VERSION = "2016-09-01"
RESTRICTIONS_VERSION = "2022-03-01"
LOCATIONS = "listofallowedlocations"  # the parameter of Azure's own rules about regions, in small letters
_TAG = re.compile(r"tags(?:\.|\[['\"]?)([^'\"\]]+)['\"]?\]?", re.IGNORECASE)  # tags.NAME, tags[NAME], tags['NAME']
_ABOUT_WHICH = ("type", "kind", "name")  # fields by which a rule says which resources it is about


@dataclass(frozen=True)
class PolicyDenial:
    """A rule that would refuse a resource.

    :param policy: the name that the rule was assigned under.
    :param reason: what whoever assigned it wrote, or "".
    :param field: the field of the resource that it looked at, such as ``tags[CostCenter]`` or ``location``.
    :param wanted: what it holds the field against: a text, or the texts that it may be.
    """

    policy: str
    reason: str
    field: str
    wanted: tuple[str, ...] = ()

    @property
    def tag(self) -> str:
        """The tag that the rule wants, or ""."""
        match = _TAG.fullmatch(self.field)
        return match[1] if match else ""

    @property
    def regions(self) -> list[str]:
        """The regions that the rule allows, in small letters; empty for another rule."""
        return [_short(region) for region in self.wanted] if self.field.lower() == "location" else []


@dataclass(frozen=True)
class Lock:
    """A management lock: `level` is ``ReadOnly`` or ``CanNotDelete``, `scope` the ARM id that it lies on."""

    name: str
    level: str
    scope: str
    notes: str


@dataclass(frozen=True)
class Assignment:
    """A rule in force on the subscription."""

    id: str
    title: str
    parameters: Mapping[str, Any]


async def policy_assignments(cloud: Cloud) -> list[Assignment]:
    """Every rule that is in force on the subscription; none where the account may not read them."""
    path = f"/subscriptions/{cloud.subscription_id}/providers/Microsoft.Authorization/policyAssignments"
    assignments = []
    for item in await _listed(cloud, path, ASSIGNMENTS_VERSION):
        properties = item.get("properties") or {}
        if properties.get("enforcementMode", "Default") == "Default":
            values = {name.lower(): (value or {}).get("value") for name, value in (properties.get("parameters") or {}).items()}
            assignments.append(Assignment(str(item.get("id", "")), str(properties.get("displayName") or item.get("name")), values))
    return assignments


def allowed_regions(assignments: list[Assignment]) -> list[str] | None:
    """The regions that all rules about regions let the subscription use, in small letters; None when no rule limits them."""
    lists = [assignment.parameters[LOCATIONS] for assignment in assignments if assignment.parameters.get(LOCATIONS)]
    if not lists:
        return None
    names = [[_short(name) for name in one] for one in lists]
    return [name for name in names[0] if all(name in other for other in names)]


async def locks(cloud: Cloud) -> list[Lock]:
    """Every lock on the subscription and on what lies in it."""
    path = f"/subscriptions/{cloud.subscription_id}/providers/Microsoft.Authorization/locks"
    return [
        Lock(
            str(item.get("name", "")),
            str((item.get("properties") or {}).get("level", "")),
            str(item.get("id", "")).partition("/providers/Microsoft.Authorization/locks/")[0],
            str((item.get("properties") or {}).get("notes") or ""),
        )
        for item in await _listed(cloud, path, LOCKS_VERSION)
    ]


async def policy_denials(cloud: Cloud, resource: Mapping[str, Any], assignments: list[Assignment]) -> list[PolicyDenial]:
    """The rules that would refuse a resource, given as ARM's JSON with its ``type``; nothing where Azure does not say."""
    from azure.core.exceptions import HttpResponseError

    path = f"/subscriptions/{cloud.subscription_id}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions"
    question = {"resourceDetails": {"resourceContent": dict(resource)}, "includeAuditEffect": False}
    try:
        answer = await cloud.arm("POST", path, RESTRICTIONS_VERSION, question)
    except HttpResponseError:
        return []
    titles = {assignment.id.rpartition("/")[2].lower(): assignment.title for assignment in assignments}
    denials = []
    for evaluation in ((answer or {}).get("contentEvaluationResult") or {}).get("policyEvaluations") or []:
        effect = str((evaluation.get("effectDetails") or {}).get("policyEffect", "Deny")).lower()
        if str(evaluation.get("evaluationResult", "")).lower() != "noncompliant" or effect != "deny":
            continue
        details = evaluation.get("evaluationDetails") or {}
        field, wanted = _looked_at(details.get("evaluatedExpressions") or [])
        name = str((evaluation.get("policyInfo") or {}).get("policyAssignmentId", "")).rpartition("/")[2]
        denials.append(PolicyDenial(titles.get(name.lower(), name), str(details.get("reason") or ""), field, wanted))
    return denials


def _looked_at(expressions: Iterable[Mapping[str, Any]]) -> tuple[str, tuple[str, ...]]:
    """The field that made a rule refuse, and what it was held against; Azure lists the fields that choose the resources too."""
    for expression in expressions:
        field = str(expression.get("expression") or "")
        if field and field.lower() not in _ABOUT_WHICH:
            target = expression.get("targetValue")
            return field, tuple(map(str, target)) if isinstance(target, list) else (str(target),) if target is not None else ()
    return "", ()


def _short(region: object) -> str:
    """A region as Azure names it in ids: ``West Europe`` is ``westeurope``."""
    return str(region).replace(" ", "").lower()


async def _listed(cloud: Cloud, path: str, version: str) -> list[dict[str, Any]]:
    """All pages of a list; empty where the account may not read it, or where Azure does not have it."""
    from azure.core.exceptions import HttpResponseError

    items: list[dict[str, Any]] = []
    address: str = path
    try:
        for _page in range(50):
            answer = await cloud.arm("GET", address, version) or {}
            items += answer.get("value") or []
            address = str(answer.get("nextLink") or "")
            if not address:
                break
    except HttpResponseError:
        return items
    return items
