"""What every test may use: a practice cloud in this process, and clients that reach it under Azure's host names."""

from __future__ import annotations

import os
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from azure.core.pipeline.transport import AioHttpTransport
from azure.identity.aio import ClientSecretCredential
from hypothesis import HealthCheck, settings

from tests.support.engine_fixtures import engine_address, own_engine  # noqa: F401
from tests.support.figures import figures, print_figures  # noqa: F401
from tests.support.marks import pytest_collection_modifyitems  # noqa: F401
from tests.support.practice_errors import end_survivors, practice_does_not_break  # noqa: F401
from wizard.platform import log
from wizard.platform.redaction import redaction
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.versions import RESOURCE_MANAGER, versions_for
from wizard.practice.server import Server
from wizard.practice.server_options import ServerOptions

# Python keeps what it compiles, as it does for people: without that each process that a test starts compiles a thousand modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

os.environ["AZWIZARD_ENGINE"] = "process"  # a person's own container engine is never used; the engine tests have one of their own

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # how long an example takes says how busy the machine is, and nothing else


@pytest.fixture(autouse=True)
def nothing_left_over(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test knows another's secrets or writes another's log, and none is asked whether it runs on a build agent."""
    for name in ("CI", "AZWIZARD_LOG", "TEXTUAL_DRIVER"):
        monkeypatch.delenv(name, raising=False)
    yield
    redaction.forget()
    log.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """End what outlived the tests, and print what they tried."""
    end_survivors(terminalreporter, config)
    print_figures(terminalreporter)


StartPractice = Callable[..., Awaitable["Practice"]]


class PracticeResolver(AbstractResolver):
    """Resolves the names of a practice cloud to its port on loopback, and no other name."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        if self._server.cloud.hosts.find(host) is None:
            raise OSError(f"no such host: {host}")
        place = {"hostname": host, "host": "127.0.0.1", "port": self._server.port}
        return [ResolveResult(**place, family=socket.AF_INET, proto=0, flags=socket.AI_NUMERICHOST)]

    async def close(self) -> None:
        return None


@dataclass
class Practice:
    """A practice cloud that runs in this process."""

    server: Server
    session: aiohttp.ClientSession

    @property
    def cloud(self) -> PracticeCloud:
        return self.server.cloud

    @property
    def scope(self) -> str:
        """The practice subscription as an ARM scope."""
        return f"/subscriptions/{self.cloud.subscription_id}"

    @property
    def description(self) -> dict[str, Any]:
        """What practice.json says."""
        return self.server.description()

    def transport(self) -> AioHttpTransport:
        """A transport for one Azure SDK client: ``Client(credential, subscription, transport=practice.transport())``."""
        return AioHttpTransport(session=self.session, session_owner=False)

    def credential(self, **other: str) -> ClientSecretCredential:
        """The practice service principal; `other` replaces tenant_id, client_id or client_secret."""
        known = {name: self.description[name] for name in ("tenant_id", "client_id", "client_secret")}
        return ClientSecretCredential(**{**known, **other}, transport=self.transport())

    async def token(self, resource: str = "https://management.azure.com") -> str:
        return (await self.credential().get_token(f"{resource}/.default")).token

    async def call(self, method: str, path: str, body: Any = None, *, version: str = "", **options: Any) -> Called:
        """One request to management.azure.com with the account's token; `path` may start with the subscription left out.

        :param version: the api-version; without one the newest stable one of the provider that the path names.
        """
        place = path if path.startswith(("/subscriptions", "/tenants")) else self.scope + path
        headers = {"Authorization": f"Bearer {await self.token()}", **options.pop("headers", {})}
        url = f"https://management.azure.com{place}"
        parameters = {"api-version": version or newest_version(place), **options.pop("params", {})}
        async with self.session.request(method, url, params=parameters, json=body, headers=headers, **options) as response:
            raw = await response.read()
            return Called(response.status, await response.json() if raw else None, dict(response.headers))


def newest_version(path: str) -> str:
    return next(version for version in versions_for(path) or RESOURCE_MANAGER if version.replace("-", "").isdecimal())


@dataclass
class Called:
    """What a request was answered."""

    status: int
    body: Any
    headers: dict[str, str]


@asynccontextmanager
async def practice_cloud(**options: Any) -> AsyncIterator[Practice]:
    """A practice cloud in this process, instant unless told otherwise: the options of `ServerOptions`."""
    server = Server(ServerOptions(**{"speed": "instant", "unconfined": True, **options}))
    await server.start()
    try:
        trusted = ssl.create_default_context(cafile=str(server.options.home / "ca.pem"))
        connector = aiohttp.TCPConnector(resolver=PracticeResolver(server), ssl=trusted)
        cookies = aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(connector=connector, trust_env=False, auto_decompress=False, cookie_jar=cookies) as session:
            yield Practice(server, session)
    finally:
        await server.close()


@pytest.fixture
async def start_practice(tmp_path: Path) -> AsyncIterator[StartPractice]:
    """Starts practice clouds, instant unless told otherwise, and stops them: ``await start_practice(faults=("free-trial",))``."""
    async with AsyncExitStack() as stack:

        async def start(**options: Any) -> Practice:
            return await stack.enter_async_context(practice_cloud(**{"home": tmp_path / "practice", **options}))

        yield start


@pytest.fixture
async def practice(start_practice: StartPractice) -> Practice:
    """An instant practice cloud, all its resource providers registered."""
    practice = await start_practice()
    register_all(practice.cloud)
    return practice


def register_all(cloud: PracticeCloud) -> None:
    """Register every resource provider at once, for tests that are not about registration."""
    providers = cloud.store.collection("providers")
    for namespace in list(providers):
        providers[namespace] = {"namespace": namespace, "state": "Registered"}
