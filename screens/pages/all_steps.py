"""All steps: how every section stands and what it still needs; Enter goes there."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import set_cell_size
from textual import on
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.shell.page import Page
from screens.widgets.basics import ActionButton
from screens.widgets.state_list import StateList
from screens.widgets.themes import with_state
from wizard.platform.language import _
from wizard.sections import SECTIONS
from wizard.workspace.wording.section_status import needs, state_word

STATE = 18  # cells of a section's state


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
        yield ActionButton(_("Check everything F8"), "next")
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
        steps.set_options([Option(with_state(line[:STATE], line[STATE:]), id=place) for place, line in self.lines()])
        steps.highlighted = at if at is not None else 0

    def lines(self) -> list[tuple[str, str]]:
        """(place, line) of every section, then of what follows them."""
        lines = []
        for number, section in enumerate(SECTIONS, 1):
            state = state_word(self.desk, self.wizard.background, section.name)
            still = needs(self.desk, section.name) or section.azure_term
            lines.append((section.name, f"{set_cell_size(state, STATE)}{number:>2} {set_cell_size(_(section.title), 31)}{still}"))
        after = [("review", _("Check everything"))]
        if self.desk.progress is not None:
            after.append(("progress", _("Create")))
        if self.desk.address:
            after.append(("try_it", _("Try it")))
        return lines + [(place, f"{'':21}{title}") for place, title in after]

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        place = str(event.option.id)
        self.wizard.check_everything() if place == "review" else self.wizard.go(place)

    def action_next(self) -> None:
        self.wizard.check_everything()

    def action_back(self) -> None:
        self.wizard.go(self.wizard.origin or "home")
