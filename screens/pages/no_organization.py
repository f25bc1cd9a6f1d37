"""No Azure DevOps organization: the account belongs to none, so no pipeline can be made there. The ways on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from textual.message import Message

from screens.pages.ways_on import WaysOn
from screens.sheets.dialogs import Sheet
from screens.shell.messages import ChoicesLoaded
from wizard.platform.language import _
from wizard.workspace.wording.prerequisite_pages import (
    NEEDED,
    NO_ORGANIZATION,
    ORGANIZATIONS,
    NextOption,
    ask_for_organization,
    ways_to_organization,
)


class NoOrganization(WaysOn):
    """Reached from Build; left for it as soon as there is an organization, or the registry builds."""

    place = "no_organization"
    explained = "pipeline"

    def heading(self) -> str:
        return _("No organisation in Azure DevOps")

    def aside(self) -> str:
        return _("(Azure: {term})").format(term="Azure DevOps")

    def intro(self) -> str:
        return _(NO_ORGANIZATION)

    def ways(self) -> Sequence[NextOption]:
        return ways_to_organization()

    def takes(self) -> Mapping[str, Callable[[], object]]:
        return {
            "registry": self._build_in_registry,
            "make": lambda: self.open_page(NEEDED["organization"]),
            "ask": lambda: self.app.push_screen(Sheet(_("What to send"), [("", ask_for_organization(self.workspace))])),
            "name": lambda: self.wizard.go("pipeline"),
            "again": self.action_again,
        }

    def _build_in_registry(self) -> None:
        self.workspace.put("pipeline.build", "registry")
        self.wizard.go("pipeline")

    def action_again(self) -> None:
        self.status(_("Asking Azure…"))
        self.workspace.lists.pop(ORGANIZATIONS, None)
        self.wizard.background.read_lists([ORGANIZATIONS])

    def news(self, message: Message) -> None:
        super().news(message)
        if isinstance(message, ChoicesLoaded):
            self._say_what_came()

    def _say_what_came(self) -> None:
        matches = self.workspace.lists.get(ORGANIZATIONS)
        if matches:
            self.wizard.go("pipeline")
        else:
            self.status(_("✗ Still none.") if matches is not None else _("✗ Azure DevOps could not be asked: F5 asks again."))

    def action_back(self) -> None:
        self.wizard.go("pipeline")
