"""What a practice cloud must not do in a test: break by a fault of its own, or outlive the tests.

Its tracebacks go to its log, and to its client a 500 that looks like Azure's: without this, a test would wait and then fail elsewhere.
"""

from __future__ import annotations

import logging
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

TRACEBACK = re.compile(r" broke\r?\nTraceback \(most recent call last\):")
"""Of the practice cloud's own code; not of a connection that a client cut."""


class Tracebacks(logging.Handler):
    """The tracebacks of practice clouds in this process."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what broke."""
        if record.exc_info:
            self.texts.append(logging.Formatter("%(message)s").format(record))


_in_this_process = Tracebacks()
logging.getLogger("wizard.practice").addHandler(_in_this_process)
_read_so_far: dict[Path, int] = {}


@pytest.fixture(autouse=True)
def practice_does_not_break(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test in which a practice cloud broke by a fault of its own, unless it is marked ``breaks_practice``."""
    _in_this_process.texts.clear()
    yield
    texts = [*_in_this_process.texts, *(text for home in _homes(request) for text in _logged(home / "practice.log"))]
    if texts and request.node.get_closest_marker("breaks_practice") is None:
        pytest.fail("The practice cloud broke by a fault of its own:\n" + "\n".join(texts), pytrace=False)


def _homes(request: pytest.FixtureRequest) -> set[Path]:
    """The homes of azwizard that a test's fixtures speak of."""
    values = (getattr(request.node, "funcargs", None) or {}).values()  # None after an interrupt
    named = {home for value in values if isinstance(home := getattr(value, "home", None), Path)}
    return named | {Path(home) for home in [os.environ.get("AZWIZARD_HOME")] if home}


def _logged(file: Path) -> list[str]:
    """What came into the log of a practice cloud in another process since it was read last, where a traceback is in it."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    new = text[_read_so_far.get(file, 0) :]
    _read_so_far[file] = len(text)
    return [new] if TRACEBACK.search(new) else []


def end_survivors(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """End every practice cloud that outlived the tests of this session, and say which."""
    factory = getattr(config, "_tmp_path_factory", None)
    folder = getattr(factory, "_basetemp", None)
    survivors = _practice_clouds_below(folder) if isinstance(folder, Path) else {}
    for pid, command in survivors.items():
        terminalreporter.write_line(f"outlived the tests, and is ended now: {command}", red=True)
        os.kill(pid, signal.SIGTERM)


def _practice_clouds_below(folder: Path) -> dict[int, str]:
    """The practice clouds whose home lies in a folder: process id -> command; Linux only."""
    clouds = {}
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if "-m wizard.practice " in command and f"--home {folder}/" in command:
            clouds[int(entry.parent.name)] = command
    return clouds
