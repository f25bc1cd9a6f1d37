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
from wizard.sections.name_rules import ENVIRONMENT_WORD
from wizard.workspace.wording.promotion_words import NEW_STAGE

PROMOTE, TAKE, OPEN, NEW = "promote", "take", "open", "new"
"""What was chosen: run there what runs here, run here what runs there, open it, begin one."""


class Stages(ModalScreen[tuple[str, str] | None]):
    """A line for each thing that can be done with another stage; gives what was chosen, and the stage.

    :param current: the stage that is open, and `stages` all of them, the one at the top of the file first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,ctrl+n", "cancel", show=False)]

    def __init__(self, current: str, stages: Sequence[str]) -> None:
        super().__init__()
        self._current, self._stages = current, stages

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet"):
            yield TextBlock(_("Stages of your setup: copies of your API, such as dev and prod"), classes="sheet-title")
            yield OptionList(*self._options(), id="offers", markup=False)
            with Horizontal(classes="keys"):
                yield ActionButton(_("Do it Enter"), "take")
                yield ActionButton(_("Back Esc"), "cancel")

    def _options(self) -> list[Option]:
        others = [stage for stage in self._stages if stage != self._current]
        builds_itself = self._stages[0]
        lines = [(PROMOTE, stage, _("Run in {stage} what runs here")) for stage in others if stage != builds_itself]
        lines += [(TAKE, stage, _("Run here what runs in {stage}")) for stage in others if self._current != builds_itself]
        lines += [(OPEN, stage, _("Open {stage}")) for stage in others]
        lines.append((NEW, "", _("New stage, and run in it what runs here")))
        return [Option(Content(words.format(stage=stage)), id=f"{what} {stage}") for what, stage, words in lines]

    def on_mount(self) -> None:
        self.query_one("#offers", OptionList).highlighted = 0

    @on(OptionList.OptionSelected)
    def action_take(self) -> None:
        """Do what the highlighted line says."""
        option = self.query_one("#offers", OptionList).highlighted_option
        if option is not None:
            what, _blank, stage = str(option.id).partition(" ")
            self.dismiss((what, stage))

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
        wrong = _("There is a stage {name} already.").format(name=name) if name in self._stages else ENVIRONMENT_WORD(name)
        if wrong:
            self.query_one("#wrong", TextBlock).say(wrong)
        else:
            self.dismiss(name)

    def action_cancel(self) -> None:
        self.dismiss(None)
