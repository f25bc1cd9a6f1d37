"""Every route that reads a body, met with bodies that are no JSON, too deep, too large, or of other kinds: never a 500."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from typing import Any

import pytest

from tests.conftest import Practice, newest_version
from tests.support.figures import Figures
from wizard.practice.kernel.requests import Route
from wizard.practice.kernel.shapes import Each, Kind, OneOf

ARM = "https://management.azure.com"
NAMES = {
    "group": "rg-a",
    "namespace": "Microsoft.App",
    "location": "westeurope",
    "name": "11111111-2222-4333-8444-555555555555",
    "scope": "subscriptions/{subscription}/resourceGroups/rg-a",
}
NO_JSON = {
    "broken": b'{"properties": ',
    "latin-1": '{"location": "Zürich"}'.encode("latin-1"),
    "zeros": b"\0\0\0\0",
    "half a character": b'{"location": "\\ud800"}',
    "no number": b'{"location": NaN}',
    "endless number": b'{"location": 1e999}',
    "long number": b'{"location": ' + b"9" * 5000 + b"}",
    "deep": b'{"properties":' * 5000 + b"1" + b"}" * 5000,
    "deep list": b"[" * 100_000 + b"]" * 100_000,
    "a little too deep": b'{"properties":' * 70 + b"1" + b"}" * 70,
}
OTHER_KINDS: list[Any] = ["x", 1.5, True, [1], [None], [[]], {"a": 1}, 2**70, "\0", "-1", ""]


def read_bodies(practice: Practice) -> list[Route]:
    return [route for route in practice.cloud.arm.routes if route.takes is not None]


def address(practice: Practice, route: Route) -> str:
    def filled(hole: re.Match[str]) -> str:
        return practice.cloud.subscription_id if hole[1] == "subscription" else NAMES.get(hole[1], "thing1")

    path = route.template
    for _ in range(2):  # a scope has holes of its own
        path = re.sub(r"\{(\w+)\*?\}", filled, path)
    return f"{ARM}{path}"


def wrong_bodies(shape: Any, wrong: Any) -> list[Any]:
    """The smallest bodies in which one declared member after the other holds `wrong`."""
    if isinstance(shape, (Kind, OneOf)):
        return [wrong]
    if isinstance(shape, Each):
        return [wrong, *({"a": inner} for inner in wrong_bodies(shape.shape, wrong))]
    if isinstance(shape, list):
        return [wrong, *([inner] for inner in wrong_bodies(shape[0], wrong))]
    return [wrong, *({name: inner} for name, member in shape.items() for inner in wrong_bodies(member, wrong))]


async def sent(practice: Practice, route: Route, raw: bytes, headers: dict[str, str]) -> tuple[int, str]:
    query = {"api-version": newest_version(address(practice, route).removeprefix(ARM))}
    async with practice.session.request(route.method, address(practice, route), params=query, data=raw, headers=headers) as response:
        body = json.loads(await response.text() or "null")
        return response.status, (body or {}).get("error", {}).get("code", "") if isinstance(body, dict) else ""


async def bearer(practice: Practice) -> dict[str, str]:
    return {"Authorization": f"Bearer {await practice.token()}", "Content-Type": "application/json"}


async def test_every_route_that_writes_declares_what_it_takes(practice: Practice):
    bodiless = [(r.method, r.template) for r in practice.cloud.arm.routes if r.method in ("PUT", "PATCH") and r.takes is None]
    assert bodiless == []


@pytest.mark.parametrize("raw", NO_JSON.values(), ids=NO_JSON)
async def test_what_is_no_json_is_refused_everywhere(practice: Practice, raw: bytes, figures: Figures):
    headers = await bearer(practice)
    await practice.call("PUT", "/resourceGroups/rg-a", {"location": "westeurope"})
    for route in read_bodies(practice):
        figures(inputs=1)
        assert await sent(practice, route, raw, headers) == (400, "InvalidRequestContent"), (route.method, route.template)


@pytest.mark.parametrize("share", [12, pytest.param(10**6, marks=pytest.mark.nightly)])
async def test_a_member_of_another_kind_never_breaks_a_route(practice: Practice, share: int, figures: Figures):
    """In a run by day so many bodies a route, spread over all its members."""
    headers = await bearer(practice)
    await practice.call("PUT", "/resourceGroups/rg-a", {"location": "westeurope"})
    for route in read_bodies(practice):
        shape: Any = route.takes
        bodies = [body for wrong in OTHER_KINDS for body in wrong_bodies(shape, wrong) if isinstance(body, dict)]
        for body in bodies[:: max(1, len(bodies) // share)]:
            located = {"location": "westeurope", **body} if "location" in shape else body
            status, code = await sent(practice, route, json.dumps(located).encode(), headers)
            figures(inputs=1, broken=int(status >= 500))
            assert status < 500, (route.method, route.template, located, code)


async def test_a_body_is_refused_by_its_token_before_it_is_unpacked(practice: Practice):
    bomb = gzip.compress(b" " * (64 << 20))
    packed = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    url = f"{ARM}{practice.scope}/resourceGroups/rg-a"
    async with practice.session.put(url, params={"api-version": "2024-11-01"}, data=bomb, headers=packed) as response:
        assert response.status == 401
    headers = {**(await bearer(practice)), **packed}
    async with practice.session.put(url, params={"api-version": "2024-11-01"}, data=bomb, headers=headers) as response:
        assert response.status == 413
        assert (await response.json())["error"]["code"] == "RequestContentTooLarge"


@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)], ids=["gzip", "deflate", "plain"]
)
async def test_a_compressed_body_is_read(practice: Practice, encoding: str, pack: Any):
    url = f"{ARM}{practice.scope}/resourceGroups/rg-a"
    headers = {**(await bearer(practice)), "Content-Encoding": encoding}
    raw = pack(json.dumps({"location": "westeurope"}).encode())
    async with practice.session.put(url, params={"api-version": "2024-11-01"}, data=raw, headers=headers) as response:
        assert response.status == 201


@pytest.mark.parametrize(
    ("encoding", "raw", "status"),
    [("gzip", b"no gzip", 400), ("gzip", gzip.compress(b"{}", mtime=0)[:-4], 400), ("br", b"x", 415)],
    ids=["no gzip at all", "gzip cut short", "an unknown encoding"],
)
async def test_what_cannot_be_unpacked_is_refused(practice: Practice, encoding: str, raw: bytes, status: int):
    url = f"{ARM}{practice.scope}/resourceGroups/rg-a"
    headers = {**(await bearer(practice)), "Content-Encoding": encoding}
    async with practice.session.put(url, params={"api-version": "2024-11-01"}, data=raw, headers=headers) as response:
        assert response.status == status


@pytest.mark.parametrize(
    ("method", "url", "resource"),
    [
        ("POST", "https://graph.microsoft.com/v1.0/directoryObjects/getByIds", "https://graph.microsoft.com"),
        ("PUT", "https://kv-orders-dev.vault.azure.net/secrets/a?api-version=7.4", "https://vault.azure.net"),
        ("POST", "https://dev.azure.com/contoso/orders/_apis/pipelines?api-version=7.1", "499b84ac-1321-427f-aa17-267ca6975798"),
        ("POST", "https://login.microsoftonline.com/common/oauth2/v2.0/token", ""),
    ],
    ids=["graph", "vault", "devops", "sign-in"],
)
async def test_the_other_hosts_refuse_it_in_their_own_words(practice: Practice, method: str, url: str, resource: str):
    await a_vault(practice)
    headers = {"Authorization": f"Bearer {await practice.token(resource)}"} if resource else {}
    for name, raw in NO_JSON.items():
        async with practice.session.request(method, url, data=raw, headers=headers) as response:
            assert 400 <= response.status < 500, (name, await response.text())


async def a_vault(practice: Practice) -> None:
    await practice.call("PUT", "/resourceGroups/rg-a", {"location": "westeurope"})
    properties = {"tenantId": practice.cloud.tenant_id, "sku": {"family": "A", "name": "standard"}, "enableRbacAuthorization": True}
    path = "/resourceGroups/rg-a/providers/Microsoft.KeyVault/vaults/kv-orders-dev"
    await practice.call("PUT", path, {"location": "westeurope", "properties": properties})
    for operation in list(practice.cloud.store.collection("operations")):
        await practice.cloud.operations.finished(operation)
