"""The commands for when it does not work: doctor."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.language import _
from wizard.session import Exit, Session, Stop, tell_stop
from wizard.step import ResultEvent, VerdictEvent

if TYPE_CHECKING:
    from wizard.doctor import Verdict
    from wizard.report import Reporter

SWITCHED_OFF = re.compile(r"\b(Disabled|Deleted|PastDue|Warned)\b")  # states of a subscription, in Azure's words


async def doctor(session: Session) -> Exit:
    """Say what is wrong with the deployment, or that it is healthy."""
    verdict = await _examined(session)
    return _end(session, verdict)


async def doctor_and_fix(session: Session) -> Exit:
    """The same; then show the fix, carry it out when the person confirms, and look again."""
    from wizard.code_repair import difference
    from wizard.commands import confirm
    from wizard.doctor import carry_out

    verdict = await _examined(session)
    cure = verdict.cure
    if verdict.healthy or cure is None or not cure.applies:
        return _end(session, verdict)
    session.reporter.event(verdict.event())
    if cure.files:
        session.reporter.say(difference(cure.files, session.answers.source_folder))
    await confirm(session, _("To write this and apply the setup, type {name}: "))
    result = await carry_out(session, cure)
    if result.outcome in ("failed", "blocked"):
        return session.finish(result)
    return _end(session, await _examined(session))


def switched_off(stop: Stop, reporter: Reporter) -> Exit:
    """A subscription that is switched off keeps the doctor from looking, and is a verdict too."""
    off = next((sentence for what, sentence in stop.problems if what.startswith("sign-in:") and SWITCHED_OFF.search(sentence)), None)
    if off is None:
        return tell_stop(stop, reporter)
    reporter.event(VerdictEvent("subscription-disabled", off, (), _("Re-enable it in the Azure portal under Subscriptions.")))
    reporter.event(ResultEvent("unhealthy"))
    return Exit.FAILED


async def _examined(session: Session) -> Verdict:
    from wizard.doctor import diagnose, gather
    from wizard.rest_file import hidden

    evidence = await gather(session.cloud, session.answers, session.given_secret, session.reporter.say)
    for finding in evidence.findings:
        session.reporter.event(finding.event())
    verdict = await diagnose(evidence)
    values = [value.reveal() for name in session.answers.key_vault.secrets if (value := session.given_secret(name))]
    return replace(verdict, detail=hidden(verdict.detail, values), evidence=tuple(hidden(line, values) for line in verdict.evidence))


def _end(session: Session, verdict: Verdict) -> Exit:
    session.reporter.event(verdict.event())
    return session.finish(ResultEvent("healthy" if verdict.healthy else "unhealthy", url=None))
