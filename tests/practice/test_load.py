"""Many requests at once, at the ingress and at Resource Manager: every one is answered, and nothing of them stays open.

The nightly form prints the rate and how long the slowest in a hundred took (``pytest -s``); it asserts no time, which is the machine's.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.practice.apps import Deployment, write_api
from tests.support.figures import Figures

AT_ONCE = 16


async def load(requests: int, ask: Callable[[], Awaitable[int]]) -> tuple[list[int], list[float], float]:
    """The status and the seconds of each of so many requests, `AT_ONCE` at a time, and the seconds of all."""
    statuses: list[int] = []
    seconds: list[float] = []
    left = iter(range(requests))

    async def one_after_another() -> None:
        for _ in left:
            began = time.perf_counter()
            statuses.append(await ask())
            seconds.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return statuses, seconds, time.perf_counter() - began


def told(what: str, seconds: list[float], whole: float) -> str:
    cuts = statistics.quantiles(seconds, n=100)
    rate = f"{len(seconds) / whole:.0f} a second"
    return f"{what}: {len(seconds)} requests, {AT_ONCE} at once, {rate}; p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms"


@pytest.mark.parametrize("requests", [100, pytest.param(5000, marks=[pytest.mark.nightly, pytest.mark.timeout(900)])], ids=["some", "many"])
async def test_many_requests_at_once_are_all_answered(deployment: Deployment, tmp_path: Path, requests: int, figures: Figures) -> None:
    await deployment.make_registry(write_api(tmp_path / "api"))
    app = await deployment.deploy(await deployment.body())
    practice = deployment.practice
    fqdn, token = app.properties.configuration.ingress.fqdn, await practice.token()
    door = practice.cloud.doors[fqdn]
    groups = f"https://management.azure.com/subscriptions/{practice.cloud.subscription_id}/resourceGroups?api-version=2022-09-01"

    async def tls() -> int:
        async with practice.session.get(f"https://{fqdn}/health") as answer:
            await answer.read()
            return answer.status

    async def plain() -> int:
        async with practice.session.get(f"{door}/health") as answer:
            await answer.read()
            return answer.status

    async def manager() -> int:
        async with practice.session.get(groups, headers={"Authorization": f"Bearer {token}"}) as answer:
            await answer.read()
            return answer.status

    for what, ask in (("ingress over TLS", tls), ("ingress at its plain door", plain), ("Resource Manager", manager)):
        statuses, seconds, whole = await load(requests, ask)
        print(told(what, seconds, whole))
        figures(requests_at_once=len(statuses), lost=sum(1 for status in statuses if status != 200))
        assert set(statuses) == {200}, what
