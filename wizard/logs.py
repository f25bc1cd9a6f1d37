"""What a deployed app prints, and what Azure reports about it: read as streams, since the environment keeps no logs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from wizard.language import _
from wizard.readings import found
from wizard.running import newest_revision
from wizard.session import Exit, Session, Stop
from wizard.step import LogEvent
from wizard.targets import Targets

if TYPE_CHECKING:
    from wizard.targets import Target

TAIL = 100
AGAIN = 2.0  # seconds before a stream that ended is opened again; Azure ends them about every ten minutes (reference 1.12)


async def logs(session: Session, *, follow: bool) -> Exit:
    """Tell the last lines of the app's copies and of Azure's events; with `follow` every new one until Ctrl+C."""
    target = Targets.named(session.answers, session.cloud.subscription_id).app
    assert target is not None
    if await found(session.cloud.apps.container_apps.get(target.group, target.name)) is None:
        raise Stop([("app", _("{name} is not deployed yet: azwizard apply deploys it.").format(name=target.name))])
    sources = await _sources(session, target)
    if not follow:
        for source, url in sources.items():
            async for line in _lines(session, target, url, follow=False):
                session.reporter.event(_event(source, line))
        return Exit.DONE
    async with asyncio.TaskGroup() as group:
        following: set[str] = set()
        while True:
            for source, url in (await _sources(session, target)).items():
                if url not in following:
                    following.add(url)
                    group.create_task(_follow(session, target, source, url, following))
            await asyncio.sleep(AGAIN)


async def _follow(session: Session, target: Target, source: str, url: str, following: set[str]) -> None:
    """One stream to its end; the next round opens it again, when its copy still lives, from where it ended."""
    from wizard.cloud import CloudError

    try:
        async for line in _lines(session, target, url, follow=True):
            session.reporter.event(_event(source, line))
    except CloudError as error:
        session.reporter.say(_("{source}: {words} It is opened again.").format(source=source, words=error.sentence))
    await asyncio.sleep(AGAIN)
    following.discard(url)


async def _sources(session: Session, target: Target) -> dict[str, str]:
    """``system`` and each copy's name -> the address of its stream."""
    app = await session.cloud.apps.container_apps.get(target.group, target.name)
    found_streams = {"system": str(app.properties.event_stream_endpoint)} if app.properties and app.properties.event_stream_endpoint else {}
    state = await newest_revision(session.cloud, target)
    if state is None:
        return found_streams
    replicas = await session.cloud.apps.container_apps_revision_replicas.list_replicas(target.group, target.name, state.name)
    for replica in replicas.as_dict().get("value") or []:
        for container in (replica.get("properties") or {}).get("containers") or []:
            if container.get("logStreamEndpoint"):
                found_streams[str(replica["name"])] = str(container["logStreamEndpoint"])
    return found_streams


async def _lines(session: Session, target: Target, url: str, *, follow: bool) -> AsyncIterator[str]:
    """The stream's lines, opened with a fresh token of the app."""
    token = await session.cloud.apps.container_apps.get_auth_token(target.group, target.name)
    secret = str(token.properties.token) if token.properties else ""
    if not follow:
        for line in await session.cloud.read_stream(f"{url}?tailLines={TAIL}", secret):
            yield line
        return
    async for line in session.cloud.follow_stream(f"{url}?follow=true&tailLines={TAIL}", secret):
        yield line


def _event(source: str, line: str) -> LogEvent:
    """A line of the console is ``{"TimeStamp", "Log"}``, one of Azure's events ``{"TimeStamp", "Reason", "Msg", ...}``."""
    try:
        parsed: Any = json.loads(line)
    except ValueError:
        parsed = {}
    parsed = parsed if isinstance(parsed, dict) else {}
    words = parsed.get("Log") or ": ".join(str(parsed[key]) for key in ("Reason", "Msg") if parsed.get(key)) or line
    return LogEvent(source, str(parsed.get("TimeStamp") or ""), str(words))
