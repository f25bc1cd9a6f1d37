"""One reading of Azure that all looks share: every list and resource is asked for once, however many looks need it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none, is_made, list_or_empty, read_once
from wizard.cloud.permissions.batch import PermissionBatch
from wizard.sections import naming
from wizard.state.resources import ResourceRef, ResourceRefs
from wizard.state.subscription_reads import SubscriptionReads

if TYPE_CHECKING:
    from azure.keyvault.secrets import SecretProperties
    from azure.mgmt.appcontainers.models import ContainerApp, ManagedEnvironment, ManagedEnvironmentStorage, Replica, Revision
    from azure.mgmt.authorization.v2022_04_01.models import RoleAssignment
    from azure.mgmt.containerregistry.models import Registry
    from azure.mgmt.keyvault.models import DeletedVault, Vault
    from azure.mgmt.msi.v2024_11_30.models import Identity
    from azure.mgmt.storage.models import FileServiceProperties, FileShareItem, StorageAccount

    from wizard.cloud import Cloud
    from wizard.cloud.permissions.checker import Permitted
    from wizard.engine.step import PermissionRequirement
    from wizard.sections.question import Secret
    from wizard.setup.answers import Answers
    from wizard.source.build_context import Source
    from wizard.state.devops_state import PipelineReading


class SeveralSetups(Exception):
    """A group holds more than one setup; `setups` are their names."""

    def __init__(self, setups: list[str]) -> None:
        super().__init__(", ".join(setups))
        self.setups = setups


class Snapshot(SubscriptionReads):
    """What Azure holds of one setup, read when first asked for and then kept.

    Every reader gives None (or nothing) for what does not exist, and raises azure.core's ``HttpResponseError`` for what may not be read.

    :param secret: the value given for a secret's name in this run, or None.
    """

    answers: Answers  # not there in a reading of a group, where nobody knows them yet
    given: Callable[[str], Secret | None]

    def __init__(self, cloud: Cloud, answers: Answers, secret: Callable[[str], Secret | None]) -> None:
        self._begin(cloud, ResourceRefs.named(answers, cloud.subscription_id))
        self.answers = answers
        self.given = secret

    def _begin(self, cloud: Cloud, targets: ResourceRefs) -> None:
        super().__init__(cloud, targets)
        self._rights = PermissionBatch(cloud)

    @classmethod
    async def of_group(cls, cloud: Cloud, group: str) -> Snapshot | None:
        """A reading of the setup whose tagged resources lie in a group; None when there is no such group.

        Raises SeveralSetups when tags of more than one are found.
        """
        from wizard.state.discovery import find_targets

        snapshot = cls.__new__(cls)
        snapshot._begin(cloud, ResourceRefs("", group))
        snapshot.given = lambda _name: None
        if await snapshot.group() is None:
            return None
        snapshot.targets = await find_targets(snapshot)
        return snapshot

    # Key Vault

    @read_once
    async def vault(self) -> Vault | None:
        target = self.targets.vault
        return await get_or_none(self.cloud.vaults.vaults.get(target.group, target.name)) if target else None

    @read_once
    async def deleted_vault(self) -> DeletedVault | None:
        """The vault of that name which is deleted and not yet purged, in whatever region."""
        target = self.targets.vault
        deleted = await list_or_empty(self.cloud.vaults.vaults.list_deleted()) if target else []
        return next((vault for vault in deleted if target and str(vault.name).lower() == target.name.lower()), None)

    @read_once
    async def secret_properties(self) -> dict[str, SecretProperties]:
        """The vault's secrets by name, without their values."""
        vault = await self.vault()
        if vault is None or vault.properties is None or not is_made(vault):
            return {}
        client = self.cloud.secrets(str(vault.properties.vault_uri))
        return {str(secret.name): secret for secret in await list_or_empty(client.list_properties_of_secrets())}

    @read_once
    async def secret(self, name: str) -> Secret | None:
        """The value in the vault, asked for only to compare it with one given in this run."""
        from wizard.sections.question import Secret

        vault = await self.vault()
        if vault is None or vault.properties is None or name not in await self.secret_properties():
            return None
        kept = await get_or_none(self.cloud.secrets(str(vault.properties.vault_uri)).get_secret(name))
        return Secret(kept.value or "") if kept else None

    # Container Registry

    @read_once
    async def registry(self) -> Registry | None:
        target = self.targets.registry
        return await get_or_none(self.cloud.registries.registries.get(target.group, target.name)) if target else None

    @read_once
    async def image_digest(self, reference: str) -> str | None:
        """The digest (``sha256:...``) of an image in the registry; `reference` such as ``orders-api:1.4`` or ``orders-api@sha256:...``."""
        registry = await self.registry()
        repository, _, tag = reference.partition("@" if "@" in reference else ":")
        if registry is None or not is_made(registry):
            return None
        return await self.cloud.registry.digest(str(registry.login_server), repository, tag)

    @read_once
    async def image_tags(self, repository: str) -> list[str]:
        registry = await self.registry()
        if registry is None or not is_made(registry):
            return []
        return list(await self.cloud.registry.tags(str(registry.login_server), repository))

    @read_once
    async def source(self) -> Source:
        """The folder with the API's code as a build gets it; read in a thread, since it may be large."""
        from wizard.source.build_context import read

        pipeline = self.answers.pipeline
        return await asyncio.to_thread(read, self.answers.source_folder, pipeline.dockerfile, self.answers.never_sent)

    @read_once
    async def wanted_image(self) -> str | None:
        """The image that the answers ask for, such as ``orders-api:0123456789ab``; None when it is not known or not there yet."""
        pipeline = self.answers.pipeline
        if pipeline.build == "azure-devops":
            return await self.devops.image()
        if pipeline.build == "existing":
            return f"{pipeline.image}{'@' if pipeline.tag.startswith('sha256:') else ':'}{pipeline.tag}"
        hash_ = (await self.source()).hash
        return f"{pipeline.image}:{hash_}" if hash_ else None

    async def wanted_digest(self) -> str | None:
        """The digest of the image that the answers ask for; None when the registry does not have it yet."""
        reference = await self.wanted_image()
        return await self.image_digest(reference) if reference else None

    @cached_property
    def devops(self) -> PipelineReading:
        """What Azure DevOps holds, with ``build = "azure-devops"``."""
        from wizard.state.devops_state import PipelineReading

        return PipelineReading(self.cloud, self.answers, self.source)

    # Storage

    @read_once
    async def storage_account(self) -> StorageAccount | None:
        target = self.targets.storage
        return await get_or_none(self.cloud.storage.storage_accounts.get_properties(target.group, target.name)) if target else None

    @read_once
    async def file_service(self) -> FileServiceProperties | None:
        target = self.targets.storage
        if target is None or not is_made(await self.storage_account()):
            return None
        return await get_or_none(self.cloud.storage.file_services.get_service_properties(target.group, target.name))

    @read_once
    async def shares(self) -> dict[str, FileShareItem]:
        """The account's file shares by name."""
        target = self.targets.storage
        if target is None or not is_made(await self.storage_account()):
            return {}
        items = await list_or_empty(self.cloud.storage.file_shares.list(target.group, target.name))
        return {str(share.name): share for share in items}

    # Container Apps

    @read_once
    async def environment(self) -> ManagedEnvironment | None:
        target = self.targets.environment
        return await get_or_none(self.cloud.apps.managed_environments.get(target.group, target.name)) if target else None

    @read_once
    async def environment_storages(self) -> dict[str, ManagedEnvironmentStorage]:
        """The shares that the environment knows, by the name it knows them under."""
        target = self.targets.environment
        answer = await get_or_none(self.cloud.apps.managed_environments_storages.list(target.group, target.name)) if target else None
        return {str(storage.name): storage for storage in (answer.value if answer else None) or []}

    @read_once
    async def app(self) -> ContainerApp | None:
        target = self.targets.app
        return await get_or_none(self.cloud.apps.container_apps.get(target.group, target.name)) if target else None

    @read_once
    async def revisions(self) -> dict[str, Revision]:
        """The app's revisions by name."""
        target = self.targets.app
        items = await list_or_empty(self.cloud.apps.container_apps_revisions.list_revisions(target.group, target.name)) if target else []
        return {str(revision.name): revision for revision in items}

    @read_once
    async def replicas(self, revision: str) -> list[Replica]:
        """The running copies of one of the app's revisions."""
        target, replicas = self.targets.app, self.cloud.apps.container_apps_revision_replicas
        answer = await get_or_none(replicas.list_replicas(target.group, target.name, revision)) if target else None
        return list(answer.value or []) if answer else []

    # Identities and rights

    @read_once
    async def identity(self) -> Identity | None:
        """The user-assigned identity."""
        target = self.targets.identity
        return await get_or_none(self.cloud.identities.user_assigned_identities.get(target.group, target.name)) if target else None

    async def role_assignments(self, scope: str) -> list[RoleAssignment]:
        """The role assignments that hold at a scope: made there or above it."""
        inside = f"{scope}/".lower().startswith(f"{self._group_id()}/".lower())
        assignments = await (self._assignments_in_group() if inside else self._assignments_at(scope))
        return [it for it in assignments if f"{scope}/".lower().startswith(f"{str(it.scope or '').rstrip('/')}/".lower())]

    @read_once
    async def _assignments_in_group(self) -> list[RoleAssignment]:
        """At, above and below the group (reference 1.4)."""
        return await list_or_empty(self.cloud.authorization.role_assignments.list_for_resource_group(self.targets.group))

    @read_once
    async def _assignments_at(self, scope: str) -> list[RoleAssignment]:
        return await list_or_empty(self.cloud.authorization.role_assignments.list_for_scope(scope))

    def _group_id(self) -> str:
        return naming.group_id(self.cloud.subscription_id, self.targets.group)

    async def may(self, right: PermissionRequirement) -> Permitted:
        """Whether the signed-in person has a right, asked at the nearest scope that exists: once for all rights asked together."""
        return await self._rights.may(right, await self._existing_scopes())

    @read_once
    async def _existing_scopes(self) -> set[str]:
        """What rights can be asked about: the subscription, the group, what lies in it, and what others own when it is there."""
        group, resources, *others = await asyncio.gather(self.group(), self.resources(), *map(self._read, self._outside()))
        there = {f"/subscriptions/{self.cloud.subscription_id}".lower(), *resources, *(str(it.id).lower() for it in others if it)}
        return there | {self._group_id().lower()} if group else there

    def _outside(self) -> list[ResourceRef]:
        return [target for target in self.targets.all if target.group.lower() != self.targets.group.lower()]

    async def _read(self, target: ResourceRef) -> Any:
        readers = {
            self.targets.vault: self.vault,
            self.targets.registry: self.registry,
            self.targets.storage: self.storage_account,
            self.targets.environment: self.environment,
        }
        return await readers[target]()

    def with_targets(self, **targets: ResourceRef | None) -> None:
        """Learn where more of a setup found in Azure lies."""
        self.targets = replace(self.targets, **targets)  # type: ignore[arg-type]
