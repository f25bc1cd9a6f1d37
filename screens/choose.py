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

from screens.parts import Press, Say
from wizard.language import _
from wizard.lists import Choice, matching

if TYPE_CHECKING:
    from screens.app import WizardApp

SHOWN = 100  # more than anyone reads; what is typed narrows the rest


class Choose(ModalScreen[Choice | None]):
    """The list of a question, read once a sign-in and kept, so that opening it again shows it at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", show=False),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("f5", "read_again", show=False),
    ]

    class Read(Message):
        """The list is there."""

        def __init__(self, choices: list[Choice]) -> None:
            super().__init__()
            self.choices = choices

    class NotRead(Message):
        """It could not be read, and why."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where
        self.choices: list[Choice] = []
        self._matching: list[Choice] = []

    @property
    def wizard(self) -> WizardApp:
        return cast("WizardApp", self.app)

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet -list"):
            yield Say(_("Type to narrow the list; arrows and Enter choose."), classes="sheet-title")
            yield Input(placeholder=_("type here"), compact=True)
            yield OptionList(markup=False)
            yield Say(_("Asking Azure…"), id="count")
            with Horizontal(classes="keys"):
                yield Press(_("Take it Enter"), "take")
                yield Press(_("Read again F5"), "read_again")
                yield Press(_("Back Esc"), "cancel")

    def on_mount(self) -> None:
        self.query_one(OptionList).can_focus = False
        kept = self.wizard.desk.lists.get(self.where)
        self._show(kept) if kept is not None else self._read()

    @work(group="list", exclusive=True, exit_on_error=False, description="read a list")
    async def _read(self) -> None:
        from wizard.cloud import CloudError, translate

        desk = self.wizard.desk
        try:
            self.post_message(self.Read(await desk.read_list(self.where)))
        except Exception as error:
            problem = error if isinstance(error, CloudError) else translate(error)
            self.post_message(self.NotRead(f"{problem.sentence} {problem.remedy}".strip()))

    @on(Read)
    def _was_read(self, message: Read) -> None:
        self._show(message.choices)

    @on(NotRead)
    def _was_not_read(self, message: NotRead) -> None:
        self.query_one("#count", Say).say(f"✗ {message.reason}")

    def _show(self, choices: list[Choice]) -> None:
        self.choices = choices
        self._filter(self.query_one(Input).value)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._filter(event.value)

    def _filter(self, text: str) -> None:
        self._matching = matching(self.choices, text)
        listed = self.query_one(OptionList)
        listed.set_options([Option(Content(it.words)) for it in self._matching[:SHOWN]])
        if self._matching:
            listed.highlighted = 0
        more = len(self._matching) - SHOWN
        count = _("{count} of {all}").format(count=len(self._matching), all=len(self.choices))
        self.query_one("#count", Say).say(
            count + (" · " + _("the first {shown} are shown: type more").format(shown=SHOWN) if more > 0 else "")
        )

    def action_read_again(self) -> None:
        """Ask Azure again: something may be new."""
        self.query_one("#count", Say).say(_("Asking Azure…"))
        self._read()

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
