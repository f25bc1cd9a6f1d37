"""Repair: what is wrong with what was deployed, what that rests on, and the fix, shown before it is done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget

from screens.pages.log_page import LogPage
from screens.pages.mending import lost_files, lost_words, step_that_mends, ways_to_mend
from screens.sheets.dialogs import Confirm
from screens.shell.messages import SignedIn
from screens.widgets.basics import ActionButton, TextBlock
from wizard.engine.events import FindingEvent, StepEvent, StepState
from wizard.engine.reporting.event_lines import finding_lines, step_line
from wizard.platform.language import _
from wizard.sections import number_of
from wizard.setup.env_table import Place
from wizard.workspace.typed_reader import VARIABLES

if TYPE_CHECKING:
    from wizard.doctor.examination import DoctorReport
    from wizard.doctor.verdict import Fix, Follow
    from wizard.engine.events import VerdictEvent

NOT_DEPLOYED = "not-deployed"
BACK = ("home", "standing", "try_it", "progress", "all_steps")


class Repair(LogPage):
    """The verdict::

    ✗ Your API listens on 127.0.0.1 only, where nobody outside its container can reach it.
    What to try: F8 shows what would be different, and does it when you agree.

    What this rests on
      connection refused (error 111)

    Seen in your code
      error  Dockerfile:14: ...
    """

    place = "repair"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "examine", "Look again", show=False, priority=True, id="repair.examine"),
        Binding("f7", "go_there", "To the step", show=False, priority=True, id="repair.go_there"),
    ]

    def heading(self) -> str:
        return _("Repair · {setup}").format(setup=self.workspace.setup) if self.workspace.setup else _("Repair")

    def aside(self) -> str:
        return _("(azwizard doctor)")

    def body(self) -> Iterable[Widget]:
        yield TextBlock(id="verdict")
        yield TextBlock(id="fix")
        yield TextBlock(id="evidence")

    def buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Mend it F8"), "next")
        yield ActionButton(_("Write it F8"), "write")
        yield ActionButton(_("Check everything F9"), "check_everything", id="press-check")
        yield ActionButton(_("To the step F7"), "go_there")
        yield ActionButton(_("To your API's state F7"), "go_there", id="press-to_state")
        yield from self.log_buttons()
        yield ActionButton(_("Back Esc"), "back")
        yield ActionButton(_("Look again F5"), "examine")
        yield ActionButton(_("Log Ctrl+L"), "log")
        yield ActionButton(_("Why? F1"), "why")

    def on_mount(self) -> None:
        self._way_back = self.wizard.before
        if self.workspace.setup:
            self.wizard.came_to("repair")
        deployment = self.wizard.deployment
        deployment.turn_to_setup()
        if deployment.examination is None and (self.workspace.cloud is not None or self._signs_in_by_itself):
            self.action_examine()
        self.set_interval(0.25, self._show_time)

    def _show_time(self) -> None:
        """Time goes by while the doctor looks; afterwards news alone change what stands here."""
        if self._was_busy:
            self.renew()
        self._was_busy = self.wizard.deployment.is_busy

    _was_busy = True

    def news(self, message: Message) -> None:
        if isinstance(message, SignedIn) and self.wizard.deployment.examination is None:
            self.action_examine()
        self.renew()
        if not self.wizard.deployment.is_busy and self.focused is None:
            self.focus_first()

    def action_examine(self) -> None:
        """Look at what is deployed; first sign in where nobody is, on the screen for it when that takes a person."""
        background = self.wizard.background
        if not self.workspace.setup or self.wizard.deployment.is_busy or background.signing_in:
            return
        if self.workspace.cloud is not None:
            self.wizard.deployment.examine()
        elif self._signs_in_by_itself:
            background.sign_in()
        else:
            self.wizard.go("sign_in")
            return
        self.renew()

    @property
    def _signs_in_by_itself(self) -> bool:
        return self.workspace.practice or self.workspace.reading.answers.sign_in.credential in ("azure-cli", "environment")

    @property
    def found(self) -> DoctorReport | None:
        """What the doctor found, once it has looked."""
        result = self.wizard.deployment.examination
        return result.result if result is not None else None

    def renew(self) -> None:
        super().renew()
        verdict, fix, evidence = self._told()
        self.query_one("#verdict", TextBlock).say(verdict)
        self.query_one("#fix", TextBlock).say(fix)
        self.query_one("#evidence", TextBlock).say(evidence)
        self.status(self._going_on())
        busy = self.wizard.deployment.is_busy
        matches = self.found
        shown = {
            "next": matches is not None and matches.applies and matches.verdict.id != NOT_DEPLOYED and not busy,
            "write": matches is not None and matches.offers and not matches.applies and not busy,
            "check": matches is not None and (matches.verdict.id == NOT_DEPLOYED or self._then() == "apply") and not busy,
            "examine": bool(self.workspace.setup) and not busy,
            "log": bool(self.workspace.setup),
            "go_there": bool(self._step()) and not busy,
            "to_state": self._then() == "start" and not busy,
        }
        for action, visible in shown.items():
            self.query_one(f"#press-{action}").display = visible

    def _told(self) -> tuple[str, str, str]:
        """Verdict, fix and evidence, as they stand."""
        if not self.workspace.setup:
            return _("There is no setup here yet, so nothing is deployed and nothing is to be mended. Esc goes to the beginning."), "", ""
        off = self._switched_off()
        if off is not None:
            return f"✗ {off.detail}", _("What to try: {fix}").format(fix=off.fix), ""
        matches = self.found
        if matches is None:
            return self._not_looked(), "", ""
        verdict = matches.verdict
        if files := self._lost_files():
            return *lost_words(files), ""
        code = [finding_lines(event) for event in self._findings()]
        parts = [_indented(_("What this rests on"), verdict.evidence), _indented(_("Seen in your code"), code)]
        return f"{'✓' if verdict.healthy else '✗'} {verdict.detail}", self._fix(matches), "\n" + "\n\n".join(filter(None, parts))

    def _not_looked(self) -> str:
        background, examination = self.wizard.background, self.wizard.deployment.examination
        if examination is not None and examination.trouble:
            return "✗ " + _("It could not be looked at: {why} F5 tries again.").format(why=examination.trouble)
        if self.workspace.cloud is None and background.sign_in_trouble:
            return "✗ " + _("It could not be looked at: {why} F5 tries again.").format(why=background.sign_in_trouble)
        if self.workspace.cloud is None and not background.signing_in and not self._signs_in_by_itself:
            return _("Nobody is signed in, so nothing can be looked at. F5 goes to Sign in.")
        return _("The doctor reads your app, its newest version, its copies and logs, its rights and shares, and your code…")

    def _fix(self, report: DoctorReport) -> str:
        if self._lacking_variable():
            words = _("What to try: F7 goes to step {number} with {name} filled in; give it a value there, then F9 checks everything.")
            return words.format(number=number_of("key_vault"), name=self._lacking_variable())
        if report.verdict.id == NOT_DEPLOYED:
            return _("What to try: F9 checks everything and shows what would be made.")
        lines = ways_to_mend(self._cure) if self._cure is not None else []
        if report.applies:
            lines.append(_("What to try: F8 shows what would be different, and does it when you agree."))
        elif report.offers:
            lines.append(_("F8 shows what the code check would write, and writes it when you agree."))
        return "\n".join(lines)

    @property
    def _cure(self) -> Fix | None:
        """What a person does about the verdict; None where the wizard can do it, or nothing helps."""
        report = self.found
        return report.verdict.cure if report is not None and not report.applies else None

    def _then(self) -> Follow:
        """What follows once a person has done their part."""
        return self._cure.then if self._cure is not None else ""

    # What a step of the wizard mends

    def _step(self) -> str:
        """The section that mends what was found; "" where none does."""
        if self._lacking_variable():
            return "key_vault"
        step = step_that_mends(self._cure) if self._cure is not None else ""
        return step or ("storage" if self._lost_files() else "")

    def _lacking_variable(self) -> str:
        """The variable that the API stops for; "" when that is not the verdict."""
        verdict = self.found.verdict if self.found is not None else None
        return verdict.variable if verdict is not None else ""

    def _lost_files(self) -> list[str]:
        return lost_files(self.wizard) if self.found is not None and self.found.verdict.healthy else []

    def action_go_there(self) -> None:
        """To the field that mends it, with the name of a missing variable filled in; of a paused API to its state."""
        step, name = self._step() or ("standing" if self._then() == "start" else ""), self._lacking_variable()
        if not step or self.wizard.deployment.is_busy:
            return
        if self._cure is not None and self._cure.fields:
            self.workspace.draft.focus = self._cure.fields[0]
        if name:
            lines = self.workspace.draft.lines(VARIABLES)
            if name not in {line["name"] for line in lines}:
                self.workspace.put(VARIABLES, [*lines, {"name": name, "place": str(Place.OPEN), "secret": "", "value": ""}])
        self.wizard.go(step)

    def _findings(self) -> list[FindingEvent]:
        result = self.wizard.deployment.examination
        events = result.events if result is not None else []
        return [event for event in events if isinstance(event, FindingEvent) and event.severity != "info"]

    def _switched_off(self) -> VerdictEvent | None:
        from wizard.doctor.examination import subscription_disabled

        background = self.wizard.background
        if self.workspace.cloud is not None or not background.sign_in_trouble or not background.subscription_disabled:
            return None
        return subscription_disabled(background.sign_in_trouble)

    def _going_on(self) -> str:
        """What is being read or done, or how the mending ended."""
        deployment = self.wizard.deployment
        if self.wizard.background.signing_in:
            return _("Signing in…")
        if deployment.examination is not None and not deployment.examination.is_over:
            return _("Looking: {now}").format(now=deployment.examination.now or _("asking Azure …"))
        mending = deployment.mending
        if mending is None:
            return ""
        if not mending.is_over:
            latest = {event.step: event for event in mending.events if isinstance(event, StepEvent) and event.state is not StepState.KEPT}
            return "\n".join([_("Mending…"), *(step_line(event) for event in list(latest.values())[-6:])])
        if mending.trouble:
            return "✗ " + _("It was not mended: {why}").format(why=mending.trouble)
        result = mending.result
        if result is None:
            return _("Written. “Check everything” (F9) builds it.")
        if result.outcome in ("failed", "blocked", "interrupted"):
            return "✗ " + _("It did not go through to the end. What was made is kept; look again, or check everything (F9).")
        return _("The fix was carried out, and this is what the doctor saw afterwards.")

    def action_next(self) -> None:
        """Show the difference, and mend it when the person agrees; what was never deployed is checked as a whole first."""
        matches = self.found
        if matches is None or self.wizard.deployment.is_busy:
            return
        if matches.verdict.id == NOT_DEPLOYED:
            self.action_check_everything()
        elif matches.offers:
            question = _("This would be different afterwards:")
            yes = _("Write it and apply") if matches.applies else _("Write it")
            self.app.push_screen(Confirm(question, yes, _("Leave it"), matches.difference), lambda agreed: self._mend(matches, agreed))

    def action_write(self) -> None:
        """The same, where only files are written."""
        self.action_next()

    def action_log(self) -> None:
        if self.workspace.setup:
            super().action_log()

    def _mend(self, report: DoctorReport, agreed: bool | None) -> None:
        if agreed and not self.wizard.background.is_running:
            self.wizard.deployment.mend(report)
            self.renew()

    def action_back(self) -> None:
        """To where one came from; from the check of everything, which leads here and back, to Try it."""
        back = self._way_back if self._way_back in BACK else "try_it"
        self.wizard.go(back if self.workspace.setup else "home")


def _indented(heading: str, texts: Sequence[str]) -> str:
    """Texts under a heading; "" when there are none."""
    return "\n".join([heading, *(f"  {line}" for text in texts for line in text.splitlines())]) if texts else ""
