"""Day two in a real terminal: deploy, change, go back, pause, start, promote, delete, by keys that the screen shows and no others."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.conftest import SAMPLE
from tests.support.terminal import Terminal
from tests.support.waiting import wait_until
from wizard.platform import language
from wizard.platform.language import _

pytestmark = [pytest.mark.terminal, pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux, which is not installed")]
PATIENCE = 240
TMUX = {"Esc": "Escape", "Échap": "Escape", "Entrée": "Enter"}
FRAMED = re.compile("│(.*)│")
SETUP = """
format = 1
[project]
name = "notes"
source = "orders-api"
[pipeline]
check_code = false
[app]
min_replicas = 1
"""


class Newcomer:
    """Reads the screen, and presses only what stands there: on a button, or in the list that F2 opens.

    :param folder: where what was seen is written, when AZWIZARD_SEEN names it.
    """

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.keys = 0
        self._folder = Path(os.environ["AZWIZARD_SEEN"]) if "AZWIZARD_SEEN" in os.environ else None
        self._seen = 0

    def words(self) -> str:
        """What stands on the screen, in one line, without frames; of a line that goes through a dialog, what the dialog says."""
        lines = [inside[1] if (inside := FRAMED.search(line)) else line for line in self.terminal.screen().splitlines()]
        return " ".join(re.sub("[│╭╮╰╯─▃▁▂▄▅▆▇█]+", " ", "\n".join(lines)).split())

    def sees(self, words: str) -> None:
        """Wait for words, wherever they wrap."""
        self._wait(words)
        if self._folder is not None:
            self._seen += 1
            (self._folder / f"{self._seen:02}.txt").write_text(self.terminal.screen())

    def press(self, label: str) -> None:
        """Press the key of a button, once the screen shows it and changes no more."""
        self._wait(f"[{label}]")
        seen = [""]

        def rests() -> bool:
            seen.append(self.terminal.screen())
            return seen[-1] == seen[-2]

        wait_until(rests, seconds=PATIENCE)
        self._press(label)

    def press_here_or_in_more(self, label: str) -> None:
        """The same, or in the list that F2 opens; the screen may offer it a moment later, when Azure has answered."""
        deadline = time.monotonic() + PATIENCE
        while " ".join(f"[{label}]".split()) not in self.words():
            assert time.monotonic() < deadline, f"{label!r} is nowhere:\n{self.terminal.screen()}"
            self.terminal.press("F2")
            self._wait(_("More that can be done here"))
            listed = " ".join(" ".join(FRAMED.findall(self.terminal.screen())).split())  # not the row of keys behind it
            if " ".join(label.split()) in listed:  # words and key stand in columns there
                self.keys += 1
                break
            self.terminal.press("Escape")
            wait_until(lambda: _("More that can be done here") not in self.words(), seconds=PATIENCE)
        self._press(label)

    def _press(self, label: str) -> None:
        key = label.rpartition(" ")[2]
        self.terminal.press(f"C-{key[-1].lower()}" if key.startswith("Ctrl+") else TMUX.get(key, key))
        self.keys += 1

    def _wait(self, words: str) -> None:
        try:
            wait_until(lambda: " ".join(words.split()) in self.words(), seconds=PATIENCE)
        except AssertionError as late:
            raise AssertionError(f"{words!r} never came:\n{self.terminal.screen()}") from late

    def agree(self) -> None:
        """The other answer than the careful one; the arrows and Enter stand in the dialog."""
        self.sees(_("Arrows choose, Enter does it."))
        self.terminal.press("Left", "Enter")

    def dialog(self, label: str, words: str) -> None:
        """Open a dialog from the state of the API, in at most three keys."""
        before = self.keys
        self.press_here_or_in_more(label)
        self.sees(words)
        assert self.keys - before <= 3


@pytest.fixture
def terminal(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    """The wizard on a setup that was never deployed, in a window of its own; its practice cloud is stopped at the end."""
    (width, height), tongue = request.param
    project = tmp_path / "project"
    shutil.copytree(SAMPLE, project / "orders-api")
    (project / "azwizard.toml").write_text(SETUP)
    values = {"AZWIZARD_HOME": str(tmp_path / "home"), "LANGUAGE": tongue}
    environment = {**os.environ, **values}
    azwizard = [sys.executable, "-m", "wizard"]
    subprocess.run([*azwizard, "practice", "start", "--speed", "instant"], env=environment, capture_output=True, check=True)
    language.choose(tongue)
    opened = Terminal(f"azwizard-day-two-{os.getpid()}", project, values, (width, height), "--practice", "--lang", tongue)
    yield opened
    opened.close()
    language.choose("en")
    subprocess.run([*azwizard, "practice", "stop"], env=environment, capture_output=True, check=False)


WINDOWS = [((width, height), tongue) for width, height in [(80, 24), (120, 40), (60, 20)] for tongue in ("en", "fr")]


@pytest.mark.nightly
@pytest.mark.timeout(900)
@pytest.mark.parametrize("terminal", WINDOWS, indirect=True, ids=[f"{width}{height}{tongue}" for (width, height), tongue in WINDOWS])
def test_day_two_by_keys_that_the_screen_shows(terminal: Terminal, tmp_path: Path) -> None:
    person = Newcomer(terminal)
    deployed(person)
    source = tmp_path / "project" / "orders-api" / "run.py"
    source.write_text(source.read_text() + "# changed\n")
    person.press_here_or_in_more(_("Look again F5"))
    person.sees(_("changed since: {files}").format(files="run.py"))
    person.dialog(_("Deploy my change F8"), _("Deploy your code as it is now?"))
    person.agree()
    over(person)
    person.dialog(_("Version before Ctrl+R"), _("Run version {number} again?").format(number=1))
    person.agree()
    over(person)
    person.dialog(_("Pause your API Ctrl+X"), _("Pause your API? It answers nobody until you start it again."))
    person.agree()
    person.press(_("Start your API Ctrl+X"))
    person.sees(_("Your API runs again."))
    person.dialog(_("Stages Ctrl+N"), _("New stage, and run in it what runs here"))
    person.press(_("Do it Enter"))
    person.sees(_("What is the new stage called?"))
    person.press(_("Take it Enter"))
    person.sees(_("To run it there, type {name} here:").format(name="notes-prod"))
    terminal.type("notes-prod")
    person.press(_("Run it Enter"))
    over(person)
    person.sees(_("{setup} · your API runs").format(setup="notes-prod"))
    person.dialog(_("Delete everything Ctrl+D"), _("To delete it, type {name} here:").format(name="notes-prod"))
    terminal.type("notes-prod")
    person.press(_("Delete everything Enter"))
    person.sees(_("Deleting {setup}").format(setup="notes-prod"))


def deployed(person: Newcomer) -> None:
    """From Home to the state of the API, the first time."""
    person.sees(_("Arrows choose, Enter opens the line."))
    person.sees("notes-dev")
    person.terminal.press("Enter")
    person.press(_("Next F8"))
    person.sees(_("✓ This account may do all that is needed."))
    person.press_here_or_in_more(_("Accept all suggestions F9"))
    person.press(_("To the box F8"))
    person.terminal.type("notes-dev")
    person.sees(_("Enter begins, once {name} stands here.").format(name="notes-dev"))
    person.terminal.press("Enter")
    over(person)


def over(person: Newcomer) -> None:
    """Wait for a run's end, and go to the state of the API."""
    person.press(_("Your API Esc"))
    person.sees("/health")
