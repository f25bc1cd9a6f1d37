"""What one run of requests keeps from each to the next: cookies, named answers, what was typed, and which values are hidden."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from wizard.platform.language import _
from wizard.platform.redaction import redaction
from wizard.testing.rest.assertions import Assertion
from wizard.testing.rest.client import RestClient
from wizard.testing.rest.comments import Prompt
from wizard.testing.rest.exchanges import Exchange, NoValue, Side, part_of_body
from wizard.testing.rest.file import RestRequest
from wizard.testing.rest.message import BodyFiles, Message, Unsent
from wizard.testing.rest.message_text import read_message
from wizard.testing.rest.urls import URI_KEPT, encoded
from wizard.testing.rest.values import Filling, Sources, names_in

if TYPE_CHECKING:
    from wizard.cloud import AppAnswer

PASSWORDS = ("password", "passwd", "pass")
"""The names under which REST Client hides what is typed."""
REFUSED_BODY = (400, 415, 422)  # what a body gets that the view does not accept


class Person(Protocol):
    """Who is asked while requests are sent."""

    async def value(self, prompt: Prompt, *, is_hidden: bool) -> str | None:
        """What is typed for ``# @prompt``; None where nobody answers."""

    async def agrees(self, question: str) -> bool:
        """Whether a request with ``# @note`` is to be sent."""


class Nobody:
    """A run in which nothing can be asked."""

    async def value(self, prompt: Prompt, *, is_hidden: bool) -> str | None:
        return None

    async def agrees(self, question: str) -> bool:
        return False


@dataclass
class RequestRun:
    """The state of a run.

    :param given: values of ``--var NAME=VALUE``.
    :param environment: the setup's environment, after which one of the person's files may be called.
    :param host: the app's host name.
    :param project: the folder with the API's code.
    :param kept: values that JetBrains' handlers keep of answers (``client.global.set``).
    :param secrets: values that are hidden in whatever is shown.
    """

    given: dict[str, str] = field(default_factory=dict)
    environment: str = ""
    host: str = ""
    project: Path | None = None
    person: Person = field(default_factory=Nobody)
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)
    client: RestClient | None = None

    def __post_init__(self) -> None:
        self.hide(value for name, value in self.given.items() if is_password(name))

    def hide(self, values: Iterable[str]) -> None:
        """From now on these values are taken out of whatever is shown, also as a part of an address."""
        for value in values:
            redaction.add(value)
            self.secrets |= {value, encoded(value), quote(value, safe=URI_KEPT)}

    async def message(self, request: RestRequest, setup: Callable[[str], Awaitable[str | None]]) -> Message:
        """A request ready to be sent. Raises Unsent, with a sentence that says what is lacking.

        :param setup: gives the value of a variable of the setup; those of the vault are read only when a request names them.
        """
        if request.trouble:
            raise Unsent(request.trouble)
        typed = {**self.given, **await self._typed(request)}
        names = {name: value for name in names_in(request) if (value := await setup(name)) is not None}
        filling = Filling(request.file, Sources(typed, names, self.exchanges, self.kept, self.environment, self.host))
        files = BodyFiles(request.file.path, self.project, filling.fill)
        text = filling.fill(request.text)
        self.hide(filling.secrets)
        self._refuse_missing(request, filling.missing)
        try:
            message = read_message(text, files, request.file.settings)
        except Unsent as reason:
            raise Unsent(_("line {line}: {reason}").format(line=request.line, reason=reason)) from None
        message.assertions = tuple(replace(assertion, wanted=filling.fill(assertion.wanted)) for assertion in request.assertions)
        self.hide(filling.secrets)
        self._refuse_missing(request, filling.missing)
        if message.header("Authorization").startswith("Basic ") and (filling.secrets or names):
            self.hide([message.header("Authorization").removeprefix("Basic ")])
        return message

    async def _typed(self, request: RestRequest) -> Mapping[str, str]:
        if request.has_note and not await self.person.agrees(request.title):
            raise Unsent(_("line {line}: it wants to be confirmed (@note): --yes does").format(line=request.line))
        typed: dict[str, str] = {}
        for prompt in request.prompts:
            if prompt.name in self.given:
                continue
            value = await self.person.value(prompt, is_hidden=is_password(prompt.name))
            if value is None:
                raise Unsent(_("line {line}: {name} is to be typed: --var {name}=VALUE").format(line=request.line, name=prompt.name))
            typed[prompt.name] = value
            self.hide([value] if is_password(prompt.name) else [])
        return typed

    @staticmethod
    def _refuse_missing(request: RestRequest, missing: Mapping[str, str]) -> None:
        if missing:
            what = "; ".join(f"{{{{{words}}}}}: {reason}" for words, reason in missing.items())
            raise Unsent(_("line {line}: no value for {what} (--var NAME=VALUE gives one)").format(line=request.line, what=what))

    def remember(self, request: RestRequest, message: Message, answer: AppAnswer) -> None:
        """Keep an answer under the request's name, and the values that its handler keeps, for those that take them."""
        for kept in request.kept:
            value = kept.what if not kept.subject else _part_of(kept.subject, kept.what, answer)
            if value is not None:
                self.kept[kept.name] = value
        if request.name:
            sent = Side(message.headers, (message.body or b"").decode("utf-8", "replace"))
            self.exchanges[request.name] = Exchange(sent, Side(answer.headers, answer.text))


@dataclass(frozen=True)
class Judgement:
    """Whether an answer is as it should be, and a sentence where it is not and the status alone does not show why."""

    passed: bool
    why: str = ""


def judged(request: RestRequest, message: Message, answer: AppAnswer, seconds: float) -> Judgement:
    """An answer held against what the file says; without a word of it any status below 500 is right."""
    passed = answer.status in request.expected if request.expected else answer.status < 500
    if passed and request.is_guessed and not request.expected and message.body and answer.status in REFUSED_BODY:
        return Judgement(False, _("Its body is a guess from your source: azwizard export rest writes it down, to be put right."))
    for assertion in message.assertions:
        if not assertion.holds(_subject(assertion, answer, seconds)):
            return Judgement(False, _("not so: {assertion}").format(assertion=assertion.text))
    return Judgement(passed)


def _subject(assertion: Assertion, answer: AppAnswer, seconds: float) -> str | None:
    if assertion.subject == "duration":
        return str(round(seconds * 1000))
    return _part_of(assertion.subject, assertion.what, answer)


def _part_of(subject: str, what: str, answer: AppAnswer) -> str | None:
    """A part of an answer; None where it has none."""
    match subject:
        case "status":
            return str(answer.status)
        case "header":
            return answer.headers.get(what.lower())
        case "type":
            return answer.headers.get("content-type", "").partition(";")[0].strip() or None
    if not what:
        return answer.text or None
    try:
        return part_of_body(Side(answer.headers, answer.text), what)
    except NoValue:
        return None


def is_password(name: str) -> bool:
    """Whether REST Client hides what is typed for a variable of this name."""
    return name.lower() in PASSWORDS
