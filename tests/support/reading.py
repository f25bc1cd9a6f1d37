"""A screen that has come to rest, compared with what was read by eye."""

from __future__ import annotations

from collections.abc import Sequence

from textual.pilot import Pilot

from screens.app import WizardApp
from screens.widgets.basics import ScrollHint
from tests.screens.conftest import check_dump, place, until
from tests.support.nothing_cut import cut_texts


def stands(app: WizardApp, name: str) -> bool:
    """Whether a section is shown and Azure said what it says to it."""
    is_looking = app.background.is_looking(name)
    return place(app) == name and app.workspace.found.get(name) is not None and not is_looking


async def settled(pilot: Pilot[int], app: WizardApp) -> None:
    """Wait until the screen is laid out, and says of itself whether it goes on below."""
    for _each in range(3):
        await pilot.pause()
        await until(pilot, lambda: all(bool(hint.text) == hint.goes_on for hint in app.screen.query(ScrollHint)))


def check(app: WizardApp, name: str, leave_out: str = "", any_order: Sequence[str] = ()) -> None:
    """Compare with what was read by eye, and see that nothing is cut."""
    check_dump(app, name, leave_out, any_order)
    assert cut_texts(app) == []
