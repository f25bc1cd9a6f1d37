"""The sheets that explain: behind F1 what this is, what it costs, what learners ask of it; and the words of Azure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.sheets.dialogs import Sheet
from wizard.platform.language import _
from wizard.workspace.wording.explanations import about
from wizard.workspace.wording.lessons import TERMS

if TYPE_CHECKING:
    from wizard.workspace.workspace import Workspace


class Why(Sheet):
    """Explains the screen below it."""

    def __init__(self, workspace: Workspace, place: str) -> None:
        super().__init__(*about(workspace, place))


class Glossary(Sheet):
    """The words of Azure."""

    def __init__(self) -> None:
        super().__init__(_("Glossary"), [(term, _(meaning)) for term, meaning in TERMS])
