"""A browser's page with the wizard in it, read as a terminal: what its socket gets is painted by tmux too, in a window of its size."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import subprocess
from collections.abc import Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.browser.chromium import PATIENCE, BrowserPage

NAMES = {"Left": "ArrowLeft", "Down": "ArrowDown"}


class MirroredPage:
    """Keys go to the browser, the screen comes from tmux; for a walk that runs in a thread beside the loop of `page`.

    :param name: of the tmux server, so that no other is touched.
    """

    def __init__(self, page: BrowserPage, name: str, folder: Path) -> None:
        self.page = page
        self._loop = asyncio.get_running_loop()
        self._tmux = ["tmux", "-L", name, "-f", "/dev/null"]
        pipe = folder / "painted"
        os.mkfifo(pipe)
        command = f"stty raw -echo; exec cat {shlex.quote(str(pipe))}"  # raw: no answer of tmux comes back as text
        self._run("new-session", "-d", "-x", "80", "-y", "24", command)
        self._painted = pipe.open("wb", buffering=0)
        page.on_frame, page.on_socket, page.on_sent = self._painted.write, self._take_first_size, self._take_later_size

    def screen(self) -> str:
        """What stands on the page."""
        return self._run("capture-pane", "-p")

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        for key in keys:
            self._wait(self.page.press(f"Ctrl+{key[-1].upper()}" if key.startswith("C-") else NAMES.get(key, key)))

    def type(self, text: str) -> None:
        """Type a text."""
        self._wait(self.page.press(f"text:{text}"))

    def close(self) -> None:
        """End the tmux server; what the page still gets goes nowhere."""
        self.page.on_frame = self.page.on_sent = lambda _data: None
        self._painted.close()
        subprocess.run([*self._tmux, "kill-server"], capture_output=True, check=False)

    def _wait(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def _take_first_size(self, address: str) -> None:
        """The columns and rows with which textual-serve's page opens its socket."""
        if "width" in (asked := parse_qs(urlsplit(address).query)):
            self._resize(asked["width"][0], asked["height"][0])

    def _take_later_size(self, message: str) -> None:
        """Those that it tells when its window changes."""
        kind, *said = json.loads(message)
        if kind == "resize":
            self._resize(str(said[0]["width"]), str(said[0]["height"]))

    def _resize(self, width: str, height: str) -> None:
        self._run("resize-window", "-x", width, "-y", height)

    def _run(self, *arguments: str) -> str:
        return subprocess.run([*self._tmux, *arguments], capture_output=True, text=True, check=True).stdout
