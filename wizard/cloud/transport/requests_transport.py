"""The transport for the sign-in library's blocking credentials, with the trust and the names of the asynchronous one."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from azure.core.pipeline.transport import RequestsTransport
from requests.adapters import HTTPAdapter

from wizard.platform import log

if TYPE_CHECKING:
    from wizard.cloud.transport.practice_names import PracticeNames


class _Adapter(HTTPAdapter):
    """Sends with the given trust, to loopback where practice names are given, and counts."""

    def __init__(self, trust: ssl.SSLContext, names: PracticeNames | None, count: Callable[[], None]) -> None:
        self._trust = trust
        self._names = names
        self._count = count
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._trust)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._trust)

    def cert_verify(self, conn: Any, url: str, verify: bool | str, cert: Any) -> None:
        """The context already says whom to trust; requests would replace it by its own bundle."""
        conn.cert_reqs = "CERT_REQUIRED"

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        host, options = super().build_connection_pool_key_attributes(request, True, cert)
        options = {"ssl_context": self._trust, "cert_reqs": "CERT_REQUIRED"}
        if self._names is not None:
            real = str(host["host"])
            host = {**host, "host": "127.0.0.1", "port": self._names.port_of(real)}
            options |= {"server_hostname": real, "assert_hostname": real}
        return host, options

    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        self._count()
        if self._names is not None:
            request.headers["Host"] = urlsplit(str(request.url)).netloc
        began, answer = time.monotonic(), None
        try:
            answer = super().send(request, *args, **kwargs)
            return answer
        finally:
            took = time.monotonic() - began
            log.request(
                request.method, request.url, answer.status_code if answer else "no answer", took, answer.headers if answer else None
            )


def blocking_transport(trust: ssl.SSLContext, names: PracticeNames | None, count: Callable[[], None]) -> RequestsTransport:
    """A transport over `trust`; with `names`, only towards the practice cloud and never through a proxy."""
    session = requests.Session()
    session.trust_env = names is None
    session.mount("https://", _Adapter(trust, names, count))
    return RequestsTransport(session=session, session_owner=False, use_env_settings=names is None)
