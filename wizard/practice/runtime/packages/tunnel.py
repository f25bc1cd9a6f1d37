"""This machine's end of a carrier (see `carrier`): Unix sockets, or loopback ports, whose connections go into a replica's network."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
from collections.abc import Callable
from pathlib import Path

from aiodocker.stream import Stream

from wizard.practice.kernel.tasks import spawn
from wizard.practice.runtime.carrier import HEADER, PIECE

STDOUT = 1


class Tunnel:
    """The connections into one replica's network over an attached carrier.

    :param listens: told address and port of everything that listens there, whenever that changed.
    """

    def __init__(self, stream: Stream, sockets: Path, listens: Callable[[list[tuple[str, int]]], None]) -> None:
        self._stream, self._sockets, self._listens = stream, sockets, listens
        self._numbers = itertools.count(1)
        self._writers: dict[int, asyncio.StreamWriter] = {}
        self._servers: dict[int, asyncio.Server] = {}
        self._places: dict[int, str | int] = {}
        self._sending = asyncio.Lock()
        self._reading = spawn(self._read())

    async def bridge(self, port: int) -> str | int:
        """The path of a Unix socket, or a port on 127.0.0.1, whose connections end at `port` in there."""
        if port not in self._places:
            accept = lambda reader, writer: self._carry(port, reader, writer)  # noqa: E731
            if os.name == "posix":
                place = str(self._sockets / f"{port}.sock")
                self._servers[port] = await asyncio.start_unix_server(accept, place)
                self._places[port] = place
            else:
                self._servers[port] = server = await asyncio.start_server(accept, "127.0.0.1", 0)
                self._places[port] = int(server.sockets[0].getsockname()[1])
        return self._places[port]

    async def close(self) -> None:
        """Close every connection and what listens for new ones."""
        for server in self._servers.values():
            server.close()
        for writer in self._writers.values():
            writer.close()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self._stream.close()

    async def _carry(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = next(self._numbers)
        self._writers[number] = writer
        with contextlib.suppress(OSError, RuntimeError, asyncio.CancelledError):
            await self._send(b"O", number, str(port).encode())
            while data := await reader.read(PIECE):
                await self._send(b"D", number, data)
            await self._send(b"E", number)

    async def _send(self, kind: bytes, number: int, content: bytes = b"") -> None:
        async with self._sending:
            await self._stream.write_in(HEADER.pack(kind, number, len(content)) + content)

    async def _read(self) -> None:
        buffer = bytearray()
        while message := await self._stream.read_out():
            if message.stream != STDOUT:
                continue
            buffer += message.data
            while len(buffer) >= HEADER.size:
                kind, number, length = HEADER.unpack_from(buffer)
                if len(buffer) < HEADER.size + length:
                    break
                content = bytes(buffer[HEADER.size : HEADER.size + length])
                del buffer[: HEADER.size + length]
                await self._take(kind, number, content)
        self._listens([])

    async def _take(self, kind: bytes, number: int, content: bytes) -> None:
        if kind == b"L":
            self._listens([(str(address), int(port)) for address, port in json.loads(content)])
            return
        writer = self._writers.get(number)
        if writer is None:
            return
        with contextlib.suppress(OSError, RuntimeError):
            if kind == b"D":
                writer.write(content)
                await writer.drain()
            elif kind == b"E" and writer.can_write_eof():
                writer.write_eof()
        if kind == b"C":
            writer.close()
            del self._writers[number]
