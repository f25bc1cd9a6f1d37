"""Home: the setups there are, and how to begin."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.shell.page import Page
from screens.shell.wizard_protocol import SPEAK_INSTEAD
from screens.widgets.basics import ActionButton, TextBlock
from wizard.platform import language
from wizard.platform.language import _
from wizard.platform.phrases import with_detail
from wizard.platform.preferences import Preferences
from wizard.setup.problems import AnswersError
from wizard.workspace.known_setups import KnownSetup, half_finished_words, known_setups
from wizard.workspace.source_once import read_folder


class Home(Page):
    """The first screen::

    Your setups
    orders-dev   14 of 23 done, 2 hours ago   practice, in this folder
    Begin with the code in orders-api
    ...
    """

    place = "home"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f7", "repair", "Repair", show=False, priority=True, id="home.repair"),
        Binding("ctrl+k", "plain", "Line prompts", show=False, priority=True, id="home.plain"),
        Binding("ctrl+u", "language", "Language", show=False, priority=True, id="home.language"),
    ]

    def setup_words(self) -> str:
        """Nothing: Home belongs to no setup."""
        return ""

    def heading(self) -> str:
        return _("From your Flask project to an API on the internet")

    def intro(self) -> str:
        return _(
            "You need no Azure knowledge: each screen says in plain words what it is for. Nothing is created, and nothing costs money, "
            "before you have seen everything and typed the setup's name. What you type is saved at once."
        )

    def body(self) -> Iterable[Widget]:
        yield TextBlock(_("For a screen reader or a simple terminal: line prompts instead of screens, Ctrl+K."), classes="grey")
        yield TextBlock(id="first")
        yield OptionList(id="choices", markup=False)

    def buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Why? F1"), "why")
        yield ActionButton(_("Français Ctrl+U") if language.current() == "en" else "English Ctrl+U", "language")
        yield ActionButton(_("Leave Ctrl+Q"), "leave")
        yield ActionButton(_("Repair F7"), "repair")
        yield ActionButton(_("Go to Ctrl+P"), "palette")
        yield ActionButton(_("Line prompts Ctrl+K"), "plain")

    def on_mount(self) -> None:
        self.wizard.came_home()
        self.setups = known_setups(self.workspace.options.setup.absolute().parent, practising=self.workspace.practice)
        self._show_unfinished()
        choices = self.query_one("#choices", OptionList)
        choices.add_options(self._options())
        choices.highlighted = 0
        self.status(_("Arrows choose, Enter opens the line."))

    def _show_unfinished(self) -> None:
        half = half_finished_words(self.setups)
        if half:
            self.query_one("#first", TextBlock).say(half)
        elif not self.setups and not self.workspace.projects:
            self.query_one("#first", TextBlock).say(
                _("No API in Python was found here. Leave with Ctrl+Q, go to your API's folder (cd FOLDER), and start azwizard there.")
            )

    def _options(self) -> list[Option]:
        known = [option for number, setup in enumerate(self.setups) for option in self._known(number, setup)]
        new = [] if any(setup.here for setup in self.setups) else self._new()
        other = _("Leave practice and work in Azure") if self.workspace.practice else _("Practise: a local Azure, no account, no cost")
        first, second = (new, known) if self.workspace.projects else (known, new)
        exercises = Option(Content(_("Exercises: something goes wrong in the practice cloud, and you find out what")), id="exercises")
        needed = Option(Content(_("What you need: account, rights, tools, time, money")), id="needs")
        return [*first, *second, needed, Option(Content(other), id="other-cloud"), exercises]

    def _known(self, number: int, setup: KnownSetup) -> Iterable[Option]:
        yield Option(Content(self._line(setup)), id=f"setup-{number}")
        if setup.is_rehearsed:
            words = _("Now for real: {name} in Azure, with your own subscription").format(name=setup.name)
            yield Option(Content(f"  {words}"), id=f"real-{number}")

    def _new(self) -> list[Option]:
        words = _("New: put the code in {folder} on the internet")
        begin = [words.format(folder=f"{project.name}/") for project in self.workspace.projects]
        options = [Option(Content(line), id=f"new-{number}") for number, line in enumerate(begin)]
        return options or [Option(Content(_("New: say where the code is")), id="new")]

    def _line(self, setup: KnownSetup) -> str:
        where = _("in this folder") if setup.here else str(setup.file.parent)
        verb = _("Go on") if setup.unfinished else _("Open")
        kind = _("practice") if setup.practice else _("Azure")
        return with_detail(verb, f"{setup.name} · {setup.words} · {kind}, {where}")

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        kind, _dash, number = str(event.option.id).partition("-")
        match kind:
            case "setup":
                self._go_on(self.setups[int(number)])
            case "real":
                self._open(self.setups[int(number)], practice=False, place="sign_in")
            case "new":
                if number:
                    self.run_worker(self._begin(self.workspace.projects[int(number)]), group="begin", exclusive=True)
                else:
                    self.wizard.go("project")
            case "exercises" | "needs":
                self.wizard.go(kind)
            case "other":
                self.workspace.practice = not self.workspace.practice
                self.wizard.background.sign_out()
                self.wizard.refresh_place("home")

    async def _begin(self, code: Path) -> None:
        """Read the code, however large it is, while the keys work on; leaving this screen ends the reading."""
        self.query_one("#first", TextBlock).say(_("Reading your code in {folder}/ …").format(folder=code.name))
        facts = await read_folder(code)
        self.workspace.begin(code, facts)
        self.wizard.go("project")

    def _go_on(self, setup: KnownSetup, place: str = "") -> None:
        place = place or ("standing" if setup.is_made else "")
        self._open(setup, practice=self.workspace.options.practice or setup.practice, place=place)

    def _open(self, setup: KnownSetup, *, practice: bool, place: str) -> None:
        try:
            self.wizard.open_setup(setup.file, practice=practice, place=place, stage=setup.stage)
        except AnswersError as error:
            self.query_one("#first", TextBlock).say("\n".join(problem.sentence for problem in error.problems))

    def action_repair(self) -> None:
        """Let the doctor look at the setup under the highlight; at the one here when another line is chosen."""
        choices = self.query_one("#choices", OptionList)
        kind, _dash, number = str(choices.highlighted_option.id if choices.highlighted_option else "").partition("-")
        chosen = self.setups[int(number)] if kind == "setup" else next((setup for setup in self.setups if setup.here), None)
        if chosen is None:
            self.wizard.go("repair")
        else:
            self._go_on(chosen, "repair")

    def action_plain(self) -> None:
        """Go over to line prompts, and remember that."""
        preferences = Preferences.read()
        preferences.plain = True
        preferences.save()
        self.app.exit(SPEAK_INSTEAD)

    def action_language(self) -> None:
        """The other language, now and from now on."""
        other = "fr" if language.current() == "en" else "en"
        preferences = Preferences.read()
        preferences.language = other
        preferences.save()
        language.choose(other)
        self.wizard.refresh_place("home")

    def action_back(self) -> None:
        self.status(_("This is the first screen. Ctrl+Q leaves; everything is saved."))
