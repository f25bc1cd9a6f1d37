"""Your API: the resource group that holds everything, and Azure's services switched on."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.resource_ids import group_id
from wizard.cloud.tags import change_tags
from wizard.engine import ownership
from wizard.engine.contribution import Contribution
from wizard.engine.step import Change, Observation, Step, StepContext, blocked, conflict, different, missing, same
from wizard.platform.language import _
from wizard.sections import name_rules, naming, step_ids
from wizard.state.resources import APP, GROUP, IDENTITY
from wizard.steps.budgets.monthly import SetupBudgetStep, cleanup_steps, recovered_budget

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.resource_snapshot import ResourceSnapshot
    from wizard.state.snapshot import Snapshot

GROUPS = "Microsoft.Resources/subscriptions/resourceGroups"


SUGGESTED = 4  # regions, when the one that was given does not exist


class ResourceGroupStep(Step):
    """The group that holds everything: made, or given by someone."""

    id = step_ids.RESOURCE_GROUP
    section = "project"
    expected_seconds = 1.0

    def __init__(self, answers: Answers) -> None:
        self._project = answers.project
        self._name = answers.project.resource_group
        self.title = _("Resource group {name}").format(name=self._name)
        scope = group_id(answers.sign_in.subscription, self._name)
        self.rights = [] if self._project.existing_group else [PermissionRequirement(f"{GROUPS}/write", scope, "Contributor")]

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the resource group exists, in the region and with the tags of this setup."""
        group = await snapshot.group()
        if group is None:
            return await self._look_for_region(snapshot)
        if group.properties and group.properties.provisioning_state == "Deleting":
            return blocked(
                _("The resource group {name} is being deleted.").format(name=self._name),
                _("Wait until it is gone, then do the same again."),
            )
        if self._project.existing_group:
            return ownership.look_existing(self._name)
        if not snapshot.is_ours(group):
            return ownership.exists_already(_("resource group"), self._name, "project", group, key="existing_group")
        if group.location != self._project.region:
            return conflict(
                _("The resource group {name} lies in {there}, not in {here}.").format(
                    name=self._name, there=group.location, here=self._project.region
                ),
                _('A group cannot move: write region = "{there}" under [project], or destroy this setup first.').format(
                    there=group.location
                ),
            )
        return same(group.location)

    async def _look_for_region(self, snapshot: Snapshot) -> Observation:
        if self._project.existing_group:
            return blocked(
                _("There is no resource group {name} in your subscription, although azwizard.toml says that it exists.").format(
                    name=self._name
                ),
                _("Correct resource_group under [project], choose another subscription, or remove existing_group = true to have it made."),
            )
        regions = await snapshot.regions()
        if self._project.region not in regions:
            near = difflib.get_close_matches(self._project.region, regions, SUGGESTED) or sorted(regions)[:SUGGESTED]
            return conflict(
                _("Azure has no region {region} for your subscription.").format(region=self._project.region),
                _("Correct region under [project]: {regions} and others.").format(regions=", ".join(near)),
            )
        return missing(self._project.region)

    def proposed(self, tenant_id: str, facts: Outputs) -> Mapping[str, Any] | None:
        """The group as policies and locks would judge it; None for one that is there already."""
        return None if self._project.existing_group else {"type": GROUP, "name": self._name, **self._body()}

    async def make(self, making: StepContext) -> None:
        """Create the resource group, or write its tags."""
        await making.cloud.resources.resource_groups.create_or_update(self._name, self._body())

    def _body(self) -> Any:
        return {"location": self._project.region, "tags": self._project.resource_tags(self.section)}

    async def undo(self, making: StepContext) -> str | None:
        """Delete the group where this setup made it and holds nothing of others; first, identities that the answers no longer name."""
        groups = making.cloud.resources.resource_groups
        if not await groups.check_existence(self._name):
            return None
        await self._delete_leftovers(making)
        if ownership.owner(await groups.get(self._name)) != self._project.setup:
            return ownership.look_kept(self._name)
        others = [str(resource.name) async for resource in making.cloud.resources.resources.list_by_resource_group(self._name)]
        if others:
            return _("{name} holds other things, so it stays: {others}.").format(name=self._name, others=", ".join(others))
        await making.operation(lambda **how: groups.begin_delete(self._name, **how), "undo")
        return None

    async def _delete_leftovers(self, making: StepContext) -> None:
        """Identities that the setup once made and the answers no longer name: nothing else of a setup stands by itself."""
        resources = making.cloud.resources.resources.list_by_resource_group(self._name)
        mine = [
            resource
            async for resource in resources
            if str(resource.type).lower() == IDENTITY.lower() and ownership.owner(resource) == self._project.setup
        ]
        for identity in mine:
            await making.cloud.identities.user_assigned_identities.delete(self._name, str(identity.name))

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that creates the group; none for a group that is used as it is."""
        if self._project.existing_group:
            return []
        tags = [f"{key}={value}" for key, value in self._project.resource_tags(self.section).items()]
        return [["az", "group", "create", "--name", self._name, "--location", self._project.region, "--tags", *tags]]


class TagsStep(Step):
    """The answers' own tags on what was made before they were given, or has lost them since; what is made anew carries them from the start.

    The app is left to its own look, which compares its tags with everything else of it.
    """

    id = "project.tags"
    section = "project"
    expected_seconds = 3.0

    def __init__(self, answers: Answers) -> None:
        self._tags = dict(answers.project.tags)
        self._setup = answers.project.setup
        self._group = answers.project.resource_group
        self.title = _("Tags {tags}").format(tags=", ".join(self._tags))
        scope = group_id(answers.sign_in.subscription, self._group)
        self.rights = [PermissionRequirement("Microsoft.Resources/tags/write", scope, "Tag Contributor")]

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """What of this setup lacks one of the tags, or has another value of it; read from the lists that are read anyhow."""
        group, resources = await snapshot.group(), await snapshot.resources()
        changes = [
            Change(_("tag {name}").format(name=f"{name} ({thing.name})"), (thing.tags or {}).get(name, _("none")), value, self.section)
            for thing in self._ours([*([group] if group else []), *resources.values()])
            for name, value in self._lacking(thing).items()
        ]
        return different(*changes) if changes else same()

    async def make(self, making: StepContext) -> None:
        """Merge the tags into those that are there."""
        resources = making.cloud.resources
        group = await get_or_none(resources.resource_groups.get(self._group))
        inside = [resource async for resource in resources.resources.list_by_resource_group(self._group)]
        for thing in self._ours([*([group] if group else []), *inside]):
            if lacking := self._lacking(thing):
                await change_tags(making.cloud, str(thing.id), "Merge", lacking)

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that tags the group, which stands for each thing in it."""
        tags = [f"{name}={value}" for name, value in self._tags.items()]
        return [["az", "tag", "update", "--resource-id", self.rights[0].scope, "--operation", "Merge", "--tags", *tags]]

    def _ours(self, things: Iterable[Any]) -> list[Any]:
        return [thing for thing in things if ownership.owner(thing) == self._setup and str(thing.type).lower() != APP.lower()]

    def _lacking(self, thing: Any) -> dict[str, str]:
        """The tags that a thing lacks; Azure does not tell the case of their names apart."""
        present = {name.lower(): value for name, value in (thing.tags or {}).items()}
        return {name: value for name, value in self._tags.items() if present.get(name.lower()) != value}


SWITCHED_ON = ("Registered", "Registering")
"""The states of a provider in which Azure takes what is made with it."""


class ProviderStep(Step):
    """One of Azure's services, switched on for the subscription. Azure takes what is made with it from then on, while it is still
    switching it on region by region: "Your application code shouldn't block the creation of resources for a resource provider that
    is in the registering state" (learn.microsoft.com, resource-providers-and-types). Should Azure refuse all the same, what needs
    the service is begun again (`wizard.engine.run`).
    """

    section = "project"
    expected_seconds = 1.0

    def __init__(self, answers: Answers, namespace: str) -> None:
        self._namespace = namespace
        self.id = f"provider.{namespace}"
        self.title = _("Service {namespace} switched on").format(namespace=namespace)
        self.rights = [
            PermissionRequirement(f"{namespace}/register/action", f"/subscriptions/{answers.sign_in.subscription}", "Contributor")
        ]

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the subscription is registered for the provider."""
        from azure.core.exceptions import HttpResponseError

        try:
            provider = await snapshot.provider(self._namespace)
        except HttpResponseError as error:
            if error.status_code != 403:
                raise
            return same(_("you may not look at it; it is taken to be on"))
        return same() if provider and provider.registration_state in SWITCHED_ON else missing()

    async def make(self, making: StepContext) -> None:
        """Register the provider; Azure goes on with it after the answer."""
        await making.cloud.resources.providers.register(self._namespace)

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that registers the provider."""
        return [["az", "provider", "register", "--namespace", self._namespace, "--wait"]]


NAMESPACES = ("Microsoft.KeyVault", "Microsoft.ContainerRegistry", "Microsoft.Storage", "Microsoft.App")
"""The services (resource providers) that every setup uses."""


def steps(answers: Answers) -> list[Step]:
    """The resource group and the services, which do not wait for each other."""
    identities = answers.app.identity == "user" or answers.pipeline.has_identity
    namespaces = (*NAMESPACES, "Microsoft.ManagedIdentity") if identities else NAMESPACES
    tags = [TagsStep(answers)] if answers.project.tags else []
    budget = [SetupBudgetStep(answers)] if answers.project.budget else []
    return [ResourceGroupStep(answers), *tags, *budget, *(ProviderStep(answers, namespace) for namespace in namespaces)]


async def recover(snapshot: ResourceSnapshot) -> dict[str, Any]:
    """The table ``[project]``, from the tags of the group or, when the group was given, of what lies in it."""
    group = await snapshot.group()
    if group is None:
        return {}
    mine: list[Any] = [resource for resource in [group, *(await snapshot.resources()).values()] if snapshot.is_ours(resource)]
    tags: dict[str, str] = next((dict(item.tags or {}) for item in mine if naming.PROJECT_TAG in (item.tags or {})), {})
    name, _dash, environment = snapshot.targets.setup.rpartition("-")
    table: dict[str, Any] = {
        "name": tags.get(naming.PROJECT_TAG, name),
        "environment": tags.get(naming.ENVIRONMENT_TAG, environment),
        "region": str(mine[0].location if mine else group.location),
        "resource_group": str(group.name),
    }
    others = {tag: value for tag, value in tags.items() if not tag.startswith(name_rules.TAG_PREFIX)}
    table |= {"tags": others} if others else {}
    table |= await recovered_budget(snapshot)
    return table if snapshot.is_ours(group) else table | {"existing_group": True}


CONTRIBUTION = Contribution(section="project", steps=steps, recover=recover, cleanup_steps=cleanup_steps)
