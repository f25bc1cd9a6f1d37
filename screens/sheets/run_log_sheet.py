"""What happened in a run, over the whole screen."""

from __future__ import annotations

from textual.containers import VerticalScroll

from screens.sheets.dialogs import Sheet
from screens.widgets.basics import TextBlock
from screens.widgets.run_log import PAUSE
from wizard.platform.language import _
from wizard.workspace.progress import Progress


class RunLogSheet(Sheet):
    """The same over the whole screen, to read and to copy."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        super().__init__(_("Log"), [("", self._lines())])

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).anchor()
        self.set_interval(PAUSE, self._renew)

    def _renew(self) -> None:
        self.parts = [("", self._lines())]
        self.query_one(".text", TextBlock).say(self._lines())

    def _lines(self) -> str:
        return "\n".join(self._progress.log) or _("Nothing has happened yet.")
