"""The app: which screen is shown, and what goes on behind all of them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen

from screens.messages import CodeShown, Looked, LookFailed, RunEnded, SignedIn, SignInFailed
from screens.page import Page
from screens.places import PLACES, make_page
from wizard.crash import report_crash
from wizard.desk import Desk
from wizard.language import _
from wizard.plan import HINDERS, Action
from wizard.progress import Progress
from wizard.sections import SECTIONS
from wizard.step import ResultEvent

if TYPE_CHECKING:
    from wizard.cloud import DeviceCode
    from wizard.session import Options

NAMES = [section.name for section in SECTIONS]
PAUSE = 0.5  # seconds without a key before Azure is asked about what was typed


class WizardApp(App[int]):
    """The wizard on screens. Workers belong to the app, so that changing the screen stops nothing."""

    CSS_PATH = "wizard.tcss"
    TITLE = "azwizard"
    SPEAK_INSTEAD = -1
    """The return value that asks for line prompts."""
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012  (Textual declares it for the instance)
        (0, "-narrow"),
        (100, "-wide"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "leave", "Save and leave", show=False, priority=True, id="app.leave"),
        Binding("ctrl+g", "all_steps", "All steps", show=False, id="app.all_steps"),
    ]

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.desk = Desk(options)
        self.signing_in = False
        self.sign_in_trouble: str = ""
        self.looking: set[str] = set()
        self.look_trouble: dict[str, str] = {}
        self._shown: str = ""
        self.origin: str = ""

    def on_mount(self) -> None:
        self.push_screen(make_page(self.first_place()))

    def first_place(self) -> str:
        """Home; or, after a closed terminal, the screen where one was."""
        return "home"

    # Going from screen to screen

    def go(self, place: str) -> None:
        """Show a screen. A second Enter while it is on its way changes nothing."""
        if place == self._shown:
            return
        if self._shown in (*NAMES, "home"):
            self.origin = self._shown
        self._shown = place
        self.switch_screen(make_page(place))

    def came_to(self, place: str) -> None:
        """Remember where the person is, for the next start."""
        self._shown = place
        if self.desk.draft.screen != place:
            self.desk.draft.screen = place
            self.desk.draft.save()

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
        wrong = self.first_wrong()
        if wrong:
            self.go(wrong)
            self.notify(_("Something here is to put right first."), markup=False)
        elif self.desk.cloud is None and not self.signing_in:
            self.go("sign_in")
            self.notify(_("Sign in first: then everything can be checked."), markup=False)
        else:
            self.go("review")

    def first_wrong(self) -> str | None:
        """The first section with something wrong, or missing that everything is named after."""
        places = [*self.desk.reading.problems, *(it for it in self.desk.reading.lacking if it == "project.name")]
        owners = {it.key: it.name for it in SECTIONS if it.key} | {"variables": "key_vault"}
        names = {owners[place.split(".")[0].split("[")[0]] for place in places}
        return next((name for name in NAMES if name in names), None)

    def action_all_steps(self) -> None:
        self.go("all_steps")

    def explain(self, place: str) -> None:
        """Show what a screen is about, at length."""
        from screens.why import Why

        self.push_screen(Why(place))

    def show_whom_to_ask(self) -> None:
        """Show what to send to who can give the missing rights."""
        from screens.whom_to_ask import WhomToAsk

        self.push_screen(WhomToAsk())

    def choose(self, where: str, after: Callable[[], object]) -> None:
        """Choose from what Azure has for a question, then put it into the answers."""
        from screens.choose import Choose
        from wizard.lists import Choice

        if self.desk.cloud is None:
            self.notify(_("Sign in first (screen 2): the list comes from Azure."), markup=False)
            return

        def chosen(choice: Choice | None) -> None:
            if choice is not None:
                for key, value in choice.also:
                    self.desk.put(key, value)
                self.desk.draft.forget(where) if choice.value == "" else self.desk.draft.put(where, choice.value)
                self.desk.reread()
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

    def open_setup(self, file: Path, *, practice: bool, place: str = "") -> None:
        """Turn to a setup, at the screen where it was left. Raises AnswersError."""
        self.desk.open(file, practice=practice)
        self.leave_cloud()
        if not self.desk.draft.file.exists() and self.desk.draft.is_new:
            self.desk.draft.screen = ""
        silent = self.desk.reading.answers.sign_in.credential in ("azure-cli", "environment")
        if practice or (self.desk.draft.cloud and silent):
            self.sign_in()
        left_at = self.desk.draft.screen if self.desk.draft.screen in PLACES else ""
        if self.desk.is_confirmed or left_at == "progress":
            left_at = "review"
        self.go(place or (left_at if left_at != "home" else "") or "project")

    def leave_cloud(self) -> None:
        """Sign out; the next look signs in again."""
        self.looking.clear()
        self.look_trouble.clear()
        self._leave_cloud()

    @work(group="sign-out", exit_on_error=False, description="sign out")
    async def _leave_cloud(self) -> None:
        await self.desk.sign_out()

    def read_lists(self, places: Sequence[str]) -> None:
        """Read lists before anyone opens them, so that they are there at once."""
        unread = [where for where in places if where not in self.desk.lists]
        if self.desk.cloud is not None and unread:
            self._read_lists(unread)

    @work(group="lists", exclusive=True, exit_on_error=False, description="read lists")
    async def _read_lists(self, places: Sequence[str]) -> None:
        from wizard.cloud import translate

        for where in places:
            try:
                await self.desk.read_list(where)
            except Exception as error:
                translate(error)  # whoever opens the list asks again, and is told

    # How sections stand, in a word

    def state_word(self, name: str) -> str:
        """How a section stands."""
        section = next(it for it in SECTIONS if it.name == name)
        reading = self.desk.reading
        of_section = [it for it in (*reading.problems,) if section.key and it.split(".")[0].split("[")[0] == section.key]
        if of_section:
            return _("to put right ✗")
        if any(section.key and it.startswith(f"{section.key}.") for it in reading.lacking):
            return _("needs you !")
        if name == "sign_in":
            return _("working …") if self.signing_in else _("done ✓") if self.desk.cloud else _("needs you !")
        if name == "key_vault" and self.desk.without_value():
            return _("needs you !")
        found = self.desk.found.get(name)
        if self.is_looking(name) and found is None:
            return _("asking Azure …")
        if not found:
            return _("filled in ·")
        if any(item.action in HINDERS and item.look.remedy for item in found):
            return _("needs you !")
        if any(item.action in HINDERS for item in found):
            return _("waiting …")
        return _("done ✓") if all(item.action is Action.KEEP for item in found) else _("ready ·")

    def address(self) -> str:
        """Where the API answers; "" before it does."""
        return self.desk.address

    # Behind the screens

    def tell(self, message: Message) -> None:
        """Pass a change on to the screens that are there."""
        for screen in self.screen_stack:
            if isinstance(screen, Page) and screen.is_mounted:
                screen.news(message)

    def sign_in(self, account: str | None = None) -> None:
        """Begin to sign in; in practice as an account."""
        self.signing_in, self.sign_in_trouble = True, ""
        self._sign_in(account)

    @work(group="sign-in", exclusive=True, exit_on_error=False, description="sign in")
    async def _sign_in(self, account: str | None) -> None:
        from wizard.cloud import CloudError

        try:
            if account is not None and self.desk.practice:
                await self.desk.become(account)
            else:
                await self.desk.sign_in(self._show_code)
            self.post_message(SignedIn())
        except CloudError as error:
            self.post_message(SignInFailed(error))

    def _show_code(self, code: DeviceCode) -> None:
        """Called from another thread."""
        self.call_from_thread(self.post_message, CodeShown(code))

    @on(SignedIn)
    def _signed_in(self, message: SignedIn) -> None:
        self.signing_in = False
        self.look_trouble.clear()
        self.tell(message)

    @on(SignInFailed)
    def _sign_in_failed(self, message: SignInFailed) -> None:
        self.signing_in = False
        self.sign_in_trouble = f"{message.error.sentence} {message.error.remedy}".strip()
        self.tell(message)

    @on(CodeShown)
    def _code_shown(self, message: CodeShown) -> None:
        self.tell(message)

    def look_soon(self, section: str, pause: float = PAUSE) -> None:
        """Compare Azure with a section's answers, once the person pauses; every section with ""."""
        if self.desk.cloud is None or not self.desk.setup:
            return
        if self.desk.reading.problems and not section:
            return
        self.looking.add(section)
        self._look(section, pause)

    def is_looking(self, section: str) -> bool:
        """Whether Azure is being asked about a section, or about all with ""."""
        return section in self.looking or "" in self.looking

    @work(group="look", exclusive=True, exit_on_error=False, description="compare with Azure")
    async def _look(self, section: str, pause: float) -> None:
        from wizard.cloud import CloudError, translate

        try:
            await asyncio.sleep(pause)
            await self.desk.look(section or None)
            self.post_message(Looked(section))
        except asyncio.CancelledError:
            self.looking.discard(section)
            raise
        except Exception as error:
            problem = error if isinstance(error, CloudError) else translate(error)
            self.post_message(LookFailed(section, problem))

    @on(Looked)
    def _looked(self, message: Looked) -> None:
        self.looking.discard(message.section)
        self.look_trouble.pop(message.section, None)
        self.tell(message)

    @on(LookFailed)
    def _look_failed(self, message: LookFailed) -> None:
        self.looking.discard(message.section)
        self.look_trouble[message.section] = f"{message.error.sentence} {message.error.remedy}".strip()
        self.tell(message)

    # The run, which no screen owns

    def make(self) -> None:
        """Begin to create what the plan says."""
        assert self.desk.plan is not None
        self.desk.progress = Progress(self.desk.plan.steps)
        self._make(self.desk.progress)

    def stop(self) -> None:
        """Stop safely: Azure finishes what it has begun, and the next run goes on from there."""
        self.workers.cancel_group(self, "make")

    @property
    def is_making(self) -> bool:
        """Whether a run goes on."""
        progress = self.desk.progress
        return progress is not None and not progress.is_over

    @work(group="make", exclusive=True, exit_on_error=False, description="create")
    async def _make(self, progress: Progress) -> None:
        await self._carry_out(progress, lambda: self.desk.make(progress.hear))

    def undo(self) -> None:
        """Delete what this setup made."""
        steps = [item for items in self.desk.found.values() for item in items]
        self.desk.progress = Progress(steps, undoing=True)
        self._undo(self.desk.progress)

    @work(group="make", exclusive=True, exit_on_error=False, description="delete")
    async def _undo(self, progress: Progress) -> None:
        await self._carry_out(progress, lambda: self.desk.undo(progress.hear))

    async def _carry_out(self, progress: Progress, work: Callable[[], Awaitable[ResultEvent]]) -> None:
        from wizard.cloud import CloudError, translate
        from wizard.journal import SetupLocked

        try:
            progress.end(await work())
        except asyncio.CancelledError:
            progress.end(ResultEvent("interrupted"))
            raise
        except SetupLocked as locked:
            progress.end(None, str(locked))
        except Exception as error:
            problem = error if isinstance(error, CloudError) else translate(error)
            progress.end(None, f"{problem.sentence} {problem.remedy}".strip())
        finally:
            self.post_message(RunEnded())

    @on(RunEnded)
    def _run_ended(self, message: RunEnded) -> None:
        self.tell(message)

    async def on_unmount(self) -> None:
        """Close the connection."""
        await self.desk.sign_out()

    # Leaving

    async def action_quit(self) -> None:
        self.action_leave()

    def action_leave(self) -> None:
        """Leave; everything is saved already. Ask only while something is being created."""
        from screens.confirm import Confirm

        if not self.is_making:
            self.exit(0)
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.exit(130)

        question = _("Azure finishes what it has begun, and azwizard goes on from there when you open it again. Leave now?")
        self.push_screen(Confirm(question, _("Leave"), _("Stay")), answered)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The command palette: every screen, and leaving."""
        for number, section in enumerate(SECTIONS, 1):
            title = _("Go to {number}: {title}").format(number=number, title=_(section.title))
            yield SystemCommand(title, _(section.why), lambda name=section.name: self.go(name))
        yield SystemCommand(_("Check everything"), _("What would be made, and what it costs"), self.check_everything)
        yield SystemCommand(_("All steps"), _("How every section stands"), self.action_all_steps)
        yield SystemCommand(_("Save and leave"), _("Everything is saved as you type"), self.action_leave)

    def _fatal_error(self) -> None:
        """Leave with one line instead of a traceback, which would show what variables hold."""
        self.bell()
        if self._exception is not None:
            self._exit_renderables.append(report_crash(self._exception))
        self._close_messages_no_wait()


def open_wizard(options: Options) -> int:
    """Open the wizard on a setup; gives the exit status. Without a terminal, or when line prompts were chosen, those are used."""
    from wizard.plain import speak
    from wizard.preferences import Preferences

    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb" or Preferences.read().plain:
        return speak(options)
    app = WizardApp(options)
    status = app.run()
    if status == WizardApp.SPEAK_INSTEAD:
        return speak(app.desk.options)
    return (app.return_code or 0) if status is None else status
