"""The one question before everything is deleted: what goes, and the setup's name to be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from screens.sheets.dialogs import ConfirmByName
from wizard.platform.language import _
from wizard.platform.phrases import with_detail

if TYPE_CHECKING:
    from textual.app import App

    from screens.shell.wizard_protocol import Wizard


class DeleteEverything(ConfirmByName):
    """Lists what this setup made, with the data in it; while Azure is still being asked, all that it can have made."""

    def __init__(self, wizard: Wizard) -> None:
        lines = "\n".join(with_detail(item.step.title, item.step.holds) for item in wizard.background.to_undo())
        super().__init__(
            _("Delete everything that this setup made, with the data in it?"),
            wizard.workspace.setup,
            lines,
            ask=_("To delete it, type {name} here:"),
            refusal=_("Nothing is deleted: type {name} exactly."),
            yes=_("Delete everything Enter"),
            no=_("Keep it Esc"),
        )


def delete_everything(app: App[Any], wizard: Wizard) -> None:
    """Delete the whole setup and show how that goes, after its name was typed."""

    def confirmed(agreed: bool | None) -> None:
        if agreed:
            wizard.background.undo()
            wizard.go("progress")

    app.push_screen(DeleteEverything(wizard), confirmed)
