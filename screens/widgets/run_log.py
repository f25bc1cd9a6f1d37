"""What happened in a run, line by line as it comes: beside or below its steps."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from screens.widgets.basics import TextBlock
from wizard.platform.language import _

PAUSE = 0.25  # seconds between two looks at what came


class RunLog(Vertical):
    """The lines so far; the newest stay in sight until someone scrolls up::

    Log
    0:00  working    Resource group rg-orders-dev
    0:01  done       Resource group rg-orders-dev
    """

    def __init__(self) -> None:
        super().__init__(id="run-log")
        self._follows = False

    def compose(self) -> ComposeResult:
        yield TextBlock(_("Log"), id="run-log-title")
        with VerticalScroll(id="run-log-scroll"):
            yield TextBlock(id="run-log-lines")

    def show(self, lines: Sequence[str]) -> None:
        """Show these lines."""
        scrolled = self.query_one(VerticalScroll)
        is_longer = scrolled.max_scroll_y > 0
        if is_longer != self._follows:  # anchored, the few lines at first would stand at the bottom
            self._follows = is_longer
            scrolled.anchor(is_longer)
        self.query_one("#run-log-lines", TextBlock).say("\n".join(lines))
