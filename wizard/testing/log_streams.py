"""What a deployed app prints, and what Azure reports about it: read as streams, since the environment keeps no logs."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none
from wizard.engine.events import LogEvent
from wizard.engine.session import CommandError, ExitCode, Session
from wizard.platform.language import _
from wizard.platform.redaction import hidden
from wizard.platform.terminal_text import plain
from wizard.state.resources import ResourceRefs
from wizard.state.secret_redaction import values_to_hide
from wizard.steps.app.differences import is_placeholder
from wizard.steps.app.revision_status import newest_revision
from wizard.testing.log_filter import LogFilter, Weigher

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.state.resources import ResourceRef

TAIL = 100
MOST = 300  # lines that Azure gives of what was before (reference 1.12)
AGAIN = 2.0  # seconds before a stream that ended is opened again; Azure ends them about every ten minutes (reference 1.12)
PORT_MISMATCH = "TargetPortMismatch"  # the reason of Azure's event (errors.md 52)
SYSTEM = "system"
"""The source of Azure's events; every other source is a copy of the app."""

Tell = Callable[[LogEvent], None]
Say = Callable[[str], None]


EVERYTHING = LogFilter()


async def logs(session: Session, *, follow: bool, wanted: LogFilter = EVERYTHING) -> ExitCode:
    """Tell the last lines of the app's copies and of Azure's events that are wanted; with `follow` every new one until Ctrl+C."""
    cloud, tell = session.cloud, session.reporter.answer
    target = ResourceRefs.named(session.answers, cloud.subscription_id).app
    assert target is not None
    if await get_or_none(cloud.apps.container_apps.get(target.group, target.name)) is None:
        raise CommandError([("app", _("{name} is not deployed yet: azwizard apply deploys it.").format(name=target.name))])
    values = await values_to_hide(cloud, session.answers, session.given_secret)
    if follow:
        await follow_logs(cloud, target, tell, session.reporter.say, values, wanted)
    beginning = _Beginning(cloud, target)
    for source, url in (await _sources(cloud, target)).items():
        weigher = Weigher()
        tail = TAIL if wanted == EVERYTHING else MOST
        for line in await cloud.read_stream(f"{url}?tailLines={tail}", await _token(cloud, target)):
            event = _event(source, line, values, weigher)
            if not await beginning.is_meant_by(line) and wanted.wants(event.at, event.line, event.level):
                tell(event)
    return ExitCode.DONE


async def follow_logs(
    cloud: Cloud, target: ResourceRef, tell: Tell, say: Say, values: Sequence[str] = (), wanted: LogFilter = EVERYTHING
) -> None:
    """Tell the last lines of every stream and then each new one, of copies that start later too; it ends only by being cancelled.

    :param say: told why a stream, or Azure, could not be read; it is tried again.
    :param values: what no line may show.
    """

    def tell_wanted(event: LogEvent) -> None:
        if wanted.wants(event.at, event.line, event.level):
            tell(event)

    reader = _LogReader(cloud, target, tell_wanted, say, values)
    async with asyncio.TaskGroup() as group:
        while True:
            for source, url in (await reader.sources()).items():
                if url not in reader.open:
                    reader.open.add(url)
                    group.create_task(reader.follow(source, url))
            await asyncio.sleep(AGAIN)


class _LogReader:
    """The streams of one app that are open, and what they told already."""

    def __init__(self, cloud: Cloud, target: ResourceRef, tell: Tell, say: Say, values: Sequence[str]) -> None:
        self.open: set[str] = set()
        self._cloud, self._target, self._tell, self._say = cloud, target, tell, say
        self._values = values
        self._told: dict[str, deque[str]] = {}
        self._weighers: dict[str, Weigher] = {}
        self._beginning = _Beginning(cloud, target)
        self._trouble = ""

    async def sources(self) -> dict[str, str]:
        """The streams there are now; none while Azure cannot be asked."""
        try:
            sources = await _sources(self._cloud, self._target)
        except Exception as error:
            self._complain(error, SYSTEM)
            return {}
        self._trouble = ""
        self._told = {url: lines for url, lines in self._told.items() if url in sources.values()}
        return sources

    async def follow(self, source: str, url: str) -> None:
        """One stream to its end; the next round opens it again, when its copy still lives, and passes over what was told already."""
        before = set(self._told.setdefault(url, deque(maxlen=2 * TAIL)))
        try:
            token = await _token(self._cloud, self._target)
            async for line in self._cloud.follow_stream(f"{url}?follow=true&tailLines={TAIL}", token):
                if line not in before:
                    self._told.setdefault(url, deque(maxlen=2 * TAIL)).append(line)
                    if not await self._beginning.is_meant_by(line):
                        weigher = self._weighers.setdefault(url, Weigher())
                        self._tell(_event(source, line, self._values, weigher))
        except Exception as error:
            self._complain(error, source)
        await asyncio.sleep(AGAIN)
        self.open.discard(url)

    def _complain(self, error: Exception, source: str) -> None:
        """Say what is wrong, once until it is right again."""
        from wizard.cloud import translate

        words = translate(error).sentence
        if words != self._trouble:
            self._trouble = words
            self._say(_("{source}: {words} It is opened again.").format(source=source, words=words))


class _Beginning:
    """The app as it was made, with a page of Azure's in place of the API: that it listens on another port says nothing of the API."""

    def __init__(self, cloud: Cloud, target: ResourceRef) -> None:
        self._cloud, self._target = cloud, target
        self._known: dict[str, bool] = {}

    async def is_meant_by(self, line: str) -> bool:
        """Whether a line is Azure's remark about the port of that page."""
        event = _parsed(line)
        name = str(event.get("RevisionName") or "")
        if event.get("Reason") != PORT_MISMATCH or not name:
            return False
        if name not in self._known:
            revisions = self._cloud.apps.container_apps_revisions
            revision = await get_or_none(revisions.get_revision(self._target.group, self._target.name, name))
            self._known[name] = revision is not None and is_placeholder(revision.as_dict())
        return self._known[name]


async def _sources(cloud: Cloud, target: ResourceRef) -> dict[str, str]:
    """``system`` and each copy's name -> the address of its stream."""
    app = await cloud.apps.container_apps.get(target.group, target.name)
    found_streams = {SYSTEM: str(app.properties.event_stream_endpoint)} if app.properties and app.properties.event_stream_endpoint else {}
    state = await newest_revision(cloud, target)
    if state is None:
        return found_streams
    replicas = await cloud.apps.container_apps_revision_replicas.list_replicas(target.group, target.name, state.name)
    for replica in replicas.as_dict().get("value") or []:
        for container in (replica.get("properties") or {}).get("containers") or []:
            if container.get("logStreamEndpoint"):
                found_streams[str(replica["name"])] = str(container["logStreamEndpoint"])
    return found_streams


async def _token(cloud: Cloud, target: ResourceRef) -> str:
    """A fresh token of the app, which opens its streams."""
    token = await cloud.apps.container_apps.get_auth_token(target.group, target.name)
    return str(token.properties.token) if token.properties else ""


def _event(source: str, line: str, values: Sequence[str], weigher: Weigher) -> LogEvent:
    """A line of the console is ``{"TimeStamp", "Log"}``, one of Azure's events ``{"TimeStamp", "Reason", "Msg", ...}``."""
    parsed = _parsed(line)
    words = parsed.get("Log") or ": ".join(str(parsed[key]) for key in ("Reason", "Msg") if parsed.get(key)) or line
    shown = hidden(plain(str(words)), list(values))
    return LogEvent(source, plain(str(parsed.get("TimeStamp") or "")), shown, weigher.level(shown, str(parsed.get("Type") or "")))


def _parsed(line: str) -> dict[str, Any]:
    """A line as the object that it is; empty for another."""
    try:
        parsed = json.loads(line)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
