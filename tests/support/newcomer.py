"""A newcomer in front of the wizard: reads the screen, and presses only what stands there."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Protocol

from tests.support.waiting import wait_until
from wizard.platform.language import _

PATIENCE = 240
TMUX = {"Esc": "Escape", "Échap": "Escape", "Entrée": "Enter"}
FRAMED = re.compile("│(.*)│")


class ShownWizard(Protocol):
    """Where the wizard runs: tmux, or a browser's page that is read as a terminal."""

    def screen(self) -> str:
        """What stands on the screen."""

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names: ``F8``, ``Enter``, ``C-r``."""

    def type(self, text: str) -> None:
        """Type a text."""


class Newcomer:
    """Reads the screen, and presses only what stands there: on a button, or in the list that F2 opens.

    :param folder: where what was seen is written, when AZWIZARD_SEEN names it.
    """

    def __init__(self, window: ShownWizard) -> None:
        self.window = window
        self.keys = 0
        self.screens: list[str] = []
        self._folder = Path(os.environ["AZWIZARD_SEEN"]) if "AZWIZARD_SEEN" in os.environ else None

    def words(self) -> str:
        """What stands on the screen, in one line, without frames; of a line that goes through a dialog, what the dialog says."""
        lines = [inside[1] if (inside := FRAMED.search(line)) else line for line in self.window.screen().splitlines()]
        return " ".join(re.sub("[│╭╮╰╯─▃▁▂▄▅▆▇█]+", " ", "\n".join(lines)).split())

    def sees(self, words: str) -> None:
        """Wait for words, wherever they wrap."""
        self._wait(words)
        self.screens.append(self.window.screen())
        if self._folder is not None:
            (self._folder / f"{len(self.screens):02}.txt").write_text(self.screens[-1])

    def press(self, label: str) -> None:
        """Press the key of a button, once the screen shows it and changes no more."""
        self._wait(f"[{label}]")
        seen = [""]

        def rests() -> bool:
            seen.append(self.window.screen())
            return seen[-1] == seen[-2]

        wait_until(rests, seconds=PATIENCE)
        self._press(label)

    def press_here_or_in_more(self, label: str) -> None:
        """The same, or in the list that F2 opens; the screen may offer it a moment later, when Azure has answered."""
        deadline = time.monotonic() + PATIENCE
        while " ".join(f"[{label}]".split()) not in self.words():
            assert time.monotonic() < deadline, f"{label!r} is nowhere:\n{self.window.screen()}"
            self.window.press("F2")
            self._wait(_("More that can be done here"))
            listed = " ".join(" ".join(FRAMED.findall(self.window.screen())).split())  # not the row of keys behind it
            if " ".join(label.split()) in listed:  # words and key stand in columns there
                self.keys += 1
                break
            self.window.press("Escape")
            wait_until(lambda: _("More that can be done here") not in self.words(), seconds=PATIENCE)
        self._press(label)

    def _press(self, label: str) -> None:
        key = label.rpartition(" ")[2]
        self.window.press(f"C-{key[-1].lower()}" if key.startswith("Ctrl+") else TMUX.get(key, key))
        self.keys += 1

    def _wait(self, words: str) -> None:
        try:
            wait_until(lambda: " ".join(words.split()) in self.words(), seconds=PATIENCE)
        except AssertionError as late:
            raise AssertionError(f"{words!r} never came:\n{self.window.screen()}") from late

    def agree(self) -> None:
        """The other answer than the careful one; the arrows and Enter stand in the dialog."""
        self.sees(_("Arrows choose, Enter does it."))
        self.window.press("Left", "Enter")

    def dialog(self, label: str, words: str) -> None:
        """Open a dialog from the state of the API, in at most three keys."""
        before = self.keys
        self.press_here_or_in_more(label)
        self.sees(words)
        assert self.keys - before <= 3
