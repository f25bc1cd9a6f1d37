"""All steps: how every section stands and what it still needs; Enter goes there."""

from __future__ import annotations

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text
from textual import on
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.shell.page import Page
from screens.widgets.basics import ActionButton
from screens.widgets.state_list import StateList
from screens.widgets.themes import colour_of
from wizard.platform.language import _
from wizard.sections import SECTIONS
from wizard.workspace.wording.section_status import needs, state_word

STATE, TITLE = 13, 34  # cells of a section's state, and of its title where there is room


def _in_columns(state: str, title: str, still: str) -> Table:
    """A line that goes on below itself where the window is narrow."""
    columns = Table.grid(padding=(0, 1, 0, 0), expand=True)
    columns.add_column(width=STATE, no_wrap=True)
    columns.add_column(max_width=TITLE, min_width=20, ratio=3)
    columns.add_column(ratio=2)
    columns.add_row(Text(state, colour_of(state)), Text(title), Text(still))
    return columns


class AllSteps(Page):
    """The way to anywhere."""

    place = "all_steps"

    def heading(self) -> str:
        return _("All steps")

    def intro(self) -> str:
        return _("Go anywhere with Enter. What needs you can wait, unless something is to be put right.")

    def body(self) -> Iterable[Widget]:
        yield StateList(id="steps", markup=False)

    def buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Back Esc"), "back")
        yield ActionButton(_("Check everything F9"), "check_everything")
        yield ActionButton(_("Whom to ask F4"), "who")
        yield ActionButton(_("Go to Ctrl+P"), "palette")

    def on_mount(self) -> None:
        places = [section.name for section in SECTIONS]
        if self.wizard.origin in places:
            self.query_one("#steps", OptionList).highlighted = places.index(self.wizard.origin)

    def renew(self) -> None:
        super().renew()
        steps = self.query_one("#steps", OptionList)
        at = steps.highlighted
        steps.set_options([Option(_in_columns(*columns), id=place) for place, *columns in self.lines()])
        steps.highlighted = at if at is not None else 0

    def lines(self) -> list[tuple[str, str, str, str]]:
        """(place, state, title with its number, what it still needs or Azure's word for it) of every section, then of what follows them."""
        lines = []
        for number, section in enumerate(SECTIONS, 1):
            state = state_word(self.workspace, self.wizard.background, section.name)
            still = needs(self.workspace, section.name) or section.azure_term
            lines.append((section.name, state, f"{number:>2} {_(section.title)}", still))
        after = [("review", _("Check everything"))]
        if self.workspace.progress is not None:
            after.append(("progress", _("Create")))
        if self.workspace.address:
            after.append(("try_it", _("Try it")))
        return lines + [(place, "", f"   {title}", "") for place, title in after]

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        place = str(event.option.id)
        self.wizard.check_everything() if place == "review" else self.wizard.go(place)

    def action_back(self) -> None:
        self.wizard.go(self.wizard.origin or "home")
