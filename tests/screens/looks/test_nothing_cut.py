"""Nothing is cut on any screen, from the smallest window to the largest, in both languages, and the keys of each lead through it."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.shell.registry import PLACES
from tests.screens.conftest import open_app, place, until
from tests.support.nothing_cut import cut_texts

OF_A_RUN = {"progress"}
"""What is there while something is made alone; tests/screens/test_creating.py reads it."""


@pytest.mark.nightly
@pytest.mark.parametrize("window", [(60, 20), (72, 24), (100, 30), (200, 60)], ids=str)
async def test_nothing_is_cut_on_any_screen(project: Path, tongue: str, window: tuple[int, int]) -> None:
    app = open_app(project, is_practice=tongue == "fr")
    async with app.run_test(size=window) as pilot:
        await until(pilot, lambda: place(app) == "home")
        app.workspace.begin(project / "orders-api")
        app.workspace.put("project.name", "a-project-name")
        for name in sorted(PLACES.keys() - OF_A_RUN):
            app.go(name)
            await until(pilot, lambda name=name: place(app) == name and cut_texts(app) == [])  # type: ignore[misc]
