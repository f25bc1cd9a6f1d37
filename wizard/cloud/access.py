"""What the signed-in account may do: Azure is asked, and where it does not say, its list of permissions is evaluated (reference.md 3)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from wizard.step import Right

if TYPE_CHECKING:
    from wizard.cloud.clients import Cloud

CHECK_ACCESS_VERSION = "2018-09-01-preview"
PERMISSIONS_VERSION = "2022-04-01"
ROLE_WRITE = "microsoft.authorization/roleassignments/write"


class Verdict(StrEnum):
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


def evaluate(permissions: Sequence[Permission], action: str, *, data: bool = False) -> Verdict:
    """Whether `permissions` together allow `action`. A role's exceptions take away from that role alone; case does not matter.

    UNKNOWN where a condition limits the only role that gives it, or where only ``X/*/write`` is given and ``X/write`` is asked, which the
    service allows although the pattern does not match.
    """
    verdict = Verdict.DENIED
    for permission in permissions:
        given = permission.data_actions if data else permission.actions
        taken = permission.not_data_actions if data else permission.not_actions
        if any(_matches(pattern, action) for pattern in taken):
            continue
        if any(_matches(pattern, action) for pattern in given):
            if permission.condition is None:
                return Verdict.ALLOWED
            verdict = Verdict.UNKNOWN
        elif any(_matches(pattern.replace("/*/", "/"), action) for pattern in given):
            verdict = Verdict.UNKNOWN
    return verdict


def _matches(pattern: str, action: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), action, re.IGNORECASE | re.DOTALL) is not None


class Access:
    """Answers whether the signed-in account may do things at a scope."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    async def may(self, scope: str, rights: Sequence[Right]) -> dict[Right, Verdict]:
        """A verdict for each of `rights` at `scope`, an ARM id; where that does not exist yet, its nearest existing parent is asked.

        Refusals to tell become UNKNOWN; only trouble with the network or the sign-in raises (HttpResponseError, AzureError).
        """
        if not rights:
            return {}
        wanted = list(dict.fromkeys(rights))
        asked = await self._check_access(scope, wanted)
        if asked is None:
            permissions = await self._permissions(scope)
            asked = {
                right: Verdict.UNKNOWN if permissions is None else evaluate(permissions, right.action, data=right.data) for right in wanted
            }
        return asked

    async def _check_access(self, scope: str, rights: Sequence[Right]) -> dict[Right, Verdict] | None:
        """Azure's own verdicts, or None where it does not give them."""
        body = {
            "Subject": {"Attributes": {"ObjectId": self._cloud.principal.object_id}},
            "Actions": [{"Id": right.action, "IsDataAction": right.data} for right in rights],
        }
        answers = await self._ask(scope, "POST", "checkAccess", CHECK_ACCESS_VERSION, body)
        if not isinstance(answers, list):
            return None
        verdicts = {str(answer.get("actionId", "")).lower(): _verdict(answer) for answer in answers}
        return {right: verdicts.get(right.action.lower(), Verdict.UNKNOWN) for right in rights}

    async def _permissions(self, scope: str) -> list[Permission] | None:
        """The account's permissions at `scope`, or None when they may not be read."""
        page = await self._ask(scope, "GET", "permissions", PERMISSIONS_VERSION)
        if page is None:
            return None
        found = [Permission.parse(item) for item in page.get("value") or []]
        while page.get("nextLink"):
            page = await self._cloud.arm("GET", page["nextLink"], PERMISSIONS_VERSION)
            found += [Permission.parse(item) for item in page.get("value") or []]
        return found

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


def _verdict(answer: Mapping[str, Any]) -> Verdict:
    """One of checkAccess's answers. What is allowed under a condition is only perhaps allowed."""
    if answer.get("accessDecision") != "Allowed":
        return Verdict.DENIED
    condition = (answer.get("roleAssignment") or {}).get("condition")
    return Verdict.UNKNOWN if condition else Verdict.ALLOWED


def parents(scope: str) -> list[str]:
    """The scopes above an ARM id, the nearest first, down to the subscription: resource, its parent resource, group, subscription."""
    parts = scope.strip("/").split("/")
    found: list[str] = []
    while len(parts) > 2:
        parts = parts[:-2]
        if len(parts) >= 2 and parts[-2].lower() == "providers":
            parts = parts[:-2]
        found.append("/" + "/".join(parts))
    return found
