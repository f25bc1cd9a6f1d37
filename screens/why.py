"""The sheet behind F1: what this is, what it costs, what the article says, how to do it by hand."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, cast

from screens.confirm import Sheet
from wizard.explain import parts
from wizard.language import _
from wizard.sections import SECTIONS
from wizard.step import Facts

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from screens.app import WizardApp


class Why(Sheet):
    """Explains the screen below it."""

    def __init__(self, place: str) -> None:
        section = next((it for it in SECTIONS if it.name == place), None)
        title = f"{_(section.title)} (Azure: {section.azure_term})" if section else _("About this screen")
        super().__init__(title, [])
        self._place = place

    def compose(self) -> ComposeResult:
        app = cast("WizardApp", self.app)
        section = next((it for it in SECTIONS if it.name == self._place), None)
        facts = app.desk.plan.facts if app.desk.plan else Facts()
        steps = section.steps(app.desk.reading.answers) if section else []
        lines = [shlex.join(line) for step in steps for line in step.az(facts)]
        self.parts = [(heading, text) for heading, text in parts(self._place, lines) if text]
        yield from super().compose()
