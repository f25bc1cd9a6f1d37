"""One replica as containers of an engine: its console, its ports, how it ends."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path

import aiohttp
from aiodocker.containers import DockerContainer
from aiodocker.exceptions import DockerError
from aiodocker.stream import Stream

from wizard.practice.kernel.tasks import spawn
from wizard.practice.runtime.packages.tunnel import Tunnel
from wizard.practice.runtime.usage import ContainerUsage

NOTE = (
    "practice cloud: this container runs your image as it was built. Connections to the outside and the size of its own disk "
    "are not rehearsed."
)
KILLED = 137


class EngineReplica:
    """A replica of two containers; see `RunningReplica`."""

    def __init__(self, folder: Path, sockets: Path) -> None:
        self.note = NOTE
        self.folder = folder
        self.listening: list[tuple[str, int]] = []
        self.changed = asyncio.Event()
        self.exited: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.out_of_memory = False
        self.carrier: DockerContainer | None = None
        self._sockets = sockets
        self._tunnel: Tunnel | None = None
        self._app: DockerContainer | None = None
        self._console: _Console | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def reachable(self, port: int) -> bool:
        """Whether the container listens at a port on more than its own loopback."""
        return any(number == port and address not in ("127.0.0.1", "::1") for address, number in self.listening)

    async def bridge(self, port: int) -> str | int:
        """Where a port of the container can be reached from this machine: a socket or a port; 0 before the tunnel is there."""
        return 0 if self._tunnel is None else await self._tunnel.bridge(port)

    async def usage(self) -> ContainerUsage | None:
        """What the engine says that the container uses; None where it does not tell."""
        if self._app is None:
            return None
        try:
            (told,) = await self._app.stats(stream=False)
            memory, cpu = told["memory_stats"], told["cpu_stats"]["cpu_usage"]
            inactive = (memory.get("stats") or {}).get("inactive_file", 0)  # the working set, as Kubernetes reckons it
            return ContainerUsage(int(cpu["total_usage"]) / 1_000_000_000, int(memory["usage"]) - int(inactive))
        except (DockerError, aiohttp.ClientError, KeyError, ValueError):
            return None

    async def stop(self, grace_seconds: float = 2.0) -> None:
        """End the container: asked first, and killed after `grace_seconds`."""
        if self._app is not None:
            with contextlib.suppress(DockerError, aiohttp.ClientError):
                if not self.exited.done():
                    await self._app.stop(t=max(1, round(grace_seconds)))
        if self._console is not None:
            await self._console.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._tunnel is not None:
            await self._tunnel.close()
        for container in (self._app, self.carrier):
            if container is not None:
                with contextlib.suppress(DockerError, aiohttp.ClientError):
                    await container.delete(force=True, v=True)
        if not self.exited.done():
            self.exited.set_result(KILLED)
        for folder in (self.folder, self._sockets):
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    def carries(self, container: DockerContainer, stream: Stream) -> None:
        """Take the container that holds the network."""
        self.carrier = container
        self._sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._tunnel = Tunnel(stream, self._sockets, self._listens)

    def runs(self, container: DockerContainer, say: Callable[[str], None]) -> None:
        """Take the container of the app, before it is started."""
        self._app = container
        self._console = _Console(container, say)

    async def listen(self) -> None:
        """Attach to the console, so that not a line is lost."""
        assert self._console is not None
        await self._console.open()

    def watch(self) -> None:
        """Wait for the end of the app."""
        spawn(self._wait(), self._tasks)

    async def _wait(self) -> None:
        assert self._app is not None and self._console is not None
        try:
            code = int((await self._app.wait())["StatusCode"])
            self.out_of_memory = bool((await self._app.show())["State"].get("OOMKilled"))
        except (DockerError, aiohttp.ClientError, KeyError):
            code = KILLED  # the engine itself ended
        await self._console.rest()
        self._listens([])
        if not self.exited.done():
            self.exited.set_result(code)

    def _listens(self, entries: list[tuple[str, int]]) -> None:
        self.listening = [] if self.exited.done() else entries
        self.changed.set()


class _Console:
    """The lines of a container, passed on as they come. The engine itself keeps none: they may hold secrets."""

    LAST_WORDS = 2.0  # seconds that output may still come after the end

    def __init__(self, container: DockerContainer, say: Callable[[str], None]) -> None:
        self._stream = container.attach(stdout=True, stderr=True)
        self._say = say
        self._reading: asyncio.Task[None] | None = None

    async def open(self) -> None:
        await self._stream.__aenter__()
        self._reading = spawn(self._read())

    async def rest(self) -> None:
        """Wait for the last lines."""
        if self._reading is not None:
            await asyncio.wait([self._reading], timeout=self.LAST_WORDS)

    async def close(self) -> None:
        if self._reading is not None:
            await self.rest()
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        await self._stream.close()

    async def _read(self) -> None:
        halves: dict[int, bytes] = {}
        while message := await self._stream.read_out():
            *lines, halves[message.stream] = (halves.get(message.stream, b"") + message.data).split(b"\n")
            for line in lines:
                self._say(line.decode(errors="replace").rstrip("\r"))
        for half in halves.values():
            if half:
                self._say(half.decode(errors="replace"))
