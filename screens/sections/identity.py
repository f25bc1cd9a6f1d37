"""Let the app in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from screens.sections.section_screen import SectionScreen
from screens.widgets.basics import ActionButton, TextBlock
from wizard.platform.language import _
from wizard.sections import identity
from wizard.workspace.wording.handoff_text import has_identity_choice, identity_words, is_beforehand, take_other_identity


class IdentityScreen(SectionScreen):
    """Nothing to type. Who may not give roles is offered an identity made beforehand, and told who then does what::

    You may not give roles, ...
    F7 has the identity made beforehand (identity = user). Then:
      1. ...
    """

    section = identity.SECTION
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f7", "other", "The other identity", show=False, priority=True, id="identity.other")]

    def extra(self) -> Iterable[Widget]:
        yield TextBlock(id="who-does-what")

    def more_buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Its own identity F7") if is_beforehand(self.workspace) else _("Identity beforehand F7"), "other")

    def renew(self) -> None:
        super().renew()
        self.query_one("#who-does-what", TextBlock).say_or_hide(identity_words(self.workspace))
        self.query_one("#press-other").display = has_identity_choice(self.workspace)

    def action_other(self) -> None:
        """Take the other of the two identities, and what is said below follows; else a free name, as in every section."""
        if has_identity_choice(self.workspace):
            take_other_identity(self.workspace)
            self.wizard.refresh_place(self.place)
        else:
            self.action_instead()
