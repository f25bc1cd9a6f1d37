"""Microsoft.Authorization: role assignments."""

from __future__ import annotations

import asyncio
import re
import uuid
from typing import Any

from wizard.practice.access import builtin_roles as roles
from wizard.practice.access import conditions
from wizard.practice.access.conditions import AssignmentAttempt, InvalidCondition
from wizard.practice.access.directory import assignment_type
from wizard.practice.access.rbac import authorization_failed
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import body_of
from wizard.practice.arm.roles import PROVIDER, definition_id, scope_of
from wizard.practice.arm.shapes import ASSIGNMENT
from wizard.practice.kernel.errors import AzureError, group_not_found, resource_not_found
from wizard.practice.kernel.fidelity import recorded
from wizard.practice.kernel.requests import Answer, Request, group_of, resource_type_of, segments, within
from wizard.practice.kernel.store import Document

ASSIGNMENT_SECONDS = 2.0
EFFECTIVE_SECONDS = 12.0
_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"
_FILTER = re.compile(r"atScope\(\)|principalId\s+eq\s+'|assignedTo\('", re.IGNORECASE)


class RoleAssignments:
    """Assignments live in the collection ``role_assignments``; from when they count, in ``role_effects``."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._assignments = cloud.store.collection("role_assignments")
        self._effects = cloud.store.collection("role_effects")

    async def list_all(self, request: Request) -> Answer:
        """Assignments at, above and below the scope; ``$filter``: atScope(), principalId eq '', assignedTo('')."""
        scope, text = scope_of(request), request.query.get("$filter", "")
        if text and not _FILTER.search(text):  # turbot/steampipe-plugin-azure met it
            supported = "'atScope()' or 'principalId eq '{value}' or assignedTo('{value}')'"
            raise AzureError(400, "UnsupportedQuery", f"The filter '{text}' is not supported. Supported filters are either {supported}.")
        principal = re.search(r"(?:principalId\s+eq\s+|assignedTo\()'([^']*)'", text, re.IGNORECASE)
        assignments = [a for a in self._cloud.access.assignments() if self._related(a, scope, below="atscope()" not in text.lower())]
        if principal:
            assignments = [a for a in assignments if a["properties"]["principalId"].lower() == principal[1].lower()]
        return Answer(200, {"value": assignments})

    async def get(self, request: Request) -> Answer:
        """GET of one role assignment."""
        assignment = next((a for a in self._cloud.access.assignments() if a["id"].lower() == request.resource_id.lower()), None)
        if assignment is None:
            message = f"The role assignment '{request.names['name']}' is not found."
            raise AzureError(404, "RoleAssignmentNotFound", message)
        return Answer(200, assignment)

    async def put(self, request: Request) -> Answer:
        """Assign a role: 201, effective a while later; the same assignment again: 200."""
        properties, scope = self._wanted(request), scope_of(request)
        if self._cloud.faults.active("role-denied"):
            raise authorization_failed(request.caller, "Microsoft.Authorization/roleAssignments/write", request.resource_id)
        self._check_scope(scope)
        principal_type = self._principal_type(properties)
        attempt = AssignmentAttempt(f"{_ASSIGNMENTS}/write", request=_attributes({**properties, "principalType": principal_type}))
        self._cloud.access.require_condition(request.caller, attempt, request.resource_id)
        existing = self._existing(request, scope, properties)
        if existing is None:
            await asyncio.sleep(self._cloud.clock.lasts(ASSIGNMENT_SECONDS))
            existing = self._existing(request, scope, properties)
        assignment = self._document(request, scope, properties, principal_type, existing)
        if existing is None:
            self._effects[assignment["id"]] = {"at": self._cloud.clock.now() + self._delay()}
        self._assignments[assignment["id"]] = assignment
        if existing is None:  # recorded: the first answer alone does not say who made it
            return Answer(201, {**assignment, "properties": {**assignment["properties"], "createdBy": None}})
        return Answer(200, assignment)

    async def delete(self, request: Request) -> Answer:
        """DELETE of a role assignment; 204 where there is none."""
        assignment = self._assignments.get(request.resource_id)
        if assignment is None:
            return Answer(204)
        attempt = AssignmentAttempt(f"{_ASSIGNMENTS}/delete", resource=_attributes(assignment["properties"]))
        self._cloud.access.require_condition(request.caller, attempt, request.resource_id)
        del self._assignments[request.resource_id]
        self._effects.pop(request.resource_id, None)
        return Answer(200, assignment)

    def forget_scope(self, resource_id: str) -> None:
        """Assignments on a resource, and on what lies in it, go with it."""
        for key in [key for key, a in self._assignments.items() if within(a["properties"]["scope"], resource_id)]:
            del self._assignments[key]
            self._effects.pop(key, None)

    def _delay(self) -> float:
        chosen = self._cloud.faults.value("rbac-delay")
        return float(chosen) if chosen else self._cloud.clock.lasts(EFFECTIVE_SECONDS)

    def _related(self, assignment: Document, scope: str, *, below: bool) -> bool:
        at = assignment["properties"]["scope"]
        return within(scope, at) or (below and within(at, scope))

    def _wanted(self, request: Request) -> dict[str, Any]:
        properties: dict[str, Any] = body_of(request).get("properties") or {}
        try:
            uuid.UUID(request.names["name"])
        except ValueError:
            message = f"The role assignment ID '{request.names['name']}' is not valid. The role assignment ID must be a GUID."
            raise AzureError(400, "InvalidRoleAssignmentId", message) from None
        for name in ("roleDefinitionId", "principalId"):
            if not properties.get(name):
                raise AzureError(400, "BadRequestFormat", f"The request was incorrectly formatted. The property '{name}' is missing.")
        if roles.guid_of(properties["roleDefinitionId"]) not in roles.definitions():
            role = roles.guid_of(properties["roleDefinitionId"])
            raise AzureError(404, "RoleDefinitionDoesNotExist", f"The specified role definition with ID '{role}' does not exist.")
        _check_condition(properties)
        return properties

    def _check_scope(self, scope: str) -> None:
        """An assignment needs something to stand on."""
        group, kind = group_of(scope), resource_type_of(scope)
        if group is None or scope in self._cloud.store.resources:
            return
        if "/" + "/".join(segments(scope)[:4]) not in self._cloud.store.resources:
            raise group_not_found(group)
        raise resource_not_found(kind, segments(scope)[-1], group)

    def _principal_type(self, properties: dict[str, Any]) -> str:
        """The principal's type; without one in the request, the directory must already have found the principal (errors.md 9)."""
        identifier, declared = properties["principalId"], properties.get("principalType")
        principal = self._cloud.directory.get(identifier)
        if principal is None and declared == "ServicePrincipal" and not self._cloud.faults.active("principal-not-found"):
            return str(declared)  # documented: with its type, a principal that was made a moment ago is not looked for
        late = self._cloud.faults.count_down("principal-not-found")
        if principal is None or late or (not declared and not self._cloud.directory.replicated(identifier)):
            message = (
                f"Principal {identifier.replace('-', '')} does not exist in the directory {self._cloud.tenant_id}. "
                "Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, "
                "this error might be related to a replication delay. In this case, set the role assignment principalType property to a "
                "value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype"
            )
            raise AzureError(400, "PrincipalNotFound", message)
        actual = assignment_type(principal["kind"])
        if declared and declared != actual:
            # "PrinciaplType" is Azure's own spelling.
            message = f"The PrincipalId '{identifier}' has type '{actual}' , which is different from specified PrinciaplType '{declared}'."
            raise AzureError(400, "UnmatchedPrincipalType", message)
        return actual

    def _existing(self, request: Request, scope: str, properties: dict[str, Any]) -> Document | None:
        """The assignment of that name if it says the same; Azure's refusal when it says something else, or another name says it."""
        triple = _triple(scope, properties)
        for assignment in self._cloud.access.assignments():
            same = _triple(assignment["properties"]["scope"], assignment["properties"]) == triple
            named = assignment["name"].lower() == request.names["name"].lower()
            if named and same:
                return assignment
            if named:
                message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
                raise AzureError(400, "RoleAssignmentUpdateNotPermitted", message)
            if same:
                raise AzureError(409, "RoleAssignmentExists", "The role assignment already exists.")
        return None

    def _document(
        self, request: Request, scope: str, properties: dict[str, Any], principal_type: str, existing: Document | None
    ) -> Document:
        now, caller = self._cloud.clock.timestamp(), request.caller.object_id
        before = existing["properties"] if existing else {}
        body = {
            "roleDefinitionId": definition_id(scope, properties["roleDefinitionId"]),
            "principalId": properties["principalId"],
            "principalType": principal_type,
            "scope": scope,
            "condition": properties.get("condition"),
            "conditionVersion": properties.get("conditionVersion") or (conditions.VERSION if properties.get("condition") else None),
            "createdOn": before.get("createdOn", now),
            "updatedOn": now,
            "createdBy": before.get("createdBy", caller),
            "updatedBy": caller,
            "delegatedManagedIdentityResourceId": properties.get("delegatedManagedIdentityResourceId"),
            "description": properties.get("description"),
        }
        identifier = f"{scope}/{PROVIDER}/roleAssignments/{request.names['name']}"
        return {"properties": body, "id": identifier, "type": "Microsoft.Authorization/roleAssignments", "name": request.names["name"]}


def _check_condition(properties: dict[str, Any]) -> None:
    """A condition must be in Azure's language, of whose versions only 2.0 is left."""
    try:
        conditions.parse(properties.get("condition") or "ActionMatches{''}")
    except InvalidCondition:
        raise AzureError(400, "BadRequest", "The given role assignment condition is invalid.") from None
    if (properties.get("conditionVersion") or conditions.VERSION) != conditions.VERSION:
        raise AzureError(400, "BadRequest", f"The condition version must be '{conditions.VERSION}'.")


def _attributes(properties: dict[str, Any]) -> dict[str, str]:
    """What a condition may ask about a role assignment."""
    return {
        "roledefinitionid": roles.guid_of(properties["roleDefinitionId"]),
        "principaltype": properties["principalType"],
        "principalid": properties["principalId"],
    }


def _triple(scope: str, properties: dict[str, Any]) -> tuple[str, str, str]:
    return scope.lower(), properties["principalId"].lower(), roles.guid_of(properties["roleDefinitionId"])


def install(cloud: PracticeCloud) -> None:
    """Serve role assignments at every scope."""
    assignments = RoleAssignments(cloud)
    base, action = f"/{{scope*}}/{PROVIDER}", "Microsoft.Authorization"
    one = f"{base}/roleAssignments/{{name}}"
    cloud.store.resources.when_deleted(assignments.forget_scope)
    cloud.arm.add(
        "GET", f"{base}/roleAssignments", assignments.list_all, action=f"{action}/roleAssignments/read", known=recorded("200 with a list")
    )
    cloud.arm.add("GET", one, assignments.get, action=f"{action}/roleAssignments/read", known=recorded("200, 404 RoleAssignmentNotFound"))
    cloud.arm.add(
        "PUT",
        one,
        assignments.put,
        action=f"{action}/roleAssignments/write",
        takes=ASSIGNMENT,
        known=recorded("201; 400 PrincipalNotFound; 409 RoleAssignmentExists"),
    )
    cloud.arm.add("DELETE", one, assignments.delete, action=f"{action}/roleAssignments/delete", known=recorded("200 with the assignment"))
