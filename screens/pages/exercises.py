"""Exercises: a goal, hints that say more and more, and whether it is solved, which the practice cloud tells."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.pages.exercise_words import with_keys
from screens.shell.page import Page
from screens.widgets.basics import ActionButton, TextBlock, hanging
from screens.widgets.state_list import StateList
from wizard.commands.teaching import exercise as command
from wizard.engine.events import CheckEvent
from wizard.engine.reporting.event_lines import EXERCISE_WORDS
from wizard.engine.reporting.recorder import RecordingReporter
from wizard.engine.session import ExitCode
from wizard.exercises import record
from wizard.exercises.catalogue import EXERCISES
from wizard.exercises.exercise import Exercise
from wizard.platform.language import _
from wizard.platform.phrases import with_detail

STATE = 13  # cells of how an exercise stands
SECONDS = 0.3
"""Between two looks at what an exercise that begins is doing."""


class Exercises(Page):
    """Which exercises there are, and the one that is done now::

    ✓ solved     The app listens on another port (4:12)
      begun      The API listens on 127.0.0.1
    Azure calls port 5000 of your API, and ...
    """

    place = "exercises"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f6", "hint", "A hint", show=False, priority=True, id="exercises.hint"),
        Binding("f9", "check", "Is it solved?", show=False, priority=True, id="exercises.check"),
    ]

    _busy: RecordingReporter[ExitCode] | None = None
    _at: str | None = None

    def setup_words(self) -> str:
        """Nothing: each exercise is a setup of its own."""
        return ""

    def heading(self) -> str:
        return _("Exercises")

    def intro(self) -> str:
        return _(
            "Each is a small API in the practice cloud with something wrong in it; it costs nothing. Enter on one begins it, "
            "and whether it is solved the practice cloud itself tells."
        )

    def body(self) -> Iterable[Widget]:
        yield StateList(id="exercises", markup=False)
        yield TextBlock(id="exercise")

    def buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Begin it Enter"), "begin")
        yield ActionButton(_("Open it F8"), "next")
        yield ActionButton(_("A hint F6"), "hint")
        yield ActionButton(_("Is it solved? F9"), "check")
        yield ActionButton(_("Back Esc"), "back")

    def renew(self) -> None:
        super().renew()
        choices = self.query_one("#exercises", OptionList)
        at = choices.highlighted
        attempts = record.attempts()
        choices.set_options([Option(hanging([_line(one, attempts.get(one.name))], STATE), id=one.name) for one in EXERCISES])
        choices.highlighted = at if at is not None else 0

    @property
    def chosen(self) -> Exercise:
        """The one under the highlight."""
        return EXERCISES[self.query_one("#exercises", OptionList).highlighted or 0]

    @on(OptionList.OptionHighlighted)
    def _turn_to(self, event: OptionList.OptionHighlighted) -> None:
        """Another line: what was said of the one before goes. Showing the list anew highlights the same line again."""
        if event.option.id != self._at:
            self._at = event.option.id
            self.status("")
        self._show_goal()

    def _show_goal(self) -> None:
        attempt = record.attempts().get(self.chosen.name)
        hints = [f"{number}. {_(text)}" for number, text in enumerate(self.chosen.hints[: attempt.hints if attempt else 0], 1)]
        where = _("The keys in its words are those that it has once it is open.")
        files = [_("Its files: {folder}").format(folder=attempt.folder)] if attempt else []
        self.query_one("#exercise", TextBlock).say("\n".join([with_keys(_(self.chosen.goal)), where, *files, *map(with_keys, hints)]))
        is_ready = attempt is not None and attempt.ready
        self.query_one("#press-begin").display = not is_ready
        for action in ("next", "hint", "check"):
            self.query_one(f"#press-{action}").display = is_ready

    @on(OptionList.OptionSelected)
    def action_begin(self) -> None:
        """Begin it, or go on with one that has begun: that is at once."""
        if self._busy is None:
            told = self._busy = RecordingReporter()
            self.status(_("It is being prepared; that may take a minute. Stay here."))
            self.set_interval(SECONDS, self._tell_now, name="begin")
            self.run_worker(self._begun(self.chosen, told), group="exercise", exclusive=True, exit_on_error=False)

    def _tell_now(self) -> None:
        if self._busy is not None and self._busy.now:
            self.status(self._busy.now)

    async def _begun(self, exercise: Exercise, told: RecordingReporter[ExitCode]) -> None:
        try:
            status = await command.begin(self.workspace.options, exercise, again=False, told=told)
        finally:
            self._busy = None
        self.renew()
        self._show_goal()
        self.status(_("It has begun: F8 opens it.") if status is ExitCode.DONE else _trouble(told))

    def action_hint(self) -> None:
        """Show one hint more."""
        attempt = record.attempts().get(self.chosen.name)
        if attempt is None:
            self.status(_("It has not begun: Enter on it begins it."))
        else:
            record.note_hints(self.chosen.name, min(attempt.hints + 1, len(self.chosen.hints)))
            self._show_goal()

    def action_check(self) -> None:
        """Look whether it is solved."""
        self.run_worker(self._checked(self.chosen), group="exercise", exclusive=True, exit_on_error=False)

    async def _checked(self, exercise: Exercise) -> None:
        told: RecordingReporter[ExitCode] = RecordingReporter()
        self.status(_("Looking into the practice cloud …"))
        status = await command.check(self.workspace.options, exercise, told)
        self.renew()
        self.status(_("Solved ✓") if status is ExitCode.DONE else _trouble(told))

    def action_next(self) -> None:
        """Open the exercise as any setup."""
        attempt = record.attempts().get(self.chosen.name)
        if attempt is None or not attempt.ready:
            self.status(_("It has not begun: Enter on it begins it."))
        else:
            self.wizard.open_setup(Path(attempt.folder) / command.SETUP, practice=True)


def _line(exercise: Exercise, attempt: record.Attempt | None) -> tuple[str, str]:
    """(how it stands, its title with the time it took)."""
    event = command.event_of(exercise, attempt)
    seconds = f" ({int(event.seconds) // 60}:{int(event.seconds) % 60:02})" if attempt and attempt.solved else ""
    sign = "✓" if attempt and attempt.solved else " "
    return f"{sign} {_(EXERCISE_WORDS[event.state])}", f"{_(exercise.title)}{seconds}"


def _trouble(told: RecordingReporter[ExitCode]) -> str:
    """Why something did not come to its end, in a sentence."""
    details = [event.detail for event in told.events if isinstance(event, CheckEvent) and event.state == "missing"]
    lacking = [str(getattr(event, "detail", "")) for event in reversed(told.events)]
    words = next((text for text in [*details, *lacking] if text), told.now)
    return with_detail(_("Not yet"), with_keys(words))
