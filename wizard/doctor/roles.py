"""Roles that were given lately: Azure applies them within ten minutes (reference section 7)."""

from __future__ import annotations

import asyncio
import datetime

from wizard.doctor.evidence import Evidence

LATELY = datetime.timedelta(minutes=10)


async def principal(evidence: Evidence) -> str:
    """The object id of the app's identity."""
    if evidence.answers.app.identity == "user":
        identity = await evidence.plan.snapshot.identity()
        return str(identity.principal_id) if identity else ""
    return str((evidence.app.get("identity") or {}).get("principalId") or "")


async def is_on_its_way(evidence: Evidence, scope: str) -> bool:
    """Whether the app's identity was given a role there within the last ten minutes, and after the newest version last came up."""
    from azure.core.exceptions import HttpResponseError

    snapshot = evidence.plan.snapshot
    try:
        assignments, revisions = await asyncio.gather(snapshot.role_assignments(scope), snapshot.revisions())
    except HttpResponseError:
        return False
    holder = await principal(evidence)
    ready = revisions.get(str(evidence.app["properties"].get("latestReadyRevisionName")))
    since = datetime.datetime.now(datetime.UTC) - LATELY
    if ready is not None and ready.properties and ready.properties.created_time:
        since = max(since, ready.properties.created_time)
    return any(it.created_on is not None and it.created_on > since for it in assignments if it.principal_id == holder)
