"""Clients that never finish what they send: they cost the practice cloud next to nothing, and others are answered meanwhile."""

from __future__ import annotations

import asyncio
import ssl

import pytest

from tests.conftest import Practice

pytestmark = pytest.mark.timeout(200)
HOST = b"management.azure.com"
GROUP = "/resourceGroups/rg-a?api-version=2024-11-01"
WAIT = 40.0


class BareConnection:
    """A TLS connection on which bytes are written as they are."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, practice: Practice) -> BareConnection:
        trusted = ssl.create_default_context(cafile=str(practice.server.options.home / "ca.pem"))
        return cls(*await asyncio.open_connection("127.0.0.1", practice.server.port, ssl=trusted, server_hostname=HOST.decode()))

    async def send(self, content: bytes) -> None:
        self.writer.write(content)
        await self.writer.drain()

    async def status(self) -> int:
        """The status that it was answered; 0 when the connection was closed without a word."""
        try:
            first = await asyncio.wait_for(self.reader.readline(), WAIT)
        except ConnectionError:
            return 0
        return int(first.split()[1]) if first else 0


def head(practice: Practice, *lines: bytes, method: bytes = b"PUT") -> bytes:
    address = f"{practice.scope}{GROUP}".encode()
    return b"\r\n".join([method + b" " + address + b" HTTP/1.1", b"Host: " + HOST, *lines, b"", b""])


async def test_others_are_answered_while_many_send_slowly(practice: Practice) -> None:
    slow = [await BareConnection.open(practice) for _ in range(60)]
    for number, one in enumerate(slow):
        await one.send(head(practice)[: 20 + number])  # no head is whole
    assert (await practice.call("PUT", "/resourceGroups/rg-a", {"location": "westeurope"})).status == 201
    for one in slow:
        one.writer.close()
    assert (await practice.call("GET", "/resourceGroups/rg-a")).status == 200


async def test_a_body_without_an_end_is_refused_by_its_token_unread(practice: Practice) -> None:
    one = await BareConnection.open(practice)
    await one.send(head(practice, b"Authorization: Bearer nobody", b"Transfer-Encoding: chunked") + b"5\r\nabcde\r\n")
    assert await one.status() == 401
    one.writer.close()


async def test_a_body_without_an_end_is_refused_once_it_is_too_large(practice: Practice) -> None:
    one = await BareConnection.open(practice)
    token = f"Bearer {await practice.token()}".encode()
    await one.send(head(practice, b"Authorization: " + token, b"Content-Type: application/json", b"Transfer-Encoding: chunked"))
    answered = asyncio.ensure_future(one.status())
    piece = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
    try:
        for _ in range(64):
            if answered.done():
                break
            await one.send(piece)
            await asyncio.wait([answered], timeout=0)
    except ConnectionError:
        pass
    assert await answered in (413, 0)
    one.writer.close()


@pytest.mark.parametrize(
    "lines",
    [
        [b"X-Many: a"] * 20_000,
        [b"X-Long: " + b"a" * 200_000],
        [b"Content-Length: 5", b"Transfer-Encoding: chunked"],
        [b"Content-Length: -1"],
        [b"Content-Length: 5", b"Content-Length: 6"],
        [b"Content-Length: 1_0"],
        [b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"],
        [b"X : a"],
        [b"Expect: 200-maybe"],
    ],
    ids=[
        "many headers",
        "a long header",
        "two lengths",
        "negative",
        "unlike lengths",
        "an underscore",
        "two encodings",
        "a space",
        "expect",
    ],
)
async def test_a_head_that_no_client_sends_is_refused(practice: Practice, lines: list[bytes]) -> None:
    one = await BareConnection.open(practice)
    try:
        await one.send(head(practice, *lines) + b"0\r\n\r\n")
        status = await one.status()
    except ConnectionError:
        status = 0
    assert status == 0 or 400 <= status < 500
    one.writer.close()
    assert (await practice.call("GET", "/resourceGroups/rg-a")).status == 404
