"""The wizard as a person uses it: a real terminal, the keyboard alone, from a folder that holds only an API."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.screens.conftest import SAMPLE
from tests.support.terminal import Terminal
from tests.support.waiting import wait_until

pytestmark = [pytest.mark.terminal, pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux, which is not installed")]
MOST_PRESSES = 80
STYLE = re.compile(r"\x1b\[([0-9;]*)m")
GREYS = {0, 7, 8, 15, 16, 59, 102, 145, 188, 231, *range(232, 256)}  # of a terminal's 256 colours
Open = Callable[..., Terminal]


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A home of its own; its practice cloud is stopped at the end."""
    values = {"AZWIZARD_HOME": str(tmp_path / "home"), "LANGUAGE": "en"}
    yield values
    subprocess.run([sys.executable, "-m", "wizard", "practice", "stop"], env={**os.environ, **values}, capture_output=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds only an API."""
    project = tmp_path / "project"
    shutil.copytree(SAMPLE, project / "orders-api")
    return project


@pytest.fixture
def open_terminal(folder: Path, environment: dict[str, str]) -> Iterator[Open]:
    """Opens the wizard in a terminal, one after the other."""
    opened: list[Terminal] = []

    def open_one(size: tuple[int, int] = (80, 24), *arguments: str) -> Terminal:
        for terminal in opened:
            terminal.close()
        name = f"azwizard-{os.getpid()}-{len(opened)}"
        opened.append(Terminal(name, folder, environment, size, *(arguments or ("--practice",))))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()


def to_the_box(terminal: Terminal) -> None:
    """From home to the box that begins, with two secrets typed."""
    terminal.wait("orders-api/")
    terminal.press("Enter")
    terminal.wait("[Next F8]")
    terminal.press("F8")
    terminal.wait("may do all that is needed")
    terminal.press("F8")
    terminal.wait("needs a value")
    terminal.type("canary-first")
    terminal.wait("kept hidden")
    terminal.press("F6")
    terminal.wait("NAME")
    terminal.type("JWT_SIGNING_KEY")
    terminal.press("Enter", "Enter")
    terminal.wait("needs a value")
    terminal.type("canary-second")
    terminal.wait("Nothing is left to do here")
    terminal.press("F9")
    terminal.wait("To create the")
    terminal.press("F8")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_from_a_folder_to_an_answer_by_keyboard(open_terminal: Open, environment: dict[str, str], size: tuple[int, int]) -> None:
    terminal = open_terminal(size)
    to_the_box(terminal)
    terminal.type("orders-dev")
    terminal.press("Enter")
    terminal.wait("[Try it F8]")
    terminal.press("F8")
    terminal.wait("Enter sends the request")
    terminal.press("Enter")
    screen = terminal.wait("200 OK")
    assert terminal.presses <= MOST_PRESSES
    assert "canary" not in screen
    vault = Path(environment["AZWIZARD_HOME"]) / "practice"
    outside = [file for file in vault.parent.rglob("*") if file.is_file() and vault not in file.parents]
    assert not [file for file in outside if b"canary-first" in file.read_bytes()]


def test_killed_while_typing_it_comes_back_to_the_same_text(open_terminal: Open, environment: dict[str, str]) -> None:
    terminal = open_terminal()
    terminal.wait("orders-api/")
    terminal.press("Enter")
    terminal.wait("[Next F8]")
    terminal.press("End")
    terminal.type("Wrong_Na")
    terminal.wait("Wrong_Na")
    drafts = Path(environment["AZWIZARD_HOME"]) / "drafts"
    wait_until(
        lambda: any("Wrong_Na" in draft.read_text() for draft in drafts.glob("*.json"))
    )  # what is painted is saved in the next moment
    terminal.kill_wizard()
    terminal = open_terminal()
    terminal.wait("Open: ordersWrong_Na-dev")
    terminal.press("Enter")
    screen = terminal.wait("1 of 12")
    assert "ordersWrong_Na" in terminal.wait("to put right before you go on"), screen
    terminal.press("Escape")
    terminal.wait("[Repair F7]")
    start = [sys.executable, "-m", "wizard", "practice", "start"]  # waits for one that is just starting, so that the fixture can stop it
    subprocess.run(start, env={**os.environ, **environment}, capture_output=True, check=True)


def test_killed_while_creating_it_goes_on_without_retyping(open_terminal: Open) -> None:
    terminal = open_terminal()
    to_the_box(terminal)
    terminal.type("orders-dev")
    terminal.press("Enter")
    terminal.wait("done ✓       Secret jwt-signing-key")
    terminal.kill_wizard()
    terminal = open_terminal()
    terminal.wait("A half-finished setup lies in this folder: orders-dev")
    terminal.press("Enter")
    terminal.wait("[Go on Ctrl+X]")
    assert "no value" not in terminal.screen(), "what the vault has is not asked for again"
    terminal.press("C-x")
    terminal.wait("[Try it F8]")
    terminal.press("F8")
    terminal.wait("Enter sends the request")
    terminal.press("Enter")
    terminal.wait("200 OK")


def test_the_same_by_lines_from_a_pipe(folder: Path, environment: dict[str, str]) -> None:
    outcome = "\n".join(
        [
            "1",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "1",
            "+",
            "JWT_SIGNING_KEY",
            "",
            "",
            "canary-first",
            "canary-second",
            "!",
            "orders-dev",
            "1",
            "q",
        ]
    )
    answer = subprocess.run(
        [sys.executable, "-m", "wizard", "--practice", "--plain"],
        input=outcome + "\n",
        cwd=folder,
        env={**os.environ, **environment, "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "200 OK" in answer.stdout
    assert "canary" not in answer.stdout + answer.stderr


def test_without_colour_in_a_terminal(folder: Path, environment: dict[str, str], open_terminal: Open) -> None:
    environment["NO_COLOR"] = "1"
    terminal = open_terminal()
    terminal.wait("orders-api/")
    terminal.press("Enter")
    terminal.wait("[Next F8]")
    assert "1 of 12" in terminal.screen()
    assert colours(terminal.screen(styled=True)) == set()
    del environment["NO_COLOR"]
    terminal = open_terminal()
    terminal.wait("[Repair F7]")
    assert colours(terminal.screen(styled=True)) != set(), "there is something to leave out"


def colours(styled: str) -> set[str]:
    """The colours of a screen that are no shades of grey, as a terminal is told of them."""
    names = set()
    for style in STYLE.findall(styled):
        words = [int(word or 0) for word in style.split(";")]
        while words:
            word = words.pop(0)
            if word in (38, 48):
                of_256 = words.pop(0) == 5
                shade, words = (words[:1], words[1:]) if of_256 else (words[:3], words[3:])
                if (of_256 and shade[0] not in GREYS) or (not of_256 and len(set(shade)) > 1):
                    names.add(style)
            elif word % 10 in range(1, 7) and word // 10 in (3, 4, 9, 10):
                names.add(style)
    return names


@pytest.mark.parametrize(
    ("account", "presses", "lacks"), [("contributor", 1, "Your app may take its image"), ("reader", 2, "Resource group")]
)
def test_what_an_account_may_not_do_is_said_at_sign_in_and_holds_nothing_else_up(
    open_terminal: Open, account: str, presses: int, lacks: str
) -> None:
    terminal = open_terminal()
    terminal.wait("orders-api/")
    terminal.press("Enter")
    terminal.wait("[Next F8]")
    terminal.press("F8")
    terminal.wait("may do all that is needed")
    terminal.press(*["Space"] * presses, "Enter")
    terminal.wait(account)
    terminal.wait("need a right that this account does not have")
    assert lacks in terminal.screen()
    for number in range(3, 13):
        terminal.press("F8")
        terminal.wait(f"{number} of 12")
    terminal.press("F8")
    terminal.wait("(F4)")
    if account == "reader":
        terminal.wait("Nothing can be made yet")
    else:
        terminal.wait("To make the")
    terminal.press("F4")
    terminal.wait("Whom to ask")
    terminal.press("Escape")
    terminal.wait("Check everything ·")
    terminal.press("Escape")
    terminal.wait("12 of 12")


def test_from_a_folder_to_an_answer_in_french(open_terminal: Open) -> None:
    terminal = open_terminal((80, 24), "--practice", "--lang", "fr")
    terminal.wait("orders-api/")
    terminal.press("Enter")
    terminal.wait("[Suivant F8]")
    terminal.press("F8")
    terminal.wait("Ce compte peut faire tout ce qu'il faut")
    terminal.press("F8")
    terminal.wait("tapez la valeur")
    terminal.type("canary-first")
    terminal.wait("masquée")
    terminal.press("F9")
    terminal.wait("Pour créer les")
    terminal.press("F8")
    terminal.type("orders-dev")
    terminal.press("Enter")
    terminal.wait("[L'essayer F8]")
    terminal.press("F8")
    terminal.wait("Entrée envoie la requête")
    terminal.press("Enter")
    terminal.wait("200 OK")
    assert terminal.presses <= MOST_PRESSES
