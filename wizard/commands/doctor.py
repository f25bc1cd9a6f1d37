"""The command `azwizard doctor`: the verdict on the deployment, and with --fix the fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.cloud.errors.cloud_error import SUBSCRIPTION_DISABLED
from wizard.doctor.examination import examine, repair, subscription_disabled
from wizard.engine.events import ResultEvent
from wizard.engine.session import CommandError, ExitCode, Session, tell_stop
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.doctor import Verdict
    from wizard.engine.reporting.reporter import Reporter


async def doctor(session: Session) -> ExitCode:
    """Say what is wrong with the deployment, or that it is healthy."""
    return _end(session, (await examine(session)).verdict)


async def doctor_and_fix(session: Session) -> ExitCode:
    """The same; then show the fix, carry it out when the person confirms, and look again."""
    from wizard.commands.confirmation import confirm

    report = await examine(session)
    if not report.offers:
        return _end(session, report.verdict)
    session.reporter.answer(report.verdict.event())
    if report.difference:
        session.reporter.say(report.difference)
    question = _("To write this and apply the setup, type {name}: ") if report.applies else _("To write this, type {name}: ")
    await confirm(session, question)
    result = await repair(session, report)
    if result is None:
        session.reporter.say(_("Written. azwizard apply builds it."))
        return session.finish(_result(report.verdict.healthy))
    if result.outcome in ("failed", "blocked"):
        return session.finish(result)
    return _end(session, (await examine(session)).verdict)


def on_subscription_disabled(stop: CommandError, reporter: Reporter) -> ExitCode:
    """A subscription that is switched off keeps the doctor from looking, and is a verdict too."""
    if stop.code != SUBSCRIPTION_DISABLED:
        return tell_stop(stop, reporter)
    reporter.answer(subscription_disabled(str(stop)))
    reporter.event(_result(healthy=False))
    return ExitCode.FAILED


def _end(session: Session, verdict: Verdict) -> ExitCode:
    session.reporter.answer(verdict.event())
    return session.finish(_result(verdict.healthy))


def _result(healthy: bool) -> ResultEvent:
    if healthy:
        return ResultEvent("succeeded", sentence=_("Nothing to do."))
    return ResultEvent("failed", sentence=_("After that, azwizard doctor looks again."))
