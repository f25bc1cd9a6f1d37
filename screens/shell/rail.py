"""The sections at the left of a wide screen, each with how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.widget import Widget

from screens.widgets.themes import with_state
from wizard.platform.language import _
from wizard.sections import SECTIONS
from wizard.workspace.wording.section_status import state_word

if TYPE_CHECKING:
    from screens.shell.wizard_protocol import Wizard


class SectionSidebar(Widget):
    """A list to look at from 100 columns on; the screen "All steps" is the one to choose from."""

    def renew(self) -> None:
        """Something may stand differently now."""
        self.refresh()

    def render(self) -> Content:
        """How every section stands; asked for only while there is room for it."""
        app = cast("Wizard", self.app)
        lines = [Content(_("Steps")), Content("")]
        for number, section in enumerate(SECTIONS, 1):
            here = "›" if getattr(self.screen, "place", "") == section.name else " "
            lines.append(Content(f"{here}{number:>2} {_(section.title)}"))
            lines.append(with_state(f"     {state_word(app.workspace, app.background, section.name)}"))
        return Content("\n").join(lines)
