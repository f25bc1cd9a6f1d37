"""The sheet behind "Try it here": the API runs on this computer, and its first answer is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message

from screens.sheets.dialogs import Dialog
from screens.widgets.basics import ActionButton, TextBlock
from wizard.platform.language import _
from wizard.testing.local_order import LocalRunError
from wizard.testing.local_run import run_here

if TYPE_CHECKING:
    from screens.shell.wizard_protocol import Wizard
    from wizard.source.starting.app_objects import AppObject


class TryHere(Dialog[None]):
    """Closing it stops the API.

    :param started: which of several applications is tried.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", show=False)]

    class Line(Message):
        """Something happened."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, started: AppObject | None = None) -> None:
        super().__init__()
        self._started = started

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet"):
            yield TextBlock(_("Your API on this computer"), classes="sheet-title")
            with VerticalScroll(can_focus=False):
                yield TextBlock(id="told", classes="text")
            with Horizontal(classes="keys"):
                yield ActionButton(_("Stop it and close Esc"), "close")

    def on_mount(self) -> None:
        self._run()

    @work(group="try-here", exclusive=True, exit_on_error=False, description="try it here")
    async def _run(self) -> None:
        workspace = cast("Wizard", self.app).workspace
        try:
            await run_here(
                workspace.code,
                workspace.reading.answers,
                workspace.secret,
                self._say,
                wheels=workspace.options.wheels,
                started=self._started,
            )
        except LocalRunError as error:
            self.post_message(self.Line(f"✗ {error}"))

    def _say(self, text: str) -> None:
        self.post_message(self.Line(text))

    def on_try_here_line(self, message: Line) -> None:
        result = self.query_one("#told", TextBlock)
        result.say(f"{result.text}\n{message.text}".strip())

    def action_close(self) -> None:
        self.dismiss(None)
