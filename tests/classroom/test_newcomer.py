"""A newcomer who presses only what the screens show finds the answer to each of the eight questions where it comes up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Static

from tests.screens.conftest import open_app, place, screen_text, until
from wizard.platform import language
from wizard.workspace.wording.lessons import LESSONS


@pytest.fixture(params=["en", "fr"])
def lang(request: pytest.FixtureRequest) -> Iterator[str]:
    language.choose(request.param)
    yield request.param
    language.choose("en")


async def test_each_answer_is_one_key_away_that_the_screen_names(lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    app = open_app(tmp_path, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        for where in sorted({where for lesson in LESSONS for where in lesson.places} - {"review", "progress", "try_it"}):
            app.go(where)
            await until(pilot, lambda wanted=where: place(app) == wanted and "F1" in screen_text(app))
            await pilot.press("f1")
            await until(pilot, lambda: not place(app))
            text = " ".join(" ".join(str(widget.render()) for widget in app.screen.query(Static)).split())
            for lesson in LESSONS:
                if where in lesson.places:
                    assert " ".join(language._(lesson.question).split()) in text, (where, lesson.question)
                    assert " ".join(language._(lesson.answer).split()) in text
            await pilot.press("escape")
            await until(pilot, lambda wanted=where: place(app) == wanted)
