"""A sheet to choose one of what Azure has: type to filter, arrows to move, Enter to take."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from screens.widgets.basics import ActionButton, TextBlock
from wizard.engine.crash_record import describe_error
from wizard.platform.language import _
from wizard.state.choices import Choice, matching

if TYPE_CHECKING:
    from screens.shell.wizard_protocol import Wizard

SHOWN = 50  # more than anyone reads; what is typed narrows the rest


class Choose(ModalScreen[Choice | None]):
    """The list of a question, read once a sign-in and kept, so that opening it again shows it at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("f5", "read_again", show=False),
    ]

    class Read(Message):
        """A page of the list is there."""

        def __init__(self, choices: list[Choice]) -> None:
            super().__init__()
            self.choices = choices

    class Ended(Message):
        """Nothing more comes: all was read, or there is a reason why it was not."""

        def __init__(self, reason: str = "") -> None:
            super().__init__()
            self.reason = reason

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where
        self.choices: list[Choice] = []
        self._matching: list[Choice] = []
        self._is_reading = False
        self._trouble = ""

    @property
    def wizard(self) -> Wizard:
        return cast("Wizard", self.app)

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -list"):
            yield TextBlock(_("Type to narrow the list; arrows and Enter choose."), classes="sheet-title")
            yield Input(placeholder=_("type here"), compact=True)
            yield OptionList(markup=False)
            yield TextBlock(_("Asking Azure…"), id="count")
            with Horizontal(classes="keys"):
                yield ActionButton(_("Take it Enter"), "take")
                yield ActionButton(_("Read again F5"), "read_again")
                yield ActionButton(_("Back Esc"), "cancel")

    def on_mount(self) -> None:
        self.query_one(OptionList).can_focus = False
        remaining = self.wizard.workspace.lists.get(self.where)
        self._add(remaining) if remaining is not None else self._begin()

    def _begin(self) -> None:
        self._is_reading, self._trouble = True, ""
        self._say_how_many()
        self._read()

    @work(group="list", exclusive=True, exit_on_error=False, description="read a list")
    async def _read(self) -> None:
        """Show the list as it comes, once there is someone for whom Azure can be asked."""
        background, workspace = self.wizard.background, self.wizard.workspace
        await background.until_signed_in()
        if workspace.cloud is None:
            self.post_message(self.Ended(background.sign_in_trouble))
            return
        try:
            async for page in workspace.listing(self.where).follow():
                self.post_message(self.Read(page))
        except Exception as error:
            self.post_message(self.Ended(describe_error(error)))
        else:
            self.post_message(self.Ended())

    @on(Read)
    def _came(self, message: Read) -> None:
        self._add(message.choices)

    @on(Ended)
    def _ended(self, message: Ended) -> None:
        self._is_reading, self._trouble = False, message.reason
        self._say_how_many()

    def _add(self, page: list[Choice]) -> None:
        """Show what came below what is there, so that nothing moves under the cursor."""
        self.choices = self.choices + page
        self._show(self._matching, matching(page, self.query_one(Input).value))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.query_one(OptionList).clear_options()
        self._show([], matching(self.choices, event.value))

    def _show(self, shown: list[Choice], more: list[Choice]) -> None:
        listed = self.query_one(OptionList)
        self._matching = shown + more
        listed.add_options([Option(Content(item.words)) for item in self._matching[listed.option_count : SHOWN]])
        if listed.highlighted is None and self._matching:
            listed.highlighted = 0
        self._say_how_many()

    def _say_how_many(self) -> None:
        """How many of those that were read match, whether more are coming, and why if they are not."""
        count = _("{count} of {all}").format(count=len(self._matching), all=len(self.choices))
        parts = [count] if self.choices else []
        if len(self._matching) > SHOWN:
            parts.append(_("the first {shown} are shown: type more").format(shown=SHOWN))
        if self._is_reading:
            parts.append(_("Asking Azure…"))
        if self._trouble:
            parts.append(f"✗ {self._trouble}")
        if not parts:
            parts.append(_("There is none to choose yet: Esc goes back to the field, where you can type it."))
        self.query_one("#count", TextBlock).say(" · ".join(parts))

    def action_read_again(self) -> None:
        """Ask Azure again: something may be new."""
        self.wizard.workspace.lists.pop(self.where, None)
        self.query_one(OptionList).clear_options()
        self.choices, self._matching = [], []
        self._begin()

    def action_move(self, by: int) -> None:
        listed = self.query_one(OptionList)
        listed.action_cursor_down() if by > 0 else listed.action_cursor_up()

    @on(Input.Submitted)
    def action_take(self) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self._matching):
            self.dismiss(self._matching[at])

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._matching[event.option_index])

    def action_cancel(self) -> None:
        self.dismiss(None)
