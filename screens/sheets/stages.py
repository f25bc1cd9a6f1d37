"""The stages of a setup file on sheets: where to run what runs here, which one to open, and the name of a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from screens.sheets.choose_line import ChooseLine
from screens.widgets.basics import ActionButton, LineInput, TextBlock
from wizard.platform.language import _
from wizard.workspace.stage_ways import StageWay, stage_name_problem
from wizard.workspace.wording.promotion_words import NEW_STAGE


class Stages(ChooseLine[StageWay]):
    """A line for each thing that can be done with another stage; gives what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+n", "cancel", show=False)]

    def __init__(self, ways: Sequence[StageWay]) -> None:
        title = _("Stages of your setup: copies of your API, such as dev and prod")
        super().__init__(title, [(way.words, way) for way in ways], _("Do it Enter"))


class NewStage(ModalScreen[str | None]):
    """The name of a stage that is begun; one that cannot be is said at once.

    :param stages: those that there are.
    """

    AUTO_FOCUS = "#name"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", show=False)]

    def __init__(self, stages: Sequence[str]) -> None:
        super().__init__()
        self._stages = stages

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet"):
            yield TextBlock(_("What is the new stage called?"), classes="sheet-title")
            yield TextBlock(_(NEW_STAGE))
            yield LineInput("" if "prod" in self._stages else "prod", compact=True, id="name")
            yield TextBlock("", id="wrong")
            with Horizontal(classes="keys"):
                yield ActionButton(_("Take it Enter"), "take")
                yield ActionButton(_("Back Esc"), "cancel")

    @on(Input.Submitted, "#name")
    def action_take(self) -> None:
        """Only a name that Azure can take, and that no stage has."""
        name = self.query_one("#name", Input).value.strip()
        if wrong := stage_name_problem(name, self._stages):
            self.query_one("#wrong", TextBlock).say(wrong)
        else:
            self.dismiss(name)

    def action_cancel(self) -> None:
        self.dismiss(None)
