"""Whether a push puts the new version online by itself, without the wizard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.permissions.role_assignments import grant, revoke
from wizard.cloud.resource_ids import ROLES
from wizard.engine.step import Observation, StepContext, missing, same
from wizard.platform.language import _
from wizard.source.git.workflow_file import VariableNames
from wizard.state.repository.repository_state import identity_name
from wizard.steps.github.step import GitHubStep
from wizard.steps.github.trust import ONLINE_ROLE as ROLE
from wizard.steps.github.trust import online_scopes, set_variable

if TYPE_CHECKING:
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.repository.github_state import GitHubReading
    from wizard.state.snapshot import Snapshot


class PushDeploysStep(GitHubStep):
    """The role by which the workflow's identity may change the app, and then the variable that tells the workflow to do so.

    It comes after the app's own version, so that no run looks for an app that is not there yet.
    """

    id = "pipeline.deploy"
    needs = ("app.revision", "pipeline.variables", "pipeline.identity", "pipeline.image")
    expected_seconds = 3.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self._name = VariableNames.of(self._setup).app
        self._app = answers.app.name
        self.title = _("A push puts {app} online by itself").format(app=self._app)
        group = answers.project.resource_group
        self._identity = (group, identity_name(answers))
        self._scopes = online_scopes(answers)
        granting = "Role Based Access Control Administrator"
        self.rights = tuple(
            PermissionRequirement("Microsoft.Authorization/roleAssignments/write", scope, granting, assigns=ROLE, to="pipeline")
            for scope in self._scopes
        )

    async def _look(self, reading: GitHubReading, snapshot: Snapshot, facts: Outputs) -> Observation:
        identity, app = await reading.identity(), await snapshot.app()
        if identity is None or app is None or (await reading.variables()).get(self._name) != self._app:
            return missing(ROLE)
        for scope in self._scopes:
            mine = [item for item in await snapshot.role_assignments(scope) if item.principal_id == identity.principal_id]
            if not any(str(item.role_definition_id).lower().endswith(ROLES[ROLE]) for item in mine):
                return missing(ROLE)
        return same(ROLE)

    async def make(self, making: StepContext) -> None:
        """Give the role, and let the workflow know."""
        principal = str((await making.cloud.identities.user_assigned_identities.get(*self._identity)).principal_id)
        for scope in self._scopes:
            await grant(making.cloud, scope, ROLE, principal, "ServicePrincipal")
        reading = self._fresh(making)
        await set_variable(await reading.github(), self._name, self._app, await reading.variables())

    async def undo(self, making: StepContext) -> str | None:
        """Take both back; a run that goes on builds its image all the same."""
        reading = self._fresh(making)
        if self._name in await reading.variables():
            await (await reading.github()).remove_variable(self._name)
        if (identity := await reading.identity()) is not None:
            for scope in self._scopes:
                await revoke(making.cloud, scope, ROLE, str(identity.principal_id))
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The role by az, the variable by ``gh``."""
        who = ["--assignee-object-id", "<pipeline-principal-id>", "--assignee-principal-type", "ServicePrincipal"]
        give = [["az", "role", "assignment", "create", *who, "--role", ROLE, "--scope", scope] for scope in self._scopes]
        return [*give, ["gh", "variable", "set", self._name, "--body", self._app, *self._where]]
