"""Questions at a real terminal, and Ctrl+C in the middle of one: the program ends at once, and the terminal is as it was."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.terminal import Terminal

from .conftest import WizardProcess, copy_sample

pytestmark = [pytest.mark.terminal, pytest.mark.skipif(shutil.which("tmux") is None, reason="a real terminal takes tmux")]
VALUE = "canary-9a40c2-value"
OPENING = {
    "the value of a secret": ({}, ("apply", "--practice"), "Value of the secret api-key"),
    "the confirmation": ({"AZWIZARD_SECRET_API_KEY": VALUE}, ("apply", "--practice"), "type notes-dev:"),
    "a line prompt": ({}, ("--practice", "--plain"), "1."),
}


@pytest.fixture(scope="module")
def wizard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WizardProcess]:
    folder = tmp_path_factory.mktemp("typed")
    copy_sample(folder / "project")
    wizard = WizardProcess(folder / "home", folder / "project")
    wizard("practice", "start", "--speed", "instant")
    yield wizard
    wizard("practice", "stop")


@pytest.fixture
def open_terminal(wizard: WizardProcess, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    environment, arguments, _question = OPENING[request.param]
    environment = {"AZWIZARD_HOME": str(wizard.home), **environment}
    terminal = Terminal(f"typed-{tmp_path.name}", wizard.folder, environment, (120, 40), *arguments, tells_end=True)
    yield terminal
    terminal.close()


@pytest.mark.parametrize(("open_terminal", "question"), [(name, OPENING[name][2]) for name in OPENING], indirect=["open_terminal"])
def test_ctrl_c_at_a_question_ends_the_program_at_once(open_terminal: Terminal, question: str) -> None:
    open_terminal.wait(question)
    open_terminal.press("C-c")
    screen = open_terminal.wait("left with")
    assert "left with 130" in screen, screen
    assert "Traceback" not in screen


@pytest.mark.parametrize("open_terminal", ["the value of a secret"], indirect=True)
def test_a_typed_value_is_not_shown_and_a_wrong_confirmation_makes_nothing(open_terminal: Terminal) -> None:
    open_terminal.wait("Value of the secret api-key")
    open_terminal.type(VALUE)
    open_terminal.press("Enter")
    open_terminal.wait("type notes-dev:")
    open_terminal.type("notes")
    open_terminal.press("Enter")
    screen = open_terminal.wait("left with")
    assert "left with 3" in screen, screen
    assert "“notes” is not notes-dev" in screen
    assert VALUE not in screen
