"""The three looks: their colours, and the colour of a state's word. Every pair is held to WCAG 2.2 in tests/screens/looks/test_contrast.py.

Text on its ground is 4.5:1 or more (1.4.3); a field against the page, and what has the cursor against what has not, 3:1 (1.4.11).
"""

from __future__ import annotations

import os

from rich.terminal_theme import TerminalTheme
from textual.content import Content
from textual.theme import Theme

from wizard.platform.language import N_
from wizard.platform.preferences import Preferences

DARK = "azwizard-dark"
LIGHT = "azwizard-light"
HIGH_CONTRAST = "azwizard-high-contrast"
NAMES = {DARK: N_("Colours: dark"), LIGHT: N_("Colours: light, for a projector"), HIGH_CONTRAST: N_("Colours: high contrast")}
BY_WORD = {"dark": DARK, "light": LIGHT, "high-contrast": HIGH_CONTRAST}
"""What ``AZWIZARD_COLOURS`` may say for one start."""
COLOURS = {"✓": "green", "=": "green", "✗": "red", "!": "yellow", "?": "yellow", "…": "cyan", "~": "cyan", "+": "cyan"}
"""Of a state, by the sign that stands in its word; the word says the same without colour."""


def chosen_before() -> str:
    """The theme for this start: by the environment's word, else the one that was chosen last."""
    chosen = BY_WORD.get(os.environ.get("AZWIZARD_COLOURS", "")) or Preferences.read().theme
    return chosen if chosen in NAMES else DARK


def _theme(name: str, *, dark: bool, ground: str, text: str, muted: str, field: str, on_field: str, accent: str, warning: str) -> Theme:
    return Theme(
        name=name,
        primary=accent,
        accent=accent,
        warning=warning,
        error=warning,
        foreground=text,
        background=ground,
        surface=ground,
        panel=ground,
        dark=dark,
        variables={
            "text-muted": muted,
            "text-disabled": muted,
            "text-warning": warning,
            "text-error": warning,
            "field": field,
            "on-field": on_field,
            "input-cursor-background": ground,
            "input-cursor-foreground": accent,
            "input-cursor-text-style": "none",
            "input-selection-background": text,
            "input-selection-foreground": ground,
        },
    )


THEMES = (
    _theme(
        DARK,
        dark=True,
        ground="#101418",
        text="#e6e9ec",
        muted="#aeb6bf",
        field="#5b6b7e",
        on_field="#ffffff",
        accent="#8fd0ff",
        warning="#ffc857",
    ),
    _theme(
        LIGHT,
        dark=False,
        ground="#fbfbf8",
        text="#16191c",
        muted="#50565c",
        field="#7b8ea3",
        on_field="#000000",
        accent="#00325f",
        warning="#b00020",
    ),
    _theme(
        HIGH_CONTRAST,
        dark=True,
        ground="#000000",
        text="#ffffff",
        muted="#d8d8d8",
        field="#6a6a6a",
        on_field="#ffffff",
        accent="#ffff00",
        warning="#ffb454",
    ),
)


def _states(ground: str, text: str, **colours: str) -> TerminalTheme:
    """What the eight names of colours stand for; those that no state has are the text's own colour."""
    names = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
    return TerminalTheme(_rgb(ground), _rgb(text), [_rgb(colours.get(name, text)) for name in names])


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


STATES_ON_DARK = _states("#101418", "#e6e9ec", red="#ff8a8a", green="#6fdc8c", yellow="#ffc857", cyan="#8fd0ff")
STATES_ON_LIGHT = _states("#fbfbf8", "#16191c", red="#b00020", green="#0b6b2e", yellow="#7a4b00", cyan="#00557f")


def colour_of(state: str) -> str:
    """The colour of a state's word, such as “done ✓”; "" for one that is of no concern yet."""
    return next((COLOURS[sign] for sign in reversed(state) if sign in COLOURS), "")


def with_state(state: str, rest: str = "") -> Content:
    """A state's word in its colour, and what follows it."""
    colour = colour_of(state)
    return Content.assemble((state, f"ansi_{colour}") if colour else state, rest)
