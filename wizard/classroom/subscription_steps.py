"""What a trainer brings about in a subscription before a class: for each learner a resource group, rights on it, and a budget.

The steps are those of any plan, so that they are looked at, confirmed, journalled and repeated like everything else. The group is
tagged as the learner's own setup, which then keeps it and whose `destroy` removes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

from wizard.classroom.class_file import ClassCloud, Learner
from wizard.cloud.lookups import get_or_none
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.permissions.role_assignments import grant
from wizard.cloud.resource_ids import ROLES, group_id
from wizard.engine.contribution import Contribution
from wizard.engine.step import Change, Observation, Outputs, Step, StepContext, blocked, different, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.steps.project import CONTRIBUTION as PROJECT

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

GRANTED = ("Contributor", "Role Based Access Control Administrator")
"""Roles of a learner on the own group: the second since a setup gives its app and its person the roles that they need."""
BUDGETS_VERSION = "2024-08-01"
SHARES = (80, 100)
"""Per cent of the budget at which Azure writes."""
GROUP_STEP = step_ids.RESOURCE_GROUP
SUBSCRIPTION_HOLE = "<subscription-id>"


def contributions(learner: Learner, cloud: ClassCloud) -> Callable[[], list[Contribution]]:
    """What is made for one learner."""

    def steps(answers: Answers) -> list[Step]:
        rights: list[Step] = [LearnerRoleStep(answers, learner, role) for role in GRANTED] if learner.account else []
        return [*rights, *([BudgetStep(answers, cloud)] if cloud.budget else [])]

    return lambda: [PROJECT, Contribution(section="project", steps=steps)]


class LearnerRoleStep(Step):
    """A role of the learner's account on the learner's own resource group."""

    section = "project"
    needs = (GROUP_STEP,)
    expected_seconds = 3.0

    def __init__(self, answers: Answers, learner: Learner, role: str) -> None:
        self._account, self._role = learner.account, role
        self._group = answers.project.resource_group
        self.id = f"class.{role.lower().replace(' ', '_')}"
        self.title = _("{name} may work in {group}").format(name=learner.name, group=self._group)
        scope = group_id(answers.sign_in.subscription, self._group)
        self.rights = (PermissionRequirement("Microsoft.Authorization/roleAssignments/write", scope, "Owner", assigns=role),)

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        principal = await object_id(snapshot.cloud, self._account)
        if principal is None:
            return blocked(
                _("The directory knows no account {account}.").format(account=self._account),
                _("Correct account of the learner in the class file: a user principal name, or an object id."),
            )
        held = await snapshot.role_assignments(snapshot.group_scope()) if await snapshot.group() else []
        role = ROLES[self._role]
        if any(one.principal_id == principal and str(one.role_definition_id).lower().endswith(role) for one in held):
            return same(self._role)
        return missing(self._role)

    async def make(self, making: StepContext) -> None:
        principal = await object_id(making.cloud, self._account)
        assert principal is not None
        await grant(making.cloud, group_id(making.cloud.subscription_id, self._group), self._role, principal, "User")

    def az(self, facts: Outputs) -> list[list[str]]:
        scope = group_id(SUBSCRIPTION_HOLE, self._group)
        return [["az", "role", "assignment", "create", "--role", self._role, "--assignee", self._account, "--scope", scope]]


class BudgetStep(Step):
    """A budget on the learner's own resource group, about which Azure writes; it stops nothing."""

    id = "class.budget"
    section = "project"
    needs = (GROUP_STEP,)
    expected_seconds = 3.0

    def __init__(self, answers: Answers, cloud: ClassCloud) -> None:
        self._cloud, self._group = cloud, answers.project.resource_group
        self.title = _("A budget of {amount} USD a month for {group}").format(amount=cloud.budget, group=self._group)
        place = self._place(answers.sign_in.subscription)
        self.rights = (PermissionRequirement("Microsoft.Consumption/budgets/write", place, "Contributor"),)

    def _place(self, subscription: str) -> str:
        return f"{group_id(subscription, self._group)}/providers/Microsoft.Consumption/budgets/azwizard-class"

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        kept = await get_or_none(snapshot.cloud.arm("GET", self._place(snapshot.cloud.subscription_id), BUDGETS_VERSION))
        if kept is None:
            return missing()
        before = float(kept["properties"]["amount"])
        if before == self._cloud.budget:
            return same()
        return different(Change(_("amount"), f"{before:g}", str(self._cloud.budget), self.section))

    async def make(self, making: StepContext) -> None:
        place = self._place(making.cloud.subscription_id)
        kept = await get_or_none(making.cloud.arm("GET", place, BUDGETS_VERSION))
        body = self.body()
        if kept is not None:  # the month it began in cannot be changed, and the eTag tells Azure which one is meant
            body["properties"]["timePeriod"] = kept["properties"]["timePeriod"]
            body["eTag"] = kept["eTag"]
        await making.cloud.arm("PUT", place, BUDGETS_VERSION, body)

    def body(self) -> dict[str, Any]:
        """The budget as ARM takes it (Budgets - Create Or Update, Microsoft.Consumption 2024-08-01); a month begins on its first day."""
        notifications = {
            f"actual-{share}": {
                "enabled": True,
                "operator": "GreaterThanOrEqualTo",
                "threshold": share,
                "thresholdType": "Actual",
                "contactEmails": [self._cloud.contact],
            }
            for share in SHARES
        }
        period = {"startDate": f"{datetime.now(UTC):%Y-%m}-01T00:00:00Z"}
        properties = {"category": "Cost", "amount": self._cloud.budget, "timeGrain": "Monthly", "timePeriod": period}
        return {"properties": {**properties, "notifications": notifications}}

    def az(self, facts: Outputs) -> list[list[str]]:
        url = f"https://management.azure.com{self._place(SUBSCRIPTION_HOLE)}?api-version={BUDGETS_VERSION}"
        return [["az", "rest", "--method", "put", "--url", url, "--body", json.dumps(self.body())]]


async def object_id(cloud: Cloud, account: str) -> str | None:
    """The object id of a user principal name; an object id as it is. None where the directory has no such user."""
    try:
        return str(UUID(account))
    except ValueError:
        user = await get_or_none_graph(cloud, f"/users/{quote(account, safe='@')}?$select=id")
        return str(user["id"]) if user else None


async def get_or_none_graph(cloud: Cloud, path: str) -> Any:
    """What Graph answers, or None for 404, which it does not raise as ARM does."""
    from azure.core.exceptions import HttpResponseError

    try:
        return await cloud.graph("GET", path)
    except HttpResponseError as error:
        if error.status_code != 404:
            raise
        return None
