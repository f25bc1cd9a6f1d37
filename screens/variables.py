"""Settings: what becomes of the table of section 3."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from screens.parts import Say
from screens.section_screen import SectionScreen
from wizard.draft import VARIABLES
from wizard.language import _
from wizard.sections import variables


class VariablesScreen(SectionScreen):
    """Nothing to type: each variable, and where its value comes from."""

    section = variables.SECTION

    def extra(self) -> Iterable[Widget]:
        yield Say(_("Nothing to type here: you said it in 3, Passwords and keys. Your API will find:"))
        lines = []
        for it in self.desk.reading.answers.variables:
            value = _("the secret {name} of the key vault").format(name=it.secret) if it.secret else it.value or _("(empty)")
            lines.append(f"  {it.name} = {value}")
        yield Say("\n".join(lines) or _("  no variables"))

    def what_will_happen(self) -> str:
        return ""

    def holds(self, where: str) -> bool:
        return where.startswith(VARIABLES)
