"""What every screen of the wizard has: where one is, what it is for, a body, a status line, and buttons that name their keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from screens.shell.rail import SectionSidebar
from screens.widgets.basics import ActionButton, ScrollHint, TextBlock
from screens.widgets.flow import Flow
from wizard.platform.language import _

if TYPE_CHECKING:
    from screens.shell.wizard_protocol import Wizard
    from wizard.workspace.workspace import Workspace

SMALLEST = (60, 20)
SETUP_WIDTH = 20
"""Columns of the setup's name at the top right: as long as it fits, a key that is typed into it moves nothing."""


class Page(Screen[None]):
    """A whole screen::

     azwizard · PRACTICE: nothing here costs money              orders · dev
     3 of 12 · Passwords and keys                          (Azure: Key Vault)
     A locked store for the passwords and keys of your API.

     body

     Left to do here: nothing.
    [Next F8] [Back Esc] [Why? F1] [All steps F2]
    """

    place = ""
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f8", "next", "Next", show=False, priority=True, id="page.next"),
        Binding("escape", "back", "Back", show=False, id="page.back"),
        Binding("f1", "why", "Why", show=False, priority=True, id="page.why"),
        Binding("f2", "all_steps", "All steps", show=False, priority=True, id="page.all_steps"),
        Binding("f4", "who", "Whom to ask", show=False, priority=True, id="page.who"),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("pagedown", "scroll_body(1)", show=False),
        Binding("pageup", "scroll_body(-1)", show=False),
    ]

    @property
    def wizard(self) -> Wizard:
        """The app, which keeps the desk and what goes on in the background."""
        return cast("Wizard", self.app)

    @property
    def desk(self) -> Workspace:
        """What the person works on."""
        return self.wizard.desk

    def compose(self) -> ComposeResult:
        yield SectionSidebar()
        with Vertical(id="page"):
            with Horizontal(id="top"):
                yield TextBlock(f"azwizard · {self.desk.title()}", id="cloud")
                yield TextBlock(self.setup_words(), id="setup")
            with Horizontal(id="heading"):
                yield TextBlock(self.heading(), id="title")
                yield TextBlock(self.aside(), id="aside")
            if intro := self.intro():
                yield TextBlock(intro, id="intro")
            with VerticalScroll(id="body", can_focus=False):
                yield from self.body()
            yield ScrollHint("#body, #body OptionList, #answer")
            yield from self.foot()
            yield TextBlock(id="status")
            with Flow(id="buttons"):
                yield from self.buttons()
            yield TextBlock(_("This window is small: make it 80 columns by 24 rows."), id="small")

    def on_mount(self) -> None:
        """Fill in what depends on the desk."""
        self.renew()
        self.focus_first()
        self.call_after_refresh(self.focus_first)

    def focus_first(self) -> None:
        """Put the cursor into the first field; where there is none, on the first button."""
        body = self.query_one("#body")
        body.scroll_home(animate=False)
        inside = [widget for widget in self.focus_chain if body in widget.ancestors]
        self.set_focus(next(iter(inside or self.focus_chain), None))

    def setup_words(self) -> str:
        """The setup, at the top right: ``orders · dev``."""
        project = self.desk.reading.answers.project
        return f"{project.name} · {project.environment}".rjust(SETUP_WIDTH) if project.name else ""

    def heading(self) -> str:
        """What this screen is, in its second row."""
        return ""

    def aside(self) -> str:
        """Azure's word for it, on the right."""
        return ""

    def intro(self) -> str:
        """One plain paragraph of why."""
        return ""

    def body(self) -> Iterable[Widget]:
        """The widgets between the introduction and the status line."""
        return ()

    def foot(self) -> Iterable[Widget]:
        """What stands still between the body and the status line."""
        return ()

    def buttons(self) -> Iterable[ActionButton]:
        """The row of buttons at the bottom."""
        yield ActionButton(_("Back Esc"), "back")

    def renew(self) -> None:
        """Show again what may have changed on the desk."""
        self.query_one("#setup", TextBlock).say(self.setup_words())
        self.query_one(SectionSidebar).renew()

    def news(self, message: Message) -> None:
        """Something happened in the background; the app has taken it in already."""
        self.renew()

    def status(self, text: str) -> None:
        """Say how things stand, above the buttons."""
        self.query_one("#status", TextBlock).say(text)

    def on_resize(self) -> None:
        """Say so when the window is too small, and go on all the same."""
        small = self.size.width < SMALLEST[0] or self.size.height < SMALLEST[1]
        self.query_one("#small").display = small

    def action_next(self) -> None:
        """Go on; a screen from which there is no next stays."""

    def action_back(self) -> None:
        """One level back, always."""
        self.wizard.go("home")

    def action_why(self) -> None:
        """Explain this screen."""
        self.wizard.explain(self.place)

    def action_all_steps(self) -> None:
        """Show all sections."""
        self.wizard.go("all_steps")

    def action_palette(self) -> None:
        """Everything that can be gone to, by typing a part of its name."""
        self.app.action_command_palette()

    def action_who(self) -> None:
        """Whom to ask for what is missing."""
        self.wizard.show_whom_to_ask()

    def action_scroll_body(self, by: int) -> None:
        """A page down or up."""
        body = self.query_one("#body", VerticalScroll)
        body.scroll_page_down() if by > 0 else body.scroll_page_up()
