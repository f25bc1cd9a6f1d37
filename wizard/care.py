"""The commands for when it does not work: doctor."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
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
    verdict, _repairs = await _examined(session)
    return _end(session, verdict)


async def doctor_and_fix(session: Session) -> Exit:
    """The same; then show the fix, carry it out when the person confirms, and look again.

    What the code check says would certainly break is written too, where the cure does not write it already.
    """
    from wizard.code_repair import difference, write
    from wizard.commands import confirm
    from wizard.doctor import carry_out

    verdict, repairs = await _examined(session)
    cure = verdict.cure
    applies = cure is not None and cure.applies
    files = (cure.files if cure and applies else {}) or repairs
    if not applies and not files:
        return _end(session, verdict)
    session.reporter.event(verdict.event())
    if files:
        session.reporter.say(difference(files, session.answers.source_folder))
    question = _("To write this and apply the setup, type {name}: ") if applies else _("To write this, type {name}: ")
    await confirm(session, question)
    if cure is None or not applies:
        write(files)
        session.reporter.say(_("Written. azwizard apply builds it."))
        return session.finish(_result(verdict.healthy))
    result = await carry_out(session, replace(cure, files=files))
    if result.outcome in ("failed", "blocked"):
        return session.finish(result)
    verdict, _repairs = await _examined(session)
    return _end(session, verdict)


def switched_off(stop: Stop, reporter: Reporter) -> Exit:
    """A subscription that is switched off keeps the doctor from looking, and is a verdict too."""
    off = next((sentence for what, sentence in stop.problems if what.startswith("sign-in:") and SWITCHED_OFF.search(sentence)), None)
    if off is None:
        return tell_stop(stop, reporter)
    reporter.event(VerdictEvent("subscription-disabled", off, (), _("Re-enable it in the Azure portal under Subscriptions.")))
    reporter.event(_result(healthy=False))
    return Exit.FAILED


async def _examined(session: Session) -> tuple[Verdict, dict[Path, str]]:
    """The verdict, and the files as the code check proposes them where they would certainly break."""
    from wizard.code_repair import repaired
    from wizard.doctor import diagnose, gather
    from wizard.rest_file import hidden

    evidence = await gather(session.cloud, session.answers, session.given_secret, session.reporter.say)
    for finding in evidence.findings:
        session.reporter.event(finding.event())
    verdict = await diagnose(evidence)
    values = [value.reveal() for name in session.answers.key_vault.secrets if (value := session.given_secret(name))]
    shown = replace(verdict, detail=hidden(verdict.detail, values), evidence=tuple(hidden(line, values) for line in verdict.evidence))
    return shown, repaired(evidence.wrong_code) if session.answers.pipeline.build == "registry" else {}


def _end(session: Session, verdict: Verdict) -> Exit:
    session.reporter.event(verdict.event())
    return session.finish(_result(verdict.healthy))


def _result(healthy: bool) -> ResultEvent:
    if healthy:
        return ResultEvent("succeeded", sentence=_("Nothing to do."))
    return ResultEvent("failed", sentence=_("After that, azwizard doctor looks again."))
