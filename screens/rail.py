"""The sections at the left of a wide screen, each with how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.containers import Vertical

from screens.parts import Say
from screens.standing import state_word
from wizard.language import _
from wizard.sections import SECTIONS

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from screens.app import WizardApp


class Rail(Vertical):
    """A list to look at from 100 columns on; the screen "All steps" is the one to choose from."""

    def compose(self) -> ComposeResult:
        yield Say(id="rail")

    def renew(self) -> None:
        """Show how every section stands now."""
        app = cast("WizardApp", self.app)
        lines = [_("Steps"), ""]
        for number, section in enumerate(SECTIONS, 1):
            here = "›" if getattr(self.screen, "place", "") == section.name else " "
            lines.append(f"{here}{number:>2} {_(section.title)}")
            lines.append(f"     {state_word(app.desk, app.background, section.name)}")
        self.query_one("#rail", Say).say("\n".join(lines))
