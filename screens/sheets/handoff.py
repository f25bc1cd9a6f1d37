"""The sheet behind F4: what to send to the person who can give the missing rights, and the folder to send it in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.binding import Binding, BindingType
from textual.message import Message

from screens.sheets.dialogs import Sheet
from screens.widgets.basics import ActionButton
from wizard.engine.crash_record import describe_error
from wizard.platform.language import _
from wizard.workspace.wording.handoff_text import blocked_by_rights, folder_parts, message_for_owner, write_hand_off

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from screens.shell.wizard_protocol import Wizard


class WhomToAsk(Sheet):
    """A message to copy, and a key that writes it into a folder with the script; or the good news that nothing is missing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+e", "write", show=False, priority=True)]

    class Written(Message):
        """The folder is there."""

        def __init__(self, folder: Path) -> None:
            super().__init__()
            self.folder = folder

    class NotWritten(Message):
        """It is not, and why."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    def __init__(self) -> None:
        super().__init__(_("Whom to ask"), [])

    @property
    def wizard(self) -> Wizard:
        return cast("Wizard", self.app)

    def compose(self) -> ComposeResult:
        query = self.wizard.background.asked
        result = _("Ctrl+E writes this message into a folder, with the owners' names and a script that gives the rights.")
        self.parts = [*([(_("Asked already"), query)] if query else []), *message_for_owner(self.wizard.workspace, result)]
        yield from super().compose()

    def more_buttons(self) -> Sequence[ActionButton]:
        return [ActionButton(_("Write the folder Ctrl+E"), "write")] if self._has_something_to_ask() else []

    def _has_something_to_ask(self) -> bool:
        return self.wizard.workspace.cloud is not None and bool(blocked_by_rights(self.wizard.workspace))

    def action_write(self) -> None:
        """Write the folder, after everything was looked at once more."""
        if self._has_something_to_ask():
            self.query_one(".sheet-title").loading = True
            self._write()

    @work(group="hand-off", exclusive=True, exit_on_error=False, description="write the hand-off")
    async def _write(self) -> None:
        try:
            folder = await write_hand_off(self.wizard.workspace)
        except Exception as error:
            self.post_message(self.NotWritten(describe_error(error)))
            return
        self.post_message(self.Written(folder) if folder else self.NotWritten(_("Nothing is missing any more.")))

    @on(Written)
    def _was_written(self, message: Written) -> None:
        self.wizard.background.look_soon("", 0)
        self.dismiss(None)
        self.app.push_screen(Sheet(_("Written: the folder to send"), folder_parts(message.folder)))

    @on(NotWritten)
    def _was_not_written(self, message: NotWritten) -> None:
        self.query_one(".sheet-title").loading = False
        self.notify(message.reason, severity="warning", markup=False, timeout=15)
