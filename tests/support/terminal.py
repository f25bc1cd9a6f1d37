"""A real terminal for tests: tmux with a server of its own, in which the wizard is the only process."""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path


class Terminal:
    """One tmux window.

    :param name: of the tmux server, so that no other is touched.
    :param size: columns and rows.
    :param tells_end: after the wizard has ended, ``left with`` and its exit status stand on the screen.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        environment: Mapping[str, str],
        size: tuple[int, int] = (80, 24),
        *arguments: str,
        tells_end: bool = False,
    ) -> None:
        self._tmux = ["tmux", "-L", name, "-f", "/dev/null"]
        self.presses = 0
        settings = [f"{key}={value}" for key, value in environment.items()]
        root = str(Path(__file__).parents[2])
        window = ["-u", "COLUMNS", "-u", "LINES"]  # which readline, once pytest has loaded it, gives every child in place of its window's
        command = ["env", *window, f"PYTHONPATH={root}", *settings, sys.executable, "-m", "wizard", *(arguments or ("--practice",))]
        width, height = (str(number) for number in size)
        before, after = ("trap : INT; ", '; echo "left with $?"; exec cat') if tells_end else ("exec ", "")
        self._run("new-session", "-d", "-x", width, "-y", height, "-c", str(folder), f"{before}{shlex.join(command)}{after}")
        self._run("set", "-s", "escape-time", "0")
        self._run("set", "-g", "remain-on-exit", "on")
        self._news = subprocess.Popen([*self._tmux, "-C", "attach"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names: ``F8``, ``Enter``, ``Escape``."""
        for key in keys:
            self._run("send-keys", key)
            self.presses += 1

    def type(self, text: str) -> None:
        """Type a text, which does not count as key presses."""
        self._run("send-keys", "-l", text)

    def screen(self, *, styled: bool = False) -> str:
        """What stands on the screen; `styled` with the terminal's own words for colours."""
        self._drain()
        return self._run("capture-pane", "-p", *(["-e"] if styled else []))

    def wait(self, text: str, seconds: float = 60) -> str:
        """Wait until a text stands on the screen, looked at whenever tmux tells that something was written; gives the whole screen."""
        news = self._news.stdout
        assert news is not None
        deadline = time.monotonic() + seconds
        while text not in (screen := self.screen()):
            changed, _, _ = select.select([news], [], [], max(0.0, deadline - time.monotonic()))
            assert changed and os.read(news.fileno(), 1 << 16), f"{text!r} never came:\n{screen}"
        return screen

    def kill_wizard(self) -> None:
        """SIGKILL, as when a computer loses power."""
        os.kill(int(self._run("list-panes", "-F", "#{pane_pid}")), signal.SIGKILL)

    def close(self) -> None:
        """End the tmux server."""
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, check=False)
        self._news.communicate()

    def _drain(self) -> None:
        """Take what tmux told so far: while nobody does, it paints nothing more."""
        news = self._news.stdout
        assert news is not None
        while select.select([news], [], [], 0)[0] and os.read(news.fileno(), 1 << 16):
            pass

    def _run(self, *arguments: str) -> str:
        return subprocess.run([*self._tmux, *arguments], capture_output=True, text=True, check=True).stdout
