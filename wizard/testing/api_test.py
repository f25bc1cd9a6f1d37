"""Testing a deployed API: the requests of its .rest file are sent, and their answers held against what is expected."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from wizard.cloud.lookups import get_or_none
from wizard.engine.events import RequestEvent, ShareEvent
from wizard.engine.polling import until
from wizard.platform.language import _
from wizard.platform.redaction import as_written, hidden
from wizard.platform.secret import Secret
from wizard.platform.terminal_text import plain
from wizard.state.secret_redaction import values_to_hide
from wizard.steps.app.revision_status import RevisionState, is_front, newest_revision
from wizard.testing.rest.client import RestClient
from wizard.testing.rest.message import Message, Unsent
from wizard.testing.rest.run import Judgement, RequestRun, judged
from wizard.testing.restart_check import ShareProof

if TYPE_CHECKING:
    from wizard.cloud import AppAnswer
    from wizard.engine.session import Session
    from wizard.state.resources import ResourceRef
    from wizard.testing.rest.file import RestRequest

SHOWN = 2000  # characters of a body


class ApiTest:
    """The requests of one setup's API.

    :param run: what is kept from one request to the next; a face that sends one at a time keeps it between them.
    :param shown: how many characters of a body are told.
    """

    def __init__(self, session: Session, host: str, target: ResourceRef, *, run: RequestRun | None = None, shown: int = SHOWN) -> None:
        self._session, self._host, self._target, self._shown = session, host, target, shown
        answers = session.answers
        self._run = run or RequestRun()
        self._run.environment = self._run.environment or answers.project.environment
        self._run.host = host
        self._run.project = self._run.project or answers.source_folder
        self._run.client = self._run.client or RestClient(session.cloud, host)
        self._values: dict[str, Secret] = {}
        self._of_vault: list[str] | None = None

    async def send(self, request: RestRequest, *, title: str = "", same_as: RequestEvent | None = None) -> RequestEvent:
        """Send one, tell its answer, and give it back. What cannot be sent as it is meant is told, and has not passed.

        :param same_as: an earlier answer that this one must equal.
        """
        from wizard.cloud import CloudError

        if self._of_vault is None:
            self._of_vault = await values_to_hide(self._session.cloud, self._session.answers, self._session.given_secret)
        began = time.monotonic()
        status, body, path, judgement, sent = 0, "", request.path, Judgement(False), False
        try:
            message = await self._run.message(request, self._value_of)
            path, sent = message.target, True
            answer = await self._answer(request, message)
            status, body = answer.status, answer.text
            judgement = judged(request, message, answer, time.monotonic() - began)
            judgement = Judgement(False) if is_front(answer) else judgement
        except Unsent as reason:
            body = str(reason)
        except CloudError as error:
            body = f"{error.sentence} {error.remedy}".strip()
        body = plain(self._hidden(body))[: self._shown].strip()
        if same_as is not None and status:
            judgement = Judgement((status, body) == (same_as.status, same_as.body))
        seconds = round(time.monotonic() - began, 3)
        event = RequestEvent(
            self._hidden(title or request.title),
            request.method,
            self._hidden(path),
            status,
            request.expected,
            judgement.passed,
            seconds,
            body,
            sent,
            judgement.why,
        )
        self._session.reporter.answer(event)
        return event

    async def _answer(self, request: RestRequest, message: Message) -> AppAnswer:
        assert self._run.client is not None
        answer = await self._run.client.send(
            message, follows=request.follows_redirects, keeps_cookies=request.keeps_cookies, wanted=request.expected
        )
        self._run.remember(request, message, answer)
        return answer

    def _hidden(self, text: str) -> str:
        values = [*self._run.secrets, *(value.reveal() for value in self._values.values())]
        return hidden(text, [*(self._of_vault or []), *as_written(values)])

    async def _value_of(self, name: str) -> str | None:
        """The value of a variable of the setup, from the file or the vault; None for a name that is none of its."""
        variable = next((variable for variable in self._session.answers.variables if variable.name == name), None)
        if variable is None:
            return None
        if not variable.secret:
            return variable.value or ""
        value = await self._secret(variable.secret)
        return (value.reveal() if value else "") or None

    async def prove(self, requests: list[RestRequest]) -> list[RequestEvent | ShareEvent]:
        """Start the API anew: what it reads, and a file on each of its shares, must be the same before and after."""
        proof = ShareProof(self._session.cloud, self._session.answers)
        try:
            await proof.write()
            events: list[RequestEvent | ShareEvent] = [
                *await self._again([request for request in requests if request.method == "GET" and not request.trouble])
            ]
            for event in await proof.look():
                self._session.reporter.answer(event)
                events.append(event)
        finally:
            for share in await proof.remove():
                sentence = _("The file {file} could not be taken away from the share {share}; delete it in the Azure portal.")
                self._session.reporter.say(sentence.format(file=proof.file, share=share))
        return events

    async def _again(self, reading: list[RestRequest]) -> list[RequestEvent]:
        """What is read just before a restart and just after it, which must be the same."""
        before = [await self.send(place, title=_("Before a restart: {title}").format(title=place.title)) for place in reading]
        await self.restart()
        pairs = zip(reading, before, strict=True)
        return [
            await self.send(request, title=_("After a restart: {title}").format(title=request.title), same_as=was) for request, was in pairs
        ]

    async def restart(self) -> None:
        """Start every copy of the newest version anew, and wait until it answers again."""
        cloud, target = self._session.cloud, self._target
        revisions, replicas = cloud.apps.container_apps_revisions, cloud.apps.container_apps_revision_replicas
        state = await newest_revision(cloud, target)
        if state is None:
            return
        before = {item.name for item in (await replicas.list_replicas(target.group, target.name, state.name)).value or []}
        await revisions.restart_revision(target.group, target.name, state.name)

        async def new_ones_run() -> bool:
            now = {item.name for item in (await replicas.list_replicas(target.group, target.name, state.name)).value or []}
            running = RevisionState.of(await revisions.get_revision(target.group, target.name, state.name))
            replaced = not now & before and bool(now) >= bool(before)
            return running.works and replaced and (not now or await self._answers())

        await until(new_ones_run, self._session.reporter.say, _("Your API starts again"), interval=cloud.polling_interval)

    async def _answers(self) -> bool:
        """Whether the API itself answers, rather than Azure's front."""
        from wizard.cloud import CloudError

        try:
            return not is_front(await self._session.cloud.call_app(self._host, self._session.answers.app.health_path))
        except CloudError:
            return False

    async def _secret(self, name: str) -> Secret | None:
        """The value given in this run, else what the vault holds."""
        from azure.core.exceptions import HttpResponseError

        if name not in self._values:
            typed_value = self._session.given_secret(name)
            try:
                uri = f"https://{self._session.answers.key_vault.name}.vault.azure.net"
                stored = None if typed_value else await get_or_none(self._session.cloud.secrets(uri).get_secret(name))
            except HttpResponseError as error:
                from wizard.cloud.errors.translation import translate

                raise translate(error) from None
            self._values[name] = typed_value or Secret((stored.value if stored else "") or "")
        return self._values[name]
