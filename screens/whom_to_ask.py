"""The sheet behind F4: what to send to the person who can give the missing rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from screens.confirm import Sheet
from wizard.handing_over import message_for_owner
from wizard.language import _

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from screens.app import WizardApp


class WhomToAsk(Sheet):
    """A message to copy, or the good news that nothing is missing."""

    def __init__(self) -> None:
        super().__init__(_("Whom to ask"), [])

    def compose(self) -> ComposeResult:
        desk = cast("WizardApp", self.app).desk
        self.parts = message_for_owner(desk)
        yield from super().compose()
