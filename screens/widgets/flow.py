"""A row of buttons that goes on in the next row where the window is too narrow for it."""

from __future__ import annotations

from rich.cells import cell_len
from textual.containers import Container
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget


class FlowLayout(Layout):
    """Children of one row each beside each other, wrapped like words."""

    name = "flow"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        parent.pre_layout(self)
        placements = []
        x = y = 0
        for child in children:
            width = min(cell_len(getattr(child, "label", "")), size.width)
            if x and x + width > size.width:
                x, y = 0, y + 1
            placements.append(WidgetPlacement(Region(x, y, width, 1), NULL_OFFSET, NULL_SPACING, child))
            x += width + 1
        return placements


FLOW = FlowLayout()


class Flow(Container):
    """A container of `Press` buttons, as high as they need."""

    @property
    def layout(self) -> Layout:
        """Wrapped like words."""
        return FLOW
