"""Which screen stands at which place. Screens are imported when they are first shown, so that the first one is there at once."""

from __future__ import annotations

from importlib import import_module

from screens.shell.page import Page
from wizard.sections import SECTIONS

PLACES = {
    **{section.name: f"screens.sections.{section.name}" for section in SECTIONS},
    **{
        page: f"screens.pages.{page}"
        for page in (
            "all_steps",
            "exercises",
            "home",
            "needs",
            "no_organization",
            "no_subscription",
            "progress",
            "repair",
            "review",
            "standing",
            "try_it",
        )
    },
}
"""Place -> the module that holds its page."""


def make_page(place: str) -> Page:
    """A new screen for a place. What was typed is on the workspace, so nothing is lost with the old one."""
    module = import_module(PLACES[place])
    pages = (var for var in vars(module).values() if isinstance(var, type) and issubclass(var, Page))
    own: type[Page] = next(page for page in pages if page.__module__ == module.__name__)
    return own()
