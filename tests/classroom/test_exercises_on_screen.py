"""Exercises on the screens: found on Home, begun with Enter, hinted at one by one, and solved only by what the practice cloud holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import OptionList

from screens.pages.exercise_words import with_keys
from screens.pages.exercises import Exercises
from tests.screens.conftest import open_app, place, shown, until
from wizard.cloud.transport import practice_process as practice
from wizard.cloud.transport.practice_start import StartOptions
from wizard.exercises import record
from wizard.exercises.catalogue import EXERCISES
from wizard.platform import language


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder without an API, and a practice cloud of its own."""
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.chdir(tmp_path)
    practice.start(StartOptions(speed="instant"))
    yield tmp_path
    practice.stop()


async def test_an_exercise_is_begun_and_helped_with_from_home(learner: Path) -> None:
    app = open_app(learner)
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, "Exercises")
        choices = app.screen.query_one("#choices", OptionList)
        choices.highlighted = choices.get_option_index("exercises")
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "exercises")
        page = app.screen
        assert isinstance(page, Exercises)
        await until(pilot, lambda: page.query_one("#exercises", OptionList).option_count == len(EXERCISES))
        await shown(pilot, with_keys(EXERCISES[0].goal)[:40])

        await pilot.press("f6")
        await shown(pilot, "It has not begun")
        await pilot.press("enter")
        await until(pilot, lambda: (begun := record.attempts().get(EXERCISES[0].name)) and begun.ready)
        await shown(pilot, "F8 opens it")
        for number in (1, 2, 3, 3):
            await pilot.press("f6")
            await until(pilot, lambda wanted=number: record.attempts()[EXERCISES[0].name].hints == wanted)
        await pilot.press("f9")
        await shown(pilot, "Not yet")
        assert not record.attempts()[EXERCISES[0].name].solved

        await pilot.press("f8")
        await until(pilot, lambda: app.workspace.draft.file == learner / f"exercise-{EXERCISES[0].name}" / "azwizard.toml")


@pytest.mark.parametrize("tongue", ["en", "fr"])
def test_no_exercise_names_a_command_on_the_screens(tongue: str) -> None:
    language.choose(tongue)
    try:
        texts = [with_keys(language._(text)) for exercise in EXERCISES for text in (exercise.goal, *exercise.hints)]
    finally:
        language.choose("en")
    assert [text for text in texts if re.search(r"azwizard [a-z]+ -|azwizard practice", text)] == []
    assert sum("F9]" in text for text in texts) >= 10
