"""The one way in which a plan is carried out, by whichever face: under the setup's lock, journalled, with the API's address at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.engine.destroy import destroy
from wizard.engine.events import Listener, ResultEvent
from wizard.engine.holding.run_mark import RunHold, is_left_behind
from wizard.engine.holding.since_review import hold_against_review
from wizard.engine.plan import Action, Plan
from wizard.engine.run import Run
from wizard.engine.step_execution import SecretSource

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.engine.journal import Journal


def journal_of(cloud: Cloud, setup: str) -> Journal:
    """The journal of a setup (``orders-dev``) in the subscription that is signed in to."""
    from wizard.engine.journal import Journal
    from wizard.platform.folders import home

    return Journal.open(home(), cloud.kind, cloud.tenant_id, cloud.subscription_id, setup)


async def carry_out(
    plan: Plan,
    cloud: Cloud,
    journal: Journal,
    secrets: SecretSource,
    listen: Listener,
    *,
    removing: bool = False,
    reviewed: bool = False,
) -> ResultEvent:
    """Make what a plan says or, when `removing`, delete what its steps made.

    Where this computer itself gives out (a full disk), the result is ``failed`` and says so: things may have been made by then.

    :param secrets: the value given for a secret's name, or None.
    :param listen: gets every event; called on the event loop, must not block.
    :param reviewed: whether a person looked at the plan before; then Azure is still as it was seen, or nothing is made.
    :raises SetupLocked: when another run holds the setup, here or elsewhere; a caller that planned under the lock holds it already.
    :raises CloudError: when Azure cannot be reached, and as `ChangedSinceReview` when it is not as it was seen.
    """
    from wizard.cloud.errors.translation import from_os_error

    with journal.lock():
        try:
            if not (removing or plan.to_make or is_left_behind(journal)):
                return await _make(plan, cloud, journal, secrets, listen)
            async with _hold(plan, cloud, journal) as hold:
                if reviewed:
                    await hold_against_review(plan, cloud, journal, removing=removing)
                if removing:
                    return await destroy(plan, cloud, journal, listen)
                return await _make(plan, cloud, journal, secrets, listen, hold)
        except Exception as error:
            several = error.exceptions if isinstance(error, ExceptionGroup) else (error,)
            trouble = next((problem for one in several if (problem := from_os_error(one))), None)
            if trouble is None:
                raise
            return ResultEvent("failed", failed=1, detail=str(trouble))


@asynccontextmanager
async def _hold(plan: Plan, cloud: Cloud, journal: Journal) -> AsyncIterator[RunHold]:
    """Hold the setup against other computers, until the run has ended in whatever way."""
    hold = RunHold(cloud, journal, plan.answers.project.setup, plan.answers.project.resource_group)
    await hold.take()
    try:
        yield hold
    finally:
        await hold.release()


async def _make(
    plan: Plan, cloud: Cloud, journal: Journal, secrets: SecretSource, listen: Listener, hold: RunHold | None = None
) -> ResultEvent:
    journal.begin(len(plan.steps), plan.count(Action.KEEP))
    result = await Run(plan, cloud, journal, secrets, listen, hold.keep if hold else None).make()
    journal.end(result.outcome, result.kept + result.created + result.changed)
    return with_address(result, plan, cloud)


def with_address(result: ResultEvent, plan: Plan, cloud: Cloud) -> ResultEvent:
    """The result with where the API answers, once it has an address and nothing failed."""
    fqdn = plan.facts.fqdn
    if not fqdn or result.outcome == "failed":
        return result
    return replace(result, url=f"https://{fqdn}", local_url=cloud.local_url(fqdn))
