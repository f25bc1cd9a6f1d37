"""Day two in a real terminal: deploy, change, go back, pause, start, promote, delete, by keys that the screen shows and no others."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.day_two_walk import CANARY, make_project, walk_day_two
from tests.support.newcomer import Newcomer
from tests.support.terminal import Terminal
from wizard.platform import language

pytestmark = [pytest.mark.terminal, pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux, which is not installed")]
WINDOWS = [((width, height), tongue) for width, height in [(80, 24), (120, 40), (60, 20)] for tongue in ("en", "fr")]


@pytest.fixture
def terminal(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    """The wizard on a setup that was never deployed, in a window of its own; its practice cloud is stopped at the end."""
    (width, height), tongue = request.param
    make_project(tmp_path / "project")
    values = {"AZWIZARD_HOME": str(tmp_path / "home"), "LANGUAGE": tongue}
    environment = {**os.environ, **values}
    azwizard = [sys.executable, "-m", "wizard"]
    subprocess.run([*azwizard, "practice", "start", "--speed", "instant"], env=environment, capture_output=True, check=True)
    language.choose(tongue)
    opened = Terminal(f"azwizard-day-two-{os.getpid()}", tmp_path / "project", values, (width, height), "--practice", "--lang", tongue)
    yield opened
    opened.close()
    language.choose("en")
    subprocess.run([*azwizard, "practice", "stop"], env=environment, capture_output=True, check=False)


@pytest.mark.nightly
@pytest.mark.timeout(900)
@pytest.mark.parametrize("terminal", WINDOWS, indirect=True, ids=[f"{width}{height}{tongue}" for (width, height), tongue in WINDOWS])
def test_day_two_by_keys_that_the_screen_shows(terminal: Terminal, tmp_path: Path) -> None:
    person = Newcomer(terminal)
    walk_day_two(person, tmp_path / "project" / "orders-api")
    assert CANARY not in "".join(person.screens)
