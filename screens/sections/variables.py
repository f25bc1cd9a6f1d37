"""Settings: what becomes of the table of section 3."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from screens.sections.section_screen import SectionScreen
from screens.widgets.basics import TextBlock
from wizard.sections import variables
from wizard.workspace.typed_reader import VARIABLES
from wizard.workspace.wording.what_happens import variables_lines


class VariablesScreen(SectionScreen):
    """Nothing to type: each variable, and where its value comes from."""

    section = variables.SECTION

    def extra(self) -> Iterable[Widget]:
        yield TextBlock("\n".join(variables_lines(self.workspace.reading.answers)))

    def what_will_happen(self) -> str:
        return ""

    def holds(self, where: str) -> bool:
        return where.startswith(VARIABLES)
