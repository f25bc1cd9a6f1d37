"""What a trainer brings about in a subscription before a class: for each learner a resource group, rights on it, and a budget.

The steps are those of any plan, so that they are looked at, confirmed, journalled and repeated like everything else. The group is
tagged as the learner's own setup, which then keeps it and whose `destroy` removes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import UUID

from wizard.classroom.class_file import ClassCloud, Learner
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.permissions.role_assignments import grant
from wizard.cloud.resource_ids import ROLES, group_id
from wizard.engine.contribution import Contribution
from wizard.engine.step import Observation, Outputs, Step, StepContext, blocked, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.steps.budgets.monthly import MonthlyBudgetStep
from wizard.steps.project import CONTRIBUTION as PROJECT

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

GRANTED = ("Contributor", "Role Based Access Control Administrator")
"""Roles of a learner on the own group: the second since a setup gives its app and its person the roles that they need."""
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


class BudgetStep(MonthlyBudgetStep):
    """A budget on the learner's own resource group, about which Azure writes; it stops nothing."""

    id = "class.budget"

    def __init__(self, answers: Answers, cloud: ClassCloud) -> None:
        super().__init__(answers, "azwizard-class", cloud.budget, cloud.contact)

    def az(self, facts: Outputs) -> list[list[str]]:
        """The request that writes the budget, for a script that learns the subscription when it runs."""
        return self._az(self._place(SUBSCRIPTION_HOLE))


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
