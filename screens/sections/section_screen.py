"""A section of the article as a screen, from its declaration alone: its questions, what was found in Azure, what is left to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from screens.shell.messages import PlanRefreshed, SignedIn
from screens.shell.page import Page
from screens.widgets.basics import ActionButton, StatusList, TextBlock
from screens.widgets.form_row import FormRow, rows_below
from wizard.engine.plan import PlannedStep
from wizard.platform.language import _, plural
from wizard.sections import SECTIONS
from wizard.sections.section import Section
from wizard.setup.introspection import Question, questions
from wizard.state.choices import LIVE
from wizard.workspace.wording.azure_notes import ABOUT, asked_now, found_words, note
from wizard.workspace.wording.plan_lines import hindrances


class SectionScreen(Page):
    """One section. A subclass names its `section` and, where a form is not enough, adds `extra` widgets."""

    section: Section
    asks: ClassVar[tuple[str, ...] | None] = None
    """The keys that are asked here; all of the section's by default."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f3", "list('')", "List", show=False, priority=True, id="section.list"),
        Binding("f7", "instead", "Free name", show=False, priority=True, id="section.instead"),
    ]

    @property
    def place(self) -> str:  # type: ignore[override]
        return self.section.name

    @property
    def rows(self) -> list[FormRow]:
        """The questions on the screen, in order."""
        return list(rows_below(self.query_one("#body")))

    def heading(self) -> str:
        number = SECTIONS.index(self.section) + 1
        return _("{number} of {count} · {title}").format(number=number, count=len(SECTIONS), title=_(self.section.title))

    def aside(self) -> str:
        return _("(Azure: {term})").format(term=self.section.azure_term)

    def intro(self) -> str:
        return _(self.section.why)

    def body(self) -> Iterable[Widget]:
        for question in self.questions():
            where = f"{self.section.key}.{question.key}"
            value = self.workspace.draft.shown(where, question, self.workspace.reading.answers)
            yield FormRow(where, question, value, has_list=where in LIVE)
        yield from self.extra()
        if happens := self.what_will_happen():
            yield TextBlock(happens, id="happens")
        yield TextBlock(id="asked")
        yield StatusList(id="checks")

    def questions(self) -> list[Question]:
        """What is asked by the form."""
        answers_type = self.section.answers
        if self.section.key is None or not isinstance(answers_type, type):
            return []
        every = [question for question in questions(answers_type) if question.kind is not tuple]
        return [question for question in every if self.asks is None or question.key in self.asks]

    def extra(self) -> Iterable[Widget]:
        """What the section shows below its form."""
        return ()

    def buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Next F8"), "next")
        yield ActionButton(_("Back Esc"), "back")
        yield ActionButton(_("Free name F7"), "instead")
        yield ActionButton(_("Why? F1"), "why")
        yield from self.more_buttons()
        yield ActionButton(self.check_label(), "check_everything")

    def more_buttons(self) -> Iterable[ActionButton]:
        """Buttons of this section alone."""
        return ()

    def check_label(self) -> str:
        """The button that goes straight to the check of everything."""
        return _("Check all F9")

    def what_will_happen(self) -> str:
        """For a section that asks nothing: what it will do."""
        answers = self.workspace.reading.answers
        if self.asks is not None or any(not q.ask.shown_when or q.ask.shown_when(answers) for q in self.questions()):
            return ""
        return _("Nothing to type here. Here is what will happen:")

    def on_mount(self) -> None:
        for row in self.rows:
            row.touched = row.where in self.workspace.draft.typed and row.where in self.problems()
        self.wizard.came_to(self.section.name)
        self.read_lists()
        self.wizard.background.look_soon("" if self.section.name == "sign_in" else self.section.name, 0)

    def focus_first(self) -> None:
        left = next((row for row in self.rows if row.where == self.workspace.draft.focus and row.display), None)
        left.focus_editor() if left else super().focus_first()

    def read_lists(self) -> None:
        """Read what can be chosen here, in the background."""
        self.wizard.background.read_lists([row.where for row in self.rows if row.where in LIVE and row.display])

    # Typing

    @on(FormRow.Changed)
    def _typed(self, event: FormRow.Changed) -> None:
        event.stop()
        self.workspace.draft.focus = event.where
        self.keep(event.where, event.value)
        self.after_typing()

    def keep(self, where: str, value: str | bool) -> None:
        """Save what was typed at a place."""
        self.workspace.put(where, value)

    def after_typing(self) -> None:
        """Judge everything again, and look at Azure when the person pauses."""
        self.wizard.background.look_soon(self.section.name)
        self.renew()

    @on(FormRow.Finished)
    def _enter(self, event: FormRow.Finished) -> None:
        event.stop()
        following = self.focus_next()
        if following is not None and str(following.id).startswith("list-"):  # Enter is for the next field; F3 and Tab reach the list
            self.focus_next()

    @on(FormRow.Blurred)
    def _left(self, event: FormRow.Blurred) -> None:
        event.stop()
        self.renew()

    def renew(self) -> None:
        super().renew()
        answers, problems = self.workspace.reading.answers, self.problems()
        for row in self.rows:
            self.renew_row(row, answers)
            row.judge(problems.get(row.where))
        self.query_one("#asked", TextBlock).say_or_hide(self.how_asking_goes())
        self.query_one("#checks", StatusList).say(self.checks())
        if (button := self.query_one_optional("#press-instead")) is not None:
            button.display = bool(self.free_names())
        self.status(self.left_to_do())

    def renew_row(self, row: FormRow, answers: Any) -> None:
        """Show or hide a row, and what follows from other answers in it."""
        shown_when = row.question.ask.shown_when
        row.display = shown_when is None or shown_when(answers) or row.where in asked_now(self.found())
        row.remark(self.note(row.where))
        if row.where not in self.workspace.draft.typed and not row.editor.has_focus:
            row.follow(self.workspace.draft.shown(row.where, row.question, answers))

    def news(self, message: Message) -> None:
        if isinstance(message, SignedIn | PlanRefreshed):
            self.read_lists()
        if isinstance(message, SignedIn) and self.section.name != "sign_in":
            self.wizard.background.look_soon(self.section.name, 0)
        if not isinstance(message, PlanRefreshed) or message.section in ("", self.section.name):
            self.renew()

    # What was found, and what is left

    def found(self) -> list[PlannedStep]:
        """What Azure has of this section, as far as it was looked at."""
        return self.workspace.found.get(self.section.name, [])

    def note(self, where: str) -> str:
        """What Azure says to one answer, in a few words; "" for one that it was not asked about, or that is wrong."""
        if where not in ABOUT or where in self.workspace.reading.problems:
            return ""
        if self.wizard.background.is_looking(self.section.name):
            return _("asking Azure …")
        return note(where, self.found())

    def wrong(self) -> list[str]:
        """The places on this screen with something wrong."""
        return [where for where in self.problems() if self.holds(where)]

    def problems(self) -> dict[str, str]:
        """Place -> what is wrong there, in a sentence. A section adds what it cannot go on without."""
        return dict(self.workspace.reading.problems)

    def holds(self, where: str) -> bool:
        """Whether a place in azwizard.toml is asked on this screen."""
        return self.section.key is not None and where.split(".")[0].split("[")[0] == self.section.key

    def how_asking_goes(self) -> str:
        """Whether Azure is being asked about this section, or could not be."""
        background, name = self.wizard.background, self.section.name
        if self.workspace.cloud is None:
            return ""
        if trouble := background.look_trouble.get(name):
            return _("Azure could not be asked: {reason}").format(reason=trouble)
        return _("Asking Azure…") if background.is_looking(name) else ""

    def checks(self) -> list[tuple[str, str]]:
        """What Azure says to this section: a word, and what it is about."""
        if self.workspace.cloud is None or self.how_asking_goes():
            return []
        return [words for item in self.found() if (words := found_words(item))]

    def left_to_do(self) -> str:
        """What is wrong blocks Next; what is missing is listed and can wait."""
        wrong = self.said_wrong()
        if wrong:
            return plural(
                "{count} to put right before you go on. Back is free.", "{count} to put right before you go on. Back is free.", wrong
            ).format(count=wrong)
        missing = self.missing()
        if set(self.wrong()) & set(self.workspace.reading.lacking):
            return _("Left to do here: {what}.").format(what=", ".join(missing))
        if missing:
            return _("Left to do here: {what}. It can wait; you can go on.").format(what=", ".join(missing))
        return _("Nothing is left to do here.")

    def said_wrong(self) -> int:
        """How many values on this screen are called wrong."""
        problems = self.problems()
        return sum(row.touched and row.where in problems for row in self.rows)

    def missing(self) -> list[str]:
        """What this section still needs, in a few words each."""
        lacking = [_(row.question.ask.label) for row in self.rows if row.where in self.workspace.reading.lacking]
        return [*lacking, *hindrances(self.found())]

    # Moving

    def action_next(self) -> None:
        if self.ready_to_go():
            self.wizard.go_after(self.section.name)

    def take_all(self) -> None:
        """Keep what was typed just now: a key can be faster than the message about the one before it."""
        for row in self.rows:
            if row.is_edited:
                self.keep(row.where, row.value)

    def action_back(self) -> None:
        self.take_all()
        self.workspace.draft.write_setup()
        self.wizard.go_before(self.section.name)

    def action_check_everything(self) -> None:
        """Go to the check of everything, unless something here is wrong."""
        if self.ready_to_go():
            self.wizard.check_everything()

    def ready_to_go(self) -> bool:
        """Whether nothing here is wrong; then it is written to the setup file. What is wrong is shown, and the first of it focused."""
        self.take_all()
        for row in self.rows:
            row.touched = True
        if self.wrong():
            self.renew()
            first = next((row for row in self.rows if row.where in self.problems()), None)
            if first is not None:
                first.focus_editor()
            return False
        self.workspace.draft.write_setup()
        return True

    def free_names(self) -> dict[str, str]:
        """Place -> a name to take in place of one that cannot be had."""
        instead = {item.step.id: item.look.instead for item in self.found() if item.look.instead}
        return {row.where: instead[ABOUT[row.where]] for row in self.rows if ABOUT.get(row.where) in instead}

    def action_instead(self) -> None:
        """Take a free name where one cannot be had."""
        for row in self.rows:
            name = self.free_names().get(row.where)
            if name:
                row.follow(name)
                self.keep(row.where, name)
        self.after_typing()

    def action_list(self, where: str) -> None:
        """Choose from what Azure has, for the focused question or the one whose button was pressed."""
        focused = self.focused
        row = next(
            (row for row in self.rows if row.where == where or (not where and focused is not None and row in focused.ancestors)), None
        )
        if row is not None and row.where in LIVE:
            self.wizard.choose(row.where, row.editor.focus)
