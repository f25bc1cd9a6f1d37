"""What every screen of the wizard has: where one is, what it is for, a body, a status line, and buttons that name their keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from screens.shell.rail import SectionSidebar
from screens.widgets.basics import ActionButton, ScrollHint, TextBlock
from screens.widgets.flow import Flow
from screens.widgets.why_pane import WhyPane
from wizard.platform.language import _

if TYPE_CHECKING:
    from screens.shell.wizard_protocol import Wizard
    from wizard.workspace.workspace import Workspace

SMALLEST = (60, 20)
ROOM_FOR_WHY = 120
"""Columns from which what a screen is about stands beside it; a narrower window shows it in a sheet over the screen."""
ROOM_FOR_CLOUD = 72
"""Columns from which it is said in a sentence where this happens."""
SETUP_WIDTH = 20
"""Columns of the setup's name at the top right: as long as it fits, a key that is typed into it moves nothing."""


class PageBody(VerticalScroll):
    """What scrolls between the introduction and the row of keys; at its end Page Down is for what stands beside it."""

    def goes_on(self, by: int) -> bool:
        """Whether there is more below, or above with a negative number."""
        return self.scroll_offset.y < self.max_scroll_y if by > 0 else self.scroll_offset.y > 0

    def action_page_down(self) -> None:
        if not self.goes_on(1):
            raise SkipAction
        super().action_page_down()

    def action_page_up(self) -> None:
        if not self.goes_on(-1):
            raise SkipAction
        super().action_page_up()


class Page(Screen[None]):
    """A whole screen::

     azwizard · PRACTICE: nothing here costs money              orders · dev
     3 of 12 · Passwords and keys                          (Azure: Key Vault)
     A locked store for the passwords and keys of your API.

     body

     Left to do here: nothing.
    [Next F8] [Back Esc] [Why? F1] [More F2]
    """

    place = ""
    explained = ""
    """The place whose explanation is shown; by default its own."""
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f8", "next", "Next", show=False, priority=True, id="page.next"),
        Binding("escape", "close_or_back", "Back", show=False, id="page.back"),
        Binding("f1", "why", "Why", show=False, priority=True, id="page.why"),
        Binding("f2", "more", "More", show=False, priority=True, id="page.more"),
        Binding("f4", "who", "Whom to ask", show=False, priority=True, id="page.who"),
        Binding("f9", "check_everything", "Check everything", show=False, priority=True, id="page.check_everything"),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("pagedown", "scroll_body(1)", show=False),
        Binding("pageup", "scroll_body(-1)", show=False),
    ]

    @property
    def wizard(self) -> Wizard:
        """The app, which keeps the workspace and what goes on in the background."""
        return cast("Wizard", self.app)

    @property
    def workspace(self) -> Workspace:
        """What the person works on."""
        return self.wizard.workspace

    def compose(self) -> ComposeResult:
        self._take_width()
        yield SectionSidebar()
        with Vertical(id="page"):
            with Horizontal(id="top"):
                yield TextBlock(self._cloud_words(), id="cloud")
                yield TextBlock(self.setup_words(), id="setup")
            with Horizontal(id="heading"):
                yield TextBlock(self.heading(), id="title")
                yield TextBlock(self.aside(), id="aside")
            if intro := self.intro():
                yield TextBlock(intro, id="intro")
            with PageBody(id="body", can_focus=False):
                yield from self.body()
            yield ScrollHint("#body, #body OptionList, #answer")
            yield from self.foot()
            yield TextBlock(id="status")
            with Flow(id="buttons"):
                yield from self.buttons()
                yield ActionButton(_("More F2"), "more")
            yield TextBlock(_("This window is small: make it 80 columns by 24 rows."), id="small")
        yield WhyPane()

    def _take_width(self) -> None:
        """Take the class of this width before there are widgets to style: Textual gives it once they are laid out, and styles all anew."""
        width, breakpoints = self.app.size.width, self.HORIZONTAL_BREAKPOINTS or self.app.HORIZONTAL_BREAKPOINTS or []
        self._width_at_first = width
        for name in [name for least, name in breakpoints if least <= width][-1:]:
            self.add_class(name, update=False)

    _width_at_first = 0
    """Columns of the window when this was composed; 0 once it was laid out for them."""

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Lay out what was composed just now; it has its styles already."""
        if self._width_at_first:
            event.refresh_styles = False

    def on_mount(self) -> None:
        """Fill in what depends on the workspace."""
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
        project = self.workspace.reading.answers.project
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
        """Show again what may have changed on the workspace."""
        self.query_one("#setup", TextBlock).say(self.setup_words())
        self.query_one(SectionSidebar).renew()

    def news(self, message: Message) -> None:
        """Something happened in the background; the app has taken it in already."""
        self.renew()

    def status(self, text: str) -> None:
        """Say how things stand, above the buttons."""
        self.query_one("#status", TextBlock).say(text)

    def on_resize(self, event: events.Resize) -> None:
        """Say so when the window is too small, and go on all the same; without room beside the screen its explanation is put away."""
        if event.size.width == self._width_at_first:
            event.prevent_default()  # Textual would lay out again what it has laid out just now
        self._width_at_first = 0
        small = self.size.width < SMALLEST[0] or self.size.height < SMALLEST[1]
        self.query_one("#small").display = small
        if self.size.width < ROOM_FOR_WHY:
            self._close_why()
        self.query_one("#cloud", TextBlock).say(self._cloud_words())
        self.call_after_refresh(self._keep_focus_in_sight)

    def _cloud_words(self) -> str:
        """Where this happens, as long as there is room for it beside the setup."""
        return f"azwizard · {self.workspace.title(is_narrow=self.app.size.width < ROOM_FOR_CLOUD)}"

    def _keep_focus_in_sight(self) -> None:
        """A narrower window may have no room for the button that has the focus."""
        if isinstance(self.focused, ActionButton) and not self.focused.has_room:
            self.focus_first()

    def action_next(self) -> None:
        """Go on; a screen from which there is no next stays."""

    def action_back(self) -> None:
        """One level back, always."""
        self.wizard.go("home")

    def action_why(self) -> None:
        """Explain this screen: beside it where there is room, and again to put that away."""
        from wizard.workspace.wording.explanations import about

        if self.query_one(WhyPane).display:
            self._close_why()
        elif self.size.width >= ROOM_FOR_WHY:
            self.query_one(WhyPane).show(*about(self.workspace, self.explained or self.place))
            self.add_class("-explained")
        else:
            self.wizard.explain(self.explained or self.place)

    def _close_why(self) -> None:
        pane = self.query_one(WhyPane)
        had_focus = pane.has_focus_within
        pane.close()
        self.remove_class("-explained")
        if had_focus:
            self.focus_first()

    def action_close_or_back(self) -> None:
        """Put the explanation away; else one level back."""
        if self.query_one(WhyPane).display:
            self._close_why()
        else:
            self.action_back()

    def action_more(self) -> None:
        """What else can be done here, and the ways to everything else."""
        offers = [(button.label[1:-1], button.action) for button in self.query_one(Flow).left_out()]
        everywhere = [
            (_("All steps Ctrl+G"), "all_steps"),
            (_("Go to Ctrl+P"), "palette"),
            (_("Why? F1"), "why"),
            (_("Save and leave Ctrl+Q"), "leave"),
        ]
        shown = {button.action for button in self.query_one(Flow).query(ActionButton) if button.display}
        self.wizard.show_more([*offers, *(offer for offer in everywhere if offer[1] not in shown)], self._do)

    def _do(self, action: str | None) -> None:
        if action:
            self.call_later(self.run_action, f"screen.{action}")

    def action_all_steps(self) -> None:
        """Show all sections."""
        self.wizard.go("all_steps")

    def action_check_everything(self) -> None:
        """To the check of everything, where there is a setup."""
        if self.workspace.setup:
            self.wizard.check_everything()

    def action_leave(self) -> None:
        """Leave the wizard."""
        self.wizard.action_leave()

    def action_palette(self) -> None:
        """Everything that can be gone to, by typing a part of its name."""
        self.app.action_command_palette()

    def action_who(self) -> None:
        """Whom to ask for what is missing."""
        self.wizard.show_whom_to_ask()

    def action_scroll_body(self, by: int) -> None:
        """A page down or up: of the body as far as that goes, then of the explanation beside it."""
        body, why = self.query_one("#body", PageBody), self.query_one("#why-parts", VerticalScroll)
        scrolled = body if body.goes_on(by) else why
        scrolled.scroll_page_down() if by > 0 else scrolled.scroll_page_up()
