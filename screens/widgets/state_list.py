"""A list whose lines begin with a state's word in its colour."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widgets import OptionList


class StateList(OptionList):
    """The chosen line has the colours of what is chosen, and no others: a state's colour could not be read on them."""

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        chosen = self.get_visual_style("option-list--option-highlighted").rich_style
        colours = Style(color=chosen.color, bgcolor=chosen.bgcolor)
        return Strip([self._repainted(piece, colours) for piece in strip], strip.cell_length)

    def _repainted(self, piece: Segment, colours: Style) -> Segment:
        is_chosen = piece.style is not None and self.highlighted is not None and piece.style.meta.get("option") == self.highlighted
        return Segment(piece.text, piece.style + colours) if is_chosen and piece.style is not None else piece
