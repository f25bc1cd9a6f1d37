"""One file share on the screen: the questions of its declaration, and a way to remove it."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical

from screens.widgets.basics import ActionButton
from screens.widgets.form_row import FormRow
from wizard.platform.language import _
from wizard.sections.storage import Share
from wizard.setup.introspection import questions
from wizard.workspace.typed_reader import SHARES


class ShareRows(Vertical):
    """The rows of one share."""

    def __init__(self, number: int, line: dict[str, Any]) -> None:
        super().__init__(classes="share")
        self.number = number
        self.line = line

    def compose(self) -> ComposeResult:
        for question in questions(Share):
            where = f"{SHARES}[{self.number}].{question.key}"
            yield FormRow(where, question, self.line.get(question.key, ""), words=f"{SHARES}.{question.key}")
        yield ActionButton(_("Remove share {number}").format(number=self.number + 1), f"remove({self.number})", id=f"remove-{self.number}")
