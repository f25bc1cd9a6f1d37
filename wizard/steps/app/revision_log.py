"""What tells how a revision is: its copies' states, Azure's warnings about it, and what its console printed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.state.resources import ResourceRef


STARTED = "ContainerStarted"


BEFORE_A_START = (
    *("secret-unreadable", "mount-failed", "shared-key-disabled", "image-missing", "pull-denied", "registry-firewall"),
    *("installing", "requirement-not-installable"),
)
"""Verdicts on what a container needs to be started at all."""


BACKED_OFF = "restarting failed container"
"""What Azure's event of a container that ends soon after each start says."""


TRACEBACK = "Traceback (most recent call last)"


STARTS_WATCHED = 6


LINES_READ = 150


@dataclass(frozen=True)
class LogLines:
    """What tells how a revision is: the states of its copies, Azure's warnings about it, and the last lines it printed.

    :param starts: how often the copy was started that was started most.
    """

    copies: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    console: tuple[str, ...] = ()
    starts: int = 1

    @property
    def lines(self) -> list[str]:
        """All lines: of the copies first, then the platform's events, then what the API printed."""
        return [*self.copies, *self.events, *self.console]


async def said_by(cloud: Cloud, target: ResourceRef, revision: str) -> LogLines:
    """What a revision's copies, Azure's events and its console say. Whatever may not be read is left out."""
    from azure.core.exceptions import AzureError

    copies: list[str] = []
    streams: list[str] = []
    starts = [1]
    try:
        replicas = await cloud.apps.container_apps_revision_replicas.list_replicas(target.group, target.name, revision)
        for replica in replicas.as_dict().get("value") or []:
            properties = replica.get("properties") or {}
            for container in properties.get("containers") or []:
                details = str(container.get("runningStateDetails") or container.get("runningState") or "")
                starts.append(int(container.get("restartCount") or 0) + 1)
                copies.append(_("copy {name}: {told} (started {count} times)").format(name=replica["name"], told=details, count=starts[-1]))
                streams += [str(container["logStreamEndpoint"])] if container.get("logStreamEndpoint") else []
        app = await cloud.apps.container_apps.get(target.group, target.name)
        token = await cloud.apps.container_apps.get_auth_token(target.group, target.name)
    except AzureError:
        return LogLines(tuple(copies), starts=max(starts))
    secret = str(token.properties.token) if token.properties else ""
    events = str(app.properties.event_stream_endpoint or "") if app.properties else ""
    return LogLines(
        tuple(copies),
        tuple(_events(await tail(cloud, events, secret), revision)),
        tuple(console_lines(await tail(cloud, next(iter(streams), ""), secret))),
        max(starts),
    )


async def said_at_length(cloud: Cloud, target: ResourceRef, revision: str) -> LogLines:
    """The same of a copy that ends again and again: a stream holds only what its present start printed, which may not be over yet."""
    said = await said_by(cloud, target, revision)
    for _try in range(STARTS_WATCHED):
        if TRACEBACK in "\n".join(said.console) or not any(BACKED_OFF in event for event in said.events):
            break
        await asyncio.sleep(cloud.polling_interval)
        newer = await said_by(cloud, target, revision)
        said = newer if TRACEBACK in "\n".join(newer.console) or len(newer.console) >= len(said.console) else said
    return said


async def tail(cloud: Cloud, url: str, token: str) -> list[str]:
    """The last lines of a stream; none of one that cannot be read."""
    from wizard.cloud.errors.cloud_error import CloudError

    try:
        return await cloud.read_stream(f"{url}?tailLines={LINES_READ}", token) if url else []
    except CloudError:
        return []


def _events(lines: Sequence[str], revision: str) -> list[str]:
    """Azure's warnings about a revision, each once, where it stands last; none of what a copy that was started since had overcome."""
    messages: list[str] = []
    for event in map(_parsed, lines):
        if event.get("RevisionName") not in (revision, "", None):
            continue
        if event.get("Reason") == STARTED:
            messages = [warning for warning in messages if not _before_a_start(warning)]
        elif event.get("Type") == "Warning":
            warning = f"{event.get('Reason')}: {event.get('Msg')}"
            messages = [*(line for line in messages if line != warning), warning]
    return messages


def _before_a_start(warning: str) -> bool:
    from wizard.cloud.errors.advice import for_said

    rule = for_said([warning])
    return rule is not None and rule.verdict in BEFORE_A_START


def console_lines(lines: Sequence[str]) -> list[str]:
    """What a container printed, from the lines of its log stream."""
    return [str(_parsed(line).get("Log", line)) for line in lines]


def _parsed(line: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
