"""Where every request to the practice cloud comes in: the host it names, faults that strike it, its ids and its record."""

from __future__ import annotations

import logging
import random
import re
import secrets
import time
from collections.abc import Callable

from aiohttp import web

from wizard.practice import control
from wizard.practice import fault_responses as interference
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.bodies import BodyRefused, body_read
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.har_recorder import Recorder
from wizard.practice.kernel.host_table import Site
from wizard.practice.sign_in.refusal import HOST as SIGN_IN_HOST

UNREADABLE = re.compile(r"[\x00-\x1f\x7f]")

log = logging.getLogger(__name__)


class FrontDoor:
    """Answers for all hosts of one practice cloud.

    :param changed: called after a request that may have changed something.
    """

    def __init__(self, cloud: PracticeCloud, recorder: Recorder | None, changed: Callable[[], None]) -> None:
        self._cloud = cloud
        self._recorder = recorder
        self._changed = changed
        self.requests = 0
        self.last_request = time.monotonic()
        self._random = random.Random(0)  # noqa: S311  which of the cut connections were carried out

    def touch(self) -> None:
        """Note that someone is there."""
        self.last_request = time.monotonic()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The answer of the host that a request names."""
        self.touch()
        self.requests += 1
        site = self._cloud.hosts.find(request.host.partition(":")[0])
        if site is None:
            return web.Response(status=421, text=f"The practice cloud has no host {request.host}.")
        if not site.records_traffic:  # an app's own business; of what it gets nothing is refused here
            return await (_of_site(site, request) if site.name == control.HOST else site.handler(request))
        return await self._served(site, request)

    async def _served(self, site: Site, request: web.Request) -> web.StreamResponse:
        """Answer with faults, request ids and a record of it."""
        started, clock = time.time(), time.monotonic()
        response = await self._answer(site, request)
        if response is not None and not response.prepared:
            _identify(request, response)
        if request.method not in ("GET", "HEAD"):
            self._changed()
        if self._recorder:
            self._recorder.record(request, body_read(request), response, started, time.monotonic() - clock)
        if response is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=499)
        return response

    async def _answer(self, site: Site, request: web.Request) -> web.StreamResponse | None:
        """The site's answer or a fault's; None when the connection is to be cut, which may be after all was done."""
        faults = self._cloud.faults
        if site.name == SIGN_IN_HOST:
            return await _of_site(site, request)
        if faults.strikes("disconnect"):
            if self._random.random() < 0.5:
                await _of_site(site, request)
            return None
        if faults.strikes("throttle"):
            return interference.throttled(self._cloud, request)
        if faults.strikes("server-error"):
            return interference.broken(request, unavailable=self._random.random() < 0.5)
        return await _of_site(site, request)


async def _of_site(site: Site, request: web.Request) -> web.StreamResponse:
    """The site's answer; whatever it could not read is refused, and a fault of ours is told and goes to the log."""
    if UNREADABLE.search(request.path + "".join(request.query.values())):
        return interference.unreadable_address(request)
    try:
        return await site.handler(request)
    except BodyRefused as refusal:
        return interference.refused_body(request, refusal)
    except AzureError as refusal:
        return interference.unreadable_body(request, refusal)
    except (web.HTTPException, ConnectionError):
        raise
    except Exception:
        log.exception("%s %s%s broke", request.method, request.host, request.path)
        return interference.failed(request)


def _identify(request: web.Request, response: web.StreamResponse) -> None:
    identifier = secrets.token_hex(16)
    guid = f"{identifier[:8]}-{identifier[8:12]}-4{identifier[13:16]}-a{identifier[17:20]}-{identifier[20:]}"
    response.headers.setdefault("x-ms-request-id", guid)
    response.headers.setdefault("x-ms-correlation-request-id", _printable(request, "x-ms-correlation-request-id") or guid)
    client = _printable(request, "x-ms-client-request-id")
    if client and request.headers.get("x-ms-return-client-request-id", "").lower() == "true":
        response.headers.setdefault("x-ms-client-request-id", client)


def _printable(request: web.Request, name: str) -> str:
    """A header that is to be sent back; "" where it holds what no header may."""
    value = request.headers.get(name, "")
    return value if value.isascii() and value.isprintable() else ""
