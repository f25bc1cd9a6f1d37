"""Text from outside as something that a terminal only shows, and does not obey."""

from __future__ import annotations

import re

COMMANDS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-Z\\-_]")  # colours, titles, cursor moves
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # and what turns the direction of writing


def plain(text: str) -> str:
    """Without colours and other commands to a terminal; tabs and line ends stay."""
    return CONTROLS.sub("", COMMANDS.sub("", text))
