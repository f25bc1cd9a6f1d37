"""The one row of buttons at the bottom of a screen: as many as it has room for, and last the one that shows all the others."""

from __future__ import annotations

from typing import cast

from rich.cells import cell_len
from textual.containers import Container
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from screens.widgets.basics import ActionButton


class RowLayout(Layout):
    """Buttons beside each other in their order. Those after the first without room are left out; the last button always has its place."""

    name = "row"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        parent.pre_layout(self)
        *buttons, more = cast("list[ActionButton]", children)
        room, x, placements = size.width - cell_len(more.label), 0, []
        for button in buttons:
            width = cell_len(button.label)
            room = room if x + width < room else min(room, 0)
            button.has_room = room > 0
            if button.has_room:
                placements.append(_placed(button, x, width))
                x += width + 1
        return [*placements, _placed(more, x, min(cell_len(more.label), size.width))]


def _placed(button: Widget, x: int, width: int) -> WidgetPlacement:
    return WidgetPlacement(Region(x, 0, width, 1), NULL_OFFSET, NULL_SPACING, button)


ROW = RowLayout()


class Flow(Container):
    """The row of a screen's `ActionButton`s."""

    @property
    def layout(self) -> Layout:
        """One row."""
        return ROW

    def left_out(self) -> list[ActionButton]:
        """The buttons that are offered now and for which the row has no room."""
        return [button for button in self.query(ActionButton) if button.display and not button.has_room]
