"""The moving picture of the README: one SVG of several screens."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from tests.screens.pictured.moving_picture import moving_picture

PICTURE = """<svg class="rich-terminal" viewBox="0 0 994 635" xmlns="http://www.w3.org/2000/svg">
<style>.terminal-r1 {{ fill: {colour} }}</style><g clip-path="url(#terminal-line-0)"><text class="terminal-r1">{words}</text></g></svg>"""


def test_each_screen_keeps_its_own_colours_and_is_seen_in_its_turn() -> None:
    svg = moving_picture([PICTURE.format(colour="#c5c8c6", words="Home"), PICTURE.format(colour="#98a84b", words="Create")], "A walk")
    root = ElementTree.fromstring(svg)  # noqa: S314
    screens = [group for group in root if group.get("class") == "screen"]
    assert [re.findall(r"\d+s", str(group.get("style"))) for group in screens] == [["0s"], ["3s"]]
    assert ".screen0-r1 { fill: #c5c8c6 }" in svg and ".screen1-r1 { fill: #98a84b }" in svg
    assert root.get("viewBox") == "0 0 994 635"


def test_where_less_motion_is_asked_for_the_last_screen_stands_still() -> None:
    assert "prefers-reduced-motion" in moving_picture([PICTURE.format(colour="red", words="")], "A walk")
