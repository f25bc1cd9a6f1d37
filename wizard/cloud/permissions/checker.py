"""What the signed-in account may do: Azure is asked, and where it does not say, its list of permissions is evaluated (reference.md 3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from wizard.cloud.permissions.conditions import ASSIGNMENTS, lets_assign, limits_assigning_only
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.resource_ids import ROLES

if TYPE_CHECKING:
    from wizard.cloud.client import Cloud

CHECK_ACCESS_VERSION = "2018-09-01-preview"
PERMISSIONS_VERSION = "2022-05-01-preview"  # the first that shows conditions (reference 3)
DENY_VERSION = "2022-04-01"
EVERYONE = "00000000-0000-0000-0000-000000000000"  # in a deny assignment: every principal
Meets = Callable[[str], bool | None]


class Permitted(StrEnum):
    """Whether an action is allowed. UNKNOWN is never shown as no."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Permission:
    """What one role gives: patterns in which ``*`` stands for anything, and what it takes back from its own patterns."""

    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    data_actions: tuple[str, ...] = ()
    not_data_actions: tuple[str, ...] = ()
    condition: str | None = None

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> Permission:
        """From the JSON of Azure's permissions list."""
        return cls(
            tuple(body.get("actions") or ()),
            tuple(body.get("notActions") or ()),
            tuple(body.get("dataActions") or ()),
            tuple(body.get("notDataActions") or ()),
            body.get("condition"),
        )


@dataclass(frozen=True)
class Denial:
    """A deny assignment: what it forbids wins over every role.

    :param applies: whether it is meant for the signed-in account; None when that hangs on groups that it may be in.
    """

    forbids: Permission
    applies: bool | None

    @classmethod
    def parse(cls, properties: Mapping[str, Any], object_id: str) -> list[Denial]:
        """One for each of its permissions; [] when the account is excepted from it."""
        named = {str(principal.get("id")).lower(): str(principal.get("type")) for principal in properties.get("principals") or ()}
        excepted = {
            str(exclude_principal.get("id")).lower(): str(exclude_principal.get("type"))
            for exclude_principal in properties.get("excludePrincipals") or ()
        }
        me = object_id.lower()
        if me in excepted:
            return []
        groups = "Group" in named.values()
        applies = True if me in named or EVERYONE in named else None if groups else False
        if applies and "Group" in excepted.values():
            applies = None
        return [cls(Permission.parse(permission), applies) for permission in properties.get("permissions") or () if applies is not False]


def evaluate(permissions: Sequence[Permission], action: str, *, data: bool = False, meets: Meets = lambda _condition: None) -> Permitted:
    """Whether `permissions` together allow `action`. A role's exceptions take away from that role alone; case does not matter.

    :param meets: whether what is to be done meets a condition; None when nobody can tell.
    UNKNOWN where nobody can tell whether the condition of the only role that gives it is met, or where only ``X/*/write`` is given and
    ``X/write`` is asked, which the service allows although the pattern does not match.
    """
    verdict = Permitted.DENIED
    for permission in permissions:
        patterns = permission.data_actions if data else permission.actions
        taken = permission.not_data_actions if data else permission.not_actions
        if any(_matches(pattern, action) for pattern in taken):
            continue
        if any(_matches(pattern, action) for pattern in patterns):
            met = True if permission.condition is None else meets(permission.condition)
            if met:
                return Permitted.ALLOWED
            verdict = Permitted.UNKNOWN if met is None else verdict
        elif any(_matches(pattern.replace("/*/", "/"), action) for pattern in patterns):
            verdict = Permitted.UNKNOWN
    return verdict


def after_denials(verdict: Permitted, denials: Sequence[Denial], action: str, *, data: bool = False) -> Permitted:
    """What deny assignments leave of a verdict."""
    for denial in denials:
        forbids = evaluate([denial.forbids], action, data=data)
        if verdict is Permitted.DENIED or forbids is Permitted.DENIED:
            continue
        verdict = Permitted.DENIED if denial.applies and forbids is Permitted.ALLOWED else Permitted.UNKNOWN
    return verdict


def _matches(pattern: str, action: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), action, re.IGNORECASE | re.DOTALL) is not None


class PermissionChecker:
    """Answers whether the signed-in account may do things at a scope."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    async def may(self, scope: str, rights: Sequence[PermissionRequirement]) -> dict[PermissionRequirement, Permitted]:
        """A verdict for each of `rights` at `scope`, an ARM id; where that does not exist yet, its nearest existing parent is asked.

        Refusals to tell become UNKNOWN; only trouble with the network or the sign-in raises (HttpResponseError, AzureError).
        """
        if not rights:
            return {}
        requirements = list(dict.fromkeys(rights))
        decisions = await self._check_access(scope, requirements)
        open_questions = [right for right in requirements if right not in decisions]
        return decisions | (await self._by_permissions(scope, open_questions) if open_questions else {})

    async def _check_access(self, scope: str, rights: Sequence[PermissionRequirement]) -> dict[PermissionRequirement, Permitted]:
        """Azure's own verdicts, as far as it gives them. Where a condition is not met, another role may still give the right."""
        body = {
            "Subject": {"Attributes": {"ObjectId": self._cloud.principal.object_id}},
            "Actions": [{"Id": right.action, "IsDataAction": right.data} for right in rights],
        }
        answers = await self._ask(scope, "POST", "checkAccess", CHECK_ACCESS_VERSION, body)
        if not isinstance(answers, list):
            return {}
        by_action = {str(answer.get("actionId", "")).lower(): answer for answer in answers}
        decided = {right: self._verdict(by_action[right.action.lower()], right) for right in rights if right.action.lower() in by_action}
        return {right: verdict for right, verdict in decided.items() if verdict is not None}

    def _verdict(self, answer: Mapping[str, Any], right: PermissionRequirement) -> Permitted | None:
        """One of checkAccess's answers; None when it hangs on a condition that is not known to be met."""
        if answer.get("accessDecision") != "Allowed":
            return Permitted.DENIED
        condition = (answer.get("roleAssignment") or {}).get("condition")
        return Permitted.ALLOWED if not condition or self._meets(condition, right) else None

    def _meets(self, condition: str, right: PermissionRequirement) -> bool | None:
        """Whether doing what `right` is for meets a condition; None when nobody can tell."""
        kind = self._cloud.principal.kind if right.to == "you" else "ServicePrincipal"
        if right.assigns:
            return lets_assign(condition, ROLES[right.assigns], kind)
        return True if limits_assigning_only(condition) and not right.action.lower().startswith(ASSIGNMENTS.lower()) else None

    async def _by_permissions(self, scope: str, rights: Sequence[PermissionRequirement]) -> dict[PermissionRequirement, Permitted]:
        """Verdicts from the account's permissions and deny assignments at `scope`."""
        permissions = await self._permissions(scope)
        if permissions is None:
            return dict.fromkeys(rights, Permitted.UNKNOWN)
        denials = await self._denials(scope)
        verdicts = {}
        for right in rights:
            verdict = evaluate(permissions, right.action, data=right.data, meets=partial(self._meets, right=right))
            if denials is None and verdict is Permitted.ALLOWED:
                verdict = Permitted.UNKNOWN
            verdicts[right] = after_denials(verdict, denials or [], right.action, data=right.data)
        return verdicts

    async def _permissions(self, scope: str) -> list[Permission] | None:
        """The account's permissions at `scope`, or None when they may not be read."""
        items = await self._list(scope, "permissions", PERMISSIONS_VERSION)
        return None if items is None else [Permission.parse(item) for item in items]

    async def _denials(self, scope: str) -> list[Denial] | None:
        """The deny assignments that reach `scope` and may be meant for the account, or None when they may not be read."""
        items = await self._list(scope, "denyAssignments", DENY_VERSION)
        if items is None:
            return None
        reaching = [item["properties"] for item in items if _reaches(item["properties"], scope)]
        return [denial for properties in reaching for denial in Denial.parse(properties, self._cloud.principal.object_id)]

    async def _list(self, scope: str, what: str, version: str) -> list[Mapping[str, Any]] | None:
        """Every page of a list of Microsoft.Authorization's, or None when it may not be read."""
        page = await self._ask(scope, "GET", what, version)
        if page is None:
            return None
        items = list(page.get("value") or [])
        while page.get("nextLink"):
            page = await self._cloud.arm("GET", page["nextLink"], version)
            items += page.get("value") or []
        return items

    async def _ask(self, scope: str, method: str, what: str, version: str, body: Any = None) -> Any:
        """Ask at `scope`, or at the nearest parent that exists; None when Azure will not tell."""
        from azure.core.exceptions import HttpResponseError

        for place in [scope, *parents(scope)]:
            try:
                return await self._cloud.arm(method, f"{place}/providers/Microsoft.Authorization/{what}", version, body)
            except HttpResponseError as error:
                status = error.status_code or 0
                if status == 401 or status >= 500 or status == 429:
                    raise
                if status != 404:
                    return None
        return None


def _reaches(properties: Mapping[str, Any], scope: str) -> bool:
    """Whether a deny assignment holds at `scope`: made there, or above it and for what lies below too."""
    at, here = str(properties.get("scope") or "").rstrip("/").lower(), scope.rstrip("/").lower()
    return here == at or (here.startswith(f"{at}/") and not properties.get("doNotApplyToChildScopes"))


def parents(scope: str) -> list[str]:
    """The scopes above an ARM id, the nearest first, down to the subscription: resource, its parent resource, group, subscription."""
    parts = scope.strip("/").split("/")
    ancestors: list[str] = []
    while len(parts) > 2:
        parts = parts[:-2]
        if len(parts) >= 2 and parts[-2].lower() == "providers":
            parts = parts[:-2]
        ancestors.append("/" + "/".join(parts))
    return ancestors
