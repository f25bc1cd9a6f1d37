"""Whether a revision really runs and answers: that Azure took it is no proof (reference 1.11 and 1.12)."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none
from wizard.cloud.transport.pauses import next_pause
from wizard.engine.step import StepContext
from wizard.platform.language import N_, _
from wizard.platform.redaction import hidden
from wizard.state.releases import digest_of, made_at
from wizard.state.secret_redaction import values_to_hide
from wizard.steps.app.revision_log import said_at_length
from wizard.steps.installing import STATE, installing_words

if TYPE_CHECKING:
    from azure.mgmt.appcontainers.models import ContainerApp

    from wizard.cloud import AppAnswer, Cloud
    from wizard.cloud.errors.cloud_error import CloudError
    from wizard.setup.answers import Answers
    from wizard.state.resources import ResourceRef

WORKS = re.compile(r"running|scaledtozero", re.IGNORECASE)
FAILED = re.compile(r"fail", re.IGNORECASE)
EDGE = ("upstream connect error", "no healthy upstream", "upstream request timeout", "stream timeout")
UNAVAILABLE = "Azure Container App - Unavailable"
START_PATIENCE = 240.0  # seconds; Azure's own startup probe gives up after as many (reference section 5)
ANSWER_PATIENCE = 60.0
LINES_SHOWN = 12


@dataclass(frozen=True)
class RevisionState:
    """What Azure says of a revision.

    :param word: its running state, such as ``RunningAtMaxScale`` or ``ActivationFailed``.
    :param made_at: when Azure made it, to the second.
    :param digest: of its image (``sha256:...``); None where the image is named by a tag.
    """

    name: str
    word: str
    detail: str
    active: bool
    made_at: datetime | None = None
    digest: str | None = None

    @property
    def works(self) -> bool:
        """``RunningAtMaxScale`` is the normal state of an app with as many copies as it may have; ``ScaledToZero`` sleeps."""
        return self.active and WORKS.search(self.word) is not None

    @property
    def failed(self) -> bool:
        """Whether Azure's word for the revision says that it will not run."""
        return FAILED.search(self.word) is not None

    @property
    def installing(self) -> bool:
        """Whether the practice cloud still gets the API's packages: nothing is said of the API yet."""
        return not (self.works or self.failed) and self.detail.startswith(STATE)

    @classmethod
    def of(cls, revision: Any) -> RevisionState:
        """From the SDK's model."""
        body = revision.as_dict()
        properties = body.get("properties") or {}
        unhealthy = properties.get("healthState") == "Unhealthy"
        failed = properties.get("provisioningState") == "Failed"
        word = "Failed" if failed else str(properties.get("runningState") or "Unknown")
        detail = str(properties.get("provisioningError") or properties.get("runningStateDetails") or "")
        shown = "Unhealthy" if unhealthy and not failed else word
        return cls(str(body["name"]), shown, detail, bool(properties.get("active")), made_at(body), digest_of(body))


UNKNOWN_CAUSE = N_("Your API does not run."), N_("The lines above say where it stopped: correct the code or the settings and apply again.")


async def wait_until_running(
    making: StepContext, answers: Answers, target: ResourceRef, state: RevisionState | None = None
) -> RevisionState:
    """The revision of the facts, or else the newest, once it runs.

    :param state: of that revision, where it was read just now.
    Raises CloudError with what its replicas and Azure's events say when it does not.
    """
    began = time.monotonic()
    while time.monotonic() - began < START_PATIENCE:
        state = state or await newest_revision(making.cloud, target, making.facts.revision)
        if state is not None and state.works:
            return state
        if state is not None and state.failed:
            break
        if state is not None and state.installing:
            began = time.monotonic()
        word = (installing_words(state.detail) or state.word) if state else _("no revision yet")
        making.wait(_("your API starts: {state}").format(state=word))
        await asyncio.sleep(next_pause(time.monotonic() - began, making.cloud.polling_interval))
        state = await newest_revision(making.cloud, target, making.facts.revision)
    raise await not_running(making, answers, target, state)


async def newest_revision(
    cloud: Cloud, target: ResourceRef, name: str | None = None, app: ContainerApp | None = None
) -> RevisionState | None:
    """The revision that the app names as its latest; None while there is none.

    :param name: its name, where it is known already: for a moment after a PUT the app may still name the one before.
    :param app: the app, where it was read just now.
    """
    if name is None:
        app = app or await get_or_none(cloud.apps.container_apps.get(target.group, target.name))
        name = app.properties.latest_revision_name if app and app.properties else None
    revision = await get_or_none(cloud.apps.container_apps_revisions.get_revision(target.group, target.name, name)) if name else None
    return RevisionState.of(revision) if revision else None


async def wait_for_answer(making: StepContext, answers: Answers, target: ResourceRef, fqdn: str) -> AppAnswer:
    """What the API itself answers at its health path: any status counts, except what Azure's own front says when it reaches no API.

    Raises CloudError when nothing but the front has answered.
    """
    from wizard.cloud.errors.cloud_error import CloudError

    began = time.monotonic()
    words = ""
    while time.monotonic() - began < ANSWER_PATIENCE:
        try:
            answer = await making.cloud.call_app(fqdn, answers.app.health_path)
        except CloudError as error:
            words = error.sentence
        else:
            if not is_front(answer):
                return answer
            words = f"{answer.status} {answer.text.strip()[:200]}"
        making.wait(_("your API does not answer yet: {words}").format(words=words))
        await asyncio.sleep(next_pause(time.monotonic() - began, making.cloud.polling_interval))
    raise await _no_answer(making, answers, target, words)


def is_front(answer: AppAnswer) -> bool:
    """Whether Azure's front answered because it reached no API: nothing listens on the port (errors.md 51), or no revision runs."""
    if answer.status in (502, 503, 504):
        return any(words in answer.text for words in EDGE) or not answer.body
    return answer.status == 404 and UNAVAILABLE in answer.text


async def not_running(making: StepContext, answers: Answers, target: ResourceRef, state: RevisionState | None) -> CloudError:
    """A CloudError that says why a revision does not run, with the lines that tell."""
    from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

    word = f"{state.word}: {state.detail}".rstrip(": ") if state else _("there is no revision")
    log = await _what_it_says(making, answers, target, state)
    lines = [_("Azure says: {words}").format(words=word), *log]
    headline, hint = _cause(lines)
    return CloudError(ErrorKind.OTHER, headline + _shown(lines), f"\n{hint}", code=state.word if state else "", message="\n".join(log))


async def _no_answer(making: StepContext, answers: Answers, target: ResourceRef, words: str) -> CloudError:
    from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

    state = await newest_revision(making.cloud, target)
    lines = await _what_it_says(making, answers, target, state)
    headline = _("Your API runs but does not answer: {words}.").format(words=words)
    _headline, hint = _cause([words, *lines])
    return CloudError(ErrorKind.OTHER, headline + _shown(lines), f"\n{hint}", message="\n".join([words, *lines]))


def _shown(lines: Sequence[str]) -> str:
    return "".join(f"\n  {line}" for line in [*lines[:1], *lines[1:][-LINES_SHOWN:]])


def _cause(lines: Sequence[str]) -> tuple[str, str]:
    """What happened in plain words, and the next move, by what was said."""
    from wizard.cloud.errors.advice import for_said

    rule = for_said(lines)
    headline, hint = (rule.what, rule.remedy) if rule else UNKNOWN_CAUSE
    return _(headline), _(hint)


async def _what_it_says(making: StepContext, answers: Answers, target: ResourceRef, state: RevisionState | None) -> list[str]:
    """What tells why a revision does not run, line by line, without the values of secrets, which an app may have printed."""
    if state is None:
        return []
    values = await values_to_hide(making.cloud, answers, making.secret)
    return [hidden(line, values) for line in (await said_at_length(making.cloud, target, state.name)).lines]
