"""Small sheets over a screen: a question with two answers, a text to read and copy, a path to type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input

from screens.widgets.basics import ActionButton, LineInput, ScrollHint, TextBlock
from wizard.platform.language import _

ROW = 70  # cells of a sheet's title in one row


Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A sheet whose text Page Down and Page Up scroll, whatever in it has the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pagedown", "scroll_text(1)", show=False, priority=True),
        Binding("pageup", "scroll_text(-1)", show=False, priority=True),
    ]

    def action_scroll_text(self, by: int) -> None:
        """A page down or up."""
        for scrolled in self.query(VerticalScroll):
            scrolled.scroll_page_down() if by > 0 else scrolled.scroll_page_up()


class Confirm(Dialog[bool]):
    """A question that is answered with one of two buttons; Esc means the second.

    :param text: what it is about, at length, such as a file's content.
    """

    AUTO_FOCUS = "#press-no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "no", show=False),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def __init__(self, question: str, yes: str, no: str, text: str = "") -> None:
        super().__init__()
        self._question, self._yes, self._no, self._text = question, yes, no, text

    def compose(self) -> ComposeResult:
        is_long = cell_len(self._question) > ROW
        with Vertical(classes="sheet -long" if is_long else "sheet"):
            yield TextBlock(self._question, classes="sheet-title")
            if self._text:
                with VerticalScroll(can_focus=False):
                    yield TextBlock(self._text, classes="text")
            yield ScrollHint(".sheet VerticalScroll")
            yield TextBlock(_("Arrows choose, Enter does it."), classes="grey")
            with Horizontal(classes="keys"):
                yield ActionButton(self._yes, "yes")
                yield ActionButton(_("{answer} Esc").format(answer=self._no), "no")

    def action_yes(self) -> None:
        self.dismiss(True)

    def action_no(self) -> None:
        self.dismiss(False)


class ConfirmByName(Dialog[bool]):
    """What deletes everything, or makes what costs money, is answered by typing the setup's name. Esc leaves it.

    :param text: what goes, or is made, line by line.
    :param ask: the line above the name, and `refusal` what is said of another name.
    """

    AUTO_FOCUS = "#name"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "no", show=False)]

    def __init__(self, question: str, name: str, text: str, *, ask: str, refusal: str, yes: str, no: str) -> None:
        super().__init__()
        self._question, self._setup_name, self._text = question, name, text
        self._ask, self._refusal, self._yes, self._no = ask, refusal, yes, no

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -long"):
            yield TextBlock(self._question, classes="sheet-title")
            with VerticalScroll(can_focus=False):
                yield TextBlock(self._text, classes="text")
            yield ScrollHint(".sheet VerticalScroll")
            yield TextBlock(self._ask.format(name=self._setup_name))
            yield LineInput(compact=True, id="name", select_on_focus=False)
            yield TextBlock("", id="wrong")
            with Horizontal(classes="keys"):
                yield ActionButton(self._yes, "yes")
                yield ActionButton(self._no, "no")

    @on(Input.Submitted, "#name")
    def action_yes(self) -> None:
        """Only for the right name; otherwise say so, and do nothing."""
        if self.query_one("#name", Input).value.strip() == self._setup_name:
            self.dismiss(True)
        else:
            self.query_one("#wrong", TextBlock).say(self._refusal.format(name=self._setup_name))

    def action_no(self) -> None:
        self.dismiss(False)


class Sheet(Dialog[None]):
    """A text to read: parts with a heading each. ``c`` copies it, any way out closes it."""

    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,f1,f4,enter", "close", show=False),
        Binding("c", "copy", show=False),
    ]

    def __init__(self, title: str, parts: Sequence[tuple[str, str]]) -> None:
        """:param parts: (heading, text); the heading may be empty."""
        super().__init__()
        self._title = title
        self.parts = [(heading, text) for heading, text in parts if text]

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet"):
            yield TextBlock(self._title, classes="sheet-title")
            with VerticalScroll():
                for heading, text in self.parts:
                    if heading:
                        yield TextBlock(heading, classes="grey")
                    yield TextBlock(text, classes="text")
            yield ScrollHint(".sheet VerticalScroll")
            with Horizontal(classes="keys"):
                yield ActionButton(_("Close Esc"), "close")
                yield ActionButton(_("Copy c"), "copy")
                yield from self.more_buttons()

    def more_buttons(self) -> Sequence[ActionButton]:
        """Buttons beside Close and Copy."""
        return ()

    def action_close(self) -> None:
        self.dismiss(None)

    def action_copy(self) -> None:
        self.app.copy_to_clipboard("\n\n".join(text for _heading, text in self.parts))
        self.notify(_("Copied, if your terminal allows it. Otherwise hold Shift and mark it with the mouse."), markup=False)
