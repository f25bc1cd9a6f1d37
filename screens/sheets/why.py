"""The sheet behind F1: what this is, what it costs, what the article says, how to do it by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.sheets.dialogs import Sheet
from wizard.workspace.wording.explanations import about

if TYPE_CHECKING:
    from wizard.workspace.workspace import Workspace


class Why(Sheet):
    """Explains the screen below it."""

    def __init__(self, desk: Workspace, place: str) -> None:
        super().__init__(*about(desk, place))
