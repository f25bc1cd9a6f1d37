"""Your API: what it is called, and what its code says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from screens.sections.offers_files import OffersFiles
from screens.widgets.basics import ActionButton, TextBlock
from wizard.platform.language import _, plural
from wizard.sections import project
from wizard.workspace.wording.code_phrases import code_lines, open_lines


class ProjectScreen(OffersFiles):
    """The form, and below it what was read from the code::

    Read from your code: Dockerfile docker/Dockerfile, gunicorn on port 5000
    """

    section = project.SECTION
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "try_here", "Try it here", show=False, priority=True, id="project.try_here"),
    ]

    def extra(self) -> Iterable[Widget]:
        yield TextBlock(id="code")

    def more_buttons(self) -> Iterable[ActionButton]:
        yield from super().more_buttons()
        yield ActionButton(_("Try here Ctrl+T"), "try_here")

    def renew(self) -> None:
        super().renew()
        self.query_one("#code", TextBlock).say("\n".join(code_lines(self.workspace.code)))

    def problems(self) -> dict[str, str]:
        """Also a name that is not there, from which all others are made, a folder that is not, and a region that Azure has not."""
        reading, regions = self.workspace.reading, self.workspace.lists.get("project.region", [])
        problems = super().problems()
        if "project.name" in reading.lacking:
            problems["project.name"] = _("Type a name: all other names are made from it.")
        if not self.workspace.code.is_there:
            problems.setdefault("project.source", code_lines(self.workspace.code)[0])
        if regions and reading.answers.project.region.replace(" ", "").lower() not in {region.value.lower() for region in regions}:
            problems.setdefault("project.region", _("Azure has no such region for your subscription: F3 lists those that it has."))
        return problems

    def missing(self) -> list[str]:
        """Also what is open in the code, which stands above the form's end in words."""
        count = len(open_lines(self.workspace.code)) if self.workspace.code.is_there else 0
        words = plural("{count} thing in your code", "{count} things in your code", count).format(count=count)
        return [*super().missing(), *([words] if count else [])]

    def action_try_here(self) -> None:
        """Run the API on this computer and show its first answer."""
        from screens.sheets.try_here import TryHere

        if self.ready_to_go():
            self.choose_app(lambda app: self.app.push_screen(TryHere(app)))
