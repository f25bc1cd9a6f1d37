"""The commands on versions: `releases`, `diff`, `rollback` and `deploy`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.commands.commands import planned_result, tell_findings
from wizard.commands.confirmation import confirm, confirm_unconfined
from wizard.engine.events import ResultEvent
from wizard.engine.session import CommandError, ExitCode, Session
from wizard.platform.language import _
from wizard.releases.going import go, prepare_deploy, prepare_rollback
from wizard.releases.history import History, read_history
from wizard.state.snapshot import Snapshot

if TYPE_CHECKING:
    from wizard.engine.journal import Journal
    from wizard.releases.going import Prepared


async def releases(session: Session) -> ExitCode:
    """Tell every release, the newest first."""
    history = await _history(session)
    for release in reversed(history.releases):
        session.reporter.answer(history.event(release))
    count = len(history.releases)
    sentence = _("No deployment was noted as a release yet: the next one is.") if not count else _("The newest release stands first.")
    return session.finish(ResultEvent("succeeded", sentence=sentence, extra={"releases": count}))


async def diff(session: Session, before: int, after: int) -> ExitCode:
    """Tell what differs between two releases."""
    history = await _history(session)
    missing = [number for number in (before, after) if history.find(number) is None]
    if missing:
        sentence = _("There is no release {number}: azwizard releases lists those there are.")
        raise CommandError([("release", sentence.format(number=number)) for number in missing])
    changes = history.between(*(release for number in (before, after) if (release := history.find(number))))
    for change in changes:
        session.reporter.answer(change.event)
    sentence = "" if changes else _("Nothing differs between them.")
    return session.finish(ResultEvent("succeeded", sentence=sentence, extra={"differences": len(changes)}))


async def rollback(session: Session, number: int | None) -> ExitCode:
    """Run an earlier release again, after a confirmation."""
    with session.journal() as journal, journal.lock():
        prepared = await prepare_rollback(session, number)
        question = _("To run release {number} again, type {{name}}: ").format(number=prepared.release)
        after = _("Release {number} runs. Your setup stays with it until azwizard deploy builds your code again.")
        return await _carry(session, journal, prepared, question, after.format(number=prepared.release))


async def deploy(session: Session) -> ExitCode:
    """Build the code as it is now and run it, after a confirmation."""
    with session.journal() as journal, journal.lock():
        prepared = await prepare_deploy(session)
        await tell_findings(session, prepared.plan)
        return await _carry(session, journal, prepared, _("To deploy your code as it is now, type {name}: "), "")


async def _carry(session: Session, journal: Journal, prepared: Prepared, question: str, sentence: str) -> ExitCode:
    prepared.plan.report(session.reporter)
    if prepared.plan.hindered:
        return session.finish(replace(planned_result(prepared.plan), created=0, changed=0))
    if prepared.plan.to_make:
        await confirm(session, question)
        await confirm_unconfined(session)
    result = await go(session, prepared, journal, session.reporter.event)
    return session.finish(replace(result, sentence=sentence) if result.outcome in ("succeeded", "unchanged") else result)


async def _history(session: Session) -> History:
    history = await read_history(Snapshot(session.cloud, session.answers, session.given_secret))
    if history is None:
        raise CommandError([("app", _("Nothing is deployed yet: azwizard apply deploys it."))])
    return history
