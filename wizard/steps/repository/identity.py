"""Who the pipeline is in Azure: an identity of its own that may push images, so that nobody needs a role in the directory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.permissions.role_assignments import grant, revoke
from wizard.cloud.resource_ids import ROLES, resource_id
from wizard.engine import ownership
from wizard.engine.polling import until
from wizard.engine.step import Observation, Step, StepContext, conflict, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.state.repository.pipeline_tags import pipeline_tags
from wizard.state.repository.repository_state import identity_name
from wizard.state.resources import IDENTITY, REGISTRY

if TYPE_CHECKING:
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

PUSH = "AcrPush"
NOT_KNOWN_EVERYWHERE_YET = "PrincipalNotFound"


class PipelineIdentityStep(Step):
    """A user-assigned identity, named ``id-<project>-<environment>-pipeline``."""

    id = step_ids.PIPELINE_IDENTITY
    section = "pipeline"
    needs = (step_ids.RESOURCE_GROUP, "provider.Microsoft.ManagedIdentity")
    expected_seconds = 3.0

    def __init__(self, answers: Answers) -> None:
        self._project = answers.project
        self._tags = self._project.resource_tags(self.section) | pipeline_tags(answers)
        self._place = (answers.project.resource_group, identity_name(answers))
        self.title = _("Identity {name} for your pipeline").format(name=self._place[1])
        scope = resource_id(answers.sign_in.subscription, self._place[0], IDENTITY, self._place[1])
        self.rights = (PermissionRequirement(f"{IDENTITY}/write", scope, "Managed Identity Contributor"),)

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the pipeline's managed identity exists."""
        identity = await snapshot.repository.identity()
        if identity is None:
            return missing()
        if not snapshot.is_ours(identity):
            return conflict(
                _("There is an identity {name} already, and this setup did not make it.").format(name=self._place[1]),
                _("Have its owner remove it, or choose another name for the project."),
            )
        return same()

    async def make(self, making: StepContext) -> None:
        """Create the pipeline's user-assigned managed identity."""
        await making.cloud.identities.user_assigned_identities.create_or_update(*self._place, self.body())

    def body(self) -> Any:
        """The identity as ARM takes it."""
        return {"location": self._project.region, "tags": self._tags}

    async def undo(self, making: StepContext) -> str | None:
        """Delete the identity where this setup made it."""
        identities = making.cloud.identities.user_assigned_identities
        identity = await get_or_none(identities.get(*self._place))
        if identity is None:
            return None
        if ownership.owner(identity) != self._project.setup:
            return ownership.look_kept(self._place[1])
        await identities.delete(*self._place)
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that creates the identity."""
        tags = [f"{key}={value}" for key, value in self._tags.items()]
        place = ["--name", self._place[1], "--resource-group", self._place[0], "--location", self._project.region]
        return [["az", "identity", "create", *place, "--tags", *tags]]


class PipelineRoleStep(Step):
    """AcrPush on the registry for that identity. That it counts, only the pipeline can try: a run that is refused is begun again."""

    id = step_ids.PIPELINE_ROLE
    section = "pipeline"
    needs = (PipelineIdentityStep.id, step_ids.REGISTRY)
    expected_seconds = 3.0

    def __init__(self, answers: Answers) -> None:
        self._place = (answers.project.resource_group, identity_name(answers))
        self._scope = resource_id(answers.sign_in.subscription, answers.registry.resource_group, REGISTRY, answers.registry.name)
        self.title = _("Your pipeline may push images to {name}").format(name=answers.registry.name)
        granting = "Role Based Access Control Administrator"
        self.rights = (
            PermissionRequirement("Microsoft.Authorization/roleAssignments/write", self._scope, granting, assigns=PUSH, to="pipeline"),
        )

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the pipeline's identity may push into the registry."""
        identity = await snapshot.repository.identity()
        if identity is None:
            return missing(PUSH)
        held = [
            role_assignment
            for role_assignment in await snapshot.role_assignments(self._scope)
            if role_assignment.principal_id == identity.principal_id
        ]
        return same(PUSH) if any(str(item.role_definition_id).lower().endswith(ROLES[PUSH]) for item in held) else missing(PUSH)

    async def make(self, making: StepContext) -> None:
        """Give the pipeline's identity the role to push, waiting until the directory knows its principal."""
        from azure.core.exceptions import HttpResponseError

        principal = str((await making.cloud.identities.user_assigned_identities.get(*self._place)).principal_id)

        async def granted() -> bool:
            try:
                await grant(making.cloud, self._scope, PUSH, principal, "ServicePrincipal")
            except HttpResponseError as error:
                if error.error is None or error.error.code != NOT_KNOWN_EVERYWHERE_YET:
                    raise
                return False
            return True

        await until(granted, making.wait, _("Azure makes the new identity known everywhere"), interval=making.cloud.polling_interval)

    async def undo(self, making: StepContext) -> str | None:
        """Take the role away from the pipeline's identity."""
        identity = await get_or_none(making.cloud.identities.user_assigned_identities.get(*self._place))
        if identity is not None:
            await revoke(making.cloud, self._scope, PUSH, str(identity.principal_id))
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that assigns the role."""
        who = ["--assignee-object-id", "<pipeline-principal-id>", "--assignee-principal-type", "ServicePrincipal"]
        return [["az", "role", "assignment", "create", *who, "--role", PUSH, "--scope", self._scope]]
