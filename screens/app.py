"""The app: which screen is shown, and the way from one to the next. What goes on behind them is in `screens.shell.workers`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.reactive import Reactive

from screens.shell.class_link import ClassLink
from screens.shell.deployment_workers import DeploymentWorkers
from screens.shell.messages import BackgroundEvent, RunEnded
from screens.shell.page import Page
from screens.shell.registry import PLACES, make_page
from screens.shell.setup_notices import SetupNotices
from screens.shell.wizard_protocol import SPEAK_INSTEAD
from screens.shell.workers import Workers
from screens.widgets import themes
from wizard.engine.crash_record import report_crash
from wizard.platform.language import _
from wizard.platform.preferences import Preferences
from wizard.platform.stop_signals import leave_on_stop
from wizard.sections import number_of
from wizard.workspace.wording.section_status import NAMES, first_wrong
from wizard.workspace.workspace import Workspace

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions


class WizardApp(App[int]):
    """The wizard on screens."""

    CSS_PATH = "wizard.tcss"
    TITLE = "azwizard"
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (72, "-middle"), (100, "-wide"), (160, "-broad")]  # noqa: RUF012  (Textual declares it for the instance)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Save and leave", show=False, priority=True, id="app.leave"),
        Binding("ctrl+g", "all_steps", "All steps", show=False, id="app.all_steps"),
        Binding("ctrl+z", "suspend_process", "Suspend", show=False, id="app.suspend"),
    ]

    # Given here and not set: each colour that is set while the app starts has Textual read all its styles anew.
    theme = Reactive(themes.DARK)
    ansi_theme_dark = Reactive(themes.STATES_ON_DARK, init=False)
    ansi_theme_light = Reactive(themes.STATES_ON_LIGHT, init=False)

    def __init__(self, options: CommandOptions) -> None:
        super().__init__()
        self._take_colours()
        self.workspace = Workspace(options)
        self.class_link = ClassLink(self, self.workspace, self._show_help)
        self.background = Workers(self, self.workspace)
        self.deployment = DeploymentWorkers(self, self.workspace)
        self._setup_notices = SetupNotices(self, self.workspace)
        self._shown: str = ""
        self.origin: str = ""
        self.before: str = "home"

    def get_default_screen(self) -> Page:
        """Home, with no empty screen below it to be styled and laid out first."""
        home = make_page("home")
        # Textual gives a callback only to screens that are pushed, and takes one from each that is switched: public code has none to give.
        home._push_result_callback(home, None)
        return home

    def _take_colours(self) -> None:
        """The themes there are, and the one that was chosen before."""
        for theme in themes.THEMES:
            self.register_theme(theme)
        self.stylesheet.set_variables(self.get_css_variables())
        self.theme = themes.chosen_before()

    def use_colours(self, name: str) -> None:
        """Other colours, now and from now on."""
        preferences = Preferences.read()
        preferences.theme = name
        preferences.save()
        self.theme = name

    # Going from screen to screen

    def go(self, place: str) -> None:
        """Show a screen. A second Enter while it is on its way changes nothing."""
        if place == self._shown:
            return
        if self._shown in (*NAMES, "home"):
            self.origin = self._shown
        self.before, self._shown = self._shown, place
        self.switch_screen(make_page(place))
        self._setup_notices.tell()

    def came_to(self, place: str) -> None:
        """Remember where the person is, for the next start."""
        self._shown = place
        self.class_link.came_to(place)
        self.workspace.remember(screen=place)
        self._setup_notices.tell()

    def watch_app_focus(self, has_focus: bool) -> None:
        """Back from an editor: what was changed there is read."""
        if not has_focus or not isinstance(self.screen, Page):
            return
        if self.workspace.take_over_changes():
            self.refresh_place(self._shown)
        elif self.workspace.notice_changed_code():
            self.screen.renew()

    def came_home(self) -> None:
        """Home is a place to choose from, not one to come back to."""
        self._shown = "home"

    def go_after(self, section: str) -> None:
        """To the next section, or to the check of everything after the last."""
        following = NAMES[NAMES.index(section) + 1 :]
        self.go(following[0] if following else "review")

    def go_before(self, section: str) -> None:
        """To the section before, or home from the first."""
        number = NAMES.index(section)
        self.go(NAMES[number - 1] if number else "home")

    def check_everything(self) -> None:
        """To the check of everything; first to what is wrong, or to signing in, when that comes before."""
        wrong = first_wrong(self.workspace.reading)
        if wrong:
            self.go(wrong)
            self.notify(_("Something here is to put right first."), markup=False)
        elif self.workspace.cloud is None and not self.background.signing_in:
            self.go("sign_in")
            self.notify(_("Sign in first: then everything can be checked."), markup=False)
        else:
            self.go("review")

    def action_all_steps(self) -> None:
        self.go("all_steps")

    def explain(self, place: str) -> None:
        """Show what a screen is about, at length."""
        from screens.sheets.why import Why

        self.push_screen(Why(self.workspace, place))

    def show_more(self, offers: Sequence[tuple[str, str]], then: Callable[[str | None], None]) -> None:
        """Show what else a screen can do: (label as on a button, action); `then` gets the action that was chosen."""
        from screens.sheets.more import More

        self.push_screen(More(offers), then)

    def show_whom_to_ask(self) -> None:
        """Show what to send to who can give the missing rights."""
        from screens.sheets.handoff import WhomToAsk

        self.push_screen(WhomToAsk())

    def choose(self, where: str, after: Callable[[], object]) -> None:
        """Choose from what Azure has for a question, then put it into the answers."""
        from screens.sheets.choose_from_azure import Choose
        from wizard.state.choices import Choice

        if self.workspace.cloud is None and where not in self.workspace.lists:
            if not self.workspace.practice:
                self.notify(
                    _("Sign in first (screen {number}): the list comes from Azure.").format(number=number_of("sign_in")), markup=False
                )
                return
            if not self.background.signing_in:
                self.background.sign_in()

        def chosen(choice: Choice | None) -> None:
            if choice is not None:
                self.workspace.take(where, choice)
                self.workspace.draft.focus = where
                if self.workspace.cloud is None:
                    self.background.sign_in()
                place = self._shown
                self._shown = ""
                self.go(place)
            else:
                after()

        self.push_screen(Choose(where), chosen)

    def refresh_place(self, place: str) -> None:
        """Show a screen anew."""
        self._shown = ""
        self.go(place)

    def open_setup(self, file: Path, *, practice: bool, place: str = "", stage: str = "") -> None:
        """Turn to a setup, at the screen where it was left. Raises AnswersError."""
        self.workspace.open(file, practice=practice, stage=stage)
        self.background.sign_out()
        if not self.workspace.draft.file.exists() and self.workspace.draft.is_new:
            self.workspace.draft.screen = ""
        silent = self.workspace.reading.answers.sign_in.credential in ("azure-cli", "environment")
        if practice or (self.workspace.draft.cloud and silent):
            self.background.sign_in()
        left_at = self.workspace.draft.screen if self.workspace.draft.screen in PLACES else ""
        if self.workspace.is_confirmed or left_at == "progress":
            left_at = "review"
        self.go(place or (left_at if left_at != "home" else "") or "project")

    # What the background tells

    @on(BackgroundEvent)
    def _pass_on(self, news: BackgroundEvent) -> None:
        """Pass a change on to the screens that are there."""
        for screen in self.screen_stack:
            if self.is_running and isinstance(screen, Page) and screen.is_mounted and screen.is_attached:
                screen.news(news)

    @on(RunEnded)
    def _tell_the_class(self) -> None:
        self.class_link.run_ended()

    def _show_help(self, place: str) -> None:
        """Show a screen of the answers that help brought, unless something is being created."""
        if not self.background.is_running:
            self._shown, draft = "", self.workspace.draft
            self.open_setup(draft.file, practice=self.workspace.practice, place=place, stage=draft.stage)

    def on_mount(self) -> None:
        """Open a setup that is made already on its state; everything else begins at Home."""
        from wizard.workspace.known_setups import made_setup

        setup = made_setup(self.workspace.options.setup, self.workspace.draft.stage)
        if setup is not None:
            practice = self.workspace.options.practice or setup.practice
            self.open_setup(setup.file, practice=practice, place="standing", stage=setup.stage)

    async def on_unmount(self) -> None:
        """Close the connection."""
        await self.workspace.sign_out()

    # Leaving

    @on(Driver.SignalResume)
    def _paint_anew(self) -> None:
        """After a suspension the terminal shows what others wrote meanwhile."""
        self.refresh(layout=True)

    def action_help_quit(self) -> None:
        """Ctrl+C: what a terminal stops programs with says which keys do that here."""
        if self.background.is_running:
            words = _("Ctrl+X on the screen Create stops safely; Ctrl+Q leaves, and Azure finishes what it has begun.")
        else:
            words = _("Ctrl+Q leaves; everything is saved.")
        self.notify(words, markup=False)

    async def action_quit(self) -> None:
        self.action_leave()

    def action_leave(self) -> None:
        """Leave; everything is saved already. Ask only while something is being created."""
        from screens.sheets.dialogs import Confirm

        if not self.background.is_running:
            self.exit(0)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.exit(130)

        question = _("Azure finishes what it has begun, and azwizard goes on from there when you open it again. Leave now?")
        self.push_screen(Confirm(question, _("Leave"), _("Stay")), answered)

    def action_command_palette(self) -> None:
        """Everything that can be gone to, by typing a part of its name."""
        from screens.sheets.palette import Palette

        if not any(isinstance(screen, Palette) for screen in self.screen_stack):
            self.push_screen(Palette())

    def _fatal_error(self) -> None:
        """Leave with one line instead of a traceback, which would show what variables hold.

        Textual 8 has no public hook for an error that nobody handled: its own shows the variables, and is replaced here.
        """
        self.bell()
        self.panic(Text(report_crash(self._exception) if self._exception is not None else ""))


def open_wizard(options: CommandOptions) -> int:
    """Open the wizard on a setup; gives the exit status. Who then chooses line prompts gets those."""
    app = WizardApp(options)
    with leave_on_stop(lambda status: app.call_after_refresh(app.exit, status)):  # what was typed before is saved by then
        status = app.run()
    if status == SPEAK_INSTEAD:
        from wizard.plain import speak

        return speak(app.workspace.options)
    return (app.return_code or 0) if status is None else status
