"""A container where namespaces cannot be had: a plain process whose hook (see `python_hooks`) moves its ports to loopback."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from wizard.practice.runtime.launch import Launch
from wizard.practice.runtime.memory_limit import family

_PR_SET_CHILD_SUBREAPER = 36
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class PlainContainer:
    """See `supervisor.Container`."""

    def __init__(self, launch: Launch) -> None:
        self.pid = 0
        self._launch = launch
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Begin the process in a group of its own; "" once it runs, otherwise why it could not be executed."""
        _adopt_orphans()
        try:
            self._child = subprocess.Popen(
                self._launch.argv,
                env=self._launch.env,
                cwd=self._launch.cwd,
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr.fileno(),
                stderr=sys.stderr.fileno(),
                start_new_session=os.name == "posix",
            )
        except FileNotFoundError:
            program = Path(self._launch.cwd, self._launch.argv[0])
            if "/" in self._launch.argv[0] and program.exists():
                return f"exec {self._launch.argv[0]}: no such file or directory"
            return f'exec: "{self._launch.argv[0]}": executable file not found in $PATH'
        except PermissionError:
            folder = Path(self._launch.cwd, self._launch.argv[0]).is_dir()
            return f'exec: "{self._launch.argv[0]}": {"is a directory" if folder else "permission denied"}'
        except OSError as error:
            return str(error)
        self.pid = self._child.pid
        return ""

    async def wait(self) -> int:
        """Wait until the process ends; its exit status, negative for the signal that ended it."""
        assert self._child is not None
        return await asyncio.to_thread(self._child.wait)

    def kill(self, number: int) -> None:
        """Send a signal to the process and all that it began; the last one also to what left its group."""
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.Signals(number))
            for pid in family(os.getpid())[1:] if number == signal.SIGKILL else ():
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)
        else:
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(self.pid)], capture_output=True, check=False)

    def listening(self) -> list[tuple[str, int]]:
        """What listens, as the hook has told it: addresses with the ports that the API asked for."""
        return sorted({(entry["address"], entry["port"]) for entry in self._bound()})

    async def bridge(self, port: int) -> str | int:
        """The real port on loopback that stands for one of the API's, 0 where nothing listens there."""
        return next((entry["real"] for entry in reversed(self._bound()) if entry["port"] == port and entry["address"] not in _LOOPBACK), 0)

    async def carry_out(self) -> None:
        """Do nothing: a plain process has this machine's own network."""
        return

    async def orders(self) -> AsyncIterator[str]:
        """The orders that the practice cloud gives, a line each, until it goes."""
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[str] = asyncio.Queue()

        def read() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                for line in sys.stdin:
                    loop.call_soon_threadsafe(queue.put_nowait, line)
                loop.call_soon_threadsafe(queue.put_nowait, "")

        threading.Thread(target=read, daemon=True).start()
        while line := await queue.get():
            yield line

    def _bound(self) -> list[dict[str, Any]]:
        """What the process has bound, as its hook noted."""
        note = Path(self._launch.folder, "hooks", "bound.jsonl")
        return [json.loads(line) for line in note.read_text().splitlines()] if note.exists() else []


def _adopt_orphans() -> None:
    """Become the parent of what the process leaves behind, so that it can be ended with it (Linux alone has that)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
