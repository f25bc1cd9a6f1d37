"""Secrets it reads."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from screens.parts import Say
from screens.section_screen import SectionScreen
from wizard.language import _
from wizard.sections import secrets


class SecretsScreen(SectionScreen):
    """Nothing to type: each secret, and which variable gets its value."""

    section = secrets.SECTION

    def extra(self) -> Iterable[Widget]:
        yield Say(_("Nothing to type here: you said it in 3, Passwords and keys. Your app gets a reference to each:"))
        answers = self.desk.reading.answers
        readers = {it.secret: it.name for it in answers.variables if it.secret}
        lines = [
            "  " + _("{secret} → the variable {name}").format(secret=name, name=readers[name])
            if name in readers
            else "  " + _("{secret}: no variable reads it").format(secret=name)
            for name in answers.key_vault.secrets
        ]
        yield Say("\n".join(lines) or "  " + _("no secrets"))

    def what_will_happen(self) -> str:
        return ""
