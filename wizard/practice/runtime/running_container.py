"""A container that runs, seen from the practice cloud: the process that supervises it, and what that one reports."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path

from wizard.practice.kernel.tasks import spawn
from wizard.practice.runtime.child_process import module_command
from wizard.practice.runtime.launch import Launch, StartFailed
from wizard.practice.runtime.memory_limit import family
from wizard.practice.runtime.supervisor import END
from wizard.practice.runtime.usage import ContainerUsage, usage_of

SUPERVISOR_SECONDS = 20.0  # beyond the grace of what it supervises, before a supervisor that does not end is killed
LAST_WORDS = 2.0  # seconds that output may still come after the end


class RunningContainer:
    """A started container; its process ends with this program, however this program ends."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path, say: Callable[[str], None]) -> None:
        self.pid = 0
        self.note = ""  # what running it here does not stand for
        self.listening: list[tuple[str, int]] = []
        self.out_of_memory = False  # whether its first process was ended for holding more than it was given
        self.changed = asyncio.Event()  # set whenever `listening` changed or the process ended
        self.started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.exited: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._process = process
        self._folder = folder
        self._bridges: dict[int, asyncio.Future[str | int]] = {}
        self._reports = spawn(self._read_reports())  # ends with the supervisor, which alone holds its standard output
        self._console = spawn(self._read_console(say))

    def reachable(self, port: int) -> bool:
        """Whether something listens on `port` of more than loopback."""
        return any(number == port and address not in ("127.0.0.1", "::1") for address, number in self.listening)

    async def bridge(self, port: int) -> str | int:
        """Where the container's `port` is reached from here: a Unix socket's path, or a port on 127.0.0.1 (0 for none)."""
        if self.exited.done():
            return 0
        bridge = self._bridges.get(port)
        if bridge is None or (bridge.done() and bridge.result() == 0):
            bridge = self._bridges[port] = asyncio.get_running_loop().create_future()
            self._order(f"bridge {port}")
        return await asyncio.shield(bridge)

    async def usage(self) -> ContainerUsage | None:
        """What its processes use; None where this machine does not tell."""
        return await asyncio.to_thread(usage_of, self.pid)

    async def stop(self, grace_seconds: float = 2.0) -> None:
        """End the process: SIGTERM, and SIGKILL when that does not help in time; its folder goes too."""
        self._order(f"stop {grace_seconds}")
        ended, _ = await asyncio.wait([self._reports], timeout=grace_seconds + SUPERVISOR_SECONDS)
        if not ended:
            self._kill()
        with contextlib.suppress(TimeoutError):
            # Not without an end: asyncio's wait ends with the last holder of a pipe (python/cpython#119710), and a process that a plain
            # container left behind may hold the console.
            async with asyncio.timeout(LAST_WORDS):
                await self._process.wait()
                await asyncio.wait([self._console])
        for reading in (self._reports, self._console):
            reading.cancel()
        if self._process.stdin is not None:
            self._process.stdin.close()
            with contextlib.suppress(OSError):
                await self._process.stdin.wait_closed()
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    def _kill(self) -> None:
        """End the supervisor and all that it supervises at once."""
        for pid in family(self.pid) if self.pid else ():
            with contextlib.suppress(OSError):
                os.kill(pid, END)
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    def _order(self, line: str) -> None:
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(line.encode() + b"\n")

    async def _read_reports(self) -> None:
        assert self._process.stdout is not None
        try:
            async for line in self._process.stdout:
                self._take(json.loads(line))
        finally:
            self._ended(-9)

    def _take(self, report: dict[str, object]) -> None:
        match report:
            case {"started": int(pid)}:
                self.pid = pid
                if not self.started.done():  # whoever waited for it may have been cancelled, and it with them
                    self.started.set_result(None)
            case {"failed": str(reason)}:
                if not self.started.done():
                    self.started.set_exception(StartFailed(reason))
            case {"listening": list(entries)}:
                self.listening = [(str(address), int(port)) for address, port in entries]
                self.changed.set()
            case {"bridged": int(port), "at": (str() | int()) as at}:
                if (bridge := self._bridges.get(port)) is not None and not bridge.done():
                    bridge.set_result(at)
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


async def start_supervised(launch: Launch, folder: Path, say: Callable[[str], None]) -> RunningContainer:
    """Start what `launch` says below a supervisor of its own, and pass each line of its console to `say`.

    :param folder: the container's folder, which goes with it.
    :raises StartFailed: when its program cannot be executed.
    """
    process = await asyncio.create_subprocess_exec(
        *module_command("wizard.practice.runtime.supervisor"),
        env=_bare_environment(),
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


def _bare_environment() -> dict[str, str]:
    """What a supervisor needs itself; the container's variables come with its launch."""
    return {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG") if name in os.environ}


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
    check = [*module_command("wizard.practice.runtime.supervisor"), "--check"]
    return subprocess.run(check, env=_bare_environment(), capture_output=True, check=False, timeout=20).returncode == 0
