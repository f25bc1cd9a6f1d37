"""Runs inside a replica's network, in a container of its own: it tells what listens, and carries connections in over its own stdin.

The replica's network is none at all but loopback, so that nothing of this machine, of other apps or of the internet can be reached;
this program is the one way in, and the engine's attached streams are its wire, wherever the engine runs. It is handed to
``python3 -c`` of the replica's own image, so it may use nothing newer than Python 3.7 and nothing but the standard library.

Frames, both ways: kind (1 byte), connection (4), length (4), content. ``O`` opens a connection to the port that its content names,
``D`` is data, ``E`` the end of one direction, ``C`` the end of all; ``L`` lists what listens, as JSON, from here only.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import struct
import sys
from pathlib import Path

HEADER = struct.Struct(">cII")
PIECE = 65536
OFTEN, SELDOM, STARTING = 0.05, 1.0, 600  # seconds between two looks at what listens; looks that are made often


def listening() -> list[tuple[str, int]]:
    """Address and port of every TCP socket that listens in this network."""
    ports = set()
    for table, family in (("/proc/self/net/tcp", socket.AF_INET), ("/proc/self/net/tcp6", socket.AF_INET6)):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            local, state = row.split()[1], row.split()[3]
            if state == "0A":
                address, port = local.split(":")
                words = struct.unpack(f">{len(address) // 8}I", bytes.fromhex(address))
                ports.add((socket.inet_ntop(family, struct.pack(f"={len(words)}I", *words)), int(port, 16)))
    return sorted(ports)


class Carrier:
    """The connections that were carried in, each with the queue of what came for it."""

    def __init__(self) -> None:
        self.connections: dict[int, asyncio.Queue[tuple[bytes, bytes]]] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    def send(self, kind: bytes, connection: int = 0, content: bytes = b"") -> None:
        """Write one frame to this process's output, whole: its head (kind, connection, length) and its content."""
        view = memoryview(HEADER.pack(kind, connection, len(content)) + content)
        while view:
            view = view[os.write(1, view) :]

    async def tell(self) -> None:
        """Tell what listens, whenever that changed."""
        known: list[tuple[str, int]] | None = None
        looks = 0
        while True:
            now = listening()
            if now != known:
                known = now
                self.send(b"L", 0, json.dumps(now).encode())
            looks += 1
            await asyncio.sleep(SELDOM if looks > STARTING else OFTEN)

    async def obey(self) -> None:
        """Take frames until the input ends, which raises IncompleteReadError."""
        reader = asyncio.StreamReader(limit=1 << 22)
        loop = asyncio.get_event_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while True:
            kind, connection, length = HEADER.unpack(await reader.readexactly(HEADER.size))
            content = await reader.readexactly(length)
            if kind == b"O":
                self.connections[connection] = asyncio.Queue()
                self.tasks.add(loop.create_task(self.carry(connection, int(content), self.connections[connection])))
            elif connection in self.connections:
                self.connections[connection].put_nowait((kind, content))

    async def carry(self, connection: int, port: int, queue: asyncio.Queue[tuple[bytes, bytes]]) -> None:
        """Carry one connection until either side ends it."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            self.connections.pop(connection, None)
            self.send(b"C", connection)
            return
        pumping = asyncio.get_event_loop().create_task(self.pump(connection, reader))
        try:
            while True:
                kind, content = await queue.get()
                if kind == b"C":
                    break
                if kind == b"E":
                    if writer.can_write_eof():
                        writer.write_eof()
                    continue
                writer.write(content)
                await writer.drain()
        except OSError:
            pass
        finally:
            self.tasks = {task for task in self.tasks if not task.done()}
            pumping.cancel()
            writer.close()
            self.connections.pop(connection, None)
            self.send(b"C", connection)

    async def pump(self, connection: int, reader: asyncio.StreamReader) -> None:
        """Carry what the app answers out."""
        try:
            while True:
                data = await reader.read(PIECE)
                if not data:
                    break
                self.send(b"D", connection, data)
        except OSError:
            pass
        self.send(b"E", connection)


async def main() -> None:
    """Serve until the input ends."""
    carrier = Carrier()
    telling = asyncio.get_event_loop().create_task(carrier.tell())
    try:
        await carrier.obey()
    except asyncio.IncompleteReadError:
        pass  # the practice cloud is gone, and so is the reason to be
    finally:
        telling.cancel()


if __name__ == "__main__":
    asyncio.run(main())
