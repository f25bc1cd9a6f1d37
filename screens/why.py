"""The sheet behind F1: what this is, what it costs, what the article says, how to do it by hand."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from screens.confirm import Sheet
from wizard.explain import parts
from wizard.language import _
from wizard.sections import SECTIONS
from wizard.session import signed_in
from wizard.step import Facts

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from screens.app import WizardApp
    from wizard.answers import Answers
    from wizard.desk import Desk


class Why(Sheet):
    """Explains the screen below it."""

    def __init__(self, place: str) -> None:
        section = next((it for it in SECTIONS if it.name == place), None)
        term = _("(Azure: {term})").format(term=section.azure_term) if section else ""
        title = f"{_(section.title)} {term}" if section else _("About this screen")
        super().__init__(title, [])
        self._place = place

    def compose(self) -> ComposeResult:
        desk = cast("WizardApp", self.app).desk
        section = next((it for it in SECTIONS if it.name == self._place), None)
        facts = desk.plan.facts if desk.plan else Facts()
        steps = section.steps(self._with_a_subscription(desk)) if section else []
        lines = [shlex.join(line) for step in steps for line in step.az(facts)]
        self.parts = [(heading, text) for heading, text in parts(self._place, lines) if text]
        yield from super().compose()

    def _with_a_subscription(self, desk: Desk) -> Answers:
        """The answers, with a hole for the subscription while nobody is signed in."""
        answers = desk.reading.answers
        if desk.cloud is not None:
            return signed_in(answers, desk.cloud)
        return replace(answers, sign_in=replace(answers.sign_in, subscription=answers.sign_in.subscription or "<subscription-id>"))
