"""The one way out: every request of the wizard leaves through a `Transport`, which decides how names resolve and whom TLS trusts."""

from __future__ import annotations

import json
import os
import ssl
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import aiohttp

from wizard.cloud.transport.counting import count_here
from wizard.cloud.transport.practice_names import PracticeNames
from wizard.cloud.transport.trust import practice_trust, system_trust
from wizard.platform import log

if TYPE_CHECKING:
    from azure.core.pipeline.transport import AioHttpTransport, RequestsTransport

UNCOUNTED = {"counted": False}
CONNECT_SECONDS = 20
ANSWER_SECONDS = 120


class Transport:
    """One HTTP session with its trust, its names and its count of requests. Made on a running event loop."""

    def __init__(self, trust: ssl.SSLContext, names: PracticeNames | None = None) -> None:
        self.requests = 0
        self._names = names
        self._trust = trust
        connector = aiohttp.TCPConnector(resolver=names, ssl=trust, use_dns_cache=names is None, limit_per_host=32)
        self.session = aiohttp.ClientSession(
            connector=connector,
            trust_env=names is None,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            trace_configs=[self._counter()],
        )

    @classmethod
    def to_azure(cls) -> Transport:
        """Towards Azure: the system's trust store, the proxies of the environment."""
        return cls(system_trust(os.environ))

    @classmethod
    def to_practice(cls, file: Path) -> Transport:
        """Towards the practice cloud that `file` (its practice.json) describes: its own certificate authority, its own names."""
        ca_file = json.loads(file.read_text(encoding="utf-8"))["ca_file"]
        return cls(practice_trust(ca_file), PracticeNames(file))

    def for_sdk(self) -> AioHttpTransport:
        """The same session as the SDK's clients and credentials take it; closing a client leaves it open."""
        from wizard.cloud.transport.complete_responses import WholeAnswers

        return WholeAnswers(session=self.session, session_owner=False, connection_timeout=CONNECT_SECONDS, read_timeout=ANSWER_SECONDS)

    def for_blocking_sdk(self) -> RequestsTransport:
        """The same trust, names and count for credentials that exist only in a blocking form (device code, browser)."""
        from wizard.cloud.transport.requests_transport import blocking_transport

        return blocking_transport(self._trust, self._names, self._count)

    async def close(self) -> None:
        """Close the connections that are kept open."""
        await self.session.close()

    def _count(self) -> None:
        self.requests += 1
        count_here()

    def _counter(self) -> aiohttp.TraceConfig:
        async def started(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: aiohttp.TraceRequestStartParams) -> None:
            context.began = time.monotonic()
            if context.trace_request_ctx is not UNCOUNTED:
                self._count()

        async def ended(_session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
            answer = params.response
            log.request(params.method, str(params.url), answer.status, time.monotonic() - context.began, answer.headers)

        async def failed(_session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams) -> None:
            log.request(params.method, str(params.url), type(params.exception).__name__, time.monotonic() - context.began)

        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(started)
        trace.on_request_end.append(ended)
        trace.on_request_exception.append(failed)
        return trace
