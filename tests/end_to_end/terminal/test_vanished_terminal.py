"""The terminal vanishes below the wizard: its window is closed, tmux is killed, the connection to another computer breaks."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.conftest import SAMPLE
from tests.support.waiting import LONGEST

pytestmark = pytest.mark.terminal
APPEARS = 60.0
ENDS = 2.0


class Window:
    """A terminal window with the wizard as the program that it was opened for.

    :param is_told: whether the system tells the wizard when the window is closed, as it does to the leader of the terminal's session.
    """

    def __init__(self, folder: Path, environment: dict[str, str], *, is_told: bool = True) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.wizard = subprocess.Popen(
            [sys.executable, "-m", "wizard", "--practice"],
            cwd=folder,
            env={**os.environ, **environment, "TERM": "xterm-256color", "PYTHONPATH": str(Path(__file__).parents[3])},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=(lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)) if is_told else None,
        )
        os.close(slave)

    def wait(self, text: str) -> None:
        """Until the wizard has written that."""
        written, last = b"", time.monotonic() + APPEARS
        while text.encode() not in written:
            readable, _, _ = select.select([self.master], [], [], max(0, last - time.monotonic()))
            assert readable, written[-2000:]
            written += os.read(self.master, 65536)

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def vanish(self) -> None:
        os.close(self.master)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def is_told() -> bool:
    return True


@pytest.fixture
def window(tmp_path: Path, home: Path, is_told: bool) -> Iterator[Window]:
    """The wizard on a folder with an API."""
    shutil.copytree(SAMPLE, tmp_path / "project" / "orders-api")
    environment = {"AZWIZARD_HOME": str(home), "LANGUAGE": "en"}
    window = Window(tmp_path / "project", environment, is_told=is_told)
    yield window
    if window.wizard.poll() is None:
        window.wizard.kill()
        window.wizard.wait()
    subprocess.run(
        [sys.executable, "-m", "wizard", "practice", "stop"], env={**os.environ, **environment}, capture_output=True, check=False
    )


def test_it_ends_at_once_and_keeps_what_was_typed(window: Window, home: Path) -> None:
    window.wait("orders-api/")
    window.type("\r")
    window.wait("1 of 12")
    window.type("\x1b[F-zq7")
    window.wait("zq7")
    window.vanish()
    assert window.wizard.wait(timeout=ENDS) == 130
    drafts = [file.read_text() for file in (home / "drafts").glob("*.json")]
    assert [draft for draft in drafts if "zq7" in draft], drafts
    assert not (home / "crashes").exists()


@pytest.mark.parametrize("is_told", [False])
def test_it_ends_too_where_no_signal_tells_of_it(window: Window) -> None:
    window.wait("orders-api/")
    window.vanish()
    assert window.wizard.wait(timeout=LONGEST) == 130
