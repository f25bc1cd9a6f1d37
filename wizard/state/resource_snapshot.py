"""What Azure holds of the resources of one setup: each is asked for once, however many need it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.cloud.lookups import get_or_none, is_made, list_or_empty
from wizard.cloud.resource_ids import group_id
from wizard.state.executions import newest
from wizard.state.read_once import read_once
from wizard.state.releases import Release, digest_of, releases_in
from wizard.state.resources import ResourceRef
from wizard.state.subscription_reads import SubscriptionReads

if TYPE_CHECKING:
    from azure.keyvault.secrets import SecretProperties
    from azure.mgmt.appcontainers.models import (
        ContainerApp,
        Job,
        JobExecution,
        ManagedEnvironment,
        ManagedEnvironmentStorage,
        Replica,
        Revision,
    )
    from azure.mgmt.authorization.v2022_04_01.models import RoleAssignment
    from azure.mgmt.containerregistry.models import Registry
    from azure.mgmt.keyvault.models import DeletedVault, Vault
    from azure.mgmt.msi.v2024_11_30.models import Identity
    from azure.mgmt.storage.models import FileServiceProperties, FileShareItem, StorageAccount

    from wizard.platform.secret import Secret


class ResourceSnapshot(SubscriptionReads):
    """The resources of one setup in Azure, read when first asked for and then kept; the answers need not be known.

    Every reader gives None (or nothing) for what does not exist, and raises azure.core's ``HttpResponseError`` for what may not be read.
    """

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
        from wizard.platform.secret import Secret

        vault = await self.vault()
        if vault is None or vault.properties is None or name not in await self.secret_properties():
            return None
        stored = await get_or_none(self.cloud.secrets(str(vault.properties.vault_uri)).get_secret(name))
        return Secret(stored.value or "") if stored else None

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
    async def image_digests(self, repository: str) -> set[str]:
        """The digests of all images in a repository of the registry."""
        registry = await self.registry()
        if registry is None or not is_made(registry):
            return set()
        return await self.cloud.registry.digests(str(registry.login_server), repository)

    @read_once
    async def digests_in_use(self) -> set[str]:
        """The digests that apps of the subscription name, as far as the account may see them: another setup may run the same image."""
        from azure.core.exceptions import HttpResponseError

        try:
            apps = await list_or_empty(self.cloud.apps.container_apps.list_by_subscription())
        except HttpResponseError as error:
            if error.status_code != 403:
                raise
            return set()
        return {digest for app in apps if app.id and self._is_another(str(app.id)) and (digest := digest_of(app.as_dict()))}

    def _is_another(self, app_id: str) -> bool:
        return self.targets.app is None or app_id.lower() != self.targets.app.id.lower()

    @read_once
    async def image_tags(self, repository: str) -> list[str]:
        registry = await self.registry()
        if registry is None or not is_made(registry):
            return []
        return list(await self.cloud.registry.tags(str(registry.login_server), repository))

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
    async def job(self) -> Job | None:
        """The job that runs the command before each new version."""
        target = self.targets.job
        return await get_or_none(self.cloud.apps.jobs.get(target.group, target.name)) if target else None

    @read_once
    async def newest_execution(self) -> JobExecution | None:
        """The last execution of that job; None where it never ran."""
        target = self.targets.job
        executions = await list_or_empty(self.cloud.apps.jobs_executions.list(target.group, target.name)) if target else []
        return newest(executions)

    async def releases(self) -> list[Release]:
        """The app's releases, the oldest first."""
        app = await self.app()
        return releases_in(app.tags) if app else []

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
        inside = f"{scope}/".lower().startswith(f"{self.group_scope()}/".lower())
        assignments = await (self._assignments_in_group() if inside else self._assignments_at(scope))
        return [
            assignment
            for assignment in assignments
            if f"{scope}/".lower().startswith(f"{str(assignment.scope or '').rstrip('/')}/".lower())
        ]

    @read_once
    async def _assignments_in_group(self) -> list[RoleAssignment]:
        """At, above and below the group (reference 1.4)."""
        return await list_or_empty(self.cloud.authorization.role_assignments.list_for_resource_group(self.targets.group))

    @read_once
    async def _assignments_at(self, scope: str) -> list[RoleAssignment]:
        return await list_or_empty(self.cloud.authorization.role_assignments.list_for_scope(scope))

    def group_scope(self) -> str:
        return group_id(self.cloud.subscription_id, self.targets.group)

    def with_targets(self, **targets: ResourceRef | None) -> None:
        """Learn where more of a setup found in Azure lies."""
        self.targets = replace(self.targets, **targets)  # type: ignore[arg-type]
