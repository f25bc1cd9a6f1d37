"""Headers, paths and queries that no client sends, at every host of the practice cloud: refused, never a 500, never let in."""

from __future__ import annotations

import asyncio
import base64
import ssl

import pytest

from tests.conftest import Practice
from tests.support.figures import Figures
from tests.support.waiting import eventually
from wizard.practice.devops.front import ORGANIZATION

pytestmark = pytest.mark.timeout(120)
AUTHORIZATIONS = (
    b"",
    b"Bearer",
    b"Bearer \xff\xfe",
    "Bearer \u202eé".encode(),
    b"Bearer a.b.c",
    b"Bearer " + b"." * 50,
    b"Bearer eyJhbGciOiJub25lIn0.e30.",
    b"Bearer eyJhbGciOiJIUzI1NiIsImtpZCI6MX0.W10.AA",
    b"Basic \xff",
    b"Basic ====",
    b"Basic " + base64.b64encode(b"\xff\xfe"),
    b"Basic " + base64.b64encode(b"no colon"),
    b"Basic " + base64.b64encode("ü:ü".encode()),
    b"SharedKey",
    b"SharedKey a",
    b"SharedKey a:\xff",
    b"SharedKey stordersdev:" + b"=" * 9,
    b"token \xff",
    b"Negotiate " + b"A" * 6000,
)
PLACES = (
    ("management.azure.com", b"/subscriptions?api-version=2022-12-01"),
    ("management.azure.com", b"/subscriptions/%ff/resourceGroups/\xff?api-version=2022-09-01"),
    ("management.azure.com", b"/subscriptions?api-version=%00"),
    ("graph.microsoft.com", b"/v1.0/me"),
    ("login.microsoftonline.com", b"/organizations/oauth2/v2.0/authorize?client_id=%ff&redirect_uri=http://localhost:\xff"),
    ("dev.azure.com", f"/{ORGANIZATION}/_apis/projects".encode()),
    ("dev.azure.com", f"/{ORGANIZATION}/%ff/_git/%ff/info/refs?service=git-upload-pack".encode()),
    ("api.github.com", b"/user"),
    ("api.github.com", b"/repos/%ff/%00/contents/\xff"),
    ("crordersdev.azurecr.io", b"/v2/"),
    ("crordersdev.azurecr.io", b"/oauth2/token?service=crordersdev.azurecr.io&scope=repository:\xff:pull"),
    ("stordersdev.file.core.windows.net", b"/files/%ff?restype=directory&comp=list"),
    ("token.actions.githubusercontent.com", b"/?audience=%ff"),
)
SPARED = {200, 302}  # a page that begins a sign-in, and the keys with which tokens are checked, are anybody's


async def status_of(practice: Practice, host: str, target: bytes, authorization: bytes, method: bytes = b"GET") -> int:
    """What a request of exactly these bytes is answered; 0 when the connection is closed without a word."""
    trusted = ssl.create_default_context(cafile=str(practice.server.options.home / "ca.pem"))
    reader, writer = await asyncio.open_connection("127.0.0.1", practice.server.port, ssl=trusted, server_hostname=host)
    try:
        lines = [method + b" " + target + b" HTTP/1.1", b"Host: " + host.encode(), b"Connection: close", b"Content-Length: 0"]
        lines += [
            b"x-ms-client-request-id: \xff",
            b"x-ms-return-client-request-id: true",
            b"x-ms-correlation-request-id: \xfe\t\xe2\x80\xae",
        ]
        if authorization:
            lines.append(b"Authorization: " + authorization)
        writer.write(b"\r\n".join([*lines, b"", b""]))
        await writer.drain()
        first = await asyncio.wait_for(reader.readline(), 40)
        return int(first.split()[1]) if first else 0
    finally:
        writer.close()


@pytest.mark.parametrize(("host", "target"), PLACES, ids=[f"{host}{target.decode('latin-1')[:24]!a}" for host, target in PLACES])
async def test_nobody_gets_in_and_nothing_breaks(practice: Practice, host: str, target: bytes, figures: Figures) -> None:
    group = "/resourceGroups/rg-orders-dev"
    await practice.call("PUT", group, {"location": "westeurope"})
    registry = {"location": "westeurope", "sku": {"name": "Basic"}}
    account = {"location": "westeurope", "sku": {"name": "Standard_LRS"}, "kind": "StorageV2"}
    await practice.call("PUT", f"{group}/providers/Microsoft.ContainerRegistry/registries/crordersdev", registry)
    await practice.call("PUT", f"{group}/providers/Microsoft.Storage/storageAccounts/stordersdev", account)
    await eventually(
        lambda: practice.cloud.hosts.find("crordersdev.azurecr.io") and practice.cloud.hosts.find("stordersdev.file.core.windows.net")
    )
    answered = {authorization: await status_of(practice, host, target, authorization) for authorization in AUTHORIZATIONS}
    figures(inputs=len(answered), broken=sum(1 for status in answered.values() if status >= 500))
    assert {given: status for given, status in answered.items() if status >= 500} == {}
    if "login." not in host:
        assert {given: status for given, status in answered.items() if status in SPARED} == {}
