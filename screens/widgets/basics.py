"""Small widgets that every screen is made of. None of them reads markup in a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

import rich._wrap
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from screens.widgets.themes import colour_of
from wizard.platform.language import _

# Rich breaks a line at any blank; French has one that must not break before : ; ? ! and inside « ». Rich offers no other way to say so.
rich._wrap.re_word = re.compile(r"[^\S\xa0]*(?:\S|\xa0)+[^\S\xa0]*")


class TextBlock(Static):
    """A text, shown as it is: brackets in it are brackets."""

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(Content(text), id=id, classes=classes, markup=False)
        self.text = text

    def say(self, text: str) -> None:
        """Show another text. Where both take one row nothing else moves, and laying the screen out anew would make a key wait."""
        if text != self.text:
            width, room = cell_len(text), self.size.width
            fits = width == room if self.styles.is_auto_width else width <= room
            moves = not (self.size.height == 1 and text and "\n" not in text and fits)
            self.text = text
            self.update(Content(text), layout=moves)

    def say_or_hide(self, text: str) -> None:
        """The same; without a text it takes no row."""
        self.say(text)
        self.display = bool(text)


class ScrollHint(TextBlock):
    """Says in words that something goes on below: a scrollbar is colour alone.

    :param selector: of what scrolls.
    """

    def __init__(self, selector: str) -> None:
        super().__init__(classes="more")
        self._selector = selector

    def on_mount(self) -> None:
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        for scrolled in self._scrolled():
            for size_or_place in ("scroll_y", "virtual_size", "size"):
                self.watch(scrolled, size_or_place, self._look_soon)

    def _look_soon(self) -> None:
        self.call_after_refresh(self._look)  # when all of its sizes are known

    @property
    def goes_on(self) -> bool:
        """Whether there is more below now."""
        return any(item.max_scroll_y > item.scroll_offset.y for item in self._scrolled())

    def _look(self) -> None:
        self.say(_("more below: Page Down") if self.goes_on else "")

    def _scrolled(self) -> list[Widget]:
        """What it tells of; nothing once another screen came."""
        return list(self.screen.query(self._selector)) if self.is_attached else []


def hanging(rows: Sequence[tuple[str, str]], width: int) -> Table:
    """Lines of a word and a text; a text that is too long goes on below itself, never below the word.

    :param width: of the words, in cells.
    """
    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(width=width, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")  # an address is one long word, and shown whole
    for word, text in rows:
        table.add_row(Text(word, colour_of(word)), Text(text))
    return table


class StatusList(Static):
    """Lines of a word and a text."""

    WIDTH = 11  # of the longest word

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.rows: list[tuple[str, str]] = []

    def say(self, rows: list[tuple[str, str]]) -> None:
        """Show other lines."""
        if rows != self.rows:
            self.rows = rows
            self.update(hanging(rows, self.WIDTH) if rows else "")
        self.display = bool(rows)


KEY = re.compile(r" (F\d+|Esc|Échap|Enter|Entrée|Ctrl\+\w|c|g)\]$")
MAIN = "F8]"
"""What the label of a screen's main action ends with: that button is filled."""


def _key_apart(label: str) -> Content:
    """A button's words, and in bold its key: ``[Next F8]``."""
    key = KEY.search(label)
    return Content(label).stylize("bold", key.start(1), key.end(1)) if key else Content(label)


class ActionButton(Static, can_focus=True):
    """A button of one row that names its key: ``[Next F8]``. Enter, space and a click do the screen's `action`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "press", show=False),
        Binding("left", "app.focus_previous", show=False),
        Binding("right", "app.focus_next", show=False),
    ]

    has_room = True
    """Whether its row shows it; else it is among what `More` offers."""

    def __init__(self, label: str, action: str, *, id: str | None = None) -> None:
        self.label = f"[{label}]"
        super().__init__(_key_apart(self.label), id=id or f"press-{action.partition('(')[0]}", markup=False)
        self.action = action
        self.set_class(self.label.endswith(MAIN), "-main")

    def allow_focus(self) -> bool:
        """Only where it is seen."""
        return super().allow_focus() and self.has_room

    async def action_press(self) -> None:
        await self.run_action(f"screen.{self.action}")

    async def on_click(self) -> None:
        await self.action_press()


class InlineSelect(Static, can_focus=True):
    """One of a few values, in words; space or the arrows choose the next. Smaller than a list that opens over the form."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,right", "step(1)", show=False),
        Binding("left", "step(-1)", show=False),
        Binding("enter", "leave", show=False),
    ]
    value: reactive[str] = reactive("", init=False)

    class Changed(Message):
        """Another value was chosen."""

        def __init__(self, one_of: InlineSelect, value: str) -> None:
            super().__init__()
            self.one_of = one_of
            self.value = value

        @property
        def control(self) -> InlineSelect:
            return self.one_of

    class Blurred(Message):
        """Enter was pressed: on to the next field."""

    def __init__(self, options: Sequence[tuple[str, str]], value: str, *, classes: str | None = None) -> None:
        """:param options: (value, words)."""
        super().__init__(markup=False, classes=classes)
        self.options = list(options)
        self.set_reactive(InlineSelect.value, value)

    def render(self) -> Content:
        words = f"‹ {dict(self.options).get(self.value, self.value)} ›"
        hint = _("space: another")
        hinted = f"{words}  {hint}"
        return Content(hinted if self.has_focus and cell_len(hinted) <= self.size.width else words)

    def watch_value(self, value: str) -> None:
        self.post_message(self.Changed(self, value))

    def action_step(self, by: int) -> None:
        values = [value for value, _words in self.options]
        at = values.index(self.value) if self.value in values else 0
        self.value = values[(at + by) % len(values)]

    def action_leave(self) -> None:
        self.post_message(self.Blurred())

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        self.action_step(1)


class PastedInput(Input):
    """An input that takes what is pasted by its lines, however a terminal ends them: with CR, LF or both."""

    def on_paste(self, event: events.Paste) -> None:
        """Insert what `taken` makes of the lines, in place of what Textual would insert."""
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(self.taken(pasted_lines(event.text)))

    def taken(self, lines: list[str]) -> str:
        """What is inserted of the pasted lines; tells the person where it is not all as it was copied."""
        raise NotImplementedError


class LineInput(PastedInput):
    """An answer of one line. Of several pasted lines the first is taken, and that is said."""

    virtual_size = reactive(Size(0, 0))  # its place stays as wide as the row: the screen need not be laid out anew at each key

    def taken(self, lines: list[str]) -> str:
        """The first line."""
        if len(lines) > 1:
            self.notify(_("Only the first line was taken: this answer has one line."), markup=False)
        return lines[0]

    def action_delete_left_all(self) -> None:
        """Nothing: on Home Ctrl+U is the other language, and a key that means something elsewhere deletes no answer."""

    def action_delete_right_all(self) -> None:
        """Nothing either: on Home Ctrl+K is line prompts."""


class SecretInput(PastedInput):
    """Typed and never shown: nothing of it can be copied out. A value of several lines, such as a key, is pasted whole."""

    def __init__(self, placeholder: str = "", **options: Any) -> None:
        super().__init__(placeholder=placeholder, password=True, compact=True, **options)

    def action_copy(self) -> None:
        self.notify(_("A value that is kept hidden cannot be copied."), markup=False)

    def action_cut(self) -> None:
        self.action_copy()

    def taken(self, lines: list[str]) -> str:
        """Every line, as one value."""
        if len(lines) > 1:
            self.notify(_("{count} lines were taken, as one value.").format(count=len(lines)), markup=False)
        return "\n".join(lines)

    def __repr__(self) -> str:
        return "SecretInput(***)"


def pasted_lines(text: str) -> list[str]:
    """The lines of a pasted text, whatever ends them, without the line end that comes after the last."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
