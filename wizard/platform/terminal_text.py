"""Text from outside as something that a terminal only shows, and does not obey."""

from __future__ import annotations

import re

COMMANDS = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor moves, clearing the screen
    r"|\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # titles, links and other strings to the terminal
    r"|\x1b[ -/]*[0-~]"  # everything else that begins with Escape
)
CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # all but tab and line end
    "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # what turns the direction of writing, or shows nothing
    "\U000e0000-\U000e007f\ud800-\udfff]"  # tags that show nothing, and halves of characters
)


def plain(text: str) -> str:
    """Without colours and other commands to a terminal; tabs and line ends stay."""
    return text if text.isprintable() else CONTROLS.sub("", COMMANDS.sub("", text))
