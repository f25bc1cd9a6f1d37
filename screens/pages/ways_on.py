"""What cannot start here gets a page with the ways on, instead of an empty list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.shell.page import Page
from screens.widgets.basics import ActionButton, TextBlock
from wizard.platform.language import _
from wizard.workspace.wording.prerequisite_pages import NextOption


class WaysOn(Page):
    """The ways, and below them what the highlighted one means::

    Ask someone for access: what to send them
    Look again: I have one now

    What it means.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f5", "again", "Look again", show=False, priority=True, id="ways_on.again")]

    def ways(self) -> Sequence[NextOption]:
        """The ways on, the nearest first."""
        raise NotImplementedError

    def takes(self) -> Mapping[str, Callable[[], object]]:
        """Kind of way -> goes it."""
        raise NotImplementedError

    def action_again(self) -> None:
        """Ask Azure again: something may be there by now."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        yield OptionList(id="ways", markup=False)
        yield TextBlock(id="meaning", classes="grey")

    def buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Go this way Enter"), "take")
        yield ActionButton(_("Look again F5"), "again")
        yield ActionButton(_("Back Esc"), "back")
        yield ActionButton(_("Why? F1"), "why")

    def on_mount(self) -> None:
        self.wizard.came_to(self.place)

    def renew(self) -> None:
        super().renew()
        listed = self.query_one("#ways", OptionList)
        ways = self.ways()
        at = min(listed.highlighted or 0, len(ways) - 1)
        listed.set_options([Option(Content(way.words)) for way in ways])
        listed.highlighted = at
        self._show_more(at)

    @on(OptionList.OptionHighlighted, "#ways")
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._show_more(event.option_index)

    def _show_more(self, at: int) -> None:
        ways = self.ways()
        way = ways[min(at, len(ways) - 1)]
        key = {"ask": _("Enter shows what to send them; c copies it."), "again": _("F5 does the same.")}.get(way.kind, "")
        self.query_one("#meaning", TextBlock).say(f"{way.more} {key}".strip())

    @on(OptionList.OptionSelected, "#ways")
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self._take(event.option_index)

    def action_take(self) -> None:
        """Go the highlighted way."""
        self._take(self.query_one("#ways", OptionList).highlighted or 0)

    def _take(self, at: int) -> None:
        self.takes()[self.ways()[at].kind]()

    def action_next(self) -> None:
        self.action_take()

    def open_page(self, address: str) -> None:
        """Open a page in the browser, and show its address where none opens."""
        self.app.open_url(address)
        self.status(_("Your browser opens {address}. Come back here afterwards: F5 looks again.").format(address=address))
