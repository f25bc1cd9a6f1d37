"""Runs one container as a child process and dies with whoever started it: ``python -m wizard.practice.runtime.supervisor``.

The first line of standard input is a JSON object (see `Launch`), never an argument, since it holds secrets; every further line is an
order: ``bridge PORT`` or ``stop SECONDS``. The end of the input ends the container at once: nothing outlives a killed practice cloud.
Standard output reports, a JSON object a line: ``{"started": pid}``, ``{"failed": text}``, ``{"listening": [[address, port], ...]}``,
``{"bridged": port, "at": path or port}``, ``{"out_of_memory": pid}`` and last ``{"exited": status}`` (negative: the signal). Standard
error is the container's console.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

from wizard.practice.runtime import memory_limit as container_memory
from wizard.practice.runtime.launch import Launch

LOOK_OFTEN, LOOK_SELDOM = 0.05, 1.0  # seconds between two looks at what listens: before and after the first listener
STARTING = 30.0  # seconds in which a first listener is expected
END = signal.SIGKILL if os.name == "posix" else signal.SIGTERM


class Container(Protocol):
    """The child process, as the two kinds of container have it."""

    pid: int

    def start(self) -> str:
        """Start the child; the reason when that failed, else an empty text."""

    async def wait(self) -> int:
        """Wait until the child has ended; its exit status, negative for a signal."""

    def kill(self, number: int) -> None:
        """Send a signal to the child and all that belong to it."""

    def listening(self) -> list[tuple[str, int]]:
        """Address and port of everything that listens."""

    async def bridge(self, port: int) -> str | int:
        """Make the container's `port` reachable from this machine: the path of a Unix socket, or a port on loopback (0 for none)."""

    async def carry_out(self) -> None:
        """Carry what the container sends to its way out, if it has one, until cancelled."""

    def orders(self) -> AsyncIterator[str]:
        """The further lines of standard input."""


def report(**what: Any) -> None:
    """Tell the practice cloud."""
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


async def supervise(container: Container, memory: int = 0) -> int:
    """Obey, report and keep to its memory until the container has ended; its exit status."""
    # Standard error is the container's console: what asyncio has to say of connections that end with the container does not belong there.
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)

    async def bridge(port: int) -> str | int:
        try:
            return await container.bridge(port)
        except OSError:  # no place for a socket: unreachable, and the orders after this one are obeyed all the same
            return 0

    async def obey() -> None:
        async for line in container.orders():
            match line.split():
                case ["bridge", port]:
                    report(bridged=int(port), at=await bridge(int(port)))
                case ["stop", seconds]:
                    container.kill(signal.SIGTERM)
                    asyncio.get_running_loop().call_later(float(seconds), container.kill, END)
        container.kill(END)

    async def watch_listeners() -> None:
        known: list[tuple[str, int]] = []
        began = time.monotonic()
        while True:
            now = container.listening()
            if now != known:
                known = now
                report(listening=now)
            seldom = now or time.monotonic() - began > STARTING
            await asyncio.sleep(LOOK_SELDOM if seldom else LOOK_OFTEN)

    keeping = container_memory.enforce(container.pid, memory, lambda pid: report(out_of_memory=pid))
    tasks = [asyncio.create_task(each) for each in (obey(), watch_listeners(), keeping, container.carry_out())]
    status = await container.wait()
    for task in tasks:
        task.cancel()
    return status


def container_for(launch: Launch) -> Container:
    """The kind of container that `launch` asks for."""
    if launch.confined:
        from wizard.practice.runtime.confined_container import ConfinedContainer

        return ConfinedContainer(launch)
    from wizard.practice.runtime.plain_container import PlainContainer

    return PlainContainer(launch)


def main() -> int:
    """Run the container that standard input describes; with ``--check``, only say whether this machine allows confined ones."""
    if sys.argv[1:] == ["--check"]:
        return check()
    launch = Launch(**json.loads(os.fdopen(0, "rb", buffering=0, closefd=False).readline()))
    container = container_for(launch)
    if reason := container.start():
        report(failed=reason)
    else:
        report(started=container.pid)
        status = asyncio.run(supervise(container, launch.memory))
        container.kill(END)  # what the child left behind
        report(exited=status)
    shutil.rmtree(launch.sockets, ignore_errors=True)
    with contextlib.suppress(OSError):
        Path(launch.sockets).parent.rmdir()  # the last one after the practice cloud was killed
    os._exit(0)  # a thread may still wait for an order


def check() -> int:
    """Start ``true`` in a confined container: 0 when that works."""
    with tempfile.TemporaryDirectory(prefix="azw-") as folder:
        for name in ("root", "tree"):
            Path(folder, name).mkdir()
        container = container_for(Launch(True, ["true"], {"PATH": "/usr/bin:/bin"}, "/", folder, folder, "check"))
        return 1 if container.start() else asyncio.run(container.wait())


if __name__ == "__main__":
    sys.exit(main())
