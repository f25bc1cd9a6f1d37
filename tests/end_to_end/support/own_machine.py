"""A computer within this one, with a network and a hosts file of its own: port 443 is free, and this computer's file stays as it is."""

from __future__ import annotations

import fcntl
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[3]
SIOCSIFFLAGS, IFF_UP_RUNNING = 0x8914, 0x1 | 0x40


class NoMachine(Exception):
    """This computer allows no namespaces to those without rights; the text says what it said."""


class OwnMachine:
    """Linux namespaces that live until `close`. Its network is its own loopback and nothing else."""

    def __init__(self, folder: Path) -> None:
        """:raises NoMachine: where namespaces are forbidden or unknown."""
        self._hosts = folder / "hosts"
        self.resolve(())
        if not (shutil.which("unshare") and shutil.which("nsenter")):
            raise NoMachine("unshare and nsenter are not here")
        inside = [sys.executable, "-m", "tests.end_to_end.support.own_machine", str(self._hosts)]
        self._process = subprocess.Popen(
            ["unshare", "--user", "--map-root-user", "--mount", "--net", *inside],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        if self._process.stdout.readline() != "ready\n":
            raise NoMachine(self._process.communicate()[1].strip())

    def resolve(self, names: Iterable[str]) -> None:
        """Write its hosts file: these names, and no others, stand for its loopback."""
        self._hosts.write_text("".join(f"127.0.0.1 {name}\n" for name in ("localhost", *names)))

    def command(self, argv: Sequence[str | Path], cwd: Path) -> list[str]:
        """The command that runs `argv` on it."""
        target = ["--target", str(self._process.pid), "--user", "--mount", "--net", "--preserve-credentials", f"--wd={cwd}"]
        return ["nsenter", *target, *map(str, argv)]

    def close(self) -> None:
        self._process.communicate("")


def main() -> None:
    """Within the namespaces: put the hosts file into place, bring loopback up, and stay until standard input ends."""
    subprocess.run(["mount", "--bind", sys.argv[1], "/etc/hosts"], check=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP_RUNNING))
    print("ready", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
