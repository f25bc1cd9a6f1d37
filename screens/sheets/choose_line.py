"""A sheet with a line for each thing there is to choose from: arrows move, Enter takes, Esc leaves all as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.widgets.basics import ActionButton, TextBlock
from wizard.platform.language import _

Chosen = TypeVar("Chosen")


class ChooseLine(ModalScreen[Chosen | None]):
    """Gives what stands behind the line that was taken.

    :param title: what is chosen.
    :param lines: the words of each line, and what it stands for.
    :param take: what the button says that takes the highlighted line.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    def __init__(self, title: str, lines: Sequence[tuple[str, Chosen]], take: str) -> None:
        super().__init__()
        self._title, self._lines, self._take = title, lines, take

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet"):
            yield TextBlock(self._title, classes="sheet-title")
            yield OptionList(*(Option(Content(words)) for words, _chosen in self._lines), id="offers", markup=False)
            with Horizontal(classes="keys"):
                yield ActionButton(self._take, "take")
                yield ActionButton(_("Back Esc"), "cancel")

    def on_mount(self) -> None:
        self.query_one("#offers", OptionList).highlighted = 0

    @on(OptionList.OptionSelected)
    def action_take(self) -> None:
        """Give what the highlighted line stands for."""
        highlighted = self.query_one("#offers", OptionList).highlighted
        if highlighted is not None:
            self.dismiss(self._lines[highlighted][1])

    def action_cancel(self) -> None:
        self.dismiss(None)
