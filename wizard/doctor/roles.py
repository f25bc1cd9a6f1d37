"""Roles that were given lately: Azure applies them within ten minutes (reference section 7)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from wizard.doctor.evidence import Evidence

if TYPE_CHECKING:
    from wizard.snapshot import Snapshot

LATELY = datetime.timedelta(minutes=10)


async def principal(evidence: Evidence) -> str:
    """The object id of the app's identity."""
    if evidence.answers.app.identity == "user":
        identity = await evidence.plan.snapshot.identity()
        return str(identity.principal_id) if identity else ""
    return str((evidence.app.get("identity") or {}).get("principalId") or "")


async def is_on_its_way(snapshot: Snapshot, scope: str, principal_id: str) -> bool:
    """Whether the identity was given a role there within the last ten minutes."""
    from azure.core.exceptions import HttpResponseError

    try:
        assignments = await snapshot.role_assignments(scope)
    except HttpResponseError:
        return False
    now = datetime.datetime.now(datetime.UTC)
    theirs = [it.created_on for it in assignments if it.principal_id == principal_id and it.created_on]
    return any(made is not None and now - made < LATELY for made in theirs)
