"""A container on Linux, in namespaces of its own. This process holds the user and network namespace, so it can carry connections in."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NoReturn

from wizard.practice.runtime import namespaces
from wizard.practice.runtime.launch import Launch
from wizard.practice.runtime.relay import relay

OUTLET_PORT = 3128  # on the container's loopback, where its only way out begins


class ConfinedContainer:
    """See `supervisor.Container`. No thread may start here: a process that has unshared its process namespace can have none."""

    def __init__(self, launch: Launch) -> None:
        self.pid = 0
        self._launch = launch
        self._servers: dict[int, asyncio.Server] = {}
        self._way_out: socket.socket | None = None

    def start(self) -> str:
        """Begin the process in namespaces of its own; "" once it runs, otherwise why it could not be executed."""
        try:
            namespaces.enter()
            if self._launch.outlet:
                self._way_out = socket.create_server(("127.0.0.1", OUTLET_PORT))
        except OSError as error:
            return str(error)
        reason_reader, telling = os.pipe()  # closed by a successful exec, otherwise it carries the reason
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reason_reader)
            _become_container(self._launch, telling)
        os.close(telling)
        with os.fdopen(reason_reader) as pipe:
            return pipe.read()

    async def wait(self) -> int:
        """Wait until the process ends; its exit status, negative for the signal that ended it."""
        ended = asyncio.Event()
        descriptor = os.pidfd_open(self.pid)
        asyncio.get_running_loop().add_reader(descriptor, ended.set)
        await ended.wait()
        asyncio.get_running_loop().remove_reader(descriptor)
        os.close(descriptor)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, os.WNOHANG)[1])  # noqa: ASYNC222  it has ended

    def kill(self, number: int) -> None:
        """Send a signal to the process; where it dies, all others in its namespace end with it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)  # it is the first process of its namespace: all others end with it

    def listening(self) -> list[tuple[str, int]]:
        """What listens in the container: addresses with their ports."""
        return namespaces.listening()

    async def bridge(self, port: int) -> str | int:
        """The Unix socket through which a port of the container can be reached from outside."""
        path = str(Path(self._launch.sockets, f"{port}.sock"))
        if port not in self._servers:
            self._servers[port] = await asyncio.start_unix_server(lambda r, w: _forward(r, w, port), path)
        return path

    async def carry_out(self) -> None:
        """Carry connections of the container's processes to the way out that it was given, if any."""
        if self._way_out is None:
            return

        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                outer_reader, outer_writer = await asyncio.open_unix_connection(self._launch.outlet)
            except OSError:
                writer.close()
                return
            await relay((reader, writer), (outer_reader, outer_writer))
            for one in (writer, outer_writer):
                one.close()

        server = await asyncio.start_server(carry, sock=self._way_out)
        await server.serve_forever()

    async def orders(self) -> AsyncIterator[str]:
        """The orders that the practice cloud gives, a line each, until it goes."""
        reader = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        async for line in reader:
            yield line.decode()


def _become_container(launch: Launch, telling: int) -> NoReturn:
    """Turn this forked process into the container."""
    folder = Path(launch.folder)
    try:
        namespaces.die_with_parent()
        os.setsid()
        namespaces.build_root(folder / "root", tree=folder / "tree", visible=launch.visible, mounts=launch.mounts, hostname=launch.hostname)
        os.chdir(launch.cwd)
        os.dup2(os.open("/dev/null", os.O_RDWR), 0)
        os.dup2(2, 1)
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)  # Python ignores them, which exec would pass on
        _execute(launch)
    except OSError as error:
        os.write(telling, str(error).encode())
    finally:
        os._exit(127)


def _execute(launch: Launch) -> NoReturn:
    """Become the program. What keeps it from that is said as container engines say it (tried with docker.io 20.10, runc 1.1): at the
    start for a program that is absent or may not be run, on the console for a script whose interpreter is absent or not named.
    """
    name = launch.argv[0]
    try:
        os.execvpe(name, launch.argv, launch.env)  # noqa: S606
    except FileNotFoundError:
        if "/" not in name or not Path(name).exists():
            raise OSError(f'exec: "{name}": executable file not found in $PATH') from None
        os.write(2, f"exec {name}: no such file or directory\n".encode())
    except PermissionError:
        reason = "is a directory" if Path(name).is_dir() else "permission denied"
        raise OSError(f'exec: "{name}": {reason}') from None
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            raise
        os.write(2, f"exec {name}: exec format error\n".encode())
    os._exit(1)


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    """Carry one connection between a bridge and the container; a refused one is closed without a byte."""
    try:
        inner_reader, inner_writer = await asyncio.open_connection(namespaces.ADDRESS, port)
    except OSError:
        writer.close()
        return
    await relay((reader, writer), (inner_reader, inner_writer))
    for one in (writer, inner_writer):
        one.close()
