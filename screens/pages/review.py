"""Check everything: the whole plan before anything is made, and the box that begins it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from screens.sheets.plan_item import PlanLine
from screens.shell.messages import PlanRefreshed, SignedIn
from screens.shell.page import Page
from screens.widgets.basics import ActionButton, LineInput, TextBlock, hanging
from screens.widgets.state_list import StateList
from wizard.engine.plan import HINDERS, Action, PlannedStep
from wizard.platform.language import _
from wizard.platform.phrases import with_detail
from wizard.workspace.missing_values import secrets_without_value
from wizard.workspace.wording.plan_lines import cost_words, grouped, may_be_begun, needs_value, short_detail, summary, word
from wizard.workspace.wording.prerequisite_pages import nobody_signed_in
from wizard.workspace.wording.section_status import first_wrong

STATE = 13  # columns of the word and sign before a line


class Review(Page):
    """Everything that would be made::

    17 ready to create · 2 already yours, not touched · 5 waiting
    Cost: 9 to 24 USD a month if left on · Time: about 4 minutes
     Passwords and keys
    ready    Key vault kv-orders-dev
    To create the 17, type orders-dev here: [          ]
    """

    place = "review"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "look_again", "Ask Azure again", show=False, priority=True, id="review.look_again"),
        Binding("f6", "values", "Type values", show=False, priority=True, id="review.values"),
        Binding("ctrl+x", "go_on", "Go on", show=False, priority=True, id="review.go_on"),
    ]

    def heading(self) -> str:
        if may_be_begun(self.workspace):
            return _("Check everything · nothing more is made before you say so")
        return _("Check everything · nothing has been made yet, nothing costs money yet")

    def body(self) -> Iterable[Widget]:
        yield TextBlock(id="summary")
        yield StateList(id="plan", markup=False)

    def foot(self) -> Iterable[Widget]:
        with Horizontal(id="box"):
            yield TextBlock(id="box-label")
            yield LineInput(compact=True, id="name", select_on_focus=False)

    def buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Go on Ctrl+X"), "go_on")
        yield ActionButton(_("To the box F8"), "next")
        yield ActionButton(_("Try it F8"), "next", id="press-try_it")
        yield ActionButton(_("Type values F6"), "values")
        yield ActionButton(_("Back Esc"), "back")
        yield ActionButton(_("Ask again F5"), "look_again")
        yield ActionButton(_("Who? F4"), "who")
        yield ActionButton(_("Why? F1"), "why")

    def on_mount(self) -> None:
        self.workspace.take_over_changes()
        self.wizard.came_to("review")
        self.workspace.draft.write_setup()
        if not self.wizard.background.is_running:
            self.wizard.background.look_soon("", 0)  # the code and Azure may have changed since they were last looked at

    def news(self, message: Message) -> None:
        if isinstance(message, SignedIn):
            self.wizard.background.look_soon("", 0)
        if isinstance(message, SignedIn | PlanRefreshed):
            self.renew()

    def renew(self) -> None:
        super().renew()
        self.query_one("#title", TextBlock).say(self.heading())
        plan = self.workspace.plan
        listed = self.query_one("#plan", OptionList)
        can_make = plan is not None and bool(plan.to_make)
        self.query_one("#box").display = can_make
        self.query_one("#press-next").display = can_make
        self.query_one("#press-try_it").display = self.is_all_there
        self.query_one("#press-values").display = bool(secrets_without_value(self.workspace))
        self.query_one("#press-go_on").display = can_make and self.workspace.is_confirmed
        if plan is None:
            self.query_one("#summary", TextBlock).say(self._why_no_plan())
            listed.clear_options()
            return
        self.query_one("#summary", TextBlock).say("\n".join([summary(plan), *cost_words(plan)]))
        at = listed.highlighted
        listed.set_options(self._options(grouped(plan)))
        listed.highlighted = at if at is not None else self._first_to_look_at(listed)
        if can_make:
            words = (
                _("To make the {count} that are ready, type {name} here:")
                if plan.hindered
                else _("To create the {count}, type {name} here:")
                if any(item.action is Action.CREATE for item in plan.to_make)
                else _("To change the {count}, type {name} here:")
            )
            self.query_one("#box-label", TextBlock).say(words.format(count=len(plan.to_make), name=self.workspace.setup) + " ")
        self._say_hint()

    def on_descendant_focus(self) -> None:
        """What Enter does is another thing in the box than on a line."""
        self._say_hint()

    def _say_hint(self) -> None:
        plan = self.workspace.plan
        if plan is not None:
            self.status("\n".join(plan.notes) or self._hint())

    def _first_to_look_at(self, listed: OptionList) -> int | None:
        """The line to put right, where there is one; else the first."""
        plan = self.workspace.plan
        hindered = {item.step.id for item in plan.steps if item.action in HINDERS and item.look.remedy} if plan is not None else set()
        lines = [number for number in range(listed.option_count) if not listed.get_option_at_index(number).disabled]
        return next((number for number in lines if listed.get_option_at_index(number).id in hindered), next(iter(lines), None))

    @property
    def is_all_there(self) -> bool:
        """Whether Azure is as the setup says, and the API answers."""
        plan = self.workspace.plan
        known = plan is not None and not self.wizard.background.is_looking("")
        return known and plan is not None and not plan.to_make and not plan.hindered and bool(self.workspace.address)

    def _hint(self) -> str:
        plan = self.workspace.plan
        if plan is not None and plan.to_make and self.workspace.is_confirmed:
            return _("You confirmed this before, and it was cut off. Ctrl+X goes on from there: nothing is made twice.")
        if self.wizard.background.is_looking(""):
            return _("Comparing with Azure… this takes a few seconds.")
        if plan is not None and not plan.to_make:
            return (
                _("There is nothing to make: Azure is as your setup says.")
                if not plan.hindered
                else _("Nothing can be made yet: F4 says who can help.")
                if any(item.lacks for item in plan.steps)
                else _("Nothing can be made yet: Enter on a line says what stands in the way.")
            )
        if self.focused is self.query_one("#name"):
            return _("Enter begins, once {name} stands here.").format(name=self.workspace.setup)
        return _("Enter on a line: what it is, what it costs, how to undo it, the az command.")

    def _why_no_plan(self) -> str:
        if self.workspace.cloud is None:
            return _("Signing in…") if self.wizard.background.signing_in else nobody_signed_in(self.wizard.background.sign_in_trouble)
        wrong = first_wrong(self.workspace.reading)
        if wrong:
            return _("Something is to put right first: {what}").format(what=" ".join(self.workspace.reading.problems.values()))
        trouble = self.wizard.background.look_trouble.get("")
        return (
            _("✗ Azure could not be asked: {reason} F5 asks again.").format(reason=trouble)
            if trouble
            else _("Comparing with Azure… this takes a few seconds.")
        )

    def _options(self, groups: list[tuple[str, list[PlannedStep]]]) -> list[Option]:
        options = []
        for title, items in groups:
            options.append(Option(Content(f"  {title}"), disabled=True))
            for item in items:
                line = with_detail(item.step.title, short_detail(item))
                options.append(Option(hanging([(word(item), line)], STATE), id=item.step.id))
        return options

    @on(OptionList.OptionSelected)
    def _details(self, event: OptionList.OptionSelected) -> None:
        plan = self.workspace.plan
        item = next((step for step in plan.steps if step.step.id == event.option.id), None) if plan else None
        if item is None or plan is None:
            return
        if needs_value(item):
            self.action_values()
            return
        self.app.push_screen(PlanLine(item, plan))

    @on(Input.Submitted, "#name")
    def _typed_name(self, event: Input.Submitted) -> None:
        plan = self.workspace.plan
        if plan is None or not plan.to_make or self.wizard.background.is_running:
            return
        if event.value.strip() != self.workspace.setup:
            self.status(_("Nothing was made: type {name} exactly, then Enter.").format(name=self.workspace.setup))
            return
        event.input.disabled = True
        self._begin()

    def _is_as_shown(self) -> bool:
        """Whether the setup still says what this screen shows; where somebody else changed it, the check begins anew."""
        if not self.workspace.take_over_changes():
            return True
        self.wizard.refresh_place("review")
        return False

    @on(Input.Changed, "#name")
    def _typing(self) -> None:
        """What was said about an earlier name is over."""
        self._say_hint()

    def _begin(self) -> None:
        if self._is_as_shown():
            self.wizard.background.make()
            self.wizard.go("progress")

    def action_go_on(self) -> None:
        """Go on with what was confirmed in an earlier sitting, without typing the name again."""
        plan = self.workspace.plan
        if plan is not None and plan.to_make and self.workspace.is_confirmed and not self.wizard.background.is_running:
            self._begin()

    def action_next(self) -> None:
        """To the box that begins; to trying it when there is nothing left to begin."""
        if self.is_all_there:
            self.wizard.go("try_it")
        elif self.query_one("#box").display:
            self.set_focus(self.query_one("#name", Input))
        else:
            self.action_look_again()

    def action_look_again(self) -> None:
        """Compare with Azure once more."""
        self.workspace.plan = None
        self.wizard.background.look_soon("", 0)
        self.renew()

    def action_values(self) -> None:
        """Type the values that are missing, one after the other."""
        from screens.sheets.ask_secret import ask_missing_values

        ask_missing_values(self.app, self.workspace, self.action_look_again)

    def action_back(self) -> None:
        self.wizard.go(self.wizard.origin or "variables")
