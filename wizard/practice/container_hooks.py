"""What the practice cloud changes inside a container's Python; copied beside ``hooks.json`` as ``sitecustomize.py`` and put on PYTHONPATH.

Runs in the interpreter of the deployed API, so it needs nothing but the standard library. ``hooks.json`` holds
``{"locked": [folder, ...], "ports": bool}``: SQLite files in a locked folder lie on a share that was mounted without ``nobrl``, where
byte-range locks do not work (errors.md 55); with `ports` every listening socket is moved to a port of its own on loopback and noted in
``bound.jsonl``, for machines where a container cannot have a network of its own.
"""

import json
import os
import socket
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SQLITE_PENDING_BYTE = 0x40000000

# Holds the lock that every SQLite reader and writer asks for first, until its standard input ends with the process it was started by.
HOLDER = f"""
import fcntl, os, sys
file = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o666)
fcntl.lockf(file, fcntl.LOCK_EX, 1, {SQLITE_PENDING_BYTE})
print(flush=True)
sys.stdin.read()
"""


def lock_databases(folders):
    """Make SQLite answer "database is locked" for every file in one of `folders`."""
    held = {}

    def hook(event, arguments):
        if event != "sqlite3.connect" or not isinstance(arguments[0], (str, bytes, os.PathLike)):
            return
        name = os.fsdecode(arguments[0])
        path = os.path.realpath(name[5:].split("?")[0] if name.startswith("file:") else name)
        if path in held or not any(path.startswith(folder.rstrip("/") + "/") for folder in folders):
            return
        held[path] = None  # before anything that could raise this event again
        command = [sys.executable, "-S", "-E", "-c", HOLDER, path]
        held[path] = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        held[path].stdout.readline()

    sys.addaudithook(hook)


def move_ports():
    """Let a server believe that it listens on the port it asked for."""
    real_bind, real_listen, asked = socket.socket.bind, socket.socket.listen, {}

    def bind(self, address):
        if self.family not in (socket.AF_INET, socket.AF_INET6) or not self.type & socket.SOCK_STREAM or address[1] == 0:
            return real_bind(self, address)
        asked[self.fileno()] = address[:2]
        return real_bind(self, ("127.0.0.1" if self.family == socket.AF_INET else "::1", 0))

    def listen(self, *backlog):
        real_listen(self, *backlog)
        host, port = asked.get(self.fileno(), ("", 0))
        if port:
            line = json.dumps({"address": host or "0.0.0.0", "port": port, "real": self.getsockname()[1]})
            with open(os.path.join(HERE, "bound.jsonl"), "a") as note:
                note.write(line + "\n")

    socket.socket.bind, socket.socket.listen = bind, listen


if __name__ == "sitecustomize":
    with open(os.path.join(HERE, "hooks.json")) as _file:
        _wanted = json.load(_file)
    if _wanted["locked"]:
        lock_databases(_wanted["locked"])
    if _wanted["ports"]:
        move_ports()
