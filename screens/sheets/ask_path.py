"""A sheet that asks for the path of a file."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from screens.widgets.basics import ActionButton, LineInput, TextBlock
from wizard.platform.language import _


class AskPath(ModalScreen[str | None]):
    """One input; Enter takes it, Esc gives None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    def __init__(self, question: str, path: str) -> None:
        super().__init__()
        self._question = question
        self._path = path

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet"):
            yield TextBlock(self._question, classes="sheet-title")
            yield LineInput(self._path, compact=True)
            with Horizontal(classes="keys"):
                yield ActionButton(_("Read it Enter"), "take")
                yield ActionButton(_("Back Esc"), "cancel")

    @on(Input.Submitted)
    def action_take(self) -> None:
        self.dismiss(self.query_one(Input).value.strip() or None)

    def action_cancel(self) -> None:
        self.dismiss(None)
