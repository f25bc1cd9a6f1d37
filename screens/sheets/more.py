"""The sheet behind F2: what else a screen can do, beside the keys that its row has room for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.widgets.basics import KEY, ActionButton, TextBlock
from wizard.platform.language import _


class More(ModalScreen[str | None]):
    """A line for each, with its key on the right; that key does it, and Enter on the line.

    :param offers: (label as on a button, action).
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,f2", "cancel", show=False)]

    def __init__(self, offers: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._offers = list(offers)

    def compose(self) -> ComposeResult:
        keys = [KEY.search(f"{label}]") for label, _action in self._offers]
        words = [label[: key.start()] if key else label for (label, _action), key in zip(self._offers, keys, strict=True)]
        width = max(map(cell_len, words)) + 3
        lines = [f"{set_cell_size(text, width)}{key.group(1) if key else ''}" for text, key in zip(words, keys, strict=True)]
        with Vertical(classes="sheet"):
            yield TextBlock(_("More that can be done here"), classes="sheet-title")
            yield OptionList(*(Option(Content(line)) for line in lines), id="offers", markup=False)
            with Horizontal(classes="keys"):
                yield ActionButton(_("Do it Enter"), "take")
                yield ActionButton(_("Back Esc"), "cancel")

    def on_mount(self) -> None:
        self.query_one("#offers", OptionList).highlighted = 0

    def on_key(self, event: Key) -> None:
        """The keys that stand here do here what they do on the screen."""
        for label, action in self._offers:
            if (key := KEY.search(f"{label}]")) and key.group(1).lower() == event.key:
                event.stop()
                self.dismiss(action)
                return

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._offers[event.option_index][1])

    def action_take(self) -> None:
        """Do what the highlighted line says."""
        self.dismiss(self._offers[self.query_one("#offers", OptionList).highlighted or 0][1])

    def action_cancel(self) -> None:
        self.dismiss(None)
