"""How requests reach an app: its host name, its revisions' host names, and a plain http door on loopback for a browser."""

from __future__ import annotations

import asyncio
import random
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from wizard.practice.apps.fleet import Fleet
from wizard.practice.apps.replicas import Replica
from wizard.practice.apps.revisions import DeployedRevision
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import everywhere
from wizard.practice.environments.documents import DOMAIN, is_open
from wizard.practice.kernel.fidelity import reported
from wizard.practice.kernel.host_table import Hosts
from wizard.practice.kernel.store import Document
from wizard.practice.kernel.tasks import spawn

APPS = "Microsoft.App/containerApps"
# What Azure's proxy answers when nothing listens where it should (errors.md 51).
REFUSED = (
    "upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure, "
    "transport failure reason: delayed connect error: 111"
)
CUT = "upstream connect error or disconnect/reset before headers. reset reason: connection termination"
STOPPED = """<!DOCTYPE html>
<html><head><title>Azure Container App - Unavailable</title></head>
<body><h1>Error 404 - This Container App is stopped or does not exist.</h1></body></html>
"""
TIMEOUT_SECONDS = 240
_HOP_BY_HOP = ("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade")
_ASKED = ("origin", "referer")
_ANSWERED = ("location", "content-location", "access-control-allow-origin", "set-cookie")
KNOWN = {
    "any": reported("what the app answers; 503 upstream connect error, 504 stream timeout", "errors people published"),
    "any, stopped": reported("404 with the page of a stopped app"),
    "any, behind IP rules": reported("403 RBAC: access denied", "microsoft/azure-container-apps#835"),
    "any, environment closed": reported("the name does not resolve", "microsoft/azure-container-apps issue 356"),
}


@dataclass(frozen=True)
class Door:
    """The plain http address of an app on loopback. The API behind it sees its own address in Azure in that place, as it will there.

    :param address: as the browser wrote it, such as ``http://localhost:40123``.
    :param fqdn: the app's host name.
    """

    address: str
    fqdn: str

    def inside(self, text: str) -> str:
        """An Origin or a Referer as the API sees it."""
        return f"https://{self.fqdn}{text.removeprefix(self.address)}" if text.startswith(self.address) else text

    def outside(self, text: str) -> str:
        """A Location, an allowed origin or a cookie of the API as a browser at the door can follow it."""
        text = re.sub(rf"https?://{re.escape(self.fqdn)}(?=[:/?#]|$)(:443)?", self.address, text)
        return re.sub(rf"(?i);\s*domain=\.?{re.escape(self.fqdn)}(?=;|$)", "", text)


class Ingress:
    """The proxy in front of every app of one practice cloud."""

    def __init__(self, cloud: PracticeCloud, fleet: Fleet) -> None:
        self._cloud, self._fleet = cloud, fleet
        self._doors: dict[str, web.AppRunner] = {}
        cloud.on_close.append(self.close)

    def add_to(self, hosts: Hosts) -> None:
        """Serve the host names of apps and of their revisions."""
        hosts.add_suffix(
            DOMAIN, self.handle, exists=lambda host: self._target(host) is not None, listing=self._names, records_traffic=False
        )

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request that came for an app's host name; not a byte with fault ``app-unreachable``."""
        if self._cloud.faults.active("app-unreachable"):
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=499)
        host = request.host.partition(":")[0].lower()
        if (target := self._target(host)) and not _may_enter(target[0], request.remote or "127.0.0.1"):
            return web.Response(status=403, text="RBAC: access denied")  # quoted: microsoft/azure-container-apps#835
        return await self._answer(request, host)

    async def sync(self) -> None:
        """Open a door for every app that has an address, close those of others, and publish the names."""
        hosts = {fqdn for app in everywhere(self._cloud, APPS) if (fqdn := self._public_fqdn(app))}
        for fqdn in set(self._doors) - hosts:
            del self._cloud.doors[fqdn]
            await self._doors.pop(fqdn).cleanup()
        for fqdn in hosts - set(self._doors):
            self._doors[fqdn] = runner = web.AppRunner(
                _only(self._door(fqdn)), access_log=None, shutdown_timeout=1.0, auto_decompress=False
            )
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self._cloud.doors[fqdn] = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self._cloud.hosts_changed()

    def open_soon(self) -> None:
        """Open the doors of the apps that a former practice cloud left."""
        self._opening = spawn(self.sync())

    async def close(self) -> None:
        """Close every door."""
        await asyncio.gather(self._opening, return_exceptions=True)
        for runner in self._doors.values():
            await runner.cleanup()
        self._doors.clear()

    def _door(self, fqdn: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            if not _is_of_door(request):
                return web.Response(status=421, text="This door answers under the names of this computer only.")
            self._cloud.touch()
            return await self._answer(request, fqdn, Door(f"http://{request.host}", fqdn))

        return handle

    async def _answer(self, request: web.Request, host: str, door: Door | None = None) -> web.StreamResponse:
        target = self._target(host)
        if target is None:
            return _unavailable()
        app, only = target
        revision = only or self._choose(app)
        if revision is None or not revision.active or self._fleet.stopped(app["id"]):
            return _unavailable()
        with revision.answering():
            replica: Replica | None = None
            try:
                replica = await revision.replica_for_request()
                port = app["properties"]["configuration"]["ingress"]["targetPort"]
                response = await _forward(request, replica, port, door)
            except TimeoutError:
                response = web.Response(status=504, text="stream timeout")
            self._fleet.metrics.answered(app["id"], revision.name, replica.name if replica else "", response.status)
            return response

    def _public_fqdn(self, app: Document) -> str:
        """The host name under which an app is reached from outside, or an empty text; a closed environment hides all of its apps."""
        ingress = app["properties"]["configuration"]["ingress"]
        environment = self._cloud.store.resources.get(app["properties"]["environmentId"])
        closed = environment is not None and not is_open(environment["properties"])
        return str(ingress["fqdn"]).lower() if ingress and ingress["external"] and not closed else ""

    def _choose(self, app: Document) -> DeployedRevision | None:
        serving = self._fleet.serving(app["id"])
        return random.choices([r for r, _ in serving], [w for _, w in serving])[0] if serving else None  # noqa: S311

    def _names(self) -> list[str]:
        names = []
        for app in everywhere(self._cloud, APPS):
            if fqdn := self._public_fqdn(app):
                domain = fqdn.partition(".")[2]
                names += [fqdn, *(f"{revision.name}.{domain}" for revision in self._fleet.of(app["id"]) if revision.active)]
        return names

    def _target(self, host: str) -> tuple[Document, DeployedRevision | None] | None:
        """The app behind a host name and, for a revision's own name, that revision."""
        label, _, domain = host.partition(".")
        for app in everywhere(self._cloud, APPS):
            fqdn = self._public_fqdn(app)
            if fqdn == host:
                return app, None
            if fqdn and fqdn.partition(".")[2] == domain and (revision := self._fleet.get(app["id"], label)):
                return app, revision
        return None


def _may_enter(app: Document, address: str) -> bool:
    """Whether the app's IP restrictions let an address in: all of them allow, and then nobody else may, or all of them deny."""
    rules = app["properties"]["configuration"]["ingress"]["ipSecurityRestrictions"] or []
    named = any(ip_address(address) in ip_network(rule["ipAddressRange"], strict=False) for rule in rules)
    return not rules or named is (str(rules[0]["action"]).lower() == "allow")


def _is_of_door(request: web.Request) -> bool:
    """Whether a request names loopback and the port it came to: a page from elsewhere whose name was made to lead here does not."""
    name, _, port = request.host.lower().rpartition(":")
    address = request.transport.get_extra_info("sockname") if request.transport else None
    return name in ("127.0.0.1", "localhost", "[::1]") and address is not None and port == str(address[1])


async def _forward(request: web.Request, replica: Replica | None, port: int | None, door: Door | None) -> web.StreamResponse:
    container = replica.container if replica else None
    if container is not None and not port:
        port = next((number for _, number in container.listening if container.reachable(number)), None)
    if container is None or port is None or not container.reachable(port):
        return web.Response(status=503, text=REFUSED)
    at = await container.bridge(port)
    if isinstance(at, str):
        connector: aiohttp.BaseConnector = aiohttp.UnixConnector(path=at)
        base = "http://replica"
    else:
        connector, base = aiohttp.TCPConnector(), f"http://127.0.0.1:{at}"
    timeout = aiohttp.ClientTimeout(total=None, sock_read=TIMEOUT_SECONDS)
    session = aiohttp.ClientSession(connector=connector, timeout=timeout, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar())
    async with session:
        try:
            return await _carried(session, request, URL(base + request.raw_path, encoded=True), door)
        except TimeoutError:
            return web.Response(status=504, text="stream timeout")
        except (aiohttp.ClientError, OSError):
            if request.transport is None or request.transport.is_closing():
                raise
            return web.Response(status=503, text=CUT if container.reachable(port) else REFUSED)


async def _carried(session: aiohttp.ClientSession, request: web.Request, url: URL, door: Door | None) -> web.StreamResponse:
    body: Any = request.content if request.body_exists else None
    skip = ("User-Agent", "Accept", "Accept-Encoding", "Content-Type")
    async with session.request(
        request.method, url, headers=_request_headers(request, door), data=body, allow_redirects=False, skip_auto_headers=skip
    ) as answer:
        headers = CIMultiDict((name, value) for name, value in answer.headers.items() if name.lower() not in _HOP_BY_HOP)
        headers = _rewritten(headers, _ANSWERED, door.outside) if door else headers
        response = web.StreamResponse(status=answer.status, reason=answer.reason, headers=headers)
        await response.prepare(request)
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
        await response.write_eof()
        return response


def _request_headers(request: web.Request, door: Door | None) -> CIMultiDict[str]:
    """The caller's headers as Azure's proxy passes them on."""
    named = {name.strip().lower() for name in request.headers.get("Connection", "").split(",")}
    dropped = {*_HOP_BY_HOP, *named, "x-forwarded-proto", "x-forwarded-for", "x-request-id"}
    headers = CIMultiDict((name, value) for name, value in request.headers.items() if name.lower() not in dropped)
    before = request.headers.get("X-Forwarded-For")
    peer = request.remote or "127.0.0.1"
    headers["X-Forwarded-For"] = f"{before}, {peer}" if before else peer
    headers["X-Forwarded-Proto"] = "https"
    headers["X-Request-Id"] = str(uuid.uuid4())
    if door:
        headers["Host"] = door.fqdn
        headers = _rewritten(headers, _ASKED, door.inside)
    return headers


def _rewritten(headers: CIMultiDict[str], names: tuple[str, ...], change: Callable[[str], str]) -> CIMultiDict[str]:
    return CIMultiDict((name, change(value) if name.lower() in names else value) for name, value in headers.items())


def _unavailable() -> web.Response:
    return web.Response(status=404, text=STOPPED, content_type="text/html")


def _only(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.Application:
    app = web.Application(client_max_size=1 << 30)
    app.router.add_route("*", "/{path:.*}", handler)
    return app
