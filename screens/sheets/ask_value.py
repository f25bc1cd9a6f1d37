"""What a request asks a person for, on sheets: a value (REST Client's ``# @prompt``), and leave to be sent (``# @note``)."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from screens.sheets.dialogs import Confirm
from screens.widgets.basics import ActionButton, SecretInput, TextBlock
from wizard.platform.language import _
from wizard.testing.rest.comments import Prompt


class AskValue(ModalScreen[str | None]):
    """Enter takes the value, Esc leaves the request unsent.

    :param description: what the file says about the value.
    :param is_hidden: whether it is a password, which is not shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, name: str, description: str, *, is_hidden: bool) -> None:
        super().__init__()
        self._value_name, self._description, self._is_hidden = name, description, is_hidden

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet"):
            yield TextBlock(_("Value of {name}").format(name=self._value_name), classes="sheet-title")
            if self._description:
                yield TextBlock(self._description)
            yield SecretInput() if self._is_hidden else Input(compact=True)
            with Horizontal(classes="keys"):
                yield ActionButton(_("Take it Enter"), "take")
                yield ActionButton(_("Leave it Esc"), "leave")

    @on(Input.Submitted)
    def action_take(self) -> None:
        self.dismiss(self.query_one(Input).value)

    def action_leave(self) -> None:
        self.dismiss(None)


class PersonOnScreen:
    """Who is asked for values on sheets over the page."""

    def __init__(self, page: Screen[None]) -> None:
        self._page = page

    async def value(self, prompt: Prompt, *, is_hidden: bool) -> str | None:
        """What is typed for a value of a request; None when the sheet is left."""
        return await self._page.app.push_screen_wait(AskValue(prompt.name, prompt.description, is_hidden=is_hidden))

    async def agrees(self, question: str) -> bool:
        """Whether a request is sent that wants to be confirmed."""
        sheet = Confirm(_("Send “{title}”?").format(title=question), _("Send it"), _("Leave it"))
        agreed: bool | None = await self._page.app.push_screen_wait(sheet)
        return bool(agreed)
