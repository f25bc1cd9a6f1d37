"""No Azure DevOps organization: the account belongs to none, so no pipeline can be made there. The ways on."""

from __future__ import annotations

from collections.abc import Sequence

from textual.message import Message

from screens.confirm import Sheet
from screens.messages import ListRead
from screens.ways_on import Way, WaysOn
from wizard.language import _
from wizard.needs import NEEDED, ask_for_organization

LIST = "pipeline.organization"


class NoOrganization(WaysOn):
    """Reached from Build; left for it as soon as there is an organization, or the registry builds."""

    place = "no_organization"
    explained = "pipeline"

    def heading(self) -> str:
        return _("No organisation in Azure DevOps")

    def aside(self) -> str:
        return _("(Azure: {term})").format(term="Azure DevOps")

    def intro(self) -> str:
        return _(
            "Azure DevOps keeps code and builds it in pipelines. It groups people in organisations, and your account belongs to none. "
            "There are ways on:"
        )

    def ways(self) -> Sequence[Way]:
        return [
            Way(
                _("Let the registry build instead"),
                _("It builds from your folder, without Azure DevOps: one answer changes, and your API runs just the same."),
                self._build_in_registry,
            ),
            Way(
                _("Make an organisation"),
                _(
                    "{link} makes one in a minute, free for up to five people. Its first free build machine has to be asked for there."
                ).format(link=NEEDED["organization"]),
                lambda: self.open_page(NEEDED["organization"]),
            ),
            Way(
                _("Ask someone to add you to theirs"),
                _("Enter shows what to send them; c copies it."),
                lambda: self.wizard.push_screen(Sheet(_("What to send"), [("", ask_for_organization(self.desk))])),
            ),
            Way(
                _("Type its name: it belongs to another directory"),
                _(
                    "An organisation that is not connected to your Azure directory is not in the list. Type its name in Build, and put a "
                    "personal access token of it into the variable AZURE_DEVOPS_EXT_PAT before you start azwizard."
                ),
                lambda: self.wizard.go("pipeline"),
            ),
            Way(_("Look again: I belong to one now"), _("Azure DevOps is asked again. F5 does the same."), self.action_again),
        ]

    def _build_in_registry(self) -> None:
        self.desk.put("pipeline.build", "registry")
        self.wizard.go("pipeline")

    def action_again(self) -> None:
        self.status(_("Asking Azure…"))
        self.desk.lists.pop(LIST, None)
        self.wizard.background.read_lists([LIST])

    def news(self, message: Message) -> None:
        super().news(message)
        if isinstance(message, ListRead):
            self._say_what_came()

    def _say_what_came(self) -> None:
        found = self.desk.lists.get(LIST)
        if found:
            self.wizard.go("pipeline")
        else:
            self.status(_("✗ Still none.") if found is not None else _("✗ Azure DevOps could not be asked: F5 asks again."))

    def action_back(self) -> None:
        self.wizard.go("pipeline")
