"""Everything that a verdict rests on, read once the platform has made up its own mind."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none
from wizard.engine.plan import Plan, make_plan
from wizard.lint.finding import Finding
from wizard.lint.linter import check_code, errors
from wizard.platform.language import _
from wizard.steps.app.revision_log import TRACEBACK, LogLines, said_at_length, said_by
from wizard.steps.app.revision_status import START_PATIENCE, RevisionState, is_front, newest_revision
from wizard.steps.registry_of_steps import contributions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wizard.cloud import AppAnswer, Cloud
    from wizard.engine.step import Observation
    from wizard.platform.secret import Secret
    from wizard.setup.answers import Answers
    from wizard.state.resources import ResourceRef

BUSY = ("InProgress", "Updating", "Creating", "Deleting")
DECIDED = ("Unhealthy", "Degraded", "Stopped")
ASKED_AGAIN = 3
AWAKE_SECONDS, ASLEEP_SECONDS = 10.0, 60.0  # for an answer of an API that runs, and of one that has to be started for it
MOST_LINES = 12


@dataclass(frozen=True)
class Evidence:
    """What was read.

    :param app: the app in ARM's names; empty when there is none.
    :param state: of its newest revision.
    :param serving: the revision that gets the requests instead, while the newest is not ready.
    :param answer: what one request got; None when it was not sent or nothing answered, then `silence` says why.
    """

    cloud: Cloud
    answers: Answers
    plan: Plan
    target: ResourceRef
    app: dict[str, Any]
    state: RevisionState | None
    serving: str | None
    said: LogLines
    answer: AppAnswer | None
    silence: str
    findings: tuple[Finding, ...] = ()
    looks: dict[str, Observation] = field(default_factory=dict)

    @property
    def runs(self) -> bool:
        """Whether the newest revision does, or sleeps until someone calls."""
        return self.state is not None and self.state.works

    @property
    def ingress(self) -> dict[str, Any]:
        return self.configuration.get("ingress") or {}

    @property
    def configuration(self) -> dict[str, Any]:
        return (self.app.get("properties") or {}).get("configuration") or {}

    @property
    def container(self) -> dict[str, Any]:
        containers = ((self.app.get("properties") or {}).get("template") or {}).get("containers") or [{}]
        return dict(containers[0])

    @property
    def answered(self) -> bool:
        """Whether the API itself answered, rather than Azure's front."""
        return self.answer is not None and not is_front(self.answer) and not self.kept_out

    @property
    def kept_out(self) -> bool:
        """Whether Azure's front does not let this computer in, by the app's IP restrictions."""
        return self.answer is not None and (self.answer.status, self.answer.text.strip()) == (403, "RBAC: access denied")

    @property
    def wrong_code(self) -> list[Finding]:
        """What the code check says certainly breaks."""
        return errors(list(self.findings))

    def traceback(self) -> list[str]:
        """The last Python traceback that the app printed."""
        lines = list(self.said.console)
        begin = next((number for number in range(len(lines) - 1, -1, -1) if TRACEBACK in lines[number]), None)
        if begin is None:
            return []
        end = next(
            (n for n in range(begin + 1, len(lines)) if re.match(r"[A-Za-z_][\w.]*(Error|Exception|Exit|Interrupt)\b", lines[n])), None
        )
        return lines[begin : end + 1] if end is not None else lines[begin:]


async def gather(cloud: Cloud, answers: Answers, secret: Callable[[str], Secret | None], say: Callable[[str], None]) -> Evidence:
    """Wait until the platform has decided, then read everything. Writes nothing. Raises CloudError and HttpResponseError.

    :param say: shows what is waited for.
    """
    from wizard.state.resources import ResourceRefs

    target = ResourceRefs.named(answers, cloud.subscription_id).app
    assert target is not None
    app, state = await _decided(cloud, target, say)
    plan, findings = await asyncio.gather(make_plan(cloud, answers, secret, contributions()), asyncio.to_thread(check_code, answers))
    looks = {item.step.id: item.look for item in plan.steps}
    if not app:
        return Evidence(cloud, answers, plan, target, {}, None, None, LogLines(), None, "", tuple(findings), looks)
    log_lines = await said_at_length(cloud, target, state.name) if state else LogLines()
    answer, silence = await _asked(cloud, app, answers.app.health_path, state)
    properties = app["properties"]
    ready = properties.get("latestReadyRevisionName")
    serving = str(ready) if ready and ready != properties.get("latestRevisionName") else None
    if state is not None and state.works and answer is not None:
        log_lines = await said_by(cloud, target, state.name)  # the request may have been told of
    return Evidence(cloud, answers, plan, target, app, state, serving, log_lines, answer, silence, tuple(findings), looks)


async def _decided(cloud: Cloud, target: ResourceRef, say: Callable[[str], None]) -> tuple[dict[str, Any], RevisionState | None]:
    """The app and its newest revision, once Azure works on neither."""
    began, last_message = time.monotonic(), ""
    while True:
        app = await get_or_none(cloud.apps.container_apps.get(target.group, target.name))
        if app is None:
            return {}, None
        document = app.as_dict()
        state = await newest_revision(cloud, target)
        busy = document["properties"].get("provisioningState") in BUSY
        open_question = state is not None and not (state.works or state.failed or not state.active or state.word in DECIDED)
        if state is not None and state.installing:
            return document, state
        if (not busy and not open_question) or time.monotonic() - began > START_PATIENCE:
            return document, state
        word = _("Azure still works on it: {state}").format(state=state.word if state else document["properties"].get("provisioningState"))
        if word != last_message:
            last_message = word
            say(word)
        await asyncio.sleep(cloud.polling_interval)


async def _asked(cloud: Cloud, app: dict[str, Any], path: str, state: RevisionState | None) -> tuple[AppAnswer | None, str]:
    """One request to the API; again a few times while only Azure's front answers for a revision that runs."""
    from wizard.cloud.errors.cloud_error import CloudError

    ingress = (app["properties"].get("configuration") or {}).get("ingress") or {}
    if not ingress.get("fqdn") or not ingress.get("external"):
        return None, _("it has no address")
    answer: AppAnswer | None = None
    silence, began = "", time.monotonic()
    seconds = ASLEEP_SECONDS if state is not None and state.word == "ScaledToZero" else AWAKE_SECONDS
    for attempt in range(ASKED_AGAIN if state is not None and state.works else 1):
        if attempt and time.monotonic() - began > seconds:
            break
        if attempt:
            await asyncio.sleep(cloud.polling_interval)
        try:
            answer = await cloud.call_app(str(ingress["fqdn"]), path, seconds=seconds)
        except CloudError as error:
            silence = error.sentence
            continue
        if not is_front(answer):
            break
    return answer, silence


def telling_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """The last lines of a log that a verdict shows, each once."""
    return tuple(dict.fromkeys(line for line in lines if line.strip()))[-MOST_LINES:]
