"""What surrounds a setup's resources: its group and all that lies in it, and what the subscription has, offers and allows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none, list_or_empty
from wizard.sections import naming
from wizard.state import rules
from wizard.state.read_once import Kept, ReadCache, read_once, read_once_for_all
from wizard.state.resources import REGISTRY, STORAGE, VAULT, ResourceRefs

if TYPE_CHECKING:
    from azure.mgmt.resource.resources.models import GenericResourceExpanded, Provider, ResourceGroup

    from wizard.cloud import Cloud
    from wizard.cloud.permissions.checker import Permitted

ENVIRONMENT_QUOTA = "ManagedEnvironmentCount"


@dataclass(frozen=True)
class NameFree:
    """Whether a name that must be unique in all of Azure can be taken, and Azure's own words when not."""

    free: bool
    message: str = ""


@dataclass(frozen=True)
class Usage:
    """How many of something a subscription has, and may have."""

    current: int
    limit: int


class SubscriptionReads(ReadCache):
    """The first half of a `wizard.state.snapshot.Snapshot`."""

    def __init__(self, cloud: Cloud, targets: ResourceRefs) -> None:
        super().__init__()
        self.cloud = cloud
        self.targets = targets

    def kept_for_all(self) -> Kept:
        return self.kept if self.cloud.shared_reads is None else self.cloud.shared_reads

    # The group and what lies in it

    @read_once
    async def group(self) -> ResourceGroup | None:
        return await get_or_none(self.cloud.resources.resource_groups.get(self.targets.group))

    @read_once
    async def resources(self) -> dict[str, GenericResourceExpanded]:
        """Everything in the setup's group, with tags, by ARM id in small letters."""
        pages = self.cloud.resources.resources.list_by_resource_group(self.targets.group)
        return {str(resource.id).lower(): resource for resource in await list_or_empty(pages)}

    @read_once
    async def of_kind(self, kind: str) -> list[GenericResourceExpanded]:
        """Every resource of a kind in the subscription."""
        return await list_or_empty(self.cloud.resources.resources.list(filter=f"resourceType eq '{kind}'"))

    @read_once
    async def tagged_everywhere(self) -> list[str]:
        """The ARM ids of all resources and groups in the subscription that carry the setup's tag."""
        mine = f"tagName eq '{naming.SETUP_TAG}' and tagValue eq '{self.targets.setup}'"
        resources = self.cloud.resources
        several = await asyncio.gather(
            list_or_empty(resources.resources.list(filter=mine)), list_or_empty(resources.resource_groups.list(filter=mine))
        )
        return [str(thing.id) for things in several for thing in things if self.is_ours(thing)]

    def is_ours(self, resource: Any) -> bool:
        """Whether a resource (or what Azure keeps of a deleted vault) carries the setup's tag."""
        return self.setup_of(resource) == self.targets.setup

    def setup_of(self, resource: Any) -> str | None:
        """The setup whose tag a resource carries."""
        tags = getattr(resource, "tags", None) or getattr(getattr(resource, "properties", None), "tags", None) or {}
        setup: str | None = tags.get(naming.SETUP_TAG)
        return setup

    # The directory

    @read_once_for_all
    async def may_register_applications(self) -> Permitted:
        """Whether the person may register an application in the directory."""
        from wizard.cloud.permissions.directory_roles import may_register_applications

        return await may_register_applications(self.cloud)

    @read_once_for_all
    async def directory_role_to_activate(self) -> str:
        """The directory role by which the person could once it is activated, or ""."""
        from wizard.cloud.permissions.directory_roles import role_to_activate

        return await role_to_activate(self.cloud)

    # The subscription

    @read_once_for_all
    async def provider(self, namespace: str) -> Provider | None:
        """A resource provider: its registration state, and which region offers what."""
        return await get_or_none(self.cloud.resources.providers.get(namespace))

    @read_once_for_all
    async def regions(self) -> list[str]:
        """The short names of the regions that the subscription may use, such as ``westeurope``."""
        places = self.cloud.subscriptions.subscriptions.list_locations(self.cloud.subscription_id)
        return [str(place.name) for place in await list_or_empty(places)]

    async def region_offers(self, kind: str, region: str) -> bool | None:
        """Whether a kind such as ``Microsoft.App/managedEnvironments`` can be made in a region; None when Azure does not say.

        Azure names regions here as people do (``West Europe``), reference 1.1.
        """
        namespace, _, name = kind.partition("/")
        provider = await self.provider(namespace)
        kinds = (
            {str(resource_type.resource_type).lower(): resource_type for resource_type in (provider.resource_types or [])}
            if provider
            else {}
        )
        offered = kinds[name.lower()].locations if name.lower() in kinds else None
        return region.lower() in [place.replace(" ", "").lower() for place in offered] if offered else None

    @read_once
    async def environment_usage(self, region: str) -> Usage | None:
        """How many Container Apps environments the subscription has in a region, and may have; None where Azure does not say."""
        return (await self.usages(region)).get(ENVIRONMENT_QUOTA)

    @read_once
    async def usages(self, region: str) -> dict[str, Usage]:
        """What Container Apps count in a region, by Azure's name for it: ``ManagedEnvironmentCount`` and others.

        Where Microsoft.App is not switched on for the subscription yet, Azure may refuse to say: then nothing is known.
        """
        from azure.core.exceptions import HttpResponseError

        try:
            usages = await list_or_empty(self.cloud.apps.usages.list(region))
        except HttpResponseError:
            return {}
        return {str(usage.name.value): Usage(int(usage.current_value), int(usage.limit)) for usage in usages if usage.name}

    @read_once_for_all
    async def policy_assignments(self) -> list[rules.Assignment]:
        """The rules of the organization that are in force on the subscription."""
        return await rules.policy_assignments(self.cloud)

    @read_once_for_all
    async def hosted_parallelism(self, organization: str) -> int | None:
        """How many pipelines Microsoft's machines run at once for an Azure DevOps organization; None where it does not say."""
        from wizard.cloud.errors.cloud_error import CloudError

        try:
            return await self.cloud.devops(organization).hosted_parallelism()
        except CloudError:
            return None

    @read_once
    async def name_free(self, kind: str, name: str) -> NameFree:
        """Whether a vault's, registry's or storage account's name can be taken; `kind` such as ``Microsoft.KeyVault/vaults``."""
        services: dict[str, Any] = {
            VAULT: self.cloud.vaults.vaults,
            REGISTRY: self.cloud.registries.registries,
            STORAGE: self.cloud.storage.storage_accounts,
        }
        answer = await services[kind].check_name_availability({"name": name, "type": kind})
        return NameFree(bool(answer.name_available), str(answer.message or ""))
