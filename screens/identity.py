"""Let the app in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from screens.parts import Press, Say
from screens.section_screen import SectionScreen
from wizard.handing_over import identity_words, may_not_let_in
from wizard.language import _
from wizard.sections import identity


class IdentityScreen(SectionScreen):
    """Nothing to type. Who may not give roles is offered an identity made beforehand, and told who then does what::

    You may not give roles, ...
    F6 has the identity made beforehand (identity = user). Then:
      1. ...
    """

    section = identity.SECTION
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f6", "other", "The other identity", show=False, priority=True, id="identity.other")]

    def extra(self) -> Iterable[Widget]:
        yield Say(id="who-does-what")

    def more_buttons(self) -> Iterable[Press]:
        beforehand = self.desk.reading.answers.app.identity == "user"
        yield Press(_("Its own identity F6") if beforehand else _("Identity beforehand F6"), "other")

    def renew(self) -> None:
        super().renew()
        self.query_one("#who-does-what", Say).say_or_hide(identity_words(self.desk))
        self.query_one("#press-other").display = self._has_choice()

    def _has_choice(self) -> bool:
        return self.desk.reading.answers.app.identity == "user" or may_not_let_in(self.desk)

    def action_other(self) -> None:
        """Take the other of the two identities; what is said below follows."""
        if self._has_choice():
            other = "system" if self.desk.reading.answers.app.identity == "user" else "user"
            self.desk.put("app.identity", other)
            self.desk.draft.write_setup()
            self.desk.found.pop(self.section.name, None)
            self.wizard.refresh_place(self.place)
