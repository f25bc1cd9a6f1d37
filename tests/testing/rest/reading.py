"""What a file of requests sends, without a network: its messages, and the answers of an API that is a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wizard.cloud.services.apps import AppAnswer
from wizard.testing.rest.client import RestClient
from wizard.testing.rest.file import RestRequest, parse
from wizard.testing.rest.message import Message, Unsent
from wizard.testing.rest.run import Nobody, Person, RequestRun, judged

HOST = "capp-orders-dev.example.azurecontainerapps.io"


@dataclass
class Received:
    """A request as the API received it."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


def answer(status: int = 200, body: str = "", content_type: str = "application/json", **headers: str) -> AppAnswer:
    named = {"content-type": content_type} | {name.replace("_", "-").lower(): value for name, value in headers.items()}
    return AppAnswer(status, body.encode(), named, (headers["Set_Cookie"],) if "Set_Cookie" in headers else ())


@dataclass
class Api:
    """Stands for the deployed API: keeps what it receives, and answers as a function says."""

    answers: Callable[[Received], AppAnswer] = lambda _received: answer()
    received: list[Received] = field(default_factory=list)

    async def call_app(self, host: str, path: str, *, method: str, headers: Mapping[str, str], body: Any, digest: Any) -> AppAnswer:
        assert host == HOST, "the host is always the app's"
        self.received.append(Received(method, path, headers, body or b""))
        return self.answers(self.received[-1])


@dataclass
class CaseOutcome:
    """What became of one request: passed, or why not."""

    request: RestRequest
    passed: bool
    why: str


async def sent(
    text: str,
    api: Api | None = None,
    *,
    file: Path | None = None,
    given: dict[str, str] | None = None,
    setup: Mapping[str, str] | None = None,
    person: Person | None = None,
    environment: str = "dev",
) -> tuple[list[Received], list[CaseOutcome], RequestRun]:
    """Send every request of a file's text to an API."""
    api = api or Api()
    run = RequestRun(given=given or {}, environment=environment, host=HOST, person=person or Nobody())
    client, outcomes = RestClient(api, HOST), []  # type: ignore[arg-type]

    async def of_setup(name: str) -> str | None:
        return (setup or {}).get(name)

    for request in parse(text, file).requests:
        try:
            message = await run.message(request, of_setup)
            reply = await client.send(
                message, follows=request.follows_redirects, keeps_cookies=request.keeps_cookies, wanted=request.expected
            )
        except Unsent as reason:
            outcomes.append(CaseOutcome(request, False, str(reason)))
            continue
        run.remember(request, message, reply)
        judgement = judged(request, message, reply, 0.01)
        outcomes.append(CaseOutcome(request, judgement.passed, judgement.why))
    return api.received, outcomes, run


async def one(text: str, **more: Any) -> Message:
    """The only request of a text, as it is sent."""
    received, outcomes, _run = await sent(text, **more)
    assert len(received) == 1, [outcome.why for outcome in outcomes]
    only = received[0]
    return Message(only.method, "", only.target, dict(only.headers), only.body)
