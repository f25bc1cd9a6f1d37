"""Whether everything can be read and seen: WCAG 2.2's ratios, from what each theme really puts on the screens."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.color import Color as TerminalColour
from textual.pilot import Pilot
from textual.widgets import Input

from screens.app import WizardApp
from screens.sheets.more import More
from screens.widgets import themes
from screens.widgets.basics import ActionButton
from tests.screens.conftest import open_app, screen_text, shown, until
from wizard.platform import language
from wizard.platform.preferences import Preferences

TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
PLACES = ("home", "project", "sign_in", "key_vault", "storage", "review", "all_steps")
Rgb = tuple[int, int, int]


def contrast(one: Rgb, other: Rgb) -> float:
    """The ratio of WCAG 2.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Rgb) -> float:
    """The relative luminance of WCAG 2.2."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (value / 255 for value in colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def rgb(colour: TerminalColour | None) -> Rgb:
    """What the terminal is sent."""
    assert colour is not None
    return tuple(colour.get_truecolor())  # type: ignore[return-value]


def faint(app: WizardApp, within: str = "#page") -> list[str]:
    """Every piece of text in a part of the screen that is too near to its ground. What a sheet lies over is dimmed on purpose."""
    region = app.screen.query_one(within).region
    strips = app.screen._compositor.render_strips()[region.y : region.bottom]
    pieces = (piece for strip in strips for piece in strip.crop(region.x, region.right) if piece.text.strip(" │─╭╮╰╯┃█▊▎▁▂▇"))
    lines = []
    for piece in pieces:
        assert piece.style is not None
        ratio = contrast(rgb(piece.style.color), rgb(piece.style.bgcolor))
        if ratio < TEXT:
            lines.append(f"{piece.text!r}: {ratio:.2f}, {piece.style}")
    return lines


def ground(app: WizardApp, widget: Input | ActionButton) -> Rgb:
    """The colour that a widget is filled with, at its first cell."""
    x, y = widget.region.offset
    strip = app.screen._compositor.render_strips()[y]
    piece = next(iter(strip.crop(x, x + 1)))
    assert piece.style is not None
    return rgb(piece.style.color if piece.style.reverse else piece.style.bgcolor)


async def show(pilot: Pilot[int], app: WizardApp, where: str) -> None:
    """Go to a screen and wait until it is there."""
    app.go(where)
    await until(pilot, lambda: getattr(app.screen, "place", "") == where and app.screen.is_mounted)


@pytest.mark.parametrize("theme", themes.NAMES)
async def test_every_text_can_be_read_in_every_theme(project: Path, theme: str) -> None:
    app = open_app(project)
    async with app.run_test(size=(120, 40)) as pilot:
        app.use_colours(theme)
        for where in PLACES:
            await show(pilot, app, where)
            assert faint(app) == [], where
            await pilot.press("tab")
            assert faint(app) == [], where
        await pilot.press("f1")
        await pilot.pause()
        assert faint(app, "WhyPane") == [], "F1"
        await pilot.press("escape", "f2")
        await until(pilot, lambda: isinstance(app.screen, More) and app.focused is not None)
        assert faint(app, ".sheet") == [], "F2"


@pytest.mark.parametrize("theme", themes.NAMES)
async def test_a_field_stands_out_from_the_page_and_the_cursor_from_other_fields(project: Path, theme: str) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        app.use_colours(theme)
        await show(pilot, app, "project")
        first, second = list(app.screen.query(Input))[:2]
        app.screen.set_focus(first)
        await pilot.pause()
        page = rgb(TerminalColour.parse(app.theme_variables["background"]))
        assert contrast(ground(app, second), page) >= SHAPE
        assert contrast(ground(app, first), ground(app, second)) >= SHAPE
        button = app.screen.query_one("#press-next", ActionButton)
        unfocused = ground(app, button)
        app.screen.set_focus(button)
        await pilot.pause()
        assert contrast(ground(app, button), unfocused) >= SHAPE


@pytest.mark.parametrize("states", [themes.STATES_ON_DARK, themes.STATES_ON_LIGHT], ids=["dark", "light"])
def test_the_words_of_states_can_be_read(states: object) -> None:
    name = themes.DARK if states is themes.STATES_ON_DARK else themes.LIGHT
    page = next(theme.background for theme in themes.THEMES if theme.name == name)
    assert page is not None
    for colour in sorted(set(themes.COLOURS.values())):
        number = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white").index(colour)
        shade = states.ansi_colors[number]  # type: ignore[attr-defined]
        assert contrast(tuple(shade), rgb(TerminalColour.parse(page))) >= TEXT, colour


async def test_colours_are_chosen_in_the_palette_and_kept(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+p")
        await shown(pilot, "Go to 1")
        await pilot.press(*"projector")
        await shown(pilot, "Colours: light")
        await pilot.press("enter")
        await until(pilot, lambda: app.theme == themes.LIGHT)
    assert Preferences.read().theme == themes.LIGHT
    assert open_app(project).theme == themes.LIGHT


async def test_a_state_is_green_and_still_a_word(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(120, 40)) as pilot:
        await show(pilot, app, "all_steps")
        strips = app.screen._compositor.render_strips()
        signs = [(piece.text, rgb(piece.style.color)) for strip in strips for piece in strip if piece.style and "!" in piece.text[:18]]
        assert "needs you !" in screen_text(app)
        assert any("needs you !" in text and colour == tuple(themes.STATES_ON_DARK.ansi_colors[3]) for text, colour in signs)


@pytest.mark.parametrize("tongue", ["en", "fr"])
def test_the_words_of_states_have_their_colour_in_every_language(tongue: str) -> None:
    colours = {"done ✓": "green", "kept =": "green", "failed ✗": "red", "needs you !": "yellow", "working …": "cyan", "ready +": "cyan"}
    language.choose(tongue)
    try:
        assert {word: themes.colour_of(language._(word)) for word in colours} == colours
    finally:
        language.choose("en")
