"""The stages of a setup file on sheets: where to run what runs here, which one to open, and the name of a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from screens.widgets.basics import ActionButton, LineInput, TextBlock
from wizard.platform.language import _
from wizard.workspace.stage_ways import StageWay, stage_name_problem
from wizard.workspace.wording.promotion_words import NEW_STAGE


class Stages(ModalScreen[StageWay | None]):
    """A line for each thing that can be done with another stage; gives what was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+n", "cancel", show=False)]

    def __init__(self, ways: Sequence[StageWay]) -> None:
        super().__init__()
        self._ways = ways

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet"):
            yield TextBlock(_("Stages of your setup: copies of your API, such as dev and prod"), classes="sheet-title")
            yield OptionList(*(Option(Content(way.words)) for way in self._ways), id="offers", markup=False)
            with Horizontal(classes="keys"):
                yield ActionButton(_("Do it Enter"), "take")
                yield ActionButton(_("Back Esc"), "cancel")

    def on_mount(self) -> None:
        self.query_one("#offers", OptionList).highlighted = 0

    @on(OptionList.OptionSelected)
    def action_take(self) -> None:
        """Do what the highlighted line says."""
        highlighted = self.query_one("#offers", OptionList).highlighted
        if highlighted is not None:
            self.dismiss(self._ways[highlighted])

    def action_cancel(self) -> None:
        self.dismiss(None)


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
