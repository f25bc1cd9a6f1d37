"""The hosts under azurecontainerapps.dev: console and event streams, opened with a token of their own (reference.md 1.12)."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from wizard.practice.access.tokens import TokenRefused
from wizard.practice.apps.fleet import Fleet
from wizard.practice.apps.logs import Log
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.regions import region_of
from wizard.practice.arm.resources import everywhere
from wizard.practice.environments.stream_tokens import STREAM_HOST, stream_audience
from wizard.practice.environments.usage import ENVIRONMENTS
from wizard.practice.kernel.host_table import Hosts
from wizard.practice.kernel.store import Document

_PATH = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)/(?P<kind>containerApps|managedEnvironments|jobs)/"
    r"(?P<name>[^/]+)(?:/eventstream|/(?:revisions/(?P<revision>[^/]+)|executions/(?P<execution>[^/]+))"
    r"/replicas/(?P<replica>[^/]+)/containers/(?P<container>[^/]+)/logstream)/?",
    re.IGNORECASE,
)
_MOST_LINES = 300


class LogStreams:
    """Serves ``REGION.azurecontainerapps.dev`` of every region that has an environment."""

    def __init__(self, cloud: PracticeCloud, fleet: Fleet, job_console: Callable[[str, str, str], Log | None]) -> None:
        """Serve them.

        :param job_console: what a replica of an execution prints, from the job's id and the names of both.
        """
        self._cloud, self._fleet, self._job_console = cloud, fleet, job_console

    def add_to(self, hosts: Hosts) -> None:
        """Serve the hosts that stream logs and events, one a region."""
        hosts.add_suffix(STREAM_HOST, self.handle, exists=lambda host: host in self._names(), listing=self._names, records_traffic=False)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one stream; with ``follow=true`` it stays open until the container or the practice cloud ends."""
        match = _PATH.fullmatch(request.path)
        resource = self._resource(match) if match else None
        if match is None or resource is None:
            return web.Response(status=404, text="Not Found")
        try:
            self._cloud.tokens.caller(request.headers.get("Authorization"), stream_audience(resource["id"]))
        except TokenRefused:
            return web.Response(status=401, text="Unauthorized", headers={"WWW-Authenticate": "Bearer"})
        log = self._log(match, resource)
        if log is None:
            return web.Response(status=404, text=f"Replica '{match['replica']}' was not found.")
        tail = request.query.get("tailLines", "20")
        if not tail.isdigit() or int(tail) > _MOST_LINES:
            return web.Response(status=400, text=f"tailLines should be from 0 to {_MOST_LINES}.")
        follow = request.query.get("follow", "false").lower() == "true"
        as_text = match["replica"] is not None and request.query.get("output", "json").lower() == "text"
        return await _sent(request, log.read(int(tail), follow=follow), as_text=as_text)

    def _names(self) -> list[str]:
        regions = {region_of(environment["location"]) for environment in everywhere(self._cloud, ENVIRONMENTS)}
        return [f"{region.name}{STREAM_HOST}" for region in regions if region]

    def _resource(self, match: re.Match[str]) -> Document | None:
        group = f"/subscriptions/{match['subscription']}/resourceGroups/{match['group']}"
        return self._cloud.store.resources.get(f"{group}/providers/Microsoft.App/{match['kind']}/{match['name']}")

    def _log(self, match: re.Match[str], resource: Document) -> Log | None:
        if match["replica"] is None:
            return self._fleet.events(resource["id"])
        if match["execution"]:
            return self._job_console(resource["id"], match["execution"], match["replica"])
        revision = self._fleet.get(resource["id"], match["revision"])
        replicas = revision.replicas if revision else []
        matches = (r for r in replicas if r.name == match["replica"] and r.container_name == match["container"])
        return next((replica.console for replica in matches), None)


async def _sent(request: web.Request, lines: AsyncIterator[str], *, as_text: bool) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/plain" if as_text else "application/json"})
    response.enable_chunked_encoding()
    with contextlib.suppress(ConnectionResetError):  # the reader has gone
        await response.prepare(request)
        async for line in lines:
            await response.write((_as_text(line) if as_text else line).encode() + b"\n")
        await response.write_eof()
    return response


def _as_text(line: str) -> str:
    entry = json.loads(line)
    return f"{entry['TimeStamp']} {entry['Log']}"
