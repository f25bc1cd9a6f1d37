"""Who may do what: Azure's role-based access control (reference.md section 3)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from wizard.practice.access import builtin_roles as roles
from wizard.practice.access import conditions
from wizard.practice.access.builtin_roles import Permission
from wizard.practice.access.conditions import AssignmentAttempt
from wizard.practice.access.directory import OWNER, SERVICE_PRINCIPAL, USER, Directory
from wizard.practice.kernel.clock import Clock
from wizard.practice.kernel.errors import GATEWAY, AzureError
from wizard.practice.kernel.faults import ROLES, Faults
from wizard.practice.kernel.requests import Caller, within
from wizard.practice.kernel.store import Document, Store


class AccessControl:
    """Evaluates role assignments, each from the moment it is effective.

    The practice account's own role on the practice subscription is what fault ``account`` says now; seeded subscriptions it may read.
    """

    def __init__(self, store: Store, clock: Clock, faults: Faults, directory: Directory, subscription_id: str) -> None:
        self._assignments = store.collection("role_assignments")
        self._effective_from = store.collection("role_effects")
        self._clock = clock
        self._faults = faults
        self._directory = directory
        self._subscription = f"/subscriptions/{subscription_id}"

    def account_assignments(self) -> list[Document]:
        """The assignments that the practice account has by itself: fault ``account:NAME`` on the subscription, Owner without it."""
        role = ROLES.get(self._faults.value("account") or "owner")
        return [self._account_assignment(principal, kind, role) for principal, kind in _ACCOUNTS if role]

    def assignments(self) -> list[Document]:
        """Every role assignment, effective or not yet."""
        owner = self._account_assignment(OWNER, "User", ROLES["owner"])
        return [*self.account_assignments(), owner, *self._assignments.values()]

    def permissions(self, principal_id: str, scope: str) -> list[Document]:
        """What the principal is granted at `scope` now: one entry for each assignment that reaches it, with its condition."""
        return [
            {**permission, **{name: assignment["properties"].get(name) for name in ("condition", "conditionVersion")}}
            for assignment in self.reaching(principal_id, scope)
            for permission in roles.permissions(_role(assignment))
        ]

    def reaching(self, principal_id: str, scope: str) -> Iterator[Document]:
        """The effective assignments of the principal at `scope` or above it."""
        for assignment in self.assignments():
            properties = assignment["properties"]
            if (
                properties["principalId"].lower() == principal_id.lower()
                and within(scope, properties["scope"])
                and self._effective(assignment)
            ):
                yield assignment
        stranger = self._faults.value("account") == "none"
        if principal_id in (SERVICE_PRINCIPAL, USER) and not within(scope, self._subscription) and not stranger:
            yield self._account_assignment(principal_id, "", ROLES["reader"])

    def deciding(self, principal_id: str, action: str, scope: str, *, data: bool = False) -> Document | None:
        """The assignment that allows the action, one without a condition if there is any; or None."""
        giving = self._giving(principal_id, action, scope, data=data)
        return min(giving, key=lambda assignment: bool(assignment["properties"].get("condition")), default=None)

    def allowed(self, principal_id: str, action: str, scope: str, *, data: bool = False) -> bool:
        """Whether the principal may do `action` (a data action with `data`) at that ARM id."""
        return self.deciding(principal_id, action, scope, data=data) is not None

    def require(self, caller: Caller, action: str, scope: str) -> None:
        """Refuse the caller who may not do `action` at `scope`: 403 AuthorizationFailed (errors.md 7)."""
        if not self.allowed(caller.object_id, action, scope):
            raise authorization_failed(caller, action, scope)

    def require_condition(self, caller: Caller, attempt: AssignmentAttempt, scope: str) -> None:
        """Refuse the caller all of whose assignments that allow the attempt have a condition that it does not meet (403)."""
        texts = [item["properties"].get("condition") for item in self._giving(caller.object_id, attempt.action, scope)]
        if not any(not text or conditions.parse(text)(attempt) for text in texts):
            raise condition_not_met(caller, attempt.action, scope)

    def _giving(self, principal_id: str, action: str, scope: str, *, data: bool = False) -> list[Document]:
        return [
            assignment
            for assignment in self.reaching(principal_id, scope)
            if any(grants(permission, action, data=data) for permission in roles.permissions(_role(assignment)))
        ]

    def _effective(self, assignment: Document) -> bool:
        effect = self._effective_from.get(assignment["id"])
        return effect is None or effect["at"] <= self._clock.now()

    def _account_assignment(self, principal_id: str, kind: str, role: str) -> Document:
        provider = f"{self._subscription}/providers/Microsoft.Authorization"
        name = f"{principal_id[:-4]}a{principal_id[-3:]}"
        properties = {
            "roleDefinitionId": f"{provider}/roleDefinitions/{roles.role_id(role)}",
            "principalId": principal_id,
            "principalType": kind,
            "scope": self._subscription,
            "condition": None,
            "conditionVersion": None,
            "createdOn": "2026-01-01T00:00:00.0000000Z",
            "updatedOn": "2026-01-01T00:00:00.0000000Z",
            "createdBy": "",
            "updatedBy": "",
            "delegatedManagedIdentityResourceId": None,
            "description": None,
        }
        return {
            "properties": properties,
            "id": f"{provider}/roleAssignments/{name}",
            "type": "Microsoft.Authorization/roleAssignments",
            "name": name,
        }


_ACCOUNTS = ((SERVICE_PRINCIPAL, "ServicePrincipal"), (USER, "User"))


def authorization_failed(caller: Caller, action: str, scope: str) -> AzureError:
    """403 AuthorizationFailed in ARM's words (errors.md 7)."""
    message = (
        f"The client '{caller.name}' with object id '{caller.object_id}' does not have authorization to perform action '{action}' "
        f"over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials."
    )
    return AzureError(403, "AuthorizationFailed", message, headers=GATEWAY)


def condition_not_met(caller: Caller, action: str, scope: str) -> AzureError:
    """403 AuthorizationFailed as ARM words it for who may do the action, but not to this."""
    message = (
        f"The client '{caller.name}' with object id '{caller.object_id}' has an authorization with ABAC condition that is not fulfilled "
        f"to perform action '{action}' over scope '{scope}' or the scope is invalid. "
        "If access was recently granted, please refresh your credentials."
    )
    return AzureError(403, "AuthorizationFailed", message, headers=GATEWAY)


def grants(permission: Permission, action: str, *, data: bool = False) -> bool:
    """Whether one permission allows the action; what it excludes counts inside this permission only."""
    allow, exclude = ("dataActions", "notDataActions") if data else ("actions", "notActions")
    return any(matches(p, action) for p in permission[allow]) and not any(matches(p, action) for p in permission[exclude])


def matches(pattern: str, action: str) -> bool:
    """Whether `action` fits `pattern`, case aside; ``*`` spans slashes, ``X/*/write`` also fits ``X/write`` (reference.md section 3)."""
    return _compiled(pattern).fullmatch(action) is not None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    expression = re.escape(pattern).replace(r"/\*/", "/(?:.*/)?").replace(r"\*", ".*")
    return re.compile(expression, re.IGNORECASE)


def _role(assignment: Document) -> str:
    return str(assignment["properties"]["roleDefinitionId"])
