"""A terminal that tells when something was painted: the wizard runs in it as in a person's, and nobody looks over its shoulder."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

PATIENCE = 20.0  # seconds
STYLE = re.compile(rb"\x1b\[[0-9;]*m")
MOVE = re.compile(rb"\x1b\[[0-9;?]*[A-Za-ln-z]")


class PseudoTerminal:
    """A program in a terminal of 80 by 24.

    :param command: the program and its arguments, begun at once.
    """

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._reads, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        self._lost_before = _waited_for_a_processor(os.getpid())
        self.began = time.monotonic()
        self._process = subprocess.Popen(
            command, cwd=folder, env={**environment, **terminal}, stdin=child, stdout=child, stderr=child, start_new_session=True
        )
        os.close(child)
        self._painted = b""

    def __enter__(self) -> PseudoTerminal:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._reads)

    @property
    def pid(self) -> int:
        """The program's process."""
        return self._process.pid

    def press(self, keys: str) -> float:
        """Press keys, as a terminal sends them; gives the second in which that was."""
        self._painted = b""
        os.write(self._reads, keys.encode())
        return time.monotonic()

    def wait(self, *texts: str, seconds: float = PATIENCE) -> float:
        """Wait until each of these (regular expressions) was painted since the latest key; gives the second of the last of it."""
        patterns = [re.compile(text.encode()) for text in texts]
        deadline = time.monotonic() + seconds
        while not all(pattern.search(self.painted) for pattern in patterns):
            ready, _none, _nothing = select.select([self._reads], [], [], max(deadline - time.monotonic(), 0))
            assert ready, f"{texts} never came:\n{self.painted.decode(errors='replace')}"
            self._painted += os.read(self._reads, 1 << 16)
        return time.monotonic()

    def settle(self, seconds: float = 0.2) -> None:
        """Wait until nothing more is painted, as a person does who looks before typing."""
        while select.select([self._reads], [], [], seconds)[0]:
            os.read(self._reads, 1 << 16)

    def stolen(self) -> float:
        """Seconds since its start for which it, or who looks at it, could have run and other programs did, as Linux counts them."""
        return sum(_waited_for_a_processor(process) for process in (self._process.pid, os.getpid())) - self._lost_before

    @property
    def painted(self) -> bytes:
        """What was painted since the latest key, without colours, in a line for each place."""
        return MOVE.sub(b"\n", STYLE.sub(b"", self._painted))


def _waited_for_a_processor(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[1]) / 1e9
    except FileNotFoundError:  # another system than Linux
        return 0.0
