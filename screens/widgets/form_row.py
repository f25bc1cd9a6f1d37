"""One question on the screen: its label, what is typed, and below it why it is asked or what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from screens.widgets.basics import ActionButton, InlineSelect, LineInput, TextBlock
from wizard.platform.language import _
from wizard.platform.phrases import choice, yes_no
from wizard.setup.introspection import Question


class FormRow(Vertical):
    """A question rendered from its declaration::

        Name of the key vault        kv-orders-dev                       [List F3]
        No other vault in all of Azure may have it.        ✓ nobody uses this name

    :param where: its place in azwizard.toml, such as ``key_vault.name``.
    :param value: what stands in it at first.
    :param has_list: whether Azure can be asked for what there is to choose from.
    """

    class Changed(Message):
        """Something was typed or chosen."""

        def __init__(self, where: str, value: str | bool) -> None:
            super().__init__()
            self.where = where
            self.value = value

    class Finished(Message):
        """Enter was pressed."""

    class Blurred(Message):
        """The field was left after something was typed: now it may be called wrong."""

    def __init__(self, where: str, question: Question, value: Any, *, words: str = "", has_list: bool = False) -> None:
        super().__init__(classes="row")
        self.where = where
        self.question = question
        self.touched = False
        self.edited = False
        self._has_list = has_list
        self._why = _(question.ask.why)
        self.editor = self._make_editor(value, words or where)
        self.below = TextBlock(self._why, classes="why")
        self.note = TextBlock(classes="beside")
        self._known = self.editor.value

    def _make_editor(self, value: Any, words: str) -> Input | InlineSelect:
        if self.question.kind is bool:
            return InlineSelect([("false", yes_no(False)), ("true", yes_no(True))], "true" if value else "false", classes="editor")
        if self.question.choices:
            return InlineSelect([(item, choice(words, item)) for item in self.question.choices], str(value), classes="editor")
        return LineInput(str(value), compact=True, select_on_focus=False, classes="editor", validate_on=["submitted"])

    def compose(self) -> ComposeResult:
        with Horizontal(classes="line"):
            yield TextBlock(_(self.question.ask.label), classes="label")
            yield self.editor
            if self._has_list:
                yield ActionButton(_("List F3"), f"list('{self.where}')", id=f"list-{self.where.replace('.', '-')}")
        with Horizontal(classes="foot"):
            yield self.below
            yield self.note

    @property
    def value(self) -> str | bool:
        """What stands in it, as typed."""
        return self.editor.value == "true" if self.question.kind is bool else self.editor.value

    @property
    def is_edited(self) -> bool:
        """Whether something was typed, be its message still on the way."""
        return self.edited or self.editor.value != self._known

    def follow(self, value: Any) -> None:
        """Show what now follows from other answers."""
        text = ("true" if value else "false") if self.question.kind is bool else str(value)
        if self.editor.value != text:
            self._known = text
            self.editor.value = text

    def judge(self, problem: str | None) -> None:
        """Show what is wrong, once it was touched, or why it is asked."""
        wrong = problem is not None and self.touched
        self.set_class(wrong, "-wrong")
        self.below.say(f"✗ {problem}" if wrong else self._why)

    def remark(self, words: str) -> None:
        """Show what Azure says to the value, on the right."""
        self.note.display = bool(words)
        self.note.say(words)

    def focus_editor(self) -> None:
        """Put the cursor into it, and have the row in sight once everything around it has its place."""
        self.screen.set_focus(self.editor)
        self.call_after_refresh(self.scroll_visible, animate=False)

    @on(Input.Changed)
    @on(InlineSelect.Changed)
    def _changed(self, event: Input.Changed | InlineSelect.Changed) -> None:
        event.stop()
        if self.editor.value == self._known:  # an Input also tells of the value it begins with
            return
        self._known = self.editor.value
        self.edited = True
        self.post_message(self.Changed(self.where, self.value))

    @on(Input.Submitted)
    @on(InlineSelect.Blurred)
    def _finished(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Finished())

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        if self.edited and not self.touched:
            self.touched = True
            self.post_message(self.Blurred())


def rows_below(widget: Widget) -> Iterator[FormRow]:
    """The questions inside a widget. Each key asks for them, and a query that matches selectors takes longer than all else it does."""
    for child in widget.children:
        if isinstance(child, FormRow):
            yield child
        else:
            yield from rows_below(child)
