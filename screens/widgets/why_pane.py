"""What a screen is about, on the right of a wide window: beside the fields, so that one reads while typing."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from screens.widgets.basics import ActionButton, ScrollHint, TextBlock
from wizard.platform.language import _


class WhyPane(Vertical):
    """Parts with a heading each; the key that opened it closes it."""

    def compose(self) -> ComposeResult:
        yield TextBlock(id="why-title")
        yield VerticalScroll(id="why-parts")
        yield ScrollHint("#why-parts")
        yield ActionButton(_("Hide F1"), "why", id="press-close-why")

    def show(self, title: str, parts: Sequence[tuple[str, str]]) -> None:
        """Open it with a text.

        :param parts: (heading, text).
        """
        self.query_one("#why-title", TextBlock).say(title)
        scrolled = self.query_one("#why-parts")
        scrolled.remove_children()
        for heading, text in parts:
            scrolled.mount(TextBlock(heading, classes="grey part-heading"), TextBlock(text))
        scrolled.scroll_home(animate=False)
        self.display = True

    def close(self) -> None:
        """Put it away."""
        self.display = False
