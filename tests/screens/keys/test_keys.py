"""A key means one thing on every screen; a row of keys has one line, and F2 shows the rest; F1 explains beside a wide screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from textual.binding import Binding
from textual.screen import Screen
from textual.widgets import Input

import screens
from screens.sheets.more import More
from screens.sheets.why import Why
from screens.widgets.basics import KEY, ActionButton
from screens.widgets.flow import Flow
from screens.widgets.why_pane import WhyPane
from tests.screens.conftest import leave_home, open_app, place, screen_text, shown, until
from tests.support.catalogue import texts
from tests.support.nothing_cut import cut_texts

MEANINGS = {
    "f1": {"why"},
    "f2": {"more"},
    "f3": {"list('')"},
    "f4": {"who"},
    "f5": {"look_again", "again", "examine", "read_again", "retry", "sign_in", "github"},  # asks Azure again, or GitHub
    "f6": {"add", "values", "hint"},  # adds what is missing
    "f7": {"instead", "other", "ways_on", "go_there", "repair"},  # puts right
    "f8": {"next"},
    "f9": {"check_everything", "check"},
    "escape": {"back", "close_or_back", "cancel", "close", "no", "later", "leave"},
    "ctrl+a": {"prove"},
    "ctrl+d": {"delete", "undo"},
    "ctrl+e": {"write_files", "write_down", "write", "draw"},  # writes a file
    "ctrl+f": {"log_kind"},
    "ctrl+g": {"all_steps"},
    "ctrl+k": {"plain"},
    "ctrl+l": {"log"},
    "ctrl+n": {"stages"},
    "ctrl+o": {"read_file"},
    "ctrl+q": {"leave"},
    "ctrl+r": {"version_before"},
    "ctrl+s": {"log_pause"},
    "ctrl+t": {"try_here", "try_it", "send_all"},  # tries it
    "ctrl+u": {"language"},
    "ctrl+x": {"pause", "stop_or_go_on", "go_on"},  # stops it, and lets it go on
    "ctrl+y": {"copy", "copy_code"},
    "ctrl+z": {"suspend_process"},
}
"""Key -> the actions that are one and the same to a person. In a sheet the key that opened it closes it."""


def bindings() -> Iterator[tuple[str, str]]:
    """(key, action) of every screen and sheet that is ours."""
    for module in walk_packages(screens.__path__, "screens."):
        for var in vars(import_module(module.name)).values():
            if isinstance(var, type) and issubclass(var, Screen) and var.__module__ == module.name:
                yield from (
                    (key, one.action) for one in vars(var).get("BINDINGS", ()) if isinstance(one, Binding) for key in one.key.split(",")
                )


def test_a_key_means_one_thing_on_every_screen() -> None:
    closes = {"close", "cancel"}
    others = [(key, action) for key, action in bindings() if key in MEANINGS and action not in MEANINGS[key] | closes]
    assert others == []
    named = {key for key, _action in bindings() if re.fullmatch(r"f\d+|ctrl\+\w", key)}
    assert named <= set(MEANINGS)


def test_words_on_a_button_have_one_key() -> None:
    keys: dict[str, set[str]] = {}
    for message in texts():
        label = f"{message.id}]"
        if (key := KEY.search(label)) and key.group(1) not in ("Enter", "Esc", "F8"):  # agree, leave, and whatever comes next
            keys.setdefault(label[: key.start()], set()).add(key.group(1))
    assert {words: names for words, names in keys.items() if len(names) > 1} == {}


def test_every_key_is_told_of_in_the_docs() -> None:
    told = (Path(__file__).parents[3] / "docs" / "keys.md").read_text(encoding="utf-8").lower()
    assert [key for key in MEANINGS if f"`{'esc' if key == 'escape' else key}`" not in told] == []


@pytest.mark.parametrize("width", [60, 80, 120, 200])
async def test_the_keys_take_one_row_and_f2_shows_those_without_room(project: Path, tongue: str, width: int) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(width, 20)) as pilot:
        await until(pilot, lambda: place(app) == "home")
        row = app.screen.query_one(Flow)
        buttons = [button for button in row.query(ActionButton) if button.display]
        left_out = row.left_out()
        assert {button.region.y for button in buttons if button not in left_out} == {row.region.y}
        assert buttons[-1].region.right <= width, "F2 always has its place"
        await pilot.press("f2")
        await until(pilot, lambda: isinstance(app.screen, More) and app.focused is not None)
        offered = screen_text(app)
        assert [button.label for button in left_out if KEY.sub("", button.label)[1:] not in offered] == []
        assert cut_texts(app) == []


async def test_what_f2_offers_is_done_with_enter(project: Path) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await leave_home(pilot)
        await pilot.press("f2")
        await shown(pilot, "All steps Ctrl+G")
        await pilot.press("enter")
        await until(pilot, lambda: place(app) == "all_steps")


async def test_a_key_that_f2_lists_works_there(project: Path) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await leave_home(pilot)
        await pilot.press("f2")
        await shown(pilot, "All steps Ctrl+G")
        await pilot.press("ctrl+g")
        await until(pilot, lambda: place(app) == "all_steps")


async def test_a_button_without_room_is_never_where_the_focus_is(project: Path) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(160, 24)) as pilot:
        await until(pilot, lambda: place(app) == "home")
        app.screen.query_one("#press-plain").focus()
        await pilot.resize_terminal(60, 20)
        await until(pilot, lambda: app.size.width == 60 and app.focused is not None and app.focused.id == "choices")
        assert app.screen.query_one("#press-plain") not in app.screen.focus_chain


async def test_on_a_wide_screen_f1_explains_beside_what_is_typed_and_esc_puts_it_away(project: Path) -> None:
    app = open_app(project, is_practice=False)
    async with app.run_test(size=(120, 40)) as pilot:
        await leave_home(pilot)
        app.go("storage")
        await until(pilot, lambda: place(app) == "storage" and isinstance(app.focused, Input))
        await pilot.press("f1")
        await shown(pilot, "What does nobrl do?")
        assert cut_texts(app) == []
        await pilot.press(*"name1")
        assert isinstance(app.focused, Input)
        assert app.focused.value.endswith("name1"), "one reads while typing"
        for _page in range(20):
            await pilot.press("pagedown")
        await shown(pilot, "The same with the Azure CLI")
        await pilot.press("escape")
        await until(pilot, lambda: not app.screen.query_one(WhyPane).display)
        assert place(app) == "storage", "Esc put the explanation away first"
        await pilot.press("f1")
        await shown(pilot, "What does nobrl do?")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not app.screen.query_one(WhyPane).display)
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, Why))


async def test_choosing_whom_to_practise_as_does_nothing_before_enter(project: Path) -> None:
    app = open_app(project)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "f8")
        await shown(pilot, "✓ This account may do all that is needed.")
        await pilot.press("space", "space", "space")
        await shown(pilot, "Enter signs you in as this account.")
        assert (place(app), app.workspace.account, app.background.signing_in) == ("sign_in", "owner", False)
        await pilot.press("left")
        await shown(pilot, "reader: may only look")
        await pilot.press("enter")
        await shown(pilot, "need a right that this account does not have")
        assert app.workspace.account == "reader"
