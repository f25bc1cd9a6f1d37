"""Microsoft.Authorization: the roles that someone may activate and has not (Privileged Identity Management)."""

from __future__ import annotations

import uuid

from wizard.practice.access import builtin_roles as roles
from wizard.practice.access.directory import SERVICE_PRINCIPAL, USER
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.faults import ROLES
from wizard.practice.kernel.fidelity import specified
from wizard.practice.kernel.requests import Answer, Request
from wizard.practice.kernel.store import Document

_PROVIDER = "Microsoft.Authorization"


class Eligibility:
    """Roles that the practice account may activate (Privileged Identity Management): what fault ``eligible`` says."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    async def list_all(self, request: Request) -> Answer:
        """Those of the caller; the only filter is ``asTarget()``."""
        if request.query.get("$filter", "").lower() != "astarget()":
            raise AzureError(400, "InvalidFilter", "The practice cloud lists eligible roles with the filter asTarget() only.")
        role = ROLES.get(self._cloud.faults.value("eligible") or "")
        mine = request.caller.object_id in (SERVICE_PRINCIPAL, USER)
        return Answer(200, {"value": [self._instance(request, role)] if role and mine else []})

    def _instance(self, request: Request, role: str) -> Document:
        subscription = f"/subscriptions/{self._cloud.subscription_id}"
        name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{request.caller.object_id}/{role}"))
        properties = {
            "roleDefinitionId": f"{subscription}/providers/{_PROVIDER}/roleDefinitions/{roles.role_id(role)}",
            "principalId": request.caller.object_id,
            "principalType": request.caller.kind,
            "scope": subscription,
            "memberType": "Direct",
            "status": "Provisioned",
            "condition": None,
            "conditionVersion": None,
        }
        kind = f"{_PROVIDER}/roleEligibilityScheduleInstances"
        return {"properties": properties, "name": name, "id": f"{subscription}/providers/{kind}/{name}", "type": kind}


def install(cloud: PracticeCloud) -> None:
    """Serve them at every scope."""
    reading = f"{_PROVIDER}/roleAssignments/read"
    cloud.arm.add(
        "GET",
        f"/{{scope*}}/providers/{_PROVIDER}/roleEligibilityScheduleInstances",
        Eligibility(cloud).list_all,
        action=reading,
        known=specified("200 with a list"),
    )
