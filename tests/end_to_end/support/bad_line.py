"""A practice cloud in this process, and the line to it, which breaks at one exact request in one of the ways that lines break."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import io
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from random import Random
from typing import Any

from aiohttp import web

from wizard.commands import commands
from wizard.engine.session import CommandOptions
from wizard.practice.arm.context import TENANT_ID
from wizard.practice.kernel.host_table import HostHandler, Site
from wizard.practice.server import Server
from wizard.practice.server_options import ServerOptions

from ..conftest import ProcessOutcome

MANAGEMENT = "management.azure.com"
CONTROL = "practice.azwizard.localhost"
PAGE = "<!DOCTYPE html><html><head><title>Sign in to the guest network</title></head><body>Welcome</body></html>"
Breaks = Callable[[web.Request, HostHandler], Awaitable[web.StreamResponse]]


@dataclass
class BadLine:
    """Counts requests, and breaks some of them: `how` has the number of each, from 1, and one of `WAYS`.

    :param writes: how many PUTs to the resource manager are still let through before all breaks in the way `at_last`.
    """

    server: Server
    how: dict[int, str] = field(default_factory=dict)
    count: int = 0
    writes: int = 0
    at_last: str = ""
    struck: list[str] = field(default_factory=list)
    mix: tuple[Random, float] | None = None
    in_a_row: dict[str, int] = field(default_factory=dict)

    def breaks(self, how: dict[int, str]) -> None:
        """From now on count anew, and break these requests."""
        self.how, self.count, self.at_last, self.struck = how, 0, "", []

    def breaks_from_write(self, number: int, way: str) -> None:
        """Break the PUT of that number, from 1, and every request after it, so that the run has begun to make."""
        self.breaks({})
        self.writes, self.at_last = number, way

    def way_of(self, request: web.Request) -> str | None:
        """How this request breaks; None for one that is let through."""
        self.count += 1
        if self.mix is not None:
            return self._mixed_way(request)
        if self.at_last and self.writes and request.method == "PUT" and request.host == MANAGEMENT:
            self.writes -= 1
        return self.at_last if self.at_last and not self.writes else self.how.get(self.count)

    def mend(self) -> None:
        self.breaks({})
        self.mix = None

    def breaks_now_and_then(self, seed: int, share: float) -> None:
        """From now on break that share of the requests, in every way, but none of them more than `MOST_IN_A_ROW` times in a row."""
        self.breaks({})
        self.mix, self.in_a_row = (Random(seed), share), {}  # noqa: S311

    def _mixed_way(self, request: web.Request) -> str | None:
        assert self.mix is not None
        random, share = self.mix
        key = f"{request.method} {request.url.host}{request.path}"
        if random.random() >= share or self.in_a_row.get(key, 0) >= MOST_IN_A_ROW:
            self.in_a_row[key] = 0
            return None
        self.in_a_row[key] = self.in_a_row.get(key, 0) + 1
        return random.choice(list(EVERY_WAY))

    def find(self, sound: Callable[[str], Site | None], host: str) -> Site | None:
        """The practice cloud's own site of that name, behind the line."""
        site = sound(host)
        if site is None or host == CONTROL:
            return site
        handler = site.handler

        async def behind(request: web.Request) -> web.StreamResponse:
            way = self.way_of(request)
            if way is None:
                return await handler(request)
            self.struck.append(f"{way} {request.method} {request.url}")
            return await EVERY_WAY[way](request, handler)

        return dataclasses.replace(site, handler=behind)


async def reset(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """Nothing was carried out, and the connection is reset."""
    assert request.transport is not None
    plain: socket.socket = request.transport.get_extra_info("socket")
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()
    return web.Response(status=499)


async def lost(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """It was carried out, and its answer never came."""
    await handler(request)
    return await reset(request, handler)


async def cut(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """It was carried out, and the connection closed in the middle of the answer's body."""
    answer = await handler(request)
    body = bytes(answer.body) if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b"{}"
    head = f"HTTP/1.1 {answer.status} OK\r\nContent-Type: application/json\r\nContent-Length: {len(body) + 10}\r\n\r\n"
    assert request.transport is not None
    request.transport.write(head.encode() + body[: len(body) // 2])
    request.transport.close()
    return web.Response(status=499)


async def half(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """Half of the answer's JSON, as if that were all."""
    answer = await handler(request)
    body = bytes(answer.body) if isinstance(answer, web.Response) and isinstance(answer.body, bytes) else b"{}"
    return web.Response(status=answer.status, body=body[: len(body) // 2], content_type="application/json")


async def empty(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """200 and no word, from something in between."""
    return await _foreign(request, 200, "")


async def page(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """A page that wants a sign-in to the network, in place of the answer."""
    return await _foreign(request, 200, PAGE)


async def gateway(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """A proxy's own page about a cloud that it does not reach."""
    return await _foreign(request, 502, "<html><body><h1>502 Bad Gateway</h1></body></html>")


async def demand(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """Something in between wants a sign-in to itself."""
    return web.Response(status=401, headers={"WWW-Authenticate": 'Bearer realm="guests"'})


async def _foreign(request: web.Request, status: int, text: str) -> web.StreamResponse:
    """An answer without any of Azure's headers."""
    answer = web.Response(status=status, text=text, content_type="text/html") if text else web.Response(status=status)
    await answer.prepare(request)
    return answer


async def silence(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """Neither an answer nor an end."""
    await asyncio.Event().wait()
    return web.Response(status=499)


WAYS: dict[str, Breaks] = {
    "reset": reset,
    "lost": lost,
    "cut": cut,
    "half": half,
    "empty": empty,
    "page": page,
    "gateway": gateway,
    "silence": silence,
}


async def throttled(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """429 with whole seconds to wait."""
    return _refused(request, 429, "TooManyRequests", "1")


async def throttled_until(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """429 with a date to wait for (RFC 9110, 10.2.3)."""
    return _refused(request, 429, "TooManyRequests", format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True))


async def throttled_for_a_moment(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """429 with a fraction of a second, which no standard knows and services send."""
    return _refused(request, 429, "TooManyRequests", "0.25")


async def busy(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """Nothing was carried out: 503."""
    return _refused(request, 503, "ServiceUnavailable", "")


async def failed_afterwards(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """It was carried out, and answered with 500."""
    await handler(request)
    return _refused(request, 500, "InternalServerError", "")


async def slow(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """The answer takes its time."""
    answer = await handler(request)
    await asyncio.sleep(0.1)
    return answer


async def doubled(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """Something in between sends it on twice, and hands the second answer back."""
    await handler(request)
    return await handler(request)


async def expired(request: web.Request, handler: HostHandler) -> web.StreamResponse:
    """The token has just ended."""
    answer = _refused(request, 401, "ExpiredAuthenticationToken", "")
    challenge = f'Bearer authorization="https://login.microsoftonline.com/{TENANT_ID}", error="invalid_token"'
    of_a_vault = ', resource="https://vault.azure.net"' if ".vault." in request.host else ""
    answer.headers["WWW-Authenticate"] = challenge + of_a_vault
    return answer


def _refused(request: web.Request, status: int, code: str, retry_after: str) -> web.Response:
    headers = {"x-ms-request-id": "0"} | ({"Retry-After": retry_after} if retry_after else {})
    return web.json_response({"error": {"code": code, "message": code}}, status=status, headers=headers)


BUSY_AZURE: dict[str, Breaks] = {
    "throttled": throttled,
    "throttled until": throttled_until,
    "throttled for a moment": throttled_for_a_moment,
    "busy": busy,
    "failed afterwards": failed_afterwards,
    "slow": slow,
    "doubled": doubled,
    "expired": expired,
    "demand": demand,
}
EVERY_WAY = WAYS | BUSY_AZURE
MOST_IN_A_ROW = 2
FOREIGN = ("empty", "page", "gateway")  # what the practice cloud's record shows is not what it answered


@contextlib.asynccontextmanager
async def bad_line(home: Path, har: Path) -> AsyncIterator[BadLine]:
    """A practice cloud for the wizard whose AZWIZARD_HOME is `home`, behind a line that is good at first."""
    server = Server(ServerOptions(home / "practice", speed="instant", har=har))
    line = BadLine(server)
    sound = server.cloud.hosts.find
    server.cloud.hosts.find = lambda host: line.find(sound, host)  # type: ignore[method-assign]
    await server.start()
    try:
        yield line
    finally:
        await server.close()


async def apply(setup: Path, *overrides: str) -> ProcessOutcome:
    """``azwizard apply --practice --yes --json`` in this process; an exception that leaves it is one that no user should see."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        status = await commands.run_command(CommandOptions(setup, practice=True, yes=True, json=True, overrides=overrides), commands.apply)
    events: list[dict[str, Any]] = [json.loads(line) for line in stdout.getvalue().splitlines()]
    return ProcessOutcome(int(status), events, stdout.getvalue(), stderr.getvalue())
