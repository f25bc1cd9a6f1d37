"""Create: the steps as they are carried out. The app owns the run; this screen only shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.confirm import Confirm, Sheet
from screens.page import Page
from screens.parts import Press, Say
from wizard.events import StepState
from wizard.field import Secret
from wizard.language import _
from wizard.plan import Planned
from wizard.progress import BUSY, Progress
from wizard.words import clock, in_short, with_detail

BAR = 30
ROWS, LINES = 30, 10  # what the steps and all else take, and how much of the log may stand below them


class ProgressScreen(Page):
    """The run::

    Creating orders-dev · 12 of 24 done · 1:48, about 2 minutes to go
    ██████████████────────────────
    done ✓     Key vault kv-orders-dev                               0:21
    working …  Place to run cae-orders-dev                           1:40
    next ·     Your app capp-orders-dev
    """

    place = "progress"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "log", "Log", show=False, priority=True, id="progress.log"),
        Binding("f6", "stop", "Stop safely", show=False, priority=True, id="progress.stop"),
        Binding("f7", "retry", "Try again", show=False, priority=True, id="progress.retry"),
        Binding("f9", "undo", "Undo", show=False, priority=True, id="progress.undo"),
    ]

    @property
    def progress(self) -> Progress:
        """The run that is shown."""
        progress = self.desk.progress
        assert progress is not None
        return progress

    def heading(self) -> str:
        return (
            _("Deleting {setup}").format(setup=self.desk.setup)
            if self.progress.undoing
            else _("Creating {setup}").format(setup=self.desk.setup)
        )

    def body(self) -> Iterable[Widget]:
        yield Say(id="bar")
        yield OptionList(id="steps", markup=False)
        yield Say(id="last-lines", classes="grey")

    def buttons(self) -> Iterable[Press]:
        yield Press(_("Try it F8"), "next")
        yield Press(_("Repair F8"), "repair")
        yield Press(_("Log F5"), "log")
        yield Press(_("Look around Esc"), "back")
        yield Press(_("Stop safely F6"), "stop")
        yield Press(_("Try again F7"), "retry")
        yield Press(_("Undo F9"), "undo")

    def on_mount(self) -> None:
        self.wizard.came_to("progress")
        self.set_interval(0.25, self.renew)

    def news(self, message: Message) -> None:
        self.renew()

    def renew(self) -> None:
        super().renew()
        progress = self.progress
        self.query_one("#title", Say).say(self._title())
        self.query_one("#bar", Say).say(self._bar())
        self._show_steps()
        self._show_last_lines()
        self.status(self._how_it_goes())
        over, failed = progress.is_over, self.went_wrong()
        shown = {
            "next": over and not failed and bool(self.desk.address),
            "stop": not over,
            "retry": over and failed,
            "undo": over and failed,
            "repair": failed and not progress.undoing,
        }
        for action, visible in shown.items():
            self.query_one(f"#press-{action}").display = visible

    def went_wrong(self) -> bool:
        """Whether something is left to be done again."""
        progress = self.progress
        return progress.is_over and (progress.result is None or progress.result.outcome in ("failed", "blocked", "interrupted"))

    def _title(self) -> str:
        progress = self.progress
        left = progress.seconds_left()
        time = clock(progress.seconds) + ("" if progress.is_over else ", " + self._left_words(left))
        return _("{heading} · {done} of {count} done · {time}").format(
            heading=self.heading(), done=progress.done, count=len(progress.steps), time=time
        )

    def _left_words(self, seconds: float) -> str:
        if seconds < 50:
            return _("less than a minute to go")
        minutes = round(seconds / 60) or 1
        from wizard.language import plural

        return plural("about {count} minute to go", "about {count} minutes to go", minutes).format(count=minutes)

    def _bar(self) -> str:
        full = round(BAR * self.progress.done / max(len(self.progress.steps), 1))
        return "█" * full + "─" * (BAR - full)

    def _show_last_lines(self) -> None:
        """The end of the log, where the window has rows for it and something is going on or went wrong; F5 shows all of it anywhere."""
        room = min(self.size.height - ROWS, LINES)
        is_of_use = room >= LINES // 2 and (not self.progress.is_over or self.went_wrong())
        lines = self.progress.log[-room:] if is_of_use else []
        self.query_one("#last-lines", Say).say_or_hide("\n".join([_("Log"), *lines]) if lines else "")

    def _show_steps(self) -> None:
        listed = self.query_one("#steps", OptionList)
        ordered = self.progress.ordered()
        lines = [self._line(item, max(listed.size.width - 2, 40)) for item in ordered]
        order = [item.step.id for item in ordered]
        follows = listed.highlighted == self._followed
        chosen = self._order[listed.highlighted] if listed.highlighted is not None and self._order else None
        if order == self._order:
            for number, line in enumerate(lines):
                listed.replace_option_prompt_at_index(number, Content(line))
        else:
            self._order = order
            listed.set_options([Option(Content(line), id=key) for line, key in zip(lines, order, strict=True)])
        live = next(
            (number for number, item in enumerate(ordered) if self.progress.state(item) in (*BUSY, StepState.FAILED)), len(order) - 1
        )
        listed.highlighted = live if follows or chosen not in order else order.index(chosen)
        if follows:
            self._followed = live
            self.call_after_refresh(self._keep_in_sight, listed)

    def _keep_in_sight(self, listed: OptionList) -> None:
        """Show the highlighted step, and with it all that go on at the same time. Each has one row."""
        if listed.highlighted is None or not listed.is_attached:  # another screen came meanwhile
            return
        busy = [number for number, item in enumerate(self.progress.ordered()) if self.progress.state(item) in BUSY]
        last = max([*busy, listed.highlighted])
        rows = Region(0, listed.highlighted, 1, last - listed.highlighted + 1)
        listed.scroll_to_region(rows, force=True, animate=False, immediate=True)

    _order: Sequence[str] = ()
    _followed: int | None = None

    def _line(self, item: Planned, width: int) -> str:
        progress = self.progress
        event = progress.latest.get(item.step.id)
        words = {
            StepState.RUNNING: _("working …"),
            StepState.WAITING: _("waiting …"),
            StepState.DONE: _("done ✓"),
            StepState.KEPT: _("kept ="),
            StepState.FAILED: _("failed ✗"),
            StepState.SKIPPED: _("not begun ·"),
            StepState.BLOCKED: _("needs you !"),
        }
        state = words.get(event.state, "") if event else _("next ·")
        seconds = progress.elapsed(item)
        time = clock(seconds) if seconds >= 1 else ""
        detail = event.detail if event and event.detail and event.state is not StepState.KEPT else ""
        if progress.is_over and progress.lacks_value(item):
            detail = _("type its value: Enter")
        text = f"{set_cell_size(state, 12)} {with_detail(item.step.title, detail)}"
        room = width - 6
        if cell_len(text) > room:
            text = set_cell_size(text, room - 1) + "…"
        return f"{set_cell_size(text, room)} {time:>5}"

    def _how_it_goes(self) -> str:
        progress = self.progress
        if not progress.is_over:
            return _(
                "You can leave: Azure finishes what it has begun. Open azwizard again and it goes on from there. Nothing is made twice."
            )
        if progress.trouble:
            return f"✗ {progress.trouble}"
        result = progress.result
        if result is None or result.outcome == "failed":
            failed = [it.step for it in progress.steps if progress.state(it) is StepState.FAILED]
            why = [f"✗ {with_detail(step.title, in_short(progress.latest[step.id].detail))}" for step in failed] or [
                _("✗ It did not go through.")
            ]
            then = _("Enter on a line says all of it. What was made is kept: F7 tries again, Esc goes back to change an answer.")
            return "\n".join([*why, then])
        if result.outcome == "interrupted":
            return _("Stopped safely. Azure finishes what it has begun; F7 goes on from there, now or another day.")
        if progress.undoing:
            return _("Deleted. Nothing of this setup is left, and nothing of it costs money.")
        if result.outcome == "blocked":
            if self.desk.without_value():
                return _("What was ready is made. The rest waits for a value: Enter on its line types it, F7 goes on afterwards.")
            if any(item.lacks for item in progress.steps):
                return _("What was ready is made. The rest needs someone: F4 says whom to ask, F7 goes on afterwards.")
            return _("What was ready is made. Enter on a line that needs you says what stands in the way; F7 goes on afterwards.")
        return _("Done: your API runs at {address}. F8 tries it.").format(address=self.desk.address)

    @on(OptionList.OptionSelected)
    def _details(self, event: OptionList.OptionSelected) -> None:
        item = next(it for it in self.progress.steps if it.step.id == event.option.id)
        if self.progress.is_over and self.progress.lacks_value(item):
            self.action_values()
            return
        told = self.progress.latest.get(item.step.id)
        lines = [line for line in self.progress.log if item.step.title in line]
        self.wizard.push_screen(
            Sheet(item.step.title, [(_("How it stands"), told.detail if told else _("not begun")), (_("What happened"), "\n".join(lines))])
        )

    def action_next(self) -> None:
        """To Try it; after something went wrong to Repair."""
        if self.went_wrong():
            self.action_repair()
        elif self.progress.is_over and self.desk.address:
            self.wizard.go("try_it")

    def action_repair(self) -> None:
        """Let the doctor look at what was made."""
        if self.went_wrong() and not self.progress.undoing:
            self.wizard.go("repair")

    def action_log(self) -> None:
        """Everything that happened, line by line."""
        self.wizard.push_screen(Sheet(_("Log"), [("", "\n".join(self.progress.log))]))

    def action_stop(self) -> None:
        """Stop safely, after a question."""
        if not self.progress.is_over:
            question = _("Stop safely? Azure finishes what it has begun; nothing is lost, and it goes on from there later.")
            self.wizard.push_screen(Confirm(question, _("Stop"), _("Go on")), lambda yes: self.wizard.background.stop() if yes else None)

    def action_values(self) -> None:
        """Type the values that are missing, one after the other; then look at Azure again and go on."""
        from screens.ask_secret import AskSecret

        names = self.desk.without_value()
        if not names:
            self.action_retry()
            return

        def typed(value: Secret | None) -> None:
            if value is not None:
                self.desk.give(names[0], value)
                self.action_values()

        self.wizard.push_screen(AskSecret(names[0], len(names)), typed)

    def action_retry(self) -> None:
        """Look at Azure again and go on from there."""
        if self.went_wrong():
            self.desk.plan = None
            self.wizard.check_everything()

    def action_undo(self) -> None:
        """Delete what was made, after a question that is not answered by habit."""
        if not self.went_wrong():
            return
        question = _("Delete everything that this setup made, with the data in it?")
        self.wizard.push_screen(Confirm(question, _("Delete it"), _("Keep it")), lambda yes: self._undo() if yes else None)

    def _undo(self) -> None:
        self.wizard.background.undo()
        self.renew()

    def action_back(self) -> None:
        self.wizard.go("all_steps" if not self.progress.is_over else "review" if self.went_wrong() else "all_steps")

    def action_why(self) -> None:
        self.wizard.explain("review")
