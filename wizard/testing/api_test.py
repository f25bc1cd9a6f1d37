"""Testing a deployed API: the requests of its .rest file are sent, and their answers held against what is expected."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.cloud.lookups import get_or_none
from wizard.engine.events import RequestEvent, ResultEvent, ShareEvent
from wizard.engine.polling import until
from wizard.engine.session import CommandError, ExitCode, Session
from wizard.platform.language import _
from wizard.platform.redaction import hidden
from wizard.platform.secret import Secret
from wizard.platform.terminal_text import plain
from wizard.source.code_facts import read_code
from wizard.state.resources import ResourceRefs
from wizard.state.secret_redaction import values_to_hide
from wizard.steps.app.revision_status import RevisionState, is_front, newest_revision
from wizard.testing.requests import missing_secret_values, requests_in, send
from wizard.testing.rest_file import RestRequest, parse
from wizard.testing.restart_check import ShareProof

if TYPE_CHECKING:
    from wizard.state.resources import ResourceRef

SHOWN = 2000  # characters of a body


class ApiTest:
    """The requests of one setup's API.

    :param shown: how many characters of a body are told.
    """

    def __init__(self, session: Session, host: str, target: ResourceRef, *, shown: int = SHOWN) -> None:
        self._session, self._host, self._target, self._shown = session, host, target, shown
        self._values: dict[str, Secret] = {}
        self._hidden: list[str] | None = None

    async def send(self, request: RestRequest, *, title: str = "", same_as: RequestEvent | None = None) -> RequestEvent:
        """Send one, tell its answer, and give it back.

        :param same_as: an earlier answer that this one must equal.
        """
        from wizard.cloud import CloudError

        if self._hidden is None:
            self._hidden = await values_to_hide(self._session.cloud, self._session.answers, self._session.given_secret)
        for name in missing_secret_values(self._session.answers, request):
            self._session.reporter.say(_("{title}: nothing gives {name} a value.").format(title=title or request.title, name=name))
        began = time.monotonic()
        status, body, front = 0, "", False
        try:
            answer = await send(self._session.cloud, self._session.answers, self._host, request, self._secret)
            status, body, front = answer.status, answer.text, is_front(answer)
        except CloudError as error:
            body = f"{error.sentence} {error.remedy}".strip()
        values = [*self._hidden, *(value.reveal() for value in self._values.values())]
        body = plain(hidden(body, values))[: self._shown].strip()
        passed = status in request.expected if request.expected else 0 < status < 500
        if same_as is not None:
            passed = (status, body) == (same_as.status, same_as.body)
        event = RequestEvent(
            title or request.title,
            request.method,
            hidden(request.path, values),
            status,
            request.expected,
            passed and not front,
            round(time.monotonic() - began, 3),
            body,
        )
        self._session.reporter.event(event)
        return event

    async def prove(self, requests: list[RestRequest]) -> list[RequestEvent | ShareEvent]:
        """Start the API anew: what it reads, and a file on each of its shares, must be the same before and after."""
        proof = ShareProof(self._session.cloud, self._session.answers)
        try:
            await proof.write()
            told: list[RequestEvent | ShareEvent] = [*await self._again([request for request in requests if request.method == "GET"])]
            for event in await proof.look():
                self._session.reporter.event(event)
                told.append(event)
        finally:
            for share in await proof.remove():
                sentence = _("The file {file} could not be taken away from the share {share}; delete it in the Azure portal.")
                self._session.reporter.say(sentence.format(file=proof.file, share=share))
        return told

    async def _again(self, reading: list[RestRequest]) -> list[RequestEvent]:
        """What is read just before a restart and just after it, which must be the same."""
        before = [await self.send(it, title=_("Before a restart: {title}").format(title=it.title)) for it in reading]
        await self.restart()
        pairs = zip(reading, before, strict=True)
        return [await self.send(it, title=_("After a restart: {title}").format(title=it.title), same_as=was) for it, was in pairs]

    async def restart(self) -> None:
        """Start every copy of the newest version anew, and wait until it answers again."""
        cloud, target = self._session.cloud, self._target
        revisions, replicas = cloud.apps.container_apps_revisions, cloud.apps.container_apps_revision_replicas
        state = await newest_revision(cloud, target)
        if state is None:
            return
        before = {it.name for it in (await replicas.list_replicas(target.group, target.name, state.name)).value or []}
        await revisions.restart_revision(target.group, target.name, state.name)

        async def new_ones_run() -> bool:
            now = {it.name for it in (await replicas.list_replicas(target.group, target.name, state.name)).value or []}
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
            given = self._session.given_secret(name)
            try:
                uri = f"https://{self._session.answers.key_vault.name}.vault.azure.net"
                kept = None if given else await get_or_none(self._session.cloud.secrets(uri).get_secret(name))
            except HttpResponseError as error:
                from wizard.cloud.errors.translation import translate

                raise translate(error) from None
            self._values[name] = given or Secret((kept.value if kept else "") or "")
        return self._values[name]


async def run_requests(session: Session, file: Path | None, *, restart: bool) -> ExitCode:
    """Send every request once.

    :param file: the .rest file; without one those in the folder with the code, or else what the source shows.
    :param restart: start the API anew afterwards: what it reads, and a file on each share, must be the same before and after.
    """
    target = ResourceRefs.named(session.answers, session.cloud.subscription_id).app
    assert target is not None
    app = await get_or_none(session.cloud.apps.container_apps.get(target.group, target.name))
    ingress = ((app.as_dict().get("properties") or {}).get("configuration") or {}).get("ingress") or {} if app else {}
    if not ingress.get("fqdn"):
        raise CommandError([("app", _("{name} has no address yet: azwizard apply deploys it.").format(name=target.name))])
    requests = _requests(session, file, str(ingress["fqdn"]))
    test = ApiTest(session, str(ingress["fqdn"]), target)
    told: list[RequestEvent | ShareEvent] = [await test.send(request) for request in requests]
    if restart:
        told += await test.prove(requests)
    failed = sum(not event.passed for event in told)
    if failed:
        return session.finish(
            ResultEvent("failed", failed=failed, sentence=_("Not every answer is as expected: azwizard doctor looks for the reason."))
        )
    return session.finish(ResultEvent("succeeded", sentence=_("Every answer is as expected.")))


def _requests(session: Session, file: Path | None, host: str) -> list[RestRequest]:
    answers = session.answers
    if file is None:
        return requests_in(answers, read_code(answers.source_folder).rest_files, host)
    try:
        return parse(file.read_text(encoding="utf-8-sig"), file.absolute().parent)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError([("rest-file", _("{file} cannot be read: {reason}").format(file=file, reason=error))], ExitCode.USAGE) from None
