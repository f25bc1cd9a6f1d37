"""The one way out of a confined installation: a proxy that carries connections to the package index and to nothing else."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from wizard.practice.runtime.relay import relay

_LONGEST_HEAD = 65536
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class PackageProxy:
    """Serves HTTP's CONNECT and plain requests for `hosts`; everything else is answered 403 and noted in `refused`.

    :param environment: its ``HTTPS_PROXY`` and ``HTTP_PROXY`` are used in turn, but for what ``NO_PROXY`` names.
    """

    def __init__(self, hosts: Iterable[tuple[str, int]], environment: Mapping[str, str]) -> None:
        self._hosts = set(hosts)
        self._environment = {name.lower(): value for name, value in environment.items()}
        self.refused: list[str] = []

    @asynccontextmanager
    async def serving(self, path: Path) -> AsyncIterator[None]:
        """Listen on a Unix socket until the block is left."""
        server = await asyncio.start_unix_server(self._serve, path, limit=_LONGEST_HEAD)
        try:
            yield
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await self._carry(reader, writer, (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
        with contextlib.suppress(OSError):
            writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: str) -> None:
        method, target, _version = head.split("\r\n", 1)[0].split(" ", 2)
        part = urlsplit(f"//{target}" if method == "CONNECT" else target)
        host, port = part.hostname or "", part.port or (443 if method == "CONNECT" else 80)
        if (host, port) not in self._hosts:
            self.refused.append(f"{host}:{port}")
            writer.write(b"HTTP/1.1 403 Not the package index\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        try:
            inner_reader, inner_writer = await self._connected(host, port, tunnel=method == "CONNECT")
        except OSError as error:
            writer.write(
                f"HTTP/1.1 502 {error.strerror or 'no connection'}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode(
                    "latin-1", "replace"
                )
            )
            await writer.drain()
            return
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:  # one request a connection: the next may name another host
            path = (part.path or "/") + (f"?{part.query}" if part.query else "")
            headers = re.sub(r"(?im)^(?:proxy-)?connection:.*\r\n", "", head.split("\r\n", 1)[1])
            inner_writer.write(f"{method} {path} HTTP/1.1\r\nConnection: close\r\n{headers}".encode("latin-1"))
        await relay((reader, writer), (inner_reader, inner_writer))

    async def _connected(self, host: str, port: int, *, tunnel: bool) -> Streams:
        """To the host, through the proxy of this machine where it has one."""
        upstream = self._upstream(host, tunnel=tunnel)
        if upstream is None:
            return await asyncio.open_connection(host, port)
        outer = urlsplit(upstream)
        reader, writer = await asyncio.open_connection(outer.hostname, outer.port or 80, ssl=True if outer.scheme == "https" else None)
        sign_in = base64.b64encode(f"{unquote(outer.username)}:{unquote(outer.password or '')}".encode()).decode() if outer.username else ""
        authorization = f"Proxy-Authorization: Basic {sign_in}\r\n" if sign_in else ""
        writer.write(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n{authorization}\r\n".encode())
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        if " 200" not in answer.split("\r\n", 1)[0]:
            raise OSError(0, answer.split("\r\n", 1)[0])
        return reader, writer

    def _upstream(self, host: str, *, tunnel: bool) -> str | None:
        exempt = [name.strip().lstrip(".").lower() for name in self._environment.get("no_proxy", "").split(",") if name.strip()]
        if any(name == "*" or host == name or host.endswith(f".{name}") for name in exempt):
            return None
        scheme = "https_proxy" if tunnel else "http_proxy"
        url = self._environment.get(scheme) or self._environment.get("all_proxy")
        return (url if "://" in url else f"http://{url}") if url else None
