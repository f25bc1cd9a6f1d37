"""Secrets it reads."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from screens.sections.section_screen import SectionScreen
from screens.widgets.basics import TextBlock
from wizard.sections import secrets
from wizard.workspace.wording.what_happens import secrets_lines


class SecretsScreen(SectionScreen):
    """Nothing to type: each secret, and which variable gets its value."""

    section = secrets.SECTION

    def extra(self) -> Iterable[Widget]:
        yield TextBlock("\n".join(secrets_lines(self.workspace.reading.answers)))

    def what_will_happen(self) -> str:
        return ""
