"""How a deployed API stands now, on one screen: its address and health, the release that runs, what changed in the code since."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wizard.engine.events import StandingEvent
from wizard.releases.history import History, read_history
from wizard.state.releases import Release
from wizard.steps.app.differences import is_placeholder
from wizard.steps.app.pause import is_stopped, paused_since
from wizard.steps.app.revision_status import is_front

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

HEALTH_SECONDS = 10.0
FILES_NAMED = 10


async def read_standing(snapshot: Snapshot) -> tuple[StandingEvent, History] | None:
    """How the setup's API stands, and its history; None where nothing of it is deployed. Raises HttpResponseError, CloudError."""
    app, history = await asyncio.gather(snapshot.app(), read_history(snapshot))
    body = app.as_dict() if app else {}
    if history is None or is_placeholder(body):
        return None
    release, answers = history.running, snapshot.answers
    serving = str(body["properties"].get("latestReadyRevisionName") or body["properties"].get("latestRevisionName") or "")
    fqdn = str(((body["properties"].get("configuration") or {}).get("ingress") or {}).get("fqdn") or "")
    state = "paused" if paused_since(body) else "stopped" if is_stopped(body) else "running"
    status, replicas, changed = await asyncio.gather(
        _health(snapshot.cloud, fqdn, answers), snapshot.replicas(serving), _changed(snapshot, release)
    )
    event = StandingEvent(
        state=state if status or state != "running" else "failing",
        address=f"https://{fqdn}",
        health=status,
        release=release.number if release else 0,
        since=f"{release.time:%Y-%m-%dT%H:%M:%SZ}" if release else "",
        who=release.who if release else "",
        commit=release.commit if release else "",
        rolled_back=history.is_rolled_back,
        newest_serves=history.is_newest_served,
        replicas=len(replicas),
        code_changed=changed,
    )
    return event, history


async def _health(cloud: Cloud, fqdn: str, answers: Answers) -> int:
    """The status that the API itself answers at its health path; 0 where it does not answer."""
    from wizard.cloud.errors.cloud_error import CloudError

    try:
        answer = await cloud.call_app(fqdn, answers.app.health_path, seconds=HEALTH_SECONDS)
    except CloudError:
        return 0
    return 0 if is_front(answer) else answer.status


async def _changed(snapshot: Snapshot, release: Release | None) -> tuple[str, ...]:
    """The files of the source that are newer than what runs; none where the code as it is now runs, or nothing is built here."""
    from azure.core.exceptions import HttpResponseError

    if snapshot.answers.pipeline.build == "existing" or release is None:
        return ()
    source = await snapshot.source()
    try:
        reference = await snapshot.wanted_image()
        digest = await snapshot.image_digest(reference) if reference else None
    except HttpResponseError as error:
        if error.status_code not in (401, 403):
            raise
        return ()
    if release.has(digest):  # of the app itself only the newest version is known, which need not have come to run
        return ()
    written = release.time.timestamp()
    entries = [entry.path for entry in source.entries if entry.kind == "file"]
    newer = [path for path in entries if (source.folder / path).stat().st_mtime > written]
    return tuple(newer[:FILES_NAMED]) or (".",)
