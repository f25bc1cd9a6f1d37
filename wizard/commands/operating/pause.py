"""``azwizard pause`` and ``azwizard start``: the API rests without being deleted, and comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none
from wizard.engine import ownership
from wizard.engine.events import ResultEvent
from wizard.engine.holding.run_mark import RunHold
from wizard.engine.session import CommandError, ExitCode, Session
from wizard.platform.language import _
from wizard.state.resources import ResourceRefs
from wizard.steps.app import pause as app_pause
from wizard.steps.app.differences import is_placeholder

if TYPE_CHECKING:
    from wizard.state.resources import ResourceRef


async def pause(session: Session) -> ExitCode:
    """Stop the app as a whole, and mark that the person wanted it."""
    return session.finish(await pause_setup(session))


async def start(session: Session) -> ExitCode:
    """Start the app again, and see that it runs."""
    return session.finish(await start_setup(session))


async def pause_setup(session: Session) -> ResultEvent:
    """Pause the setup's app, for every face. Raises CommandError where there is none of it, SetupLocked, and HttpResponseError."""
    async with _held(session) as (target, app):
        if app_pause.paused_since(app) is not None:
            return _paused("unchanged", _("It is paused already: azwizard start starts it again."))
        await app_pause.pause(session.cloud, target)
    sentence = _(
        "Paused: your API answers nobody until azwizard start starts it again. Copies cost nothing now; everything else costs what it did."
    )
    return _paused("succeeded", sentence)


async def start_setup(session: Session) -> ResultEvent:
    """Start the setup's app, for every face. Raises as `pause_setup`, and CloudError when it neither runs nor fails."""
    async with _held(session) as (target, app):
        if not app_pause.is_stopped(app):
            return ResultEvent("unchanged", url=_address(app), sentence=_("It is not paused."), extra={"state": "running"})
        state = await app_pause.start(session.cloud, target, session.reporter.say)
    if state is None or not state.works:
        words = state.word if state else _("there is no revision")
        sentence = _("Started, but it does not run ({state}): azwizard doctor looks for the reason.").format(state=words)
        return ResultEvent("failed", failed=1, sentence=sentence, extra={"state": "failed"})
    return ResultEvent("succeeded", changed=1, url=_address(app), sentence=_("Your API runs again."), extra={"state": "running"})


@asynccontextmanager
async def _held(session: Session) -> AsyncIterator[tuple[ResourceRef, dict[str, Any]]]:
    """The setup's app and where it is, held against other runs here and elsewhere."""
    target = ResourceRefs.named(session.answers, session.cloud.subscription_id).app
    assert target is not None
    project = session.answers.project
    with session.journal() as journal, journal.lock():
        app = await get_or_none(session.cloud.apps.container_apps.get(target.group, target.name))
        actual = app.as_dict() if app else {}
        if not actual or is_placeholder(actual):
            raise CommandError([("app", _("{name} is not deployed yet: azwizard apply deploys it.").format(name=target.name))])
        if ownership.owner(app) != project.setup:
            raise CommandError([("app", _("The app {name} is not of this setup, and is left alone.").format(name=target.name))])
        hold = RunHold(session.cloud, journal, project.setup, project.resource_group)
        await hold.take()
        try:
            yield target, actual
        finally:
            await hold.release()


def _paused(outcome: str, sentence: str) -> ResultEvent:
    return ResultEvent(outcome, changed=int(outcome == "succeeded"), sentence=sentence, extra={"state": "paused"})


def _address(app: dict[str, Any]) -> str | None:
    ingress = (app["properties"].get("configuration") or {}).get("ingress") or {}
    return f"https://{ingress['fqdn']}" if ingress.get("fqdn") else None
