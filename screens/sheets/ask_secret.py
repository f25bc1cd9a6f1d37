"""A sheet for the value of one secret, typed and never shown; and one after the other for all that are missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from screens.widgets.basics import ActionButton, SecretInput, TextBlock
from wizard.platform.language import _, plural
from wizard.platform.secret import Secret
from wizard.setup.env_table import Place
from wizard.workspace.missing_values import secrets_without_value
from wizard.workspace.spared_secrets import is_spared, leave_out

if TYPE_CHECKING:
    from textual.app import App

    from wizard.workspace.workspace import Workspace


class AskSecret(ModalScreen[Secret | Place | None]):
    """Enter takes the value, Esc leaves it for later; gives `Place.OUT` for a secret that the API is not to get at all.

    :param is_spared: whether the code starts without it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "later", show=False)]

    def __init__(self, name: str, count: int, *, is_spared: bool = False) -> None:
        super().__init__()
        self._is_spared = is_spared
        self._secret_name = name
        self._count = count

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet"):
            yield TextBlock(_("Value of the secret {name}").format(name=self._secret_name), classes="sheet-title")
            yield TextBlock(_("It is shown nowhere and goes only into the key vault."))
            if self._is_spared:
                yield TextBlock(_("Your code starts without it too: leave it out when you have no value for it."))
            yield SecretInput(placeholder=_("type the value"))
            left = plural("{count} value is needed.", "{count} values are needed.", self._count).format(count=self._count)
            yield TextBlock(left, classes="grey")
            with Horizontal(classes="keys"):
                yield ActionButton(_("Take it Enter"), "take")
                if self._is_spared:
                    yield ActionButton(_("Leave it out"), "leave_out")
                yield ActionButton(_("Later Esc"), "later")

    @on(Input.Submitted)
    def action_take(self) -> None:
        value = self.query_one(SecretInput).value
        if value:
            self.dismiss(Secret(value))

    def action_leave_out(self) -> None:
        self.dismiss(Place.OUT)

    def action_later(self) -> None:
        self.dismiss(None)


def ask_missing_values(app: App[Any], workspace: Workspace, when_all_are_there: Callable[[], None]) -> None:
    """Ask for each value that is missing; whoever says "later" ends it."""
    names = secrets_without_value(workspace)
    if not names:
        when_all_are_there()
        return

    def answered(answer: Secret | Place | None) -> None:
        if answer is None:
            return
        if isinstance(answer, Secret):
            workspace.give(names[0], answer)
        else:
            leave_out(workspace, names[0])
        ask_missing_values(app, workspace, when_all_are_there)

    app.push_screen(AskSecret(names[0], len(names), is_spared=is_spared(workspace, names[0])), answered)
