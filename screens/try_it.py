"""Try it: send the requests of the API's .rest file to what was deployed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from screens.confirm import Confirm, Sheet
from screens.messages import SignedIn
from screens.page import Page
from screens.parts import Press, Say
from wizard.language import _
from wizard.rest_file import Request, hidden
from wizard.trying import answer_words, next_steps, requests_of


class TryIt(Page):
    """The requests, and the last answer::

    https://capp-orders-dev.....azurecontainerapps.io
    GET  /health        Health
    POST /orders        Create an order

    200 OK in 0.03 s
    {"status": "ok"}
    """

    place = "try_it"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "what_now", "What now", show=False, priority=True, id="try_it.what_now"),
        Binding("f6", "copy", "Copy the address", show=False, priority=True, id="try_it.copy"),
        Binding("f9", "delete", "Delete everything", show=False, priority=True, id="try_it.delete"),
    ]

    class Answered(Message):
        """The API answered, or did not."""

        def __init__(self, request: Request, text: str) -> None:
            super().__init__()
            self.request = request
            self.text = text

    def heading(self) -> str:
        return _("Try it · your API runs")

    def body(self) -> Iterable[Widget]:
        yield Say(id="address")
        yield OptionList(id="requests", markup=False)
        with VerticalScroll(id="answer", can_focus=False):
            yield Say(_("Enter sends the request. Keys come from the vault and are not shown."), id="answer-text")

    def buttons(self) -> Iterable[Press]:
        yield Press(_("Send Enter"), "send")
        yield Press(_("What now? F5"), "what_now")
        yield Press(_("Copy address F6"), "copy")
        yield Press(_("Delete all F9"), "delete")
        yield Press(_("Back Esc"), "back")

    def on_mount(self) -> None:
        self.wizard.came_to("try_it")
        if not self.desk.address:
            self.wizard.background.look_soon("", 0)
        self.requests = requests_of(self.desk)
        listed = self.query_one("#requests", OptionList)
        listed.add_options([Option(Content(f"{it.method:<6} {it.path:<24} {it.title}")) for it in self.requests])
        listed.highlighted = 0

    def news(self, message: Message) -> None:
        if isinstance(message, SignedIn):
            self.wizard.background.look_soon("", 0)
        self.renew()

    def renew(self) -> None:
        super().renew()
        local = self.desk.local_address
        lines = [self.desk.address or _("Asking Azure where your API is…")] + (
            [_("For your browser, while you practise: {url}").format(url=local)] if local else []
        )
        self.query_one("#address", Say).say("\n".join(lines))

    def action_send(self) -> None:
        """Send the request under the highlight."""
        at = self.query_one("#requests", OptionList).highlighted
        if at is not None and self.desk.address:
            self.query_one("#answer-text", Say).say(_("Sending…"))
            self._send(self.requests[at])

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.action_send()

    @work(group="send", exclusive=True, exit_on_error=False, description="send a request")
    async def _send(self, request: Request) -> None:
        from wizard.cloud import CloudError

        began = time.monotonic()
        try:
            answer = await self.desk.send(request)
            text = answer_words(answer.status, time.monotonic() - began, hidden(answer.text, self.desk.known_values()))
        except CloudError as error:
            text = f"✗ {error.sentence}\n{error.remedy}"
        self.post_message(self.Answered(request, text))

    @on(Answered)
    def _answered(self, message: Answered) -> None:
        self.query_one("#answer-text", Say).say(f"{message.request.method} {message.request.path}\n{message.text}")

    def action_what_now(self) -> None:
        """What to do next: commit, cost, delete."""
        self.wizard.push_screen(Sheet(_("What now?"), next_steps(self.desk)))

    def action_copy(self) -> None:
        """Put the address on the clipboard."""
        self.app.copy_to_clipboard(self.desk.local_address or self.desk.address)
        self.notify(_("Copied, if your terminal allows it."), markup=False)

    def action_delete(self) -> None:
        """Delete the whole setup, after a question."""
        question = _("Delete everything that this setup made, with the data in it?")
        self.wizard.push_screen(Confirm(question, _("Delete it"), _("Keep it")), lambda yes: self._delete() if yes else None)

    def _delete(self) -> None:
        self.wizard.background.undo()
        self.wizard.go("progress")

    def action_back(self) -> None:
        self.wizard.go("all_steps")

    def action_why(self) -> None:
        self.action_what_now()
