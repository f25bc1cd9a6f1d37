"""A learner at the screens: the board hears where they are, and help opens the step that it leads to."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.classroom.test_board import Room, class_of
from tests.screens.conftest import open_app, place, until
from wizard.classroom.door import courier
from wizard.classroom.help import place_of, prepared_answers
from wizard.classroom.prepare import prepare
from wizard.setup.loading import load


async def test_the_board_hears_each_screen_and_help_opens_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(courier, "PULSE", 0.05)
    room = Room(class_of(tmp_path, "Anna"))
    learner = room.read.learners[0]
    prepare(room.read, learner)
    await room.door.start("127.0.0.1", 0)
    room.trainer.write_passes("127.0.0.1", room.door.port)
    standing = room.trainer.standings.by_suffix["01"]
    app = open_app(room.read.folder(learner), is_practice=False)
    try:
        async with app.run_test(size=(80, 24)) as pilot:
            app.go("storage")
            await until(pilot, lambda: standing.place == "storage")
            app.workspace.put("app.port", "70000")
            wish = room.trainer.wishes.wish_help("01", place_of(8), prepared_answers(room.read, learner, 9))
            await until(pilot, lambda: place(app) == "container_app")
            assert not app.workspace.reading.problems
            await until(pilot, lambda: standing.place == "container_app" and wish.id in standing.done)
        assert load(app.workspace.draft.file).app.port == 5000
    finally:
        await asyncio.shield(room.door.close())
