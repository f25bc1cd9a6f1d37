"""The one question before everything is deleted: what goes, and the setup's name to be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.sheets.dialogs import ConfirmByName
from wizard.platform.language import _
from wizard.platform.phrases import with_detail

if TYPE_CHECKING:
    from screens.shell.wizard_protocol import Wizard


class DeleteEverything(ConfirmByName):
    """Lists what this setup made, with the data in it; while Azure is still being asked, all that it can have made."""

    def __init__(self, wizard: Wizard) -> None:
        lines = "\n".join(with_detail(item.step.title, item.step.holds) for item in wizard.background.to_undo())
        super().__init__(_("Delete everything that this setup made, with the data in it?"), wizard.desk.setup, lines)
