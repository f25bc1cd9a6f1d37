"""Microsoft.Authorization: role definitions, permissions, and whether someone may do something."""

from __future__ import annotations

import re
from typing import Any

from wizard.practice.access import builtin_roles as roles
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import body_of
from wizard.practice.arm.shapes import CHECK_ACCESS
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import documented, recorded, specified
from wizard.practice.kernel.requests import Answer, Request, segments
from wizard.practice.kernel.shapes import unreadable
from wizard.practice.kernel.store import Document

PROVIDER = "providers/Microsoft.Authorization"


class RoleDefinitions:
    """Azure's built-in roles, read at any scope."""

    async def list_all(self, request: Request) -> Answer:
        """GET of the built-in roles, by name where a filter says so."""
        name_filter = re.search(r"roleName\s+eq\s+'([^']*)'", request.query.get("$filter", ""), re.IGNORECASE)
        definitions = [
            _definition(request, identifier)
            for identifier, properties in roles.definitions().items()
            if name_filter is None or properties["roleName"].lower() == name_filter[1].lower()
        ]
        return Answer(200, {"value": definitions})

    async def get(self, request: Request) -> Answer:
        """GET of one built-in role."""
        identifier = request.names["name"].lower()
        if identifier not in roles.definitions():
            message = f"The specified role definition with ID '{identifier}' does not exist."
            raise AzureError(404, "RoleDefinitionDoesNotExist", message)
        return Answer(200, _definition(request, identifier))


class Permissions:
    """What the caller may do at a scope, as a list and as a question."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    async def list_all(self, request: Request) -> Answer:
        """GET of what the caller may do at a scope."""
        return Answer(200, {"value": self._cloud.access.permissions(request.caller.object_id, scope_of(request))})

    async def deny_assignments(self, request: Request) -> Answer:
        """GET of deny assignments, of which the practice cloud has none."""
        return Answer(200, {"value": []})

    async def check(self, request: Request) -> Answer:
        """``checkAccess`` 2018-09-01-preview (reference.md section 3): each action allowed or not, and by which assignment."""
        sent, scope = body_of(request), scope_of(request)
        subject = ((sent.get("Subject") or {}).get("Attributes") or {}).get("ObjectId")
        actions = sent.get("Actions") or []
        if not subject or any("Id" not in action for action in actions):
            raise unreadable("Required property 'ObjectId' or 'Id' not found in JSON. Path ''")
        return Answer(200, [self._decision(subject, scope, action["Id"], bool(action.get("IsDataAction"))) for action in actions])

    def _decision(self, subject: str, scope: str, action: str, data: bool) -> dict[str, Any]:
        assignment = self._cloud.access.deciding(subject, action, scope, data=data)
        decided = {"id": assignment["id"], **assignment["properties"]} if assignment else None
        return {
            "actionId": action,
            "accessDecision": "Allowed" if assignment else "NotAllowed",
            "isDataAction": data,
            "roleAssignment": decided,
            "denyAssignment": None,
            "auditAssignments": [],
            "timeToLiveInMs": 300000,
        }


def scope_of(request: Request) -> str:
    """The scope at which something is asked, as an ARM id."""
    return "/" + request.names.get("scope", "").strip("/")


def definition_id(scope: str, role: str) -> str:
    """A role definition's id as seen from a scope: under its subscription, whatever form was given."""
    parts = segments(scope)
    subscription = "/" + "/".join(parts[:2]) if parts[:1] and parts[0].lower() == "subscriptions" else ""
    return f"{subscription}/{PROVIDER}/roleDefinitions/{roles.guid_of(role)}"


def _definition(request: Request, identifier: str) -> Document:
    identity = definition_id(scope_of(request), identifier)
    return {
        "properties": roles.definitions()[identifier],
        "id": identity,
        "type": "Microsoft.Authorization/roleDefinitions",
        "name": identifier,
    }


def install(cloud: PracticeCloud) -> None:
    """Serve roles and permissions at every scope, the tenant's root included for role definitions."""
    definitions, permissions = RoleDefinitions(), Permissions(cloud)
    base, action = f"/{{scope*}}/{PROVIDER}", "Microsoft.Authorization"
    cloud.arm.add(
        "GET", f"{base}/permissions", permissions.list_all, action=f"{action}/permissions/read", known=specified("200 with a list")
    )
    cloud.arm.add(
        "GET",
        f"{base}/denyAssignments",
        permissions.deny_assignments,
        action=f"{action}/denyAssignments/read",
        known=specified("200 with an empty list"),
    )
    cloud.arm.add(
        "POST",
        f"{base}/checkAccess",
        permissions.check,
        takes=CHECK_ACCESS,
        known=documented("200 with a decision for each action", "what the portal sends, 2018-09-01-preview"),
    )
    cloud.arm.add(
        "GET", f"{base}/roleDefinitions", definitions.list_all, action=f"{action}/roleDefinitions/read", known=recorded("200 with a list")
    )
    cloud.arm.add(
        "GET", f"{base}/roleDefinitions/{{name}}", definitions.get, action=f"{action}/roleDefinitions/read", known=recorded("200")
    )
    cloud.arm.add("GET", f"/{PROVIDER}/roleDefinitions", definitions.list_all, known=specified("200 with a list"))
    cloud.arm.add("GET", f"/{PROVIDER}/roleDefinitions/{{name}}", definitions.get, known=specified("200"))
