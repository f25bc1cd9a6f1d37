"""What you need: before any question, with a tick where it can be seen already."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from screens.shell.page import Page
from screens.widgets.basics import ActionButton, TextBlock
from wizard.platform.language import _
from wizard.workspace.needs import needs


class Needs(Page):
    """One line for each thing::

    ✓ Your API's code: found here: orders-api/
    · An account at Azure: with a subscription ...
    """

    place = "needs"
    explained = "home"

    def setup_words(self) -> str:
        """Nothing: this comes before any setup."""
        return ""

    def heading(self) -> str:
        return _("What you need")

    def intro(self) -> str:
        return _("✓ is there, ! is missing, · is seen later or only you know it. Nothing here holds you up: you can begin without.")

    def body(self) -> Iterable[Widget]:
        for need in needs(self.workspace):
            yield TextBlock(need.line, classes="need")

    def buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Back Esc"), "back")
        yield ActionButton(_("Why? F1"), "why")
