"""What it costs that a page comes: counted, never timed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet
from textual.pilot import Pilot
from textual.widget import Widget

from screens.app import WizardApp
from tests.screens.conftest import open_app
from wizard.setup.loading import write


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("section", ["key_vault", "storage", "container_app"])
async def test_each_widget_of_a_page_that_comes_is_styled_once(
    project: Path, section: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for those whose own class changes with what they hold: an Input that is valid, the field with the cursor."""
    write(project / "azwizard.toml", {"format": 1, "project": {"name": "orders", "region": "westeurope", "source": "orders-api"}})
    app = open_app(project, is_practice=False)
    async with app.run_test(size=size) as pilot:
        await _come(app, pilot, "project")
        styled = Counter[Widget]()
        apply = Stylesheet.apply

        def watched(stylesheet: Stylesheet, node: Any, **named: Any) -> None:
            styled[node] += 1
            apply(stylesheet, node, **named)

        monkeypatch.setattr(Stylesheet, "apply", watched)
        await _come(app, pilot, section)
        rows = [widget for widget in app.screen.walk_children() if type(widget).__name__ in ("TextBlock", "ActionButton", "FormRow")]
        assert len(rows) > 10
        assert {widget: styled[widget] for widget in rows if styled[widget] > 2} == {}


async def test_a_page_that_came_follows_the_width_of_its_window(project: Path) -> None:
    write(project / "azwizard.toml", {"format": 1, "project": {"name": "orders", "region": "westeurope", "source": "orders-api"}})
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await _come(app, pilot, "registry")
        assert not app.screen.query_one("SectionSidebar").display
        await pilot.resize_terminal(120, 40)
        assert app.screen.query_one("SectionSidebar").display
        await _come(app, pilot, "pipeline")
        assert app.screen.query_one("SectionSidebar").display
        await pilot.resize_terminal(80, 24)
        assert not app.screen.query_one("SectionSidebar").display


async def _come(app: WizardApp, pilot: Pilot[int], place: str) -> None:
    app.go(place)
    await pilot.pause()
    await pilot.pause()
