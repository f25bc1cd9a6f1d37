"""The command ``azwizard handoff``: the packet written, and when the person likes, waited for."""

from __future__ import annotations

import asyncio
from pathlib import Path

from wizard.commands.commands import tell_hindered
from wizard.commands.exporting.output import writing
from wizard.engine.events import ResultEvent
from wizard.engine.session import ExitCode, Session
from wizard.handoff.folder import write_folder
from wizard.handoff.record import HandoffRecord, recall, remember
from wizard.handoff.request import HandoffRequest, request_for
from wizard.platform.language import _

POLLS = 5  # Azure is asked again after so many times the time between two looks at an operation


async def handoff(session: Session, *, output: Path | None, wait: bool) -> ExitCode:
    """Write what to send to whoever can give the rights that are missing, and remember that it was asked.

    :param wait: then ask Azure again and again until everything was given; Ctrl+C leaves, and nothing is lost.
    """
    plan = await session.plan()
    request = request_for(plan.steps, session.answers)
    for event in plan.passport.events():
        if event.state == "missing":
            session.reporter.event(event)
    tell_hindered(plan, session.reporter.event)
    if request is None:
        texts = (
            _("Nobody need be asked: you may activate what is missing."),
            _("No right in your subscription is missing, and so nobody there need be asked."),
            _("Nobody need be asked: no right is missing."),
        )
        session.reporter.say(texts[0] if plan.passport.lacking else texts[1] if plan.hindered else texts[2])
        return session.finish(ResultEvent("missing" if plan.hindered else "met", blocked=len(plan.hindered)))
    folder = output or session.answers.handoff_folder
    with writing(folder):
        await write_folder(request, session.answers, session.cloud, folder)
    with session.journal() as journal:
        remember(journal, request.rights)
    session.reporter.say(_("Written: {folder}. Send what is in it to an owner of the subscription.").format(folder=folder))
    if wait:
        return await _wait(session, request)
    session.reporter.say(_("When it is done, azwizard check says what was given, and azwizard apply goes on."))
    extra = {"folder": str(folder), "asked": len(request.rights)}
    return session.finish(ResultEvent("succeeded", blocked=len(request.rights), extra=extra))


async def _wait(session: Session, request: HandoffRequest) -> ExitCode:
    """Probe until everything is given, and say each time that more of it is."""
    session.reporter.say(_("Waiting until it is given; Ctrl+C leaves, and azwizard check says later how it stands."))
    count, granted = len(request.rights), 0
    while granted < count:
        await asyncio.sleep(session.cloud.polling_interval * POLLS)
        open_request = await _how_it_stands(session)
        if open_request is None:
            break
        if open_request.given > granted:
            session.reporter.say(open_request.sentence)
        granted = open_request.given
    session.reporter.say(_("Everything is given: azwizard apply goes on."))
    return session.finish(ResultEvent("met", extra={"asked": count, "given": count}))


async def _how_it_stands(session: Session) -> HandoffRecord | None:
    plan = await session.plan()
    with session.journal() as journal:
        return recall(journal, [stamp.right for stamp in plan.passport.lacking])
