"""How long a key waits for its repaint, and a list to open, while a run goes on: in a terminal, with 2,000 subscriptions and 5,000 tags."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.benchmarks.start import with_bytecode
from tests.end_to_end.conftest import SECRET, copy_sample
from wizard.practice.arm.front import SEEDED as SUBSCRIPTION
from wizard.practice.registry.data_plane import SEEDED as IMAGE

SUBSCRIPTIONS, TAGS = 2000, 5000
NUMBERS = ("1234", "1850", "1777", "1003", "1492", "1999", "1618", "1015")  # with each digit fewer rows hold them
ALL_STEPS, F3, F8, F9, HOME, END = "\x07", "\x1bOR", "\x1b[19~", "\x1b[20~", "\x1b[H", "\x1b[F"
ENTER, ESCAPE, TAB, DOWN, RIGHT, BACKSPACE = "\r", "\x1b", "\t", "\x1b[B", "\x1b[C", "\x7f"


@dataclass
class Waits:
    """What was measured, in seconds.

    :param read: until a list was open that had not been read, and `opened` one that had.
    """

    keys: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)
    opened: list[float] = field(default_factory=list)

    @property
    def p99(self) -> float:
        """The wait that 99 of 100 keys do not exceed."""
        return sorted(self.keys)[int(len(self.keys) * 0.99)]


class KeyPresser:
    """Someone who presses keys and looks at what is painted."""

    def __init__(self, terminal: PseudoTerminal) -> None:
        self._terminal = terminal
        self.waits = Waits()

    def begin_to_create(self, setup: str) -> None:
        """From Home to the screen on which the run shows."""
        terminal = self._terminal
        terminal.wait("Open: " + setup)
        terminal.press(ENTER)
        terminal.wait("1 of 12")
        terminal.press(F9)
        terminal.wait("To create the")
        terminal.press(F8)
        terminal.press(setup + ENTER)
        terminal.wait(f"Creating {setup}")

    def go(self, row: int, text: str) -> None:
        """Go to a row of "All steps"."""
        self._terminal.press(ALL_STEPS)
        self._terminal.wait("Go anywhere")
        self._terminal.press(HOME + DOWN * (row - 1) + ENTER)
        self._terminal.wait(text)

    def narrow(self, words: list[str]) -> None:
        """Open the list of the focused field, and type and take back numbers in it. `words` are what its rows hold."""
        everything = _count(words, "")
        self.waits.read.append(self._waited(F3, everything))
        self._waited(ESCAPE, "Next F8")
        self._terminal.settle()
        self.waits.opened.append(self._waited(F3, everything))
        self._terminal.settle()
        for number in NUMBERS:
            typed = [number[:count] for count in range(1, len(number) + 1)]
            for text in typed:
                self.waits.keys.append(self._waited(text[-1], text, _count(words, text)))
            for text in [*reversed(typed[:-1]), ""]:
                self.waits.keys.append(self._waited(BACKSPACE, text or "type here", _count(words, text)))
        self._waited(ESCAPE, "Next F8")

    def type(self, text: str) -> None:
        """Type into the focused field, which is empty."""
        for count in range(1, len(text) + 1):
            self.waits.keys.append(self._waited(text[count - 1], re.escape(text[:count])))

    def press(self, keys: str, text: str) -> None:
        """Press keys, and wait for a text that they bring."""
        self._waited(keys, text)

    def _waited(self, key: str, *texts: str) -> float:
        """Seconds until it was painted, without those that other programs took from the wizard."""
        stolen, pressed = self._terminal.stolen(), self._terminal.press(key)
        return self._terminal.wait(*texts) - pressed - (self._terminal.stolen() - stolen)


def key_waits(folder: Path) -> Waits:
    """Begin to create the sample API; while that goes on choose from long lists, and type.

    Raises AssertionError when the run was over before the last key.
    """
    home, project = folder / "home", folder / "project"
    copy_sample(project)
    environment = with_bytecode(folder, AZWIZARD_SECRET_API_KEY=SECRET)
    practice = [sys.executable, "-m", "wizard", "practice"]
    seeds = ["--seed", f"subscriptions:{SUBSCRIPTIONS}", "--seed", f"tags:{TAGS}"]
    subprocess.run([*practice, "start", *seeds], env=environment, check=True, stdout=subprocess.DEVNULL)
    own = json.loads((home / "practice" / "practice.json").read_text())["subscription_id"]
    subscriptions = [f"Practice subscription  {own}"]
    subscriptions += [f"Seeded subscription {number:04}  {SUBSCRIPTION.format(number)}" for number in range(1, SUBSCRIPTIONS + 1)]
    try:
        command = [sys.executable, "-m", "tests.benchmarks.altered_wizard", "choosing", "--practice"]
        with PseudoTerminal(command, project, environment) as terminal:
            person = KeyPresser(terminal)
            person.begin_to_create("notes-dev")
            person.go(2, "2 of 12")
            person.narrow(subscriptions)
            person.go(5, "(there|ready) +Image")
            person.press(RIGHT, "Tag of the image")
            person.press(TAB + END + BACKSPACE * len("notes"), "What your")
            person.type(IMAGE)
            person.press(TAB + TAB + END, "latest")
            person.narrow([f"v{number:05}" for number in range(1, TAGS + 1)])
            person.go(14, "Creating notes-dev")
            assert b"Try it F8" not in terminal.painted, "the run was over before the last key"
    finally:
        subprocess.run([*practice, "stop"], env=environment, check=True, stdout=subprocess.DEVNULL)
    return person.waits


def _count(words: list[str], text: str) -> str:
    """How many rows hold a text, as the list says it."""
    return f"\\b{sum(text in word for word in words)} of {len(words)}\\b"
