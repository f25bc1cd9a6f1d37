"""The sheet behind a line of the plan: everything about it, and the way to where it is put right."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType

from screens.sheets.dialogs import Sheet
from screens.widgets.basics import ActionButton
from wizard.engine.plan import HINDERS, Plan, PlannedStep
from wizard.platform.language import _
from wizard.workspace.wording.azure_notes import help_elsewhere
from wizard.workspace.wording.plan_lines import detail_parts

if TYPE_CHECKING:
    from screens.shell.wizard_protocol import Wizard


class PlanLine(Sheet):
    """What, why, what would help, cost, how to undo it, the az command. ``g`` goes to its section when something is in the way."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("g", "there", show=False)]

    def __init__(self, item: PlannedStep, plan: Plan) -> None:
        parts = detail_parts(item, [shlex.join(line) for line in item.step.az(plan.facts)], help_elsewhere(item))
        super().__init__(item.step.title, parts)
        self._item = item

    def more_buttons(self) -> Sequence[ActionButton]:
        return [ActionButton(_("Go to its section g"), "there")] if self._can_be_put_right() else []

    def _can_be_put_right(self) -> bool:
        return self._item.action in HINDERS and bool(self._item.look.remedy) and not self._item.lacks

    def action_there(self) -> None:
        """To the section whose answers ask for it."""
        if self._can_be_put_right():
            self.dismiss(None)
            cast("Wizard", self.app).go(self._item.step.section)
