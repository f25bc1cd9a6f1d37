"""The causes that the doctor knows, the one that explains the others first."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from wizard.doctor.evidence import Evidence
from wizard.doctor.firewall_causes import registry_firewall, storage_firewall, vault_firewall
from wizard.doctor.identity_causes import identity_missing
from wizard.doctor.image_causes import build_failed, image_missing, may_not_pull, not_the_newest, registry_missing, unpinned
from wizard.doctor.runtime_causes import does_not_run, error_answered, installing, nothing_answered
from wizard.doctor.secret_causes import may_not_read_secrets, secret_unusable, vault_missing
from wizard.doctor.share_causes import key_changed, share_not_there
from wizard.doctor.verdict import HEALTHY, Fix, Verdict, apply_again, asked_for
from wizard.engine.step import Observation, Status
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.steps.app.differences import is_placeholder
from wizard.steps.app.pause import is_stopped, paused_since, paused_words

OF_THE_VERSION = ("api-error", "crash", "loopback", "new-version-failed", "not-listening", "variable-missing")
"""Verdicts on what one version of the app does."""
ENDS_BY_ITSELF = 3  # starts of one copy, of which a single restart may be Azure's own
GIVEN_UP = ("Failed", "Canceled", "UpgradeFailed")
Cause = Callable[[Evidence], Verdict | None] | Callable[[Evidence], Awaitable[Verdict | None]]


async def diagnose(evidence: Evidence) -> Verdict:
    """The one verdict: the first cause that holds, or healthy."""
    for cause in CAUSES:
        verdict = cause(evidence)
        if isinstance(verdict, Awaitable):
            verdict = await verdict
        if verdict is not None:
            return _started_too(evidence, _cured_by_the_setup(evidence, verdict))
    return _healthy(evidence)


def _cured_by_the_setup(evidence: Evidence, verdict: Verdict) -> Verdict:
    """Where a version fails that is not as the setup says, because someone changed it in Azure or here, the setup comes first."""
    look = evidence.looks.get(step_ids.REVISION)
    curable = verdict.cure is not None and verdict.cure.applies
    if verdict.id not in OF_THE_VERSION or curable or look is None or look.found is not Status.DIFFERENT:
        return verdict
    return replace(verdict, evidence=(*verdict.evidence, *_differs(look)), cure=apply_again(evidence))


def _differs(look: Observation) -> list[str]:
    return [
        _("not as your setup says: {what}: {before}, not {after}").format(what=change.what, before=change.before, after=change.after)
        for change in look.changes
    ]


def _started_too(evidence: Evidence, verdict: Verdict) -> Verdict:
    """Of an app that was stopped as well, the cure starts it, unless the person paused it."""
    stopped = is_stopped(evidence.app) and paused_since(evidence.app) is None
    if verdict.cure is None or not verdict.cure.applies or not stopped:
        return verdict
    return replace(verdict, cure=replace(verdict.cure, starts=True))


def _not_deployed(evidence: Evidence) -> Verdict | None:
    if evidence.app and not is_placeholder(evidence.app):
        return None
    detail = _("{name} is not deployed yet.").format(name=evidence.target.name)
    lines = (_("Azure has no version of it in {group}").format(group=evidence.target.group),)
    writable = any(finding.replacement for finding in evidence.wrong_code)
    question = None if writable else next(filter(None, (asked_for(evidence, step) for step in evidence.looks)), None)
    return Verdict("not-deployed", detail, lines, question or apply_again(evidence))


def _provider(evidence: Evidence) -> Verdict | None:
    off = [
        step.removeprefix("provider.")
        for step, look in evidence.looks.items()
        if step.startswith("provider.") and look.found is Status.MISSING
    ]
    if not off:
        return None
    detail = _("Your subscription has switched off the service {names}, which this setup needs.").format(names=", ".join(off))
    evidence_lines = tuple(_("resource provider {name}: not registered").format(name=name) for name in off)
    return Verdict("provider-not-registered", detail, evidence_lines, apply_again(evidence))


async def _environment(evidence: Evidence) -> Verdict | None:
    """Azure gave up on a change of it; while an app is in it, it cannot be removed."""
    environment = await evidence.plan.snapshot.environment()
    state = str((environment.as_dict()["properties"] if environment else {}).get("provisioningState") or "")
    if state not in GIVEN_UP:
        return None
    target = evidence.answers.environment.name
    detail = _("The place to run (environment) is not in order: Azure gave up on its last change, and refuses every change of your app.")
    cure = asked_for(evidence, step_ids.ENVIRONMENT) or apply_again(evidence)
    return Verdict("environment-failed", detail, (_("environment {name}: {state}").format(name=target, state=state),), cure)


def _ingress(evidence: Evidence) -> Verdict | None:
    if not evidence.ingress:
        detail = _("The app has no address: requests from outside (ingress) are switched off.")
        return Verdict("ingress-off", detail, (_("ingress: none"),), apply_again(evidence))
    if not evidence.ingress.get("external"):
        detail = _("The app can be reached only from inside its place to run: its address (ingress) is internal.")
        return Verdict(
            "ingress-internal", detail, (_("ingress: internal, {fqdn}").format(fqdn=evidence.ingress.get("fqdn")),), apply_again(evidence)
        )
    return None


def _stopped(evidence: Evidence) -> Verdict | None:
    state, whole = evidence.state, is_stopped(evidence.app)
    if not whole and (state is None or (state.active and state.word != "Stopped")):
        return None
    detail = (
        _("The app was stopped, so nothing answers.")
        if whole
        else _("The newest version was switched off (deactivated), so nothing answers.")
    )
    lines: tuple[str, ...] = (_("app: {state}").format(state=evidence.app["properties"].get("runningStatus")),) if whole else ()
    lines += (_("revision {name}: {state}").format(name=state.name, state=state.word),) if state else ()
    return Verdict("stopped", detail, lines, apply_again(evidence, starts=whole))


def _paused(evidence: Evidence) -> Verdict | None:
    """The person wanted it: nothing is cured, and only the person starts it."""
    since = paused_since(evidence.app)
    if since is None:
        return None
    practice = " --practice" if evidence.cloud.kind == "practice" else ""
    cure = Fix(then="start", options=f"{evidence.answers.file}{practice}")
    return Verdict("paused", _("You paused your API, so nothing answers."), (paused_words(since),), cure)


def _traffic(evidence: Evidence) -> Verdict | None:
    """Someone sends the requests, or a part of them, to a certain version, which stays so when a newer one is made."""
    rules = [rule for rule in evidence.ingress.get("traffic") or [] if rule.get("weight")]
    newest = evidence.app["properties"].get("latestRevisionName")
    elsewhere = [rule for rule in rules if not rule.get("latestRevision") and rule.get("revisionName") != newest]
    if not elsewhere or not _several_at_work(evidence):
        return None
    detail = _("Not all requests go to the newest version of your API: someone sends them to an older one.")
    if not evidence.answered:
        detail = _("Requests go to an older version of your API, which does not answer, and not to the newest one.")
    lines = tuple(_("{name}: {share} % of the requests").format(name=rule.get("revisionName"), share=rule["weight"]) for rule in rules)
    return Verdict("traffic-elsewhere", detail, lines, apply_again(evidence))


def _several_at_work(evidence: Evidence) -> bool:
    """With one version at work at a time it gets every request, whatever stands there about others."""
    return str(evidence.configuration.get("activeRevisionsMode") or "Single").lower() != "single"


def _scale(evidence: Evidence) -> Verdict | None:
    """Someone else set that no copy runs; where the setup itself says so, it is as it should be."""
    scale = evidence.app["properties"]["template"].get("scale") or {}
    least = int(scale.get("minReplicas") or 0)
    if least >= evidence.answers.app.min_replicas or evidence.state is None or evidence.state.word != "ScaledToZero":
        return None
    detail = _("No copy of your API runs while nobody calls, so the first call after a pause is slow; your setup asks for {count}.").format(
        count=evidence.answers.app.min_replicas
    )
    return Verdict("scaled-to-zero", detail, (_("minReplicas: {count}, state ScaledToZero").format(count=least),), apply_again(evidence))


def _healthy(evidence: Evidence) -> Verdict:
    path, answer = evidence.answers.app.health_path, evidence.answer
    status = answer.status if answer else ""
    detail = _("Healthy: your API runs and answered {path} with {status}.").format(path=path, status=status)
    word = evidence.state.word if evidence.state else ""
    if evidence.answers.app.min_replicas == 0:
        detail += " " + _("It may sleep while nobody calls (min_replicas = 0).")
    if evidence.said.starts >= ENDS_BY_ITSELF:
        detail += " " + _("It has ended and was started again {count} times: azwizard logs shows what it says before.").format(
            count=evidence.said.starts - 1
        )
    address = f"https://{evidence.ingress.get('fqdn')}"
    runs = _("revision {name}: {state}").format(name=evidence.state.name if evidence.state else "", state=word)
    look = evidence.looks.get(step_ids.REVISION)
    return Verdict(HEALTHY, detail, (runs, address, *(_differs(look) if look else [])))


async def _old_one_serves(evidence: Evidence) -> Verdict | None:
    """The newest version failed, and the one before still answers: said with the newest one's own cause."""
    state = evidence.state
    if state is None or state.works or evidence.serving is None or not evidence.answered:
        return None
    serving = (await evidence.plan.snapshot.revisions()).get(evidence.serving)
    if serving is not None and is_placeholder(serving.as_dict()):  # a page of Azure's, which is no version of theirs
        return None
    cause = await does_not_run(evidence)
    detail = _("The newest version failed; the one before still answers.") + " " + re.split(r"(?<=[.!]) ", cause.detail)[0]
    lines = (_("{name} still gets the requests").format(name=evidence.serving), *cause.evidence)
    return Verdict("new-version-failed", detail, lines, cause.cure)


async def _does_not_run(evidence: Evidence) -> Verdict | None:
    return None if evidence.state is not None and evidence.state.works else await does_not_run(evidence)


CAUSES: tuple[Cause, ...] = (
    build_failed,
    _not_deployed,
    _provider,
    _environment,
    _ingress,
    identity_missing,
    vault_missing,
    vault_firewall,
    secret_unusable,
    may_not_read_secrets,
    registry_missing,
    registry_firewall,
    may_not_pull,
    image_missing,
    share_not_there,
    storage_firewall,
    key_changed,
    _paused,
    _stopped,
    installing,
    _old_one_serves,
    _does_not_run,
    _traffic,
    nothing_answered,
    error_answered,
    unpinned,
    not_the_newest,
    _scale,
)
