"""The app's identity: whether it is there, and was given its roles lately, which Azure applies within ten minutes (reference section 7)."""

from __future__ import annotations

import asyncio
import datetime

from wizard.doctor.evidence import Evidence
from wizard.doctor.verdict import Verdict, apply_again, asked_for, later, start_unless_running
from wizard.platform.language import _
from wizard.sections import naming, step_ids

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
    return any(
        assignment.created_on is not None and assignment.created_on > since
        for assignment in assignments
        if assignment.principal_id == holder
    )


async def identity_missing(evidence: Evidence) -> Verdict | None:
    """The identity that was made before the app was deleted, and every right with it."""
    if evidence.answers.app.identity != "user" or await evidence.plan.snapshot.identity() is not None:
        return None
    project = evidence.answers.project
    name = naming.identity(project.name, project.environment)
    detail = _("The identity {name}, by which your app signs in to its key vault and registry, is not there any more.").format(name=name)
    lines = (_("{name}: not there").format(name=name),)
    cure = asked_for(evidence, step_ids.IDENTITY) or apply_again(evidence, *start_unless_running(evidence))
    return Verdict("identity-missing", detail + later(evidence), lines, cure)
