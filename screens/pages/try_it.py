"""Try it: send the requests of the API's .rest file to what was deployed, and prove that what it keeps survives a restart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList, RichLog
from textual.widgets.option_list import Option

from screens.pages.log_page import LogPage
from screens.sheets.ask_value import PersonOnScreen
from screens.sheets.delete_everything import delete_everything
from screens.sheets.dialogs import Confirm, Sheet
from screens.shell.messages import SignedIn
from screens.widgets.basics import ActionButton, TextBlock
from screens.widgets.proof_text import proof_text
from wizard.engine.events import RequestEvent
from wizard.engine.reporting.recorder import RecordingReporter
from wizard.export.rest import render
from wizard.platform.language import _
from wizard.testing.requests import next_steps, requests_of, result_words
from wizard.testing.rest.run import RequestRun
from wizard.workspace.runs import session_of
from wizard.workspace.wording.prerequisite_pages import nobody_signed_in

SHOWN = 100_000  # characters of a body


class TryIt(LogPage):
    """The requests, each with its last status, and the last answer::

    https://capp-orders-dev.....azurecontainerapps.io
    ✓ 200  GET    /health        Health
    ·      POST   /orders        Create an order

    GET /health
    ✓ as expected: 200
    200 OK in 0.03 s
    {"status": "ok"}
    """

    place = "try_it"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f7", "repair", "Repair", show=False, priority=True, id="try_it.repair"),
        Binding("ctrl+y", "copy", "Copy the address", show=False, priority=True, id="try_it.copy"),
        Binding("ctrl+a", "prove", "Prove a restart", show=False, priority=True, id="try_it.prove"),
        Binding("ctrl+d", "delete", "Delete everything", show=False, priority=True, id="try_it.delete"),
        Binding("ctrl+t", "send_all", "Send all", show=False, id="try_it.send_all"),
        Binding("ctrl+e", "write_down", "Write them down", show=False, priority=True, id="try_it.write_down"),
        Binding("pagedown", "scroll_answer(1)", show=False, priority=True),
        Binding("pageup", "scroll_answer(-1)", show=False, priority=True),
    ]

    class Answered(Message):
        """The API answered, or did not."""

        def __init__(self, number: int, event: RequestEvent) -> None:
            super().__init__()
            self.number = number
            self.event = event

    def heading(self) -> str:
        return _("Try it · your API runs") if self.workspace.address else _("Try it")

    def body(self) -> Iterable[Widget]:
        yield TextBlock(id="address")
        yield OptionList(id="requests", markup=False)
        with VerticalScroll(id="answer", can_focus=False):
            yield TextBlock(_("Enter sends the request. Keys come from the vault and are not shown."), id="answer-text")

    def buttons(self) -> Iterable[ActionButton]:
        yield ActionButton(_("Send Enter"), "send")
        yield ActionButton(_("Send all Ctrl+T"), "send_all")
        yield from self.log_buttons()
        yield ActionButton(_("What now? F8"), "next")
        yield ActionButton(_("Back Esc"), "back")
        yield ActionButton(_("Log Ctrl+L"), "log")
        yield ActionButton(_("Repair F7"), "repair")
        yield ActionButton(_("Write them down Ctrl+E"), "write_down")
        yield ActionButton(_("Prove a restart Ctrl+A"), "prove")
        yield ActionButton(_("Copy address Ctrl+Y"), "copy")
        yield ActionButton(_("Delete everything Ctrl+D"), "delete")
        yield ActionButton(_("Why? F1"), "why")

    def on_mount(self) -> None:
        self._way_back = "all_steps" if self.wizard.before == "all_steps" or not self.workspace.address else "standing"
        self.wizard.came_to("try_it")
        self.wizard.deployment.turn_to_setup()
        if not self.workspace.address:
            self.wizard.background.look_soon("", 0)
        self._read_requests()
        self.request_run = RequestRun(person=PersonOnScreen(self))
        self.set_interval(0.25, self._show_proof)

    def _read_requests(self) -> None:
        """List the requests there are, none of them sent yet."""
        self.listed = requests_of(self.workspace)
        self.requests = self.listed.requests
        self.results: dict[int, RequestEvent] = {}
        listed = self.query_one("#requests", OptionList)
        listed.set_options([Option(Content(self._line(number))) for number in range(len(self.requests))])
        listed.highlighted = 0
        self.query_one("#press-write_down").display = self.listed.are_guessed

    def news(self, message: Message) -> None:
        if isinstance(message, SignedIn):
            self.wizard.background.look_soon("", 0)
        self.renew()

    def renew(self) -> None:
        super().renew()
        local = self.workspace.local_address
        lines = [self._where(), self.listed.source_words] + (
            [_("For your browser, while you practise: {url}").format(url=local)] if local else []
        )
        self.query_one("#address", TextBlock).say("\n".join(lines))
        self.query_one("#title", TextBlock).say(self.heading())

    def _where(self) -> str:
        """The address, or why there is none."""
        background = self.wizard.background
        if self.workspace.address:
            return self.workspace.address
        if background.signing_in or background.is_looking(""):
            return _("Asking Azure where your API is…")
        if self.workspace.cloud is None:
            return nobody_signed_in(background.sign_in_trouble)
        if trouble := background.look_trouble.get(""):
            return _("Azure could not be asked: {reason}").format(reason=trouble)
        return _("Your API is not made yet: Ctrl+G shows what is left to do.")

    # One answer, or all

    def action_send(self) -> None:
        """Send the request under the highlight."""
        at = self.query_one("#requests", OptionList).highlighted
        if at is not None:
            self._begin([at])

    def action_send_all(self) -> None:
        """Send every request, in the file's order; guessed ones that change data only when the person says so."""
        changing = self.listed.sent_when_asked
        if not changing:
            self._begin(range(len(self.requests)))
            return
        text = "\n".join(f"{request.method} {request.path}" for request in changing)
        question = _("These requests are guessed from your source and change data. Send them too?")
        self.app.push_screen(Confirm(question, _("Send all"), _("Only those that read"), text), self._send_all)

    def _send_all(self, with_changes: bool | None) -> None:
        requests = self.requests if with_changes else self.listed.sent_unasked
        self._begin([number for number, request in enumerate(self.requests) if request in requests])

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.action_send()

    def _begin(self, numbers: Sequence[int]) -> None:
        deployment = self.wizard.deployment
        proving = deployment.proof is not None and not deployment.proof.is_over
        if self.workspace.address and self.workspace.cloud is not None and not proving:
            deployment.proof = None
            self._answer(_("Sending…"))
            self._send(numbers)
        elif not self.workspace.address:
            self.notify(self._where(), markup=False)

    @work(group="send", exclusive=True, exit_on_error=False, description="send requests")
    async def _send(self, numbers: Sequence[int]) -> None:
        from wizard.state.resources import ResourceRefs
        from wizard.testing.api_test import ApiTest

        cloud = self.workspace.cloud
        assert cloud is not None
        target = ResourceRefs.named(self.workspace.reading.answers, cloud.subscription_id).app
        assert target is not None
        test = ApiTest(
            session_of(self.workspace, RecordingReporter[None]()),
            self.workspace.host,
            target,
            run=self.request_run,
            shown=SHOWN,
        )
        for number in numbers:
            self.post_message(self.Answered(number, await test.send(self.requests[number])))

    @on(Answered)
    def _answered(self, message: Answered) -> None:
        self.results[message.number] = message.event
        listed = self.query_one("#requests", OptionList)
        listed.replace_option_prompt_at_index(message.number, Content(self._line(message.number)))
        self._answer(f"{message.event.method} {message.event.path}\n{result_words(message.event)}")

    def action_write_down(self) -> None:
        """Show guessed requests as a file, and write it beside the code when the person agrees: there they can be changed."""
        if not self.listed.are_guessed:
            return
        answers = self.workspace.reading.answers
        names = (f"{answers.project.name}.rest", f"{answers.project.name}-requests.rest")
        name = next((name for name in names if not (answers.source_folder / name).exists()), names[-1])
        text = render(answers, self.workspace.host or None, answers.source_folder)
        question = _("Write these requests into {file}, where you can change them?").format(file=name)
        sheet = Confirm(question, _("Write it"), _("Leave it"), text)
        self.app.push_screen(sheet, lambda agreed: self._write_down(name, text) if agreed else None)

    def _write_down(self, name: str, text: str) -> None:
        try:
            self.workspace.write_beside_code({name: text})
        except OSError as error:
            self.notify(_("{file} cannot be written: {reason}").format(file=name, reason=error.strerror or error), markup=False)
            return
        self.wizard.background.look_soon("", 0)  # it lies among the code
        self._read_requests()
        self.renew()
        self._answer(
            _("Written: {file}. Change it as you like: a header, a body, # expect 201; it is read again each time you come here.").format(
                file=name
            )
        )

    def action_scroll_answer(self, by: int) -> None:
        """A page of the answer, whatever has the cursor; of the log while that has it."""
        scrolled = self.focused if isinstance(self.focused, RichLog) else self.query_one("#answer", VerticalScroll)
        scrolled.scroll_page_down() if by > 0 else scrolled.scroll_page_up()

    def _answer(self, text: str) -> None:
        self.query_one("#answer-text", TextBlock).say(text)
        self.query_one("#answer", VerticalScroll).scroll_home(animate=False)

    def _line(self, number: int) -> str:
        request, result = self.requests[number], self.results.get(number)
        state = "·" if result is None else f"{'✓' if result.passed else '✗'} {result.status or ''}"
        expected = ", ".join(map(str, request.expected))
        expectation = " · " + _("wants {statuses}").format(statuses=expected) if expected else ""
        return f"{state:<6} {request.method:<6} {request.path:<24} {request.title}{expectation}"

    # The proof

    _shown_proof: str = ""

    def action_prove(self) -> None:
        """Start the API anew, after a question, and hold what it reads and a file on each share against what was there before."""
        if (
            not self.workspace.address
            or self.workspace.cloud is None
            or self.wizard.deployment.is_busy
            or self.wizard.background.is_running
        ):
            return
        question = _("Start your API anew? It may not answer for a moment.")
        text = _(
            "Before it, each GET request is sent and a small file is put on each share; after it, both must still be the same. "
            "The file is taken away again."
        )
        self.app.push_screen(Confirm(question, _("Start it anew"), _("Leave it"), text), lambda yes: self._prove() if yes else None)

    def _prove(self) -> None:
        self.wizard.deployment.prove(self.requests)

    def _show_proof(self) -> None:
        """What the proof has shown so far; it goes on also while another screen is shown."""
        result = self.wizard.deployment.proof
        if result is None:
            self._shown_proof = ""
            return
        text = proof_text(result)
        if text != self._shown_proof:
            self._shown_proof = text
            self._answer(text)

    # Where to from here

    def action_repair(self) -> None:
        """Let the doctor look at it."""
        self.wizard.go("repair")

    def action_next(self) -> None:
        """What to do next: commit, cost, delete."""
        self.app.push_screen(Sheet(_("What now?"), next_steps(self.workspace)))

    def action_copy(self) -> None:
        """Put the address on the clipboard."""
        self.app.copy_to_clipboard(self.workspace.local_address or self.workspace.address)
        self.notify(_("Copied, if your terminal allows it."), markup=False)

    def action_delete(self) -> None:
        """Delete the whole setup, after a question."""
        delete_everything(self.app, self.wizard)

    def action_back(self) -> None:
        self.wizard.go(self._way_back)
