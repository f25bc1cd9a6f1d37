"""Build."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType

from screens.sections.offers_files import OffersFiles
from screens.widgets.basics import ActionButton
from wizard.platform.language import _
from wizard.sections import pipeline
from wizard.workspace.wording.prerequisite_pages import ORGANIZATIONS, lacks_organization


class PipelineScreen(OffersFiles):
    """The form of its declaration; who belongs to no Azure DevOps organization is told so, with the ways on."""

    section = pipeline.SECTION
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f7", "ways_on", "Ways on", show=False, priority=True, id="pipeline.ways_on")]

    def more_buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Ways on F7"), "ways_on")
        yield from super().more_buttons()

    def renew(self) -> None:
        super().renew()
        self.query_one("#press-ways_on").display = lacks_organization(self.workspace)

    def note(self, where: str) -> str:
        if where == ORGANIZATIONS and lacks_organization(self.workspace):
            return _("✗ you belong to none: F7")
        return super().note(where)

    def after_typing(self) -> None:
        super().after_typing()
        self.read_lists()

    def action_ways_on(self) -> None:
        """The page for an account that belongs to no organization; else a free name, as in every section."""
        if lacks_organization(self.workspace):
            self.wizard.go("no_organization")
        else:
            self.action_instead()

    def action_list(self, where: str) -> None:
        focused = next((row.where for row in self.rows if row.editor is self.focused), "")
        if lacks_organization(self.workspace) and (where or focused) == ORGANIZATIONS:
            self.action_ways_on()
        else:
            super().action_list(where)
