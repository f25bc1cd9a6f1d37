"""``azwizard metrics``: how the API fared in its last half hour, as Azure Monitor knows it."""

from __future__ import annotations

from wizard.engine.events import ResultEvent
from wizard.engine.session import CommandError, ExitCode, Session
from wizard.platform.language import _
from wizard.releases.metrics import read_recent
from wizard.state.snapshot import Snapshot
from wizard.steps.app.differences import is_placeholder


async def metrics(session: Session) -> ExitCode:
    """Tell each metric. Raises CommandError where nothing is deployed, or they may not be seen."""
    snapshot = Snapshot(session.cloud, session.answers, session.given_secret)
    app = await snapshot.app()
    if app is None or is_placeholder(app.as_dict()):
        raise CommandError([("metrics", _("Nothing is deployed yet: azwizard apply deploys it."))])
    events, trouble = await read_recent(snapshot)
    if trouble:
        raise CommandError([("metrics", trouble)])
    for event in events:
        session.reporter.answer(event)
    return session.finish(ResultEvent("succeeded", sentence=_("The last 30 minutes, a column for each; Azure is some minutes late.")))


async def tell_metrics(session: Session, snapshot: Snapshot) -> None:
    """The same beside other answers, which do not depend on it: what hinders it is said."""
    events, trouble = await read_recent(snapshot)
    for event in events:
        session.reporter.answer(event)
    if trouble:
        session.reporter.say(trouble)
