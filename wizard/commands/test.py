"""``azwizard test``: every request is sent to the deployed API, and a verdict says how many were, and what came back."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.cloud.lookups import get_or_none
from wizard.engine.events import RequestEvent, ResultEvent, ShareEvent
from wizard.engine.session import CommandError, ExitCode, Session
from wizard.platform.language import _, plural
from wizard.platform.streams import may_ask
from wizard.source.code_facts import read_code
from wizard.state.resources import ResourceRefs
from wizard.steps.app.pause import paused_since
from wizard.testing.api_test import ApiTest
from wizard.testing.requests import RequestList, read_files, requests_in
from wizard.testing.rest.run import RequestRun

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions
    from wizard.state.resources import ResourceRef
    from wizard.testing.rest.comments import Prompt
    from wizard.testing.rest.file import RestRequest


@dataclass(frozen=True)
class RequestOptions:
    """What the command line says of one test.

    :param file: the file with the requests; without one those below the folder with the code, or else what the source shows.
    :param restart: start the API anew afterwards: what it reads, and a file on each share, must be the same before and after.
    :param sends_changes: whether guessed requests that change data are sent too.
    :param given: values of ``--var NAME=VALUE``.
    """

    file: Path | None = None
    restart: bool = False
    sends_changes: bool = False
    given: Mapping[str, str] = field(default_factory=dict)


class PersonAtTerminal:
    """Who runs the command, asked on standard error; nobody is asked where nobody can answer."""

    def __init__(self, options: CommandOptions) -> None:
        self._options = options
        self.can_answer = not options.json and may_ask()

    async def value(self, prompt: Prompt, *, is_hidden: bool) -> str | None:
        """What is typed for a value; None where nobody can be asked."""
        from wizard.platform.terminal_input import typed_hidden

        if not self.can_answer:
            return None
        question = f"{prompt.name} ({prompt.description}): " if prompt.description else f"{prompt.name}: "
        return await typed_hidden(question) if is_hidden else await self._typed(question)

    async def agrees(self, question: str) -> bool:
        """Whether a request with ``# @note`` is to be sent; ``--yes`` says so beforehand."""
        return self._options.yes or await self.says_yes(_("Send “{title}”? y/N ").format(title=question))

    async def says_yes(self, question: str) -> bool:
        """Whether the answer begins with y, or with the first letter of yes in the person's language."""
        return self.can_answer and (await self._typed(question)).lower()[:1] in ("y", _("yes")[:1])

    async def _typed(self, question: str) -> str:
        from wizard.platform.terminal_input import typed_line

        print(question, end="", file=sys.stderr, flush=True)
        return (await typed_line()).strip()


async def run_requests(session: Session, test_options: RequestOptions) -> ExitCode:
    """Send every request once. Raises CommandError where nothing is deployed, or the file that was named cannot be read."""
    host, target = await _deployed_at(session)
    listed = _listed(session, test_options.file, host)
    person = PersonAtTerminal(session.options)
    session.reporter.say(listed.source_words)
    for remark in listed.remarks:
        session.reporter.say(remark)
    requests = await _to_send(session, listed, person, sends_changes=test_options.sends_changes)
    test = ApiTest(session, host, target, run=RequestRun(given=dict(test_options.given), person=person))
    answered: list[RequestEvent | ShareEvent] = [await test.send(request) for request in requests]
    if test_options.restart:
        answered += await test.prove(requests)
    return session.finish(verdict(answered, left_out=len(listed.requests) - len(requests)))


def verdict(events: Sequence[RequestEvent | ShareEvent], left_out: int) -> ResultEvent:
    """What the events say together. What was not sent is no success; guessed requests that nobody wanted sent are only counted.

    :param left_out: how many guessed requests change data and were not asked for.
    """
    requests = [event for event in events if isinstance(event, RequestEvent)]
    sent, failed = sum(event.sent for event in requests), sum(not event.passed for event in events)
    extra = {"sent": sent, "unsent": len(requests) - sent, "left_out": left_out}
    counted = plural("{sent} of {count} request was sent.", "{sent} of {count} requests were sent.", len(requests) + left_out)
    counted = counted.format(sent=sent, count=len(requests) + left_out)
    if not failed:
        return ResultEvent("succeeded", sentence=f"{counted} {_('Every answer is as expected.')}", extra=extra)
    broken = any(
        isinstance(event, ShareEvent) or (event.sent and (not event.status or event.status >= 500)) for event in events if not event.passed
    )
    words = _("Not every answer is as expected: azwizard doctor looks for the reason.") if broken else _("Not every answer is as expected.")
    return ResultEvent("failed", failed=failed, sentence=f"{counted} {words if failed > len(requests) - sent else ''}".strip(), extra=extra)


async def _deployed_at(session: Session) -> tuple[str, ResourceRef]:
    target = ResourceRefs.named(session.answers, session.cloud.subscription_id).app
    assert target is not None
    app = await get_or_none(session.cloud.apps.container_apps.get(target.group, target.name))
    actual = app.as_dict() if app else {}
    if paused_since(actual):
        raise CommandError([("paused", _("{name} is paused: azwizard start starts it again.").format(name=target.name))])
    ingress = ((actual.get("properties") or {}).get("configuration") or {}).get("ingress") or {}
    if not ingress.get("fqdn"):
        raise CommandError([("app", _("{name} has no address yet: azwizard apply deploys it.").format(name=target.name))])
    return str(ingress["fqdn"]), target


def _listed(session: Session, file: Path | None, host: str) -> RequestList:
    answers = session.answers
    if file is None:
        return requests_in(answers, read_code(answers.source_folder).rest_files, host)
    if not file.is_file():
        why = _("it is no ordinary file") if file.exists() else _("there is no such file")
        sentence = _("{path} cannot be read: {reason}.").format(path=file, reason=why)
        raise CommandError([("rest-file", sentence)], ExitCode.USAGE)
    listed = read_files([file], file.absolute().parent)
    if not listed.requests:
        raise CommandError([("rest-file", _("{file} holds no request.").format(file=file))], ExitCode.USAGE)
    return listed


async def _to_send(session: Session, listed: RequestList, person: PersonAtTerminal, *, sends_changes: bool) -> list[RestRequest]:
    """All of them, but for guessed ones that change data and that nobody asked for."""
    changing = listed.sent_when_asked
    if not changing or sends_changes:
        return listed.requests
    names = ", ".join(f"{request.method} {request.path}" for request in changing[:5]) + (" …" if len(changing) > 5 else "")
    question = _("These change data: {names}. Send them too? y/N ").format(names=names)
    if person.can_answer and await person.says_yes(question):
        return listed.requests
    session.reporter.say(_("Not sent, since they change data: {names}. --send-changes sends them.").format(names=names))
    return listed.sent_unasked
