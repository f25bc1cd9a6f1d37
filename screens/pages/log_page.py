"""A page with the log of the deployed API below it, which Ctrl+L opens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import RichLog

from screens.shell.page import Page
from screens.widgets.basics import ActionButton
from screens.widgets.log_pane import KINDS, LogPane
from wizard.platform.language import _


class LogPage(Page):
    """A page with a log that Ctrl+L opens below what it is about."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "log", "Log", show=False, priority=True, id="log.open"),
        Binding("ctrl+s", "log_pause", "Pause the log", show=False, id="log.pause"),
        Binding("ctrl+f", "log_kind", "Filter the log", show=False, id="log.kind"),
    ]

    def foot(self) -> Iterable[Widget]:
        yield LogPane(self.workspace)

    def log_buttons(self) -> Iterable[ActionButton]:
        """The pane's own buttons, which are there while it is open."""
        yield ActionButton(_("Pause Ctrl+S"), "log_pause")
        yield ActionButton(_("Filter Ctrl+F"), "log_kind")

    def on_mount(self) -> None:
        self._show_log(False)

    @property
    def log_pane(self) -> LogPane:
        return self.query_one(LogPane)

    def action_log(self) -> None:
        """Open the log, or close it; while it is closed nothing is followed."""
        shown = not self.log_pane.display
        self._show_log(shown)
        if shown:
            self.log_pane.follow()
            self.log_pane.query_one(RichLog).focus()
        else:
            self.workers.cancel_group(self.log_pane, "log")
            self.focus_first()

    def action_log_pause(self) -> None:
        """Hold the lines still, or let them go on."""
        if self.log_pane.display:
            self.log_pane.pause()

    def action_log_kind(self) -> None:
        """Your API's lines, then Azure's, then both."""
        kinds = list(KINDS)
        if self.log_pane.display:
            self.log_pane.choose(kinds[(kinds.index(self.log_pane.kind) + 1) % len(kinds)])

    def _show_log(self, shown: bool) -> None:
        self.log_pane.display = shown
        for action in ("log_pause", "log_kind"):
            self.query_one(f"#press-{action}").display = shown
