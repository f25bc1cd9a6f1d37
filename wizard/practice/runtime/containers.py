"""Runs containers as real processes: with namespaces of their own where this machine allows it, as plain processes elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path

from wizard.practice.runtime.launch_recipes import CONFINED_NOTE, PLAIN_NOTE, Recipe, below, confined_launch, plain_launch, prepare
from wizard.practice.runtime.python_environments import PythonEnvironments

# -P: a folder called wizard where the practice cloud was started must not be taken for this package.
LAST_WORDS = 2.0  # seconds that output may still come after the end
SANDBOX = (sys.executable, "-P", "-m", "wizard.practice.runtime.supervisor")


class StartFailed(Exception):
    """The process could not be started at all, as when its program does not exist."""


class RunningContainer:
    """A started container; its process ends with this program, however this program ends."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path, say: Callable[[str], None]) -> None:
        self.pid = 0
        self.listening: list[tuple[str, int]] = []
        self.out_of_memory = False  # whether its first process was ended for holding more than it was given
        self.changed = asyncio.Event()  # set whenever `listening` changed or the process ended
        self.started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.exited: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._process = process
        self._folder = folder
        self._bridges: dict[int, asyncio.Future[str | int]] = {}
        self._reading = asyncio.gather(self._read_reports(), self._read_console(say))

    def reachable(self, port: int) -> bool:
        """Whether something listens on `port` of more than loopback."""
        return any(number == port and address not in ("127.0.0.1", "::1") for address, number in self.listening)

    async def bridge(self, port: int) -> str | int:
        """Where the container's `port` is reached from here: a Unix socket's path, or a port on 127.0.0.1 (0 for none)."""
        if port not in self._bridges:
            self._bridges[port] = asyncio.get_running_loop().create_future()
            self._order(f"bridge {port}")
        at = await asyncio.shield(self._bridges[port])
        if at == 0:
            self._bridges.pop(port, None)
        return at

    async def stop(self, grace_seconds: float = 2.0) -> None:
        """End the process: SIGTERM, and SIGKILL when that does not help in time; its folder goes too."""
        self._order(f"stop {grace_seconds}")
        await self._process.wait()
        await asyncio.wait([self._reading], timeout=LAST_WORDS)  # a plain process may have left one behind that still holds the console
        self._reading.cancel()
        if self._process.stdin is not None:
            self._process.stdin.close()
            with contextlib.suppress(OSError):
                await self._process.stdin.wait_closed()
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    def _order(self, line: str) -> None:
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(line.encode() + b"\n")

    async def _read_reports(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self._take(json.loads(line))
        self._ended(-9)

    def _take(self, report: dict[str, object]) -> None:
        match report:
            case {"started": int(pid)}:
                self.pid = pid
                self.started.set_result(None)
            case {"failed": str(reason)}:
                self.started.set_exception(StartFailed(reason))
            case {"listening": list(entries)}:
                self.listening = [(str(address), int(port)) for address, port in entries]
                self.changed.set()
            case {"bridged": int(port), "at": (str() | int()) as at}:
                self._bridges[port].set_result(at)
            case {"out_of_memory": int(pid)}:
                self.out_of_memory = pid == self.pid
            case {"exited": int(status)}:
                self._ended(status)

    def _ended(self, status: int) -> None:
        self.listening = []
        if not self.started.done():
            self.started.set_exception(StartFailed("the sandbox ended unexpectedly"))
        for bridge in self._bridges.values():
            if not bridge.done():
                bridge.set_result(0)
        if not self.exited.done():
            self.exited.set_result(status)
        self.changed.set()

    async def _read_console(self, say: Callable[[str], None]) -> None:
        assert self._process.stderr is not None
        while line := await _read_line(self._process.stderr):
            say(line.decode(errors="replace").rstrip("\r\n"))


class ContainerRunner:
    """Starts the containers of one practice cloud."""

    def __init__(self, home: Path, *, confined: bool | None = None) -> None:
        """Run containers below `home`; confined or not, as this machine allows unless told."""
        self._confined = confined
        self._folder = home / "replicas"
        self._sockets: Path | None = None
        self.environments = PythonEnvironments(home / "python")
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def note(self) -> str:
        """What running here does not stand for, for the first line of a container's console."""
        return CONFINED_NOTE if self._confined else PLAIN_NOTE

    async def start(self, recipe: Recipe, say: Callable[[str], None]) -> RunningContainer:
        """Start a container and pass each line of its console to `say`.

        :raises InstallFailed: when its requirements cannot be installed.
        :raises StartFailed: when its program cannot be executed.
        """
        if self._confined is None:
            self._confined = await asyncio.to_thread(can_confine)
        environment = await self.environments.ready(below(recipe.files, recipe.workdir), recipe.runs)
        folder = self._folder / recipe.name
        await asyncio.to_thread(prepare, recipe, folder, confined=self._confined)
        launch = (confined_launch if self._confined else plain_launch)(recipe, folder, environment)
        launch.sockets = self._sockets_of(recipe)
        process = await asyncio.create_subprocess_exec(
            *SANDBOX,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdin is not None
        process.stdin.write(json.dumps(asdict(launch)).encode() + b"\n")
        container = RunningContainer(process, folder, say)
        try:
            await container.started
        except BaseException:
            await container.stop()
            raise
        return container

    def close(self) -> None:
        """Remove what the runner keeps outside the cloud's home."""
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)

    def _sockets_of(self, recipe: Recipe) -> str:
        """A folder for a replica's bridges, outside the home: the path of a Unix socket may have about 100 characters only."""
        if self._sockets is None:
            self._sockets = Path(tempfile.mkdtemp(prefix="azw-"))
        place = self._sockets / recipe.name
        place.mkdir(mode=0o700, parents=True, exist_ok=True)  # a sandbox that ends may take the emptied parent along
        return str(place)


async def _read_line(stream: asyncio.StreamReader) -> bytes:
    """The next line, in pieces when it is longer than the stream's buffer."""
    try:
        return await stream.readuntil(b"\n")
    except asyncio.IncompleteReadError as end:
        return end.partial
    except asyncio.LimitOverrunError as long:
        return await stream.read(long.consumed)


@cache
def can_confine() -> bool:
    """Whether this machine lets an ordinary process make namespaces."""
    if not sys.platform.startswith("linux"):
        return False
    import subprocess

    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    return subprocess.run([*SANDBOX, "--check"], env=environment, capture_output=True, check=False, timeout=20).returncode == 0
