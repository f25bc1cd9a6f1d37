"""Files to keep: the storage account's form, and its shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget

from screens.sections.section_screen import SectionScreen
from screens.widgets.basics import ActionButton, TextBlock
from screens.widgets.form_row import FormRow
from screens.widgets.share_rows import ShareRows
from wizard.platform.language import _
from wizard.sections import storage
from wizard.workspace.typed_reader import SHARES

NEW = {"designation": "", "mount": "", "access": "ReadWrite", "nobrl": False, "quota": "5"}


class StorageScreen(SectionScreen):
    """Each share has its own rows; all of them are kept as typed."""

    section = storage.SECTION
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f6", "add", "Add a share", show=False, priority=True, id="storage.add")]

    def extra(self) -> Iterable[Widget]:
        shares = self.workspace.draft.lines(SHARES)
        yield TextBlock(
            _("Folders to keep (file shares), suggested from your Dockerfile and your code:")
            if shares
            else _("No folders to keep yet: F6 adds one.")
        )
        with Vertical(id="shares", classes="share"):
            for number, line in enumerate(shares):
                yield ShareRows(number, line)

    def more_buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Add F6"), "add")

    def keep(self, where: str, value: str | bool) -> None:
        if not where.startswith(SHARES):
            super().keep(where, value)
            return
        number, _bracket, key = where.removeprefix(f"{SHARES}[").partition("].")
        lines = self.workspace.draft.lines(SHARES)
        lines[int(number)][key] = value
        self.workspace.put(SHARES, lines)

    def renew_row(self, row: FormRow, answers: object) -> None:
        if not row.where.startswith(SHARES):
            super().renew_row(row, answers)

    def problems(self) -> dict[str, str]:
        """Also a folder of which nobody has said what it is for: its share is named after that."""
        problems = super().problems()
        for number, line in enumerate(self.workspace.draft.lines(SHARES)):
            if not str(line["designation"]).strip():
                problems[f"{SHARES}[{number}].designation"] = _("Say what the folder is for, or remove it.")
        return problems

    def action_add(self) -> None:
        """One more share."""
        self.workspace.put(SHARES, [*self.workspace.draft.lines(SHARES), dict(NEW)])
        self.workspace.draft.focus = f"{SHARES}[{len(self.workspace.draft.lines(SHARES)) - 1}].designation"
        self.wizard.refresh_place(self.place)

    def action_remove(self, number: int) -> None:
        """Leave a share away. What Azure has of it stays there."""
        lines = self.workspace.draft.lines(SHARES)
        del lines[number]
        self.workspace.put(SHARES, lines)
        self.wizard.refresh_place(self.place)
