"""``azwizard cost``: what the setup has cost so far this month, thing by thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.cloud.services.costs import RIGHT, Spending, month_to_date
from wizard.engine.events import CostEvent, ResultEvent
from wizard.engine.session import CommandError, ExitCode, Session
from wizard.platform.language import _
from wizard.sections import SECTIONS
from wizard.sections.naming import SECTION_TAG
from wizard.state.snapshot import Snapshot

if TYPE_CHECKING:
    from azure.mgmt.resource.resources.models import GenericResourceExpanded

LATE = 24  # hours
CENTS = 2


async def cost(session: Session) -> ExitCode:
    """Tell what each made thing cost since the month began, and the sum. Raises CommandError where it may not be seen."""
    snapshot = Snapshot(session.cloud, session.answers, session.given_secret)
    if await snapshot.group() is None:
        raise CommandError([("cost", _("Nothing of this setup is in Azure: nothing costs anything."))])
    spending = await _spending(session, snapshot.group_scope())
    mine = [resource for resource in (await snapshot.resources()).values() if snapshot.is_ours(resource)]
    events = sorted((_of_resource(resource, spending) for resource in mine), key=lambda event: -event.amount)
    rest = sum(spending.parts.values()) - sum(event.amount for event in events)
    if not session.answers.project.existing_group and round(rest, CENTS) > 0:
        events.append(CostEvent(_("what is no longer there, and what others made in the group"), "", rest, spending.currency))
    for event in events:
        session.reporter.answer(event)
    whole = round(sum(event.amount for event in events), CENTS)
    sentence = _("So far this month: {amount:.2f} {currency}. Azure tells costs up to {hours} hours late; azwizard plan estimates a month.")
    if session.cloud.kind == "practice":
        sentence = _("So far this month: {amount:.2f} {currency} by list prices. The practice cloud itself costs nothing.")
    words = sentence.format(amount=whole, currency=spending.currency, hours=LATE)
    return session.finish(ResultEvent("succeeded", sentence=words, extra={"amount": whole, "currency": spending.currency}))


async def _spending(session: Session, scope: str) -> Spending:
    """What the group has cost. Raises CommandError where it may not be seen."""
    from azure.core.exceptions import HttpResponseError

    try:
        return await month_to_date(session.cloud.arm, scope)
    except HttpResponseError as error:
        if error.status_code != 403:
            raise
        sentence = _(
            "You may not see what {group} costs: that takes the right {right}, which Reader, Contributor and Cost Management Reader give. "
            "Ask whoever manages the subscription for one of them on the resource group."
        )
        raise CommandError(
            [("cost", sentence.format(group=session.answers.project.resource_group, right=RIGHT))], code="AuthorizationFailed"
        ) from None


def _of_resource(resource: GenericResourceExpanded, spending: Spending) -> CostEvent:
    """A thing by the section that made it, with its name in Azure."""
    title = next((_(section.title) for section in SECTIONS if section.name == (resource.tags or {}).get(SECTION_TAG)), "")
    what = f"{title} ({resource.name})" if title else str(resource.name)
    return CostEvent(what, str(resource.id), round(spending.of(str(resource.id)), 4), spending.currency)
