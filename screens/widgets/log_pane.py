"""The log beside what a screen is about: what the API prints and what Azure reports, as it comes."""

from __future__ import annotations

from collections import deque

from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import RichLog

from screens.widgets.basics import TextBlock
from wizard.engine.events import LogEvent
from wizard.platform.language import N_, _
from wizard.workspace.workspace import Workspace

MOST_LINES = 1000
PAUSE = 0.1  # seconds between two times that what came is shown: an API may print thousands of lines a second
SYSTEM = "system"
KINDS = {"": N_("your API and Azure"), "console": N_("your API"), SYSTEM: N_("Azure")}


class LogPane(Vertical):
    """The last lines, kept also while they are not shown, so that another filter shows those that came before::

    Log of your API and Azure · follows · 24 lines
    14:02:07 system  ContainerStarted: Started container 'orders'
    14:02:08 ab12c   [2026-11-22 14:02:08] Listening at: http://0.0.0.0:5000
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(id="log-pane")
        self._workspace = workspace
        self.kind = ""
        self.paused = False
        self.kept: deque[LogEvent] = deque(maxlen=MOST_LINES)
        self._new: deque[LogEvent] = deque(maxlen=MOST_LINES)
        self._said = ""

    def compose(self) -> ComposeResult:
        yield TextBlock(id="log-title", classes="grey")
        yield RichLog(id="log", max_lines=MOST_LINES, wrap=True, markup=False, highlight=False, min_width=0)

    def on_mount(self) -> None:
        self.set_interval(PAUSE, self.show_new)
        self._title()

    def follow(self) -> None:
        """Begin to follow, with the last lines anew. What cannot be read is tried again."""
        self.kept.clear()
        self.query_one(RichLog).clear()
        self._follow()

    @work(group="log", exclusive=True, exit_on_error=False, description="follow the log")
    async def _follow(self) -> None:
        from wizard.state.resources import ResourceRefs
        from wizard.state.secret_redaction import values_to_hide
        from wizard.testing.log_streams import follow_logs

        workspace = self._workspace
        if workspace.cloud is None:
            self._said = _("nobody is signed in yet")
            return
        target = ResourceRefs.named(workspace.reading.answers, workspace.cloud.subscription_id).app
        assert target is not None
        values = await values_to_hide(workspace.cloud, workspace.reading.answers, workspace.secret)
        await follow_logs(workspace.cloud, target, self._new.append, self._say, values)

    def _say(self, sentence: str) -> None:
        self._said = sentence

    def show_new(self) -> None:
        """Show what came since, unless it is paused."""
        if self.paused or not self.is_mounted:
            return
        shown = self.query_one(RichLog)
        while self._new:
            event = self._new.popleft()
            self.kept.append(event)
            if self._wanted(event):
                shown.write(self._line(event), scroll_end=shown.is_vertical_scroll_end)
        self._title()

    def choose(self, kind: str) -> None:
        """Show one kind of lines only: ``console``, ``system``, or all with ""."""
        self.kind = kind
        shown = self.query_one(RichLog)
        shown.clear()
        for event in self.kept:
            if self._wanted(event):
                shown.write(self._line(event))
        self._title()

    def pause(self) -> None:
        """Hold the lines still, or let them go on; what comes meanwhile is kept."""
        self.paused = not self.paused
        self.show_new()
        self._title()

    def _wanted(self, event: LogEvent) -> bool:
        return not self.kind or (event.source == SYSTEM) == (self.kind == SYSTEM)

    def _line(self, event: LogEvent) -> Text:
        time = event.at.replace("T", " ").partition(" ")[2][:8]
        source = SYSTEM if event.source == SYSTEM else event.source.rpartition("-")[2]
        return Text(f"{time} {source:<7} {event.line}")

    def _title(self) -> None:
        state = _("paused") if self.paused else _("follows")
        words = _("Log of {kind} · {state}").format(kind=_(KINDS[self.kind]), state=state)
        if not self.kept:
            words = f"{words} · {self._said or _('nothing was printed yet')}"
        self.query_one("#log-title", TextBlock).say(words)
