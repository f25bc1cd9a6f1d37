"""Your API: what it is called, and what its code says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from screens.sections.offers_files import OffersFiles
from screens.widgets.basics import ActionButton, TextBlock
from wizard.platform.language import _
from wizard.sections import project
from wizard.workspace.wording.code_phrases import code_lines


class ProjectScreen(OffersFiles):
    """The form, and below it what was read from the code::

    Read from your code: Dockerfile docker/Dockerfile, gunicorn on port 5000
    """

    section = project.SECTION
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6", "try_here", "Try it here", show=False, priority=True, id="project.try_here"),
    ]

    def extra(self) -> Iterable[Widget]:
        yield TextBlock(id="code")

    def more_buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Try here F6"), "try_here")
        yield from super().more_buttons()

    def renew(self) -> None:
        super().renew()
        self.query_one("#code", TextBlock).say("\n".join(code_lines(self.desk.code)))

    def action_try_here(self) -> None:
        """Run the API on this computer and show its first answer."""
        from screens.sheets.try_here import TryHere

        if self.ready_to_go():
            self.app.push_screen(TryHere())
