"""Carrying bytes from one connection to another and back."""

from __future__ import annotations

import asyncio
import contextlib

PIECE = 1 << 16

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def relay(one: Connection, other: Connection) -> None:
    """Carry what comes in on either connection to the other until both have ended; a lost one ends quietly."""
    await asyncio.gather(_pump(one[0], other[1]), _pump(other[0], one[1]))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(PIECE):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError):
        if writer.can_write_eof():
            writer.write_eof()
