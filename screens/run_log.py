"""What happened in a run, line by line as it comes: beside or below its steps, and at length in a sheet of its own."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from screens.confirm import Sheet
from screens.parts import Say
from wizard.language import _
from wizard.progress import Progress

PAUSE = 0.25  # seconds between two looks at what came


def _show_end(scrolled: VerticalScroll, said: Say, text: str) -> None:
    """Show another text, and its end where the end was in sight."""
    if text != said.text:
        follows = scrolled.is_vertical_scroll_end
        said.say(text)
        if follows:
            scrolled.call_after_refresh(scrolled.scroll_end, animate=False)


class RunLog(Vertical):
    """The lines so far; the newest stay in sight until someone scrolls up::

    Log
    0:00  working    Resource group rg-orders-dev
    0:01  done       Resource group rg-orders-dev
    """

    def __init__(self) -> None:
        super().__init__(id="run-log")

    def compose(self) -> ComposeResult:
        yield Say(_("Log"), id="run-log-title")
        with VerticalScroll(id="run-log-scroll"):
            yield Say(id="run-log-lines")

    def show(self, lines: Sequence[str]) -> None:
        """Show these lines."""
        _show_end(self.query_one(VerticalScroll), self.query_one("#run-log-lines", Say), "\n".join(lines))


class RunLogSheet(Sheet):
    """The same over the whole screen, to read and to copy."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        super().__init__(_("Log"), [("", self._lines())])

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).scroll_end(animate=False)
        self.set_interval(PAUSE, self._renew)

    def _renew(self) -> None:
        self.parts = [("", self._lines())]
        _show_end(self.query_one(VerticalScroll), self.query_one(".text", Say), self._lines())

    def _lines(self) -> str:
        return "\n".join(self._progress.log) or _("Nothing has happened yet.")
