"""Create: the steps as they are carried out. The app owns the run; this screen only shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.sheets.delete_everything import DeleteEverything
from screens.sheets.dialogs import Confirm, Sheet
from screens.sheets.run_log_sheet import RunLogSheet
from screens.sheets.run_picture import draw_run
from screens.shell.page import Page
from screens.widgets.basics import ActionButton, TextBlock
from screens.widgets.progress_text import STATE, bar_of, detail_of, how_it_goes, line_of, time_of
from screens.widgets.run_log import RunLog
from screens.widgets.state_list import StateList
from screens.widgets.themes import with_state
from wizard.engine.events import StepState
from wizard.engine.plan import Action, PlannedStep
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.workspace.progress import BUSY, Progress

BESIDE, BESIDE_RAIL = 100, 150  # columns from which the log stands beside the steps, and from which the rail does too
ROWS, LINES = 30, 10  # what the steps and all else take, and how much of the log may stand below them


class ProgressScreen(Page):
    """The run, with its log on the right of a wide window and below the steps of a tall one::

    Creating orders-dev in Azure · 12 of 24 done · 1:48, about 2 minutes to go
    ██████████████────────────────
    done ✓     Key vault kv-orders-dev                               0:21
    working …  Place to run cae-orders-dev: the slowest part         1:40
    next ·     Your app capp-orders-dev: after Place to run cae-orders-dev
    """

    place = "progress"
    HORIZONTAL_BREAKPOINTS = [(BESIDE, "-wide"), (BESIDE_RAIL, "-wider")]  # noqa: RUF012  (Textual declares it for the instance)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "log", "Log", show=False, priority=True, id="progress.log"),
        Binding("ctrl+x", "stop_or_go_on", "Stop safely, or go on", show=False, priority=True, id="progress.stop_or_go_on"),
        Binding("f7", "repair", "Repair", show=False, priority=True, id="progress.repair"),
        Binding("ctrl+e", "draw", "Picture of the run", show=False, priority=True, id="progress.draw"),
        Binding("f5", "retry", "Try again", show=False, priority=True, id="progress.retry"),
        Binding("ctrl+r", "version_before", "Version before", show=False, priority=True, id="progress.version_before"),
        Binding("ctrl+d", "undo", "Delete everything", show=False, priority=True, id="progress.undo"),
    ]

    @property
    def progress(self) -> Progress:
        """The run that is shown."""
        progress = self.workspace.progress
        assert progress is not None
        return progress

    def heading(self) -> str:
        creates = not self._has_version_before() and any(item.action is Action.CREATE for item in self.progress.steps)
        if self.workspace.practice:
            words = _("Deleting {setup}") if self.progress.undoing else _("Creating {setup}") if creates else _("Changing {setup}")
        else:
            in_azure = _("Creating {setup} in Azure") if creates else _("Changing {setup} in Azure")
            words = _("Deleting {setup} in Azure") if self.progress.undoing else in_azure
        return words.format(setup=self.workspace.setup)

    def body(self) -> Iterable[Widget]:
        yield TextBlock(id="bar")
        with Container(id="steps-and-log"):
            yield StateList(id="steps", markup=False)
            yield RunLog()

    def foot(self) -> Iterable[Widget]:
        yield TextBlock(id="chosen", classes="grey")

    def buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Try it F8"), "next")
        yield ActionButton(_("Repair F7"), "repair")
        yield ActionButton(_("Version before Ctrl+R"), "version_before")
        yield ActionButton(_("Stop safely Ctrl+X"), "stop_or_go_on", id="press-stop")
        yield ActionButton(_("Try again F5"), "retry")
        yield ActionButton(_("Go on Ctrl+X"), "stop_or_go_on", id="press-go-on")
        yield ActionButton(_("Who? F4"), "who")
        yield ActionButton(_("Look around Esc"), "back")
        yield ActionButton(_("Your API Esc"), "back", id="press-standing")
        yield ActionButton(_("Log Ctrl+L"), "log")
        yield ActionButton(_("Delete everything Ctrl+D"), "undo")
        yield ActionButton(_("Picture of the run Ctrl+E"), "draw")

    def on_mount(self) -> None:
        self.wizard.came_to("progress")
        self.set_interval(0.25, self._show_time)

    def on_resize(self, event: events.Resize) -> None:
        """The rows are cut to the width that there is, first of all to the one with which the page appears."""
        super().on_resize(event)
        self.call_after_refresh(self.renew)

    def _show_time(self) -> None:
        """Time goes by while something is made; once it is over, news alone change what stands here."""
        if not self._is_shown_over:
            self.renew()
        self._is_shown_over = self.progress.is_over

    def news(self, message: Message) -> None:
        self.renew()

    def renew(self) -> None:
        super().renew()
        progress = self.progress
        self._show_heading()
        self._show_steps()
        self._show_log()
        self.status(how_it_goes(self.workspace, progress, self.query_one("#status").size.width))
        over, failed = progress.is_over, self.went_wrong()
        stopped = progress.result is not None and progress.result.outcome == "interrupted"
        shown = {
            "next": over and not failed and bool(self.workspace.address),
            "stop": not over,
            "retry": failed and not stopped,
            "go-on": stopped,
            "back": not self._leads_to_standing(),
            "standing": self._leads_to_standing(),
            "undo": failed and not self._has_version_before(),
            "version_before": failed and self._has_version_before(),
            "repair": failed and not progress.undoing,
            "who": failed and any(item.lacks for item in progress.steps),
            "draw": over and self.wizard.background.timeline is not None,
        }
        for action, visible in shown.items():
            self.query_one(f"#press-{action}").display = visible

    def went_wrong(self) -> bool:
        """Whether something is left to be done again."""
        result = self.progress.result
        return self.progress.is_over and (result is None or result.outcome in ("failed", "blocked", "interrupted"))

    def _has_version_before(self) -> bool:
        """Whether a version ran before this run, to which one may go back: then nobody who wants that is led to deleting all."""
        revision = next((item for item in self.progress.steps if item.step.id == step_ids.REVISION), None)
        return revision is not None and revision.action is Action.CHANGE and not self.progress.undoing

    def _show_heading(self) -> None:
        """The time stands in the first row; after the bar where a long name leaves no room for it."""
        progress, title = self.progress, self.query_one("#title", TextBlock)
        done = _("{heading} · {done} of {count} done").format(heading=self.heading(), done=progress.done, count=len(progress.steps))
        time = time_of(progress)
        whole = f"{done} · {time}"
        fits = cell_len(whole) <= title.size.width
        title.say(whole if fits else done)
        bar, after = self.query_one("#bar", TextBlock), "" if fits else f"  {time}"
        bar.say(bar_of(progress, bar.size.width - cell_len(after)) + after)

    def _show_log(self) -> None:
        """The log, where the window has room for it; its key shows it anywhere."""
        log, room = self.query_one(RunLog), min(self.size.height - ROWS, LINES)
        is_wide = self.size.width >= BESIDE
        is_of_use = room >= LINES // 2 and (not self.progress.is_over or self.went_wrong())
        log.display = is_wide or is_of_use
        log.styles.height = "1fr" if is_wide else room
        log.show(self.progress.log)

    def _show_steps(self) -> None:
        listed = self.query_one("#steps", OptionList)
        ordered = self.progress.ordered()
        lines = [line_of(self.progress, item, max(listed.size.width - 2, 40)) for item in ordered]
        order = [item.step.id for item in ordered]
        follows = listed.highlighted == self._followed
        chosen = self._order[listed.highlighted] if listed.highlighted is not None and self._order else None
        if order == self._order:
            for number, line in enumerate(lines):
                if line != self._lines[number]:
                    listed.replace_option_prompt_at_index(number, with_state(line[:STATE], line[STATE:]))
        else:
            self._order = order
            listed.set_options([Option(with_state(line[:STATE], line[STATE:]), id=key) for line, key in zip(lines, order, strict=True)])
        self._lines = lines
        live = self._live(ordered)
        listed.highlighted = live if follows or chosen not in order else order.index(chosen)
        if listed.highlighted is not None:
            self._show_chosen(ordered[listed.highlighted], lines[listed.highlighted])
        if follows:
            self._followed = live
            self.call_after_refresh(self._keep_in_sight, listed)

    def _live(self, ordered: Sequence[PlannedStep]) -> int:
        """The step to look at: what goes on or failed, else what needs the person, else the last that is done."""
        for states in ((*BUSY, StepState.FAILED), (StepState.BLOCKED,)):
            if numbers := [number for number, item in enumerate(ordered) if self.progress.state(item) in states]:
                return numbers[0]
        return max(self.progress.done - 1, 0)

    def _show_chosen(self, item: PlannedStep, line: str) -> None:
        """What the highlighted step's own row has no room for; why one failed stands in the status."""
        detail = detail_of(self.progress, item)
        self.query_one("#chosen", TextBlock).say_or_hide("" if self.progress.is_over else f"… {detail}" if detail not in line else " ")

    def _keep_in_sight(self, listed: OptionList) -> None:
        """Show the highlighted step, and with it all that go on at the same time. Each has one row."""
        if listed.highlighted is None or not listed.is_attached:  # another screen came meanwhile
            return
        busy = [number for number, item in enumerate(self.progress.ordered()) if self.progress.state(item) in BUSY]
        last = max([*busy, listed.highlighted])
        rows = Region(0, listed.highlighted, 1, last - listed.highlighted + 1)
        listed.scroll_to_region(rows, force=True, animate=False, immediate=True)

    _order: Sequence[str] = ()
    _lines: Sequence[str] = ()
    _is_shown_over = False
    _followed: int | None = None

    @on(OptionList.OptionSelected)
    def _details(self, event: OptionList.OptionSelected) -> None:
        item = next(step for step in self.progress.steps if step.step.id == event.option.id)
        if self.progress.is_over and self.progress.lacks_value(item):
            self.action_values()
            return
        result = self.progress.latest.get(item.step.id)
        lines = [line for line in self.progress.log if item.step.title in line]
        state = result.detail if result else _("not begun")
        self.app.push_screen(Sheet(item.step.title, [(_("How it stands"), state), (_("What happened"), "\n".join(lines))]))

    def action_next(self) -> None:
        """To Try it; after something went wrong to Repair."""
        if self.went_wrong():
            self.action_repair()
        elif self.progress.is_over and self.workspace.address:
            self.wizard.go("try_it")

    def action_repair(self) -> None:
        """Let the doctor look at what was made."""
        if self.went_wrong() and not self.progress.undoing:
            self.wizard.go("repair")

    def action_log(self) -> None:
        """Everything that happened, line by line."""
        self.app.push_screen(RunLogSheet(self.progress))

    def action_draw(self) -> None:
        """Draw when each step was made, beside the setup file, and say where that is."""
        if self.progress.is_over and self.wizard.background.timeline is not None:
            draw_run(self.app, self.wizard.background.timeline, self.workspace.reading.answers.run_picture, self.heading())

    def action_stop_or_go_on(self) -> None:
        """Stop safely, after a question; go on with what was stopped."""
        if self.progress.is_over:
            self.action_retry()
        else:
            question = _("Stop safely? Azure finishes what it has begun; nothing is lost, and it goes on from there later.")
            self.app.push_screen(Confirm(question, _("Stop"), _("Go on")), lambda yes: self.wizard.background.stop() if yes else None)

    def action_values(self) -> None:
        """Type the values that are missing, one after the other; then look at Azure again and go on."""
        from screens.sheets.ask_secret import ask_missing_values

        ask_missing_values(self.app, self.workspace, self.action_retry)

    def action_retry(self) -> None:
        """Look at Azure again and go on from there."""
        if self.went_wrong() and self.progress.undoing:
            self._undo()
        elif self.went_wrong():
            self.workspace.plan = None
            self.wizard.check_everything()

    def action_version_before(self) -> None:
        """Show what going back to the version before would do."""
        if self.went_wrong() and self._has_version_before():
            self.wizard.deployment.turn_to_setup()
            self.wizard.deployment.prepare_change(None)
            self.wizard.go("standing")

    def action_undo(self) -> None:
        """Delete what was made, after a question that is not answered by habit."""
        if not self.went_wrong() or self._has_version_before():
            return
        self.app.push_screen(DeleteEverything(self.wizard), lambda yes: self._undo() if yes else None)

    def _undo(self) -> None:
        self.wizard.background.undo()
        self.renew()

    def action_back(self) -> None:
        """To what was made and runs; to the check of everything after a failure; else to look around."""
        self.wizard.go("review" if self.went_wrong() else "standing" if self._leads_to_standing() else "all_steps")

    def _leads_to_standing(self) -> bool:
        """Whether an API runs now."""
        return self.progress.is_over and not self.went_wrong() and not self.progress.undoing and bool(self.workspace.address)
