"""Image store: the registry, and each of the person's roles on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none, is_made
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.resource_ids import resource_id
from wizard.engine import ownership
from wizard.engine.contribution import Contribution
from wizard.engine.ownership import UniquelyNamedStep
from wizard.engine.polling import made_already, until
from wizard.engine.step import Change, Observation, Step, StepContext, conflict, different, missing, same
from wizard.platform.language import N_, _
from wizard.sections import name_rules, step_ids
from wizard.state.repository.pipeline_tags import pipeline_tags
from wizard.state.resources import REGISTRY

if TYPE_CHECKING:
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.resource_snapshot import ResourceSnapshot
    from wizard.state.snapshot import Snapshot

LEGACY = "LegacyRegistryPermissions"  # the role mode in which AcrPull and AcrPush count (reference 1.5)


ROLES = {
    "acr-pull": ("AcrPull", "Microsoft.ContainerRegistry/registries/pull/read", N_("You may take images from {name}")),
    "acr-push": ("AcrPush", "Microsoft.ContainerRegistry/registries/push/write", N_("You may put images into {name}")),
    "catalog-lister": (
        "Container Registry Repository Catalog Lister",
        "Microsoft.ContainerRegistry/registries/catalog/read",
        N_("You may list the images of {name}"),
    ),
}
"""The article's three roles for the signed-in person, and what each is for: as an action, and in words."""


def takes_arm_tokens(registry: Any) -> bool:
    """Whether apps can pull from a registry with their identity; a policy of an organization may have switched it off."""
    policy = registry.policies.azure_ad_authentication_as_arm_policy if registry.policies else None
    return policy is None or str(getattr(policy.status, "value", policy.status)).lower() != "disabled"


class RegistryStep(UniquelyNamedStep):
    """The registry itself: the cheapest kind, without an administrator's password."""

    id = step_ids.REGISTRY
    section = "registry"
    needs = (step_ids.RESOURCE_GROUP, "provider.Microsoft.ContainerRegistry")
    expected_seconds = 10.0
    kind = REGISTRY
    noun = N_("container registry")
    name_rule = name_rules.REGISTRY

    def __init__(self, answers: Answers) -> None:
        self._answers = answers.registry
        super().__init__(answers.project, self._answers.name, self._answers.resource_group, existing=self._answers.existing)
        self._tags = self._project.resource_tags(self.section) | pipeline_tags(answers)
        self.title = _("Container registry {name}").format(name=self._name)
        role = "Container Registry Contributor and Data Access Configuration Administrator"
        self.rights = [] if self._answers.existing else [PermissionRequirement(f"{REGISTRY}/write", registry_id(answers), role)]

    @property
    def holds(self) -> str:
        """Every image."""
        return _("with every image in it, those of all releases too")

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the registry exists and is as wanted; where it is not, whether its name is free in all of Azure."""
        registry = await snapshot.registry()
        if registry is None:
            return await self.look_for_name(snapshot)
        if foreign := self.look_foreign(snapshot, registry):
            return foreign
        facts.login_server = registry.login_server
        if (registry.role_assignment_mode or LEGACY) != LEGACY:
            return conflict(
                _("The registry {name} gives rights for each repository apart (ABAC), where the role AcrPull has no effect.").format(
                    name=self._name
                ),
                _("Ask its owner to set its role assignment mode to “RBAC Registry Permissions”, or name another under [registry]."),
            )
        if self._answers.existing:
            return ownership.look_existing(self._name) if takes_arm_tokens(registry) else self._no_arm_tokens()
        if not is_made(registry):
            return missing(_("not finished yet"), ours=True)
        changes = [
            *([Change(_("administrator's password"), _("on"), _("off"), self.section)] if registry.admin_user_enabled else []),
            *([] if takes_arm_tokens(registry) else [Change(_("sign-in of apps (ARM tokens)"), _("off"), _("on"), self.section)]),
        ]
        return different(*changes) if changes else same(str(registry.location))

    def _no_arm_tokens(self) -> Observation:
        why = _("The registry {name} does not take the tokens (ARM) that an app signs in with, so your app could not fetch its image.")
        command = f"az acr config authentication-as-arm update --registry {self._name} --status enabled"
        remedy = _("Whoever answers for it switches them on ({command}); or name another registry under [registry].")
        return conflict(why.format(name=self._name), remedy.format(command=command), note=_("takes no app's sign-in"))

    async def make(self, making: StepContext) -> None:
        """Create the registry, or change the one that is there, and tell its login server."""
        registries, group = making.cloud.registries.registries, self._project.resource_group
        registry: Any
        if making.look.changes:
            registry = await making.operation(lambda **how: registries.begin_update(group, self._name, self._put_right(), **how), "change")
        else:
            registry = await made_already(making, lambda: registries.get(group, self._name)) or await making.operation(
                lambda **how: registries.begin_create(group, self._name, self.body(), **how)
            )
        making.facts.login_server = registry.login_server

    def _put_right(self) -> Any:
        return {"properties": {"adminUserEnabled": False, "policies": {"azureADAuthenticationAsArmPolicy": {"status": "enabled"}}}}

    def proposed(self, tenant_id: str, facts: Outputs) -> Mapping[str, Any] | None:
        """The registry as policies and locks would judge it; None for one that is there already."""
        return None if self._answers.existing else {"type": REGISTRY, "name": self._name, **self.body()}

    def body(self) -> Any:
        """The registry as ARM takes it."""
        return {
            "location": self._project.region,
            "tags": self._tags,
            "sku": {"name": "Basic"},
            "properties": {"adminUserEnabled": False, "roleAssignmentMode": LEGACY},
        }

    async def undo(self, making: StepContext) -> str | None:
        """Delete the registry where this setup made it; the reason is given where it stays."""
        registries, group = making.cloud.registries.registries, self._answers.resource_group
        registry = await get_or_none(registries.get(group, self._name))
        if registry is None:
            return None
        if reason := self.why_kept(registry):
            return reason
        await making.operation(lambda **how: registries.begin_delete(group, self._name, **how), "undo")
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that creates the registry; none for one that is used as it is."""
        if self._answers.existing:
            return []
        tags = [f"{key}={value}" for key, value in self._tags.items()]
        where = ["--resource-group", self._project.resource_group, "--location", self._project.region]
        how = ["--sku", "Basic", "--admin-enabled", "false", "--role-assignment-mode", "rbac"]
        return [["az", "acr", "create", "--name", self._name, *where, *how, "--tags", *tags]]


class RegistryRoleStep(Step):
    """One of the article's roles for the signed-in person, given only where what they have does not cover it already."""

    section = "registry"
    needs = (RegistryStep.id,)
    expected_seconds = 14.0

    def __init__(self, answers: Answers, key: str) -> None:
        self.id = f"registry.role.{key}"
        self._role, self._action, title = ROLES[key]
        self._scope = registry_id(answers)
        self._existing = answers.registry.existing
        self.title = _(title).format(name=answers.registry.name)
        granting = "Role Based Access Control Administrator"
        self.rights = [
            PermissionRequirement("Microsoft.Authorization/roleAssignments/write", self._scope, granting, assigns=self._role, to="you")
        ]

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the signed-in account may do what the role is for, whichever role gives it."""
        from wizard.cloud.permissions.checker import Permitted

        if self._action.endswith("catalog/read"):
            return same(_("not needed, since in this registry whoever may take an image may list them too"))
        if await snapshot.may(PermissionRequirement(self._action, self._scope, self._role)) is Permitted.DENIED:
            return missing(_("role {role}").format(role=self._role))
        return same(_("your roles cover {role} already").format(role=self._role))

    async def make(self, making: StepContext) -> None:
        """Give the signed-in account the role, and wait until Azure lets it act."""
        from wizard.cloud.permissions.checker import PermissionChecker, Permitted
        from wizard.cloud.permissions.role_assignments import grant

        cloud, right = making.cloud, PermissionRequirement(self._action, self._scope, self._role)

        async def may() -> bool:
            return (await PermissionChecker(cloud).may(self._scope, [right]))[right] is not Permitted.DENIED

        await grant(cloud, self._scope, self._role, cloud.principal.object_id, cloud.principal.kind)
        await until(may, making.wait, _("Azure applies your role"), interval=cloud.polling_interval)

    @property
    def removes(self) -> bool:
        """A role on a registry of our own goes with it."""
        return self._existing

    async def undo(self, making: StepContext) -> str | None:
        """Take the role away that this setup gave."""
        from wizard.cloud.permissions.role_assignments import revoke

        if await revoke(making.cloud, self._scope, self._role, making.cloud.principal.object_id):
            return None
        return _("This setup did not give you that role.")

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that assigns the role to the signed-in account."""
        from wizard.cloud.permissions.role_assignments import az_grant

        return az_grant(self._role, self._scope)


def registry_id(answers: Answers) -> str:
    """The registry's ARM id."""
    return resource_id(answers.sign_in.subscription, answers.registry.resource_group, REGISTRY, answers.registry.name)


def steps(answers: Answers) -> list[Step]:
    """The registry and the person's roles on it."""
    return [RegistryStep(answers), *(RegistryRoleStep(answers, key) for key in ROLES)]


async def recover(snapshot: ResourceSnapshot) -> dict[str, Any]:
    """The table ``[registry]``."""
    target = snapshot.targets.registry
    if target is None:
        return {}
    return {"name": target.name} | ({"existing": True, "resource_group": target.group} if target.existing else {})


CONTRIBUTION = Contribution(section="registry", steps=steps, recover=recover)
