"""What the practice cloud changes inside a container's Python; copied beside ``hooks.json`` as ``sitecustomize.py`` and put on PYTHONPATH.

Runs in the interpreter of the deployed API, so it needs nothing but the standard library. ``hooks.json`` holds
``{"locked": [folder, ...], "ports": bool}``: SQLite files in a locked folder lie on a share that was mounted without ``nobrl``, where
byte-range locks do not work (errors.md 55); with `ports` every listening socket is moved to a port of its own on loopback and noted in
``bound.jsonl``, for machines where a container cannot have a network of its own.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SQLITE_PENDING_BYTE = 0x40000000

# Holds the lock that every SQLite reader and writer asks for first, until its standard input ends with the process it was started by.
HOLDER = f"""
import fcntl, os, sys
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o666)
fcntl.lockf(file, fcntl.LOCK_EX, 1, {SQLITE_PENDING_BYTE})
print(flush=True)
sys.stdin.read()
"""


def lock_databases(folders: list[str]) -> None:
    """Make SQLite answer "database is locked" for every file in one of `folders`."""
    held: dict[str, Any] = {}

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "sqlite3.connect" or not isinstance(arguments[0], (str, bytes, os.PathLike)):
            return
        name = os.fsdecode(arguments[0])
        path = os.path.realpath(name[5:].split("?")[0] if name.startswith("file:") else name)
        if path in held or not any(path.startswith(folder.rstrip("/") + "/") for folder in folders):
            return
        held[path] = None  # before anything that could raise this event again
        command = [sys.executable, "-S", "-E", "-c", HOLDER, path]
        held[path] = holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if holder.stdout is not None:
            holder.stdout.readline()

    sys.addaudithook(hook)


def move_ports() -> None:
    """Let a server believe that it listens on the port it asked for."""
    real_bind, real_listen = socket.socket.bind, socket.socket.listen
    moved: dict[int, tuple[str, int]] = {}

    def bind(self: socket.socket, address: Any) -> None:
        if self.family not in (socket.AF_INET, socket.AF_INET6) or not self.type & socket.SOCK_STREAM or address[1] == 0:
            return real_bind(self, address)
        moved[self.fileno()] = (address[0], address[1])
        return real_bind(self, ("127.0.0.1" if self.family == socket.AF_INET else "::1", 0))

    def listen(self: socket.socket, *backlog: int) -> None:
        real_listen(self, *backlog)
        host, port = moved.get(self.fileno(), ("", 0))
        if port:
            entry = {"address": host or "0.0.0.0", "port": port, "real": self.getsockname()[1]}  # noqa: S104  what was asked for
            with (HERE / "bound.jsonl").open("a") as note:
                note.write(json.dumps(entry) + "\n")

    socket.socket.bind, socket.socket.listen = bind, listen  # type: ignore[method-assign,assignment]


if __name__ == "sitecustomize":
    _wanted = json.loads((HERE / "hooks.json").read_text())
    if _wanted["locked"]:
        lock_databases(_wanted["locked"])
    if _wanted["ports"]:
        move_ports()
