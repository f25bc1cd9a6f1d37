"""Let the app in: its identity, and each role of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.permissions.role_assignments import grant, revoke
from wizard.cloud.resource_ids import ROLES
from wizard.engine import ownership
from wizard.engine.contribution import Contribution
from wizard.engine.polling import until
from wizard.engine.step import Observation, Step, StepContext, conflict, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.state.resources import IDENTITY, ResourceRef, ResourceRefs

if TYPE_CHECKING:
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

NOT_KNOWN_EVERYWHERE_YET = "PrincipalNotFound"


class IdentityStep(Step):
    """A user-assigned identity, named ``id-<project>-<environment>``."""

    id = step_ids.IDENTITY
    section = "identity"
    expected_seconds = 3.0
    needs = (step_ids.RESOURCE_GROUP, "provider.Microsoft.ManagedIdentity")

    def __init__(self, answers: Answers, target: ResourceRef) -> None:
        self._project = answers.project
        self._target = target
        self.title = _("Identity {name} for your app").format(name=target.name)
        self.rights = (
            PermissionRequirement("Microsoft.ManagedIdentity/userAssignedIdentities/write", target.id, "Managed Identity Contributor"),
        )

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the app's identity exists; its ids are told to the steps that need them."""
        identity = await snapshot.identity()
        if identity is None:
            return missing()
        if not snapshot.is_ours(identity):
            return conflict(
                _("There is an identity {name} already, and this setup did not make it.").format(name=self._target.name),
                _('Write identity = "system" under [app], or have its owner remove it.'),
            )
        self._learn(identity, facts)
        return same()

    async def make(self, making: StepContext) -> None:
        """Create the app's user-assigned managed identity."""
        identities = making.cloud.identities.user_assigned_identities
        self._learn(await identities.create_or_update(self._target.group, self._target.name, self.body()), making.facts)

    def proposed(self, tenant_id: str, facts: Outputs) -> Mapping[str, Any] | None:
        """The identity as policies and locks would judge it."""
        return {"type": IDENTITY, "name": self._target.name, **self.body()}

    def body(self) -> Any:
        """The identity as ARM takes it."""
        return {"location": self._project.region, "tags": self._project.resource_tags(self.section)}

    async def undo(self, making: StepContext) -> str | None:
        """Delete the identity where this setup made it."""
        identities = making.cloud.identities.user_assigned_identities
        identity = await get_or_none(identities.get(self._target.group, self._target.name))
        if identity is None:
            return None
        if ownership.owner(identity) != self._project.setup:
            return ownership.look_kept(self._target.name)
        await identities.delete(self._target.group, self._target.name)
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that creates the identity."""
        tags = [f"{key}={value}" for key, value in self._project.resource_tags(self.section).items()]
        place = ["--name", self._target.name, "--resource-group", self._target.group, "--location", self._project.region]
        return [["az", "identity", "create", *place, "--tags", *tags]]

    def _learn(self, identity: Any, facts: Outputs) -> None:
        facts.identity_resource_id = self._target.id
        facts.identity_principal_id = identity.principal_id


class RoleStep(Step):
    """One role of the app's identity at one resource.

    That it has come into effect, nobody but the app can try: the app's first version is written again until Azure accepts it.
    """

    section = "identity"
    expected_seconds = 3.0

    def __init__(self, answers: Answers, name: str, role: str, target: ResourceRef, needs: tuple[str, ...], title: str) -> None:
        self._system = answers.app.identity == "system"
        self._role = role
        self._scope = target.id
        self.id = f"identity.{name}"
        self.title = title
        self.needs = (*needs, step_ids.APP_IDENTITY if self._system else step_ids.IDENTITY)
        self.early = (step_ids.APP_IDENTITY,)
        granting = "Role Based Access Control Administrator"
        self.rights = (PermissionRequirement("Microsoft.Authorization/roleAssignments/write", target.id, granting, assigns=role, to="app"),)

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the app's identity holds the role at its scope."""
        principal = await self._principal(snapshot)
        if principal is None:
            return missing(self._role)
        role = ROLES[self._role]
        held = [
            role_assignment
            for role_assignment in await snapshot.role_assignments(self._scope)
            if str(role_assignment.role_definition_id).lower().endswith(role)
        ]
        return same(self._role) if any(item.principal_id == principal for item in held) else missing(self._role)

    async def make(self, making: StepContext) -> None:
        """Assign the role, waiting until the directory knows a principal that was made a moment ago."""
        from azure.core.exceptions import HttpResponseError

        principal = making.facts.identity_principal_id
        assert principal is not None  # its step comes before

        async def granted() -> bool:
            try:
                await grant(making.cloud, self._scope, self._role, principal, "ServicePrincipal")
            except HttpResponseError as error:
                if error.error is None or error.error.code != NOT_KNOWN_EVERYWHERE_YET:
                    raise
                return False
            return True

        await until(granted, making.wait, _("Azure makes the new identity known everywhere"), interval=making.cloud.polling_interval)

    async def undo(self, making: StepContext) -> str | None:
        """Take the role away from the app's identity."""
        principal = making.facts.identity_principal_id
        if principal is not None:
            await revoke(making.cloud, self._scope, self._role, principal)
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that assigns the role."""
        who = ["--assignee-object-id", facts.identity_principal_id or "<principal-id>", "--assignee-principal-type", "ServicePrincipal"]
        return [["az", "role", "assignment", "create", *who, "--role", self._role, "--scope", self._scope]]

    async def _principal(self, snapshot: Snapshot) -> str | None:
        if not self._system:
            identity = await snapshot.identity()
            return identity.principal_id if identity else None
        app = await snapshot.app()
        return app.identity.principal_id if app and app.identity else None


def steps(answers: Answers) -> list[Step]:
    """The identity where it is made apart, its right to the image, and to the secrets when there are any."""
    targets = ResourceRefs.named(answers, answers.sign_in.subscription)
    assert targets.registry and targets.vault
    result: list[Step] = [IdentityStep(answers, targets.identity)] if targets.identity else []
    registry_needs = () if targets.registry.existing else (step_ids.REGISTRY,)
    result.append(RoleStep(answers, "acr_pull", "AcrPull", targets.registry, registry_needs, _("Your app may take its image")))
    if answers.key_vault.secrets:
        needs = () if targets.vault.existing else (step_ids.VAULT,)
        result.append(RoleStep(answers, "secrets_user", "Key Vault Secrets User", targets.vault, needs, _("Your app may read its secrets")))
    return result


CONTRIBUTION = Contribution(section="identity", steps=steps)
