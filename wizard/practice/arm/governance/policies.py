"""Azure Policy: what the organization forbids, told beforehand and at the write itself.

The faults ``policy-tag``, ``policy-no-shared-key``, ``policy-tls``, ``allowed-regions`` and ``student`` put it in force. Told beforehand
by ``checkPolicyRestrictions`` (azure-mgmt-policyinsights, models CheckRestrictionsRequest and CheckRestrictionsResult) and the list of
policy assignments; refused at a write as in errors.md 22 and azure-cli#32913.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.regions import region_of, type_has_location
from wizard.practice.kernel.errors import GATEWAY, AzureError
from wizard.practice.kernel.fidelity import recorded, reported, specified
from wizard.practice.kernel.requests import Answer, Request, group_of, resource_type_of, segments
from wizard.practice.kernel.shapes import ANYTHING, FLAG, TEXT

PROVIDER = "/providers/Microsoft.Authorization"
QUESTION = {
    "resourceDetails": {"resourceContent": ANYTHING, "apiVersion": TEXT, "scope": TEXT},
    "pendingFields": [{"field": TEXT, "values": [TEXT]}],
    "includeAuditEffect": FLAG,
}
STUDENT_REGIONS = "swedencentral,francecentral,polandcentral,italynorth,spaincentral"
ACCOUNTS = "Microsoft.Storage/storageAccounts"
REGIONS_TITLE = "Allowed resource deployment regions"
KEYS_TITLE = "Storage accounts should prevent shared key access"
TAG_TITLE = "Require a tag on resources"
TLS_TITLE = "Storage accounts should have the specified minimum TLS version"
_TOLD = "azure-powershell's tests of policies; Azure/manage-azure-policy"
OF_ACCOUNTS = (KEYS_TITLE, TLS_TITLE)  # an account's own handler knows what is there already


@dataclass(frozen=True)
class DenyEffect:
    """One rule that forbids a resource: the assignment's display name and id, the reason it was given, and the expression it evaluated."""

    title: str
    name: str
    reason: str
    expression: dict[str, Any]

    @property
    def assignment_id(self) -> str:
        """The ARM id of the policy assignment that denies."""
        return f"{PROVIDER}/policyAssignments/{self.name}"


def denials(cloud: PracticeCloud, kind: str, resource: dict[str, Any]) -> Iterator[DenyEffect]:
    """The rules in force that forbid a resource as ARM's JSON shows it; built-in rules of this kind leave resource groups alone."""
    if kind.count("/") != 1 or not type_has_location(kind):
        return
    tag = cloud.faults.value("policy-tag")
    if tag and not (resource.get("tags") or {}).get(tag):
        expression = _expression(f"tags[{tag}]", f"tags[{tag}]", None, "false", "Exists")
        yield DenyEffect(TAG_TITLE, "practice-tag", f"Please provide the tag {tag}", expression)
    allowed, region = allowed_regions(cloud), region_of(str(resource.get("location") or ""))
    if allowed and region is not None and region.name not in allowed:
        yield DenyEffect(REGIONS_TITLE, "sys.regionrestriction", "", _expression("location", "location", region.name, allowed, "NotIn"))
    keys = (resource.get("properties") or {}).get("allowSharedKeyAccess")
    if kind.lower() == ACCOUNTS.lower() and cloud.faults.active("policy-no-shared-key") and keys is not False:
        expression = _expression(f"{ACCOUNTS}/allowSharedKeyAccess", "properties.allowSharedKeyAccess", keys, "false", "NotEquals")
        yield DenyEffect(KEYS_TITLE, "practice-policy", "", expression)
    wanted, version = cloud.faults.value("policy-tls"), (resource.get("properties") or {}).get("minimumTlsVersion")
    if kind.lower() == ACCOUNTS.lower() and wanted and version != _tls(wanted):
        expression = _expression(f"{ACCOUNTS}/minimumTlsVersion", "properties.minimumTlsVersion", version, _tls(wanted), "NotEquals")
        yield DenyEffect(TLS_TITLE, "practice-tls", "", expression)


def _tls(version: str) -> str:
    """``1.3`` as Azure writes it: ``TLS1_3``."""
    return f"TLS{version.replace('.', '_')}"


def allowed_regions(cloud: PracticeCloud) -> list[str]:
    """The regions that the subscription may use; empty for all."""
    text = cloud.faults.value("allowed-regions") or (STUDENT_REGIONS if cloud.faults.active("student") else "")
    return [name for name in text.split(",") if name]


def check_write(cloud: PracticeCloud, request: Request) -> None:
    """Refuse a write that a rule forbids, as ARM does before a provider sees it."""
    if request.method != "PUT" or group_of(request.path) is None or not isinstance(request.body, dict):
        return
    kind, name = resource_type_of(request.path), segments(request.path)[-1]
    for denial in denials(cloud, kind, request.body):
        if denial.title not in OF_ACCOUNTS:
            raise refusal(name, denial)


def refusal(name: str, denial: DenyEffect) -> AzureError:
    """403 for a resource that a rule forbids (errors.md 22; the words for regions: azure-cli#32913)."""
    if denial.title == REGIONS_TITLE:
        message = (
            f"Resource '{name}' was disallowed by Azure: This policy maintains a set of best available regions where your subscription "
            "can deploy resources. The objective of this policy is to ensure that your subscription has full access to Azure services "
            "with optimal performance. Should you need additional or different regions, contact support."
        )
        return AzureError(403, "RequestDisallowedByAzure", message, target=name, headers=GATEWAY)
    identifiers = [
        {
            "policyAssignment": {"name": denial.title, "id": denial.assignment_id},
            "policyDefinition": {"name": denial.title, "id": f"{PROVIDER}/policyDefinitions/{denial.name}"},
        }
    ]
    reasons = f" Reasons: '{denial.reason}'." if denial.reason else ""
    message = (
        f"Resource '{name}' was disallowed by policy.{reasons} Policy identifiers: '{json.dumps(identifiers, separators=(',', ':'))}'."
    )
    info = {
        "evaluationDetails": {"evaluatedExpressions": [denial.expression], **({"reason": denial.reason} if denial.reason else {})},
        "policyDefinitionId": f"{PROVIDER}/policyDefinitions/{denial.name}",
        "policyDefinitionName": denial.name,
        "policyDefinitionDisplayName": denial.title,
        "policyDefinitionEffect": "deny",
        "policyAssignmentId": denial.assignment_id,
        "policyAssignmentName": denial.name,
        "policyAssignmentDisplayName": denial.title,
    }
    additional = [{"type": "PolicyViolation", "info": info}]
    return AzureError(403, "RequestDisallowedByPolicy", message, target=name, additional_info=additional, headers=GATEWAY)


class Policies:
    """The routes that tell of rules beforehand."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    async def check_restrictions(self, request: Request) -> Answer:
        """What the rules say of a resource that is not there yet."""
        details = (request.body or {}).get("resourceDetails") or {}
        content = details.get("resourceContent")
        if not isinstance(content, dict):
            raise AzureError(400, "InvalidCheckRestrictionsRequest", "The request content is invalid: resourceDetails.resourceContent.")
        evaluations = [
            {
                "policyInfo": {
                    "policyDefinitionId": f"{PROVIDER}/policyDefinitions/{denial.name}",
                    "policyAssignmentId": denial.assignment_id,
                },
                "evaluationResult": "NonCompliant",
                "evaluationDetails": {"evaluatedExpressions": [denial.expression], "reason": denial.reason},
                "effectDetails": {"policyEffect": "Deny"},
            }
            for denial in denials(self._cloud, str(content.get("type", "")), content)
        ]
        return Answer(200, {"fieldRestrictions": [], "contentEvaluationResult": {"policyEvaluations": evaluations}})

    async def assignments(self, request: Request) -> Answer:
        """The assignments in force on the subscription, with their parameters."""
        return Answer(200, {"value": self._assignments()})

    async def assignment(self, request: Request) -> Answer:
        """One assignment by its name."""
        name = request.names["name"]
        match = next((each for each in self._assignments() if each["name"].lower() == name.lower()), None)
        if match is None:
            raise AzureError(404, "PolicyAssignmentNotFound", f"The policy assignment '{name}' is not found.")
        return Answer(200, match)

    async def definition(self, request: Request) -> Answer:
        """One definition by its name."""
        name = request.names["name"]
        match = next((each for each in self._definitions() if each["name"].lower() == name.lower()), None)
        if match is None:
            raise AzureError(404, "PolicyDefinitionNotFound", f"The policy definition '{name}' could not be found.")
        return Answer(200, match)

    async def definitions(self, request: Request) -> Answer:
        """The definitions of what is assigned; of the many that Azure brings along the practice cloud has no other."""
        return Answer(200, {"value": self._definitions()})

    def _definitions(self) -> list[dict[str, Any]]:
        return [
            {
                "id": each["properties"]["policyDefinitionId"],
                "name": each["name"],
                "type": "Microsoft.Authorization/policyDefinitions",
                "properties": {"displayName": each["properties"]["displayName"], "policyType": "BuiltIn", "mode": "Indexed"},
            }
            for each in self._assignments()
        ]

    def _assignments(self) -> list[dict[str, Any]]:
        faults, listed = self._cloud.faults, []
        if regions := allowed_regions(self._cloud):
            listed.append(self._assignment("sys.regionrestriction", REGIONS_TITLE, {"listOfAllowedLocations": {"value": regions}}))
        if tag := faults.value("policy-tag"):
            listed.append(self._assignment("practice-tag", TAG_TITLE, {"tagName": {"value": tag}}))
        if faults.active("policy-no-shared-key"):
            listed.append(self._assignment("practice-policy", KEYS_TITLE, {}))
        if tls := faults.value("policy-tls"):
            listed.append(self._assignment("practice-tls", TLS_TITLE, {"minimumTlsVersion": {"value": _tls(tls)}}))
        return listed

    def _assignment(self, name: str, title: str, parameters: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": f"/subscriptions/{self._cloud.subscription_id}{PROVIDER}/policyAssignments/{name}",
            "name": name,
            "type": "Microsoft.Authorization/policyAssignments",
            "properties": {
                "displayName": title,
                "policyDefinitionId": f"{PROVIDER}/policyDefinitions/{name}",
                "scope": f"/subscriptions/{self._cloud.subscription_id}",
                "enforcementMode": "Default",
                "parameters": parameters,
            },
        }


def _expression(expression: str, path: str, value: Any, target: Any, operator: str) -> dict[str, Any]:
    evaluated = {"result": "True", "expressionKind": "Field", "expression": expression, "path": path}
    return {**evaluated, "expressionValue": value, "targetValue": target, "operator": operator}


def install(cloud: PracticeCloud) -> None:
    """Serve what tells of rules at a subscription."""
    policies = Policies(cloud)
    check = "/providers/Microsoft.PolicyInsights/checkPolicyRestrictions"
    right = "Microsoft.PolicyInsights/checkPolicyRestrictions/read"
    for scope in ("/subscriptions/{subscription}", "/subscriptions/{subscription}/resourceGroups/{group}"):
        told = specified("200 with what policies would refuse")
        cloud.arm.add("POST", f"{scope}{check}", policies.check_restrictions, action=right, takes=QUESTION, known=told)
    add, reading = cloud.arm.add, "Microsoft.Authorization/policyAssignments/read"
    for scope in ("/subscriptions/{subscription}", "/subscriptions/{subscription}/resourceGroups/{group}"):
        listed = f"{scope}{PROVIDER}/policyAssignments"
        add("GET", listed, policies.assignments, action=reading, known=recorded("200 with a list"))
        missing = reported("200, 404 PolicyAssignmentNotFound", _TOLD)
        add("GET", f"{listed}/{{name}}", policies.assignment, action=reading, known=missing)
    reading = "Microsoft.Authorization/policyDefinitions/read"
    for scope in ("/subscriptions/{subscription}", ""):  # az asks for those of Azure itself too
        defined = f"{scope}{PROVIDER}/policyDefinitions"
        add(
            "GET",
            defined,
            policies.definitions,
            action=reading if scope else "",
            known=specified("200 with the definitions of what is assigned"),
        )
        missing = reported("200, 404 PolicyDefinitionNotFound", _TOLD)
        add("GET", f"{defined}/{{name}}", policies.definition, action=reading if scope else "", known=missing)
