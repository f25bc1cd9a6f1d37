"""Asking what Azure would refuse makes one wait at most one round trip longer: counted, for a time says how busy the machine is too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from tests.steps.conftest import Setup, StartSetup
from tests.steps.deployed import TABLES
from wizard.engine.plan import make_plan
from wizard.practice.front_door import FrontDoor
from wizard.steps.registry_of_steps import contributions

QUIET = 0.1
"""Seconds without a further request after which all that one sends at once is taken to be sent."""
BUILDS = {
    "registry": {"build": "registry"},
    "azure-devops": {"build": "azure-devops", "organization": "contoso", "project": "orders", "repository": "orders-api"},
    "github": {"build": "github", "owner": "contoso", "repository": "orders-api"},
}


class RoundTrips:
    """Keeps every answer back until no further request comes: what waits then was sent at once, and is one round trip."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: list[asyncio.Future[None]] = []
        self._arrived = asyncio.Event()

    async def hold(self) -> None:
        """Take a request, and return when its answer may go out."""
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        self._arrived.set()
        await waiting

    async def let_out(self) -> None:
        """Let answers out, one round trip after the other."""
        while await self._arrived.wait():
            while self._arrived.is_set():
                self._arrived.clear()
                await asyncio.wait([asyncio.ensure_future(self._arrived.wait())], timeout=QUIET)
            self.count += 1
            waiting, self._waiting = self._waiting, []
            for each in waiting:
                each.set_result(None)


@asynccontextmanager
async def counted(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RoundTrips]:
    """Counts the round trips of what is sent meanwhile."""
    trips, served = RoundTrips(), FrontDoor._served

    async def held(door: FrontDoor, site: object, request: web.Request) -> web.StreamResponse:
        await trips.hold()
        return await served(door, site, request)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(FrontDoor, "_served", held)
        task = asyncio.ensure_future(trips.let_out())
        yield trips
        task.cancel()


async def round_trips(setup: Setup, monkeypatch: pytest.MonkeyPatch, *, has_preflight: bool) -> int:
    """How many a plan takes; the fewest of three, since a busy machine may tear one in two."""
    counts = []
    for _time in range(3):
        async with counted(monkeypatch) as trips:
            await make_plan(setup.cloud, setup.answers, setup.secret, contributions(), has_preflight=has_preflight)
        counts.append(trips.count)
    return min(counts)


@pytest.mark.parametrize("build", ["registry", *(pytest.param(build, marks=pytest.mark.nightly) for build in ("azure-devops", "github"))])
@pytest.mark.parametrize("registered", [True, False])
async def test_asking_beforehand_adds_at_most_one_round_trip(
    start_setup: StartSetup, monkeypatch: pytest.MonkeyPatch, build: str, registered: bool
) -> None:
    setup = await start_setup(registered=registered, **{**TABLES, "pipeline": BUILDS[build]})
    setup.given = {"api-key": "canary-1"}
    await setup.plan(*contributions())  # signs in
    without, beforehand = [await round_trips(setup, monkeypatch, has_preflight=asked) for asked in (False, True)]
    print(f"{build}, registered {registered}: {without} round trips, {beforehand} with what Azure would refuse")
    assert beforehand - without <= 1
