"""A budget of a month on a resource group: Azure writes an e-mail when so much of it is spent, and stops nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.resource_ids import group_id
from wizard.engine.step import Change, Observation, Outputs, Step, StepContext, different, missing, same
from wizard.platform.language import _
from wizard.sections import naming, step_ids

if TYPE_CHECKING:
    from wizard.setup.answers import Answers
    from wizard.state.resource_snapshot import ResourceSnapshot
    from wizard.state.snapshot import Snapshot

VERSION = "2024-08-01"
SHARES = (80, 100)
"""Per cent of the budget at which Azure writes."""


class MonthlyBudgetStep(Step):
    """A budget as it should be: its amount, and to whom Azure writes.

    :param only_tagged: whose costs count in a group that others have things in too; "" for all that lies in it.
    """

    section = "project"
    needs = (step_ids.RESOURCE_GROUP,)
    expected_seconds = 3.0

    def __init__(self, answers: Answers, name: str, amount: int, email: str, *, only_tagged: str = "") -> None:
        self._amount, self._email, self._only_tagged = amount, email, only_tagged
        self._group = answers.project.resource_group
        self._name = name
        self._path = self._place(answers.sign_in.subscription)
        self.title = _("A budget of {amount} USD a month for {group}").format(amount=amount, group=self._group)
        self.rights = (PermissionRequirement("Microsoft.Consumption/budgets/write", self._path, "Contributor"),)

    def _place(self, subscription: str) -> str:
        return f"{group_id(subscription, self._group)}/providers/Microsoft.Consumption/budgets/{self._name}"

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the budget is there, with its amount and its address."""
        kept = await get_or_none(snapshot.cloud.arm("GET", self._path, VERSION))
        if kept is None:
            return missing(_("Azure writes to {email} at {shares} %").format(email=self._email, shares=", ".join(map(str, SHARES))))
        before, addresses = float(kept["properties"]["amount"]), _addresses(kept)
        changes = [Change(_("amount"), f"{before:g}", str(self._amount), self.section)] if before != self._amount else []
        if addresses != {self._email}:
            changes.append(Change(_("to whom Azure writes"), ", ".join(sorted(addresses)) or _("nobody"), self._email, self.section))
        return different(*changes) if changes else same(self._email)

    async def make(self, making: StepContext) -> None:
        """Write the budget."""
        kept = await get_or_none(making.cloud.arm("GET", self._path, VERSION))
        body = self.body()
        if kept is not None:  # the month it began in cannot be changed, and the eTag tells Azure which one is meant
            body["properties"]["timePeriod"] = kept["properties"]["timePeriod"]
            body["eTag"] = kept["eTag"]
        await making.cloud.arm("PUT", self._path, VERSION, body)

    def body(self) -> dict[str, Any]:
        """The budget as ARM takes it (Budgets - Create Or Update, Microsoft.Consumption 2024-08-01); a month begins on its first day."""
        notifications = {
            f"actual-{share}": {
                "enabled": True,
                "operator": "GreaterThanOrEqualTo",
                "threshold": share,
                "thresholdType": "Actual",
                "contactEmails": [self._email],
            }
            for share in SHARES
        }
        period = {"startDate": f"{datetime.now(UTC):%Y-%m}-01T00:00:00Z"}
        properties = {"category": "Cost", "amount": self._amount, "timeGrain": "Monthly", "timePeriod": period}
        tagged = {"tags": {"name": naming.SETUP_TAG, "operator": "In", "values": [self._only_tagged]}}
        return {"properties": {**properties, "notifications": notifications, **({"filter": tagged} if self._only_tagged else {})}}

    def az(self, facts: Outputs) -> list[list[str]]:
        """The request that writes the budget."""
        return self._az(self._path)

    def _az(self, path: str) -> list[list[str]]:
        url = f"https://management.azure.com{path}?api-version={VERSION}"
        return [["az", "rest", "--method", "put", "--url", url, "--body", json.dumps(self.body())]]


class SetupBudgetStep(MonthlyBudgetStep):
    """The budget of a setup, named after it, which goes with it."""

    id = step_ids.BUDGET

    def __init__(self, answers: Answers) -> None:
        project = answers.project
        only_tagged = project.setup if project.existing_group else ""
        super().__init__(answers, f"azwizard-{project.setup}", project.budget, project.budget_email, only_tagged=only_tagged)

    async def undo(self, making: StepContext) -> str | None:
        """Delete the budget; its name is the setup's own."""
        if await get_or_none(making.cloud.arm("GET", self._path, VERSION)) is not None:
            await making.cloud.arm("DELETE", self._path, VERSION)
        return None


async def cleanup_steps(answers: Answers, snapshot: Snapshot) -> list[Step]:
    """What removes a budget that the answers no longer name."""
    if answers.project.budget or await snapshot.group() is None:
        return []
    step = SetupBudgetStep(answers)
    step.title = _("Budget of {group}").format(group=answers.project.resource_group)
    return [step] if (await step.look(snapshot, Outputs())).to_remove else []


async def recovered_budget(snapshot: ResourceSnapshot) -> dict[str, Any]:
    """The budget's answers from Azure alone; none where there is no budget of the setup's name, or it may not be read."""
    from azure.core.exceptions import HttpResponseError

    path = f"{snapshot.group_scope()}/providers/Microsoft.Consumption/budgets/azwizard-{snapshot.targets.setup}"
    try:
        kept = await snapshot.cloud.arm("GET", path, VERSION)
    except HttpResponseError:
        return {}
    return {"budget": int(kept["properties"]["amount"]), "budget_email": next(iter(sorted(_addresses(kept))), "")}


def _addresses(budget: dict[str, Any]) -> set[str]:
    notifications = (budget["properties"].get("notifications") or {}).values()
    return {str(address) for notification in notifications for address in notification.get("contactEmails") or []}
