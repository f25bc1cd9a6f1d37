"""An image pushed layer by layer keeps to the registry's specification on both sides, also where it is cut off and goes on."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.steps.conftest import Setup, StartSetup
from tests.support.distribution_rules import PushRules
from wizard.cloud.services import registry_push
from wizard.cloud.services.registry_push import CONFIG, LAYER, MANIFEST
from wizard.steps import project, registry

pytestmark = pytest.mark.practice

SERVER = "crordersdev.azurecr.io"
PIECE = 1000
CONFIGURATION = json.dumps({"architecture": "amd64", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": []}}).encode()


class CutOffError(Exception):
    """The connection is gone."""


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def manifest_of(layers: list[bytes]) -> bytes:
    def part(kind: str, content: bytes) -> dict[str, Any]:
        return {"mediaType": kind, "size": len(content), "digest": digest_of(content)}

    parts = {"config": part(CONFIG, CONFIGURATION), "layers": [part(LAYER, layer) for layer in layers]}
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, **parts}).encode()


@pytest.fixture
async def setup(start_setup: StartSetup, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setup:
    """A registry, whose exchanges are recorded in ``traffic.har``."""
    monkeypatch.setattr(registry_push, "PIECE", PIECE)
    setup = await start_setup(har=tmp_path / "traffic.har", pipeline={"build": "docker"})
    assert (await setup.apply(project.CONTRIBUTION, registry.CONTRIBUTION)).outcome == "succeeded"
    return setup


async def upload(setup: Setup, content: bytes, repository: str = "orders", **options: Any) -> None:
    file = setup.folder / "blob"
    file.write_bytes(content)
    await setup.cloud.registry_push.upload(SERVER, repository, digest_of(content), file, **options)


async def ask(setup: Setup, method: str, path: str, repository: str = "orders", **content: Any) -> Any:
    """One request to the registry as any client might send it."""
    session = setup.cloud.registry_push._session
    token = await session.access_token(SERVER, f"repository:{repository}:pull,push")
    headers = {"Authorization": f"Bearer {token}", **content.pop("headers", {})}
    return await session.send(method, f"https://{SERVER}{path}", headers=headers, **content)


def held(har: Path) -> PushRules:
    rules = PushRules()
    rules.read(json.loads(har.read_text())["log"]["entries"])
    return rules


async def recorded(setup: Setup, har: Path) -> PushRules:
    await setup.practice.server.close()
    return held(har)


async def test_a_push_that_is_cut_off_goes_on_and_breaks_no_rule(setup: Setup, tmp_path: Path) -> None:
    layers = [bytes([number]) * 3500 for number in (1, 2)]
    places: list[str] = []
    pieces = 0

    def cut_off(_size: int) -> None:
        nonlocal pieces
        pieces += 1
        if pieces == 2:
            raise CutOffError

    with pytest.raises(CutOffError):
        await upload(setup, layers[0], began=places.append, sent=cut_off)
    await upload(setup, layers[0], begun=places[-1])
    for content in (layers[1], CONFIGURATION, b""):
        await upload(setup, content)
    push = setup.cloud.registry_push
    assert await push.has(SERVER, "orders", digest_of(layers[0]))
    assert not await push.has(SERVER, "orders", digest_of(b"another"))
    text = manifest_of(layers)
    assert await push.put_manifest(SERVER, "orders", "latest", text) == digest_of(text)
    rules = await recorded(setup, tmp_path / "traffic.har")
    assert rules.violations == []
    assert rules.sent == 3500 + 3500 + len(CONFIGURATION), "not a byte is sent twice"


async def test_a_forgotten_upload_is_begun_anew(setup: Setup, tmp_path: Path) -> None:
    await upload(setup, b"x" * 1500, begun="/v2/orders/blobs/uploads/11111111-1111-1111-1111-111111111111")
    assert await setup.cloud.registry_push.has(SERVER, "orders", digest_of(b"x" * 1500))
    assert (await recorded(setup, tmp_path / "traffic.har")).violations == []


async def test_a_layer_of_another_repository_is_mounted_and_an_unknown_one_begins_an_upload(setup: Setup, tmp_path: Path) -> None:
    await upload(setup, b"shared", repository="base")
    mount = "/v2/orders/blobs/uploads/?mount={}&from=base"
    assert (await ask(setup, "POST", mount.format(digest_of(b"shared")))).status_code == 201
    assert await setup.cloud.registry_push.has(SERVER, "orders", digest_of(b"shared"))
    assert (await ask(setup, "POST", mount.format(digest_of(b"unknown")))).status_code == 202
    assert (await recorded(setup, tmp_path / "traffic.har")).violations == []


async def test_what_breaks_the_specification_is_refused_as_it_says(setup: Setup, tmp_path: Path) -> None:
    begun = await ask(setup, "POST", "/v2/orders/blobs/uploads/")
    place = begun.headers["Location"]
    headers = {"Content-Type": "application/octet-stream", "Content-Range": "5-9"}
    refusals = {
        "a piece out of its order": await ask(setup, "PATCH", place, headers=headers, content=b"56789"),
        "a wrong digest": await ask(setup, "PUT", f"{place}&digest={digest_of(b'other')}", content=b"this"),
        "no digest": await ask(setup, "PUT", f"{(await ask(setup, 'POST', '/v2/orders/blobs/uploads/')).headers['Location']}&digest=x"),
        "a manifest without its blobs": await ask(
            setup, "PUT", "/v2/orders/manifests/1", headers={"Content-Type": MANIFEST}, content=manifest_of([b"absent"])
        ),
        "no manifest": await ask(setup, "PUT", "/v2/orders/manifests/1", headers={"Content-Type": MANIFEST}, content=b"{}"),
        "another digest": await ask(
            setup, "PUT", f"/v2/orders/manifests/{digest_of(b'x')}", headers={"Content-Type": MANIFEST}, content=b"[]"
        ),
    }
    assert {why: answer.status_code for why, answer in refusals.items()} == {
        **dict.fromkeys(refusals, 400),
        "a piece out of its order": 416,
    }
    other = await ask(setup, "POST", "/v2/orders/blobs/uploads/")
    session = other.headers["Location"].partition("?")[0]
    assert (await ask(setup, "DELETE", session)).status_code == 204
    assert (await ask(setup, "GET", session)).status_code == 404
    rules = await recorded(setup, tmp_path / "traffic.har")
    assert rules.violations == []


async def test_without_a_token_the_registry_says_where_to_get_one(setup: Setup, tmp_path: Path) -> None:
    answer = await setup.cloud.registry_push._session.send("POST", f"https://{SERVER}/v2/orders/blobs/uploads/")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].endswith('scope="repository:orders:pull,push"')
    assert (await recorded(setup, tmp_path / "traffic.har")).violations == []


@pytest.mark.parametrize(
    ("asked", "told", "rule"),
    [
        ({"Content-Range": "3-5"}, {}, "a piece begins where the last one ended"),
        ({"Content-Range": "bytes 0-2"}, {}, "Content-Range is START-END"),
        ({"Content-Range": "0-3"}, {}, "Content-Length is as long"),
        ({"Content-Type": "application/json"}, {}, "an octet stream"),
        ({}, {"Range": "0-9"}, "Range says the 3 bytes"),
        ({}, {"Location": "/v2/other/blobs/uploads/a"}, "Location is an upload's of the repository"),
    ],
)
def test_the_rules_see_what_breaks_them(asked: dict[str, str], told: dict[str, str], rule: str) -> None:
    place = "/v2/orders/blobs/uploads/a?_state=1"
    rules = PushRules()
    rules.read(
        [
            exchange("POST", "/v2/orders/blobs/uploads/", 202, {}, {"Location": place, "Range": "0-0"}),
            exchange(
                *("PATCH", place, 202),
                {"Content-Type": "application/octet-stream", "Content-Range": "0-2", "Content-Length": "3", **asked},
                {"Location": place, "Range": "0-2", **told},
            ),
        ]
    )
    assert any(rule in violation for violation in rules.violations)


def exchange(method: str, path: str, status: int, asked: dict[str, str], told: dict[str, str]) -> dict[str, Any]:
    """An entry of a HAR."""
    headers = [[{"name": name, "value": value} for name, value in each.items()] for each in (asked, told)]
    request = {"method": method, "url": f"https://{SERVER}{path}", "headers": headers[0]}
    return {"request": request, "response": {"status": status, "headers": headers[1], "content": {}}}
