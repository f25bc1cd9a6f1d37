"""The palette speaks the person's language, lists the steps in their order, and a key of another screen deletes nothing in a field."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import Input

from tests.screens.conftest import open_app, place, screen_text, until
from wizard.platform import language


async def test_the_palette_is_in_french_and_in_order_and_keys_of_home_delete_nothing(project: Path) -> None:
    language.choose("fr")
    app = open_app(project)
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "project" and isinstance(app.focused, Input))
        name = app.screen.query(Input).first()
        name.focus()
        typed = name.value
        await pilot.press("ctrl+u", "home", "ctrl+k")
        assert name.value == typed != ""
        await pilot.press("ctrl+p")
        await until(pilot, lambda: "Aller à 10" in screen_text(app))
        text = screen_text(app).replace("\xa0", " ")
        assert text.index("Aller à 1 ") < text.index("Aller à 2 ") < text.index("Aller à 10 ")
        assert "Tapez une partie" in text
        await pilot.press(*"zqzq")
        await until(pilot, lambda: "Rien ici ne porte ce nom." in screen_text(app))
    language.choose("en")
