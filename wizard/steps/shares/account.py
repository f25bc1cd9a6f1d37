"""Brings about the storage account, and its protection against mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none, is_made
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.resource_ids import resource_id
from wizard.engine import ownership
from wizard.engine.ownership import UniquelyNamedStep
from wizard.engine.polling import made_already
from wizard.engine.step import Change, Observation, Step, StepContext, conflict, different, missing, same
from wizard.platform.language import N_, _
from wizard.sections import name_rules, step_ids
from wizard.state.resources import STORAGE

if TYPE_CHECKING:
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

ROLE = "Storage Account Contributor"


class AccountStep(UniquelyNamedStep):
    """The account, in the setup's region. Its key stays on: Container Apps mounts shares with it (reference 1.8)."""

    id = step_ids.STORAGE_ACCOUNT
    section = "storage"
    needs = (step_ids.RESOURCE_GROUP, "provider.Microsoft.Storage")
    expected_seconds = 20.0
    kind = STORAGE
    noun = N_("storage account")
    name_rule = name_rules.STORAGE_ACCOUNT
    name_key = "account"

    def __init__(self, answers: Answers) -> None:
        self._answers = answers.storage
        super().__init__(answers.project, self._answers.account, self._answers.resource_group, existing=self._answers.existing)
        self.title = _("Storage account {name}").format(name=self._name)
        self.rights = [] if self._answers.existing else [PermissionRequirement(f"{STORAGE}/write", account_id(answers), ROLE)]

    @property
    def holds(self) -> str:
        """The files on every share."""
        shares = ", ".join(share.mount for share in self._answers.shares)
        return _("with every file that your API keeps under {folders}").format(folders=shares) if shares else ""

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the storage account exists and is as wanted; where it is not, whether its name is free in all of Azure."""
        account = await snapshot.storage_account()
        if account is None:
            return await self.look_for_name(snapshot)
        if foreign := self.look_foreign(snapshot, account):
            return foreign
        if account.allow_shared_key_access is False or not _files_take_keys(account):
            return self._no_key()
        if self._answers.existing:
            return ownership.look_existing(self._name)
        if not is_made(account):
            return missing(_("not finished yet"), ours=True)
        oldest = oldest_tls(account)
        if oldest < self._answers.minimum_tls:
            return different(Change(_("oldest encryption (TLS)"), oldest, self._answers.minimum_tls, self.section))
        return same(str(account.location))

    def _no_key(self) -> Observation:
        if self._answers.existing:
            return conflict(
                _("The storage account {name} does not let anyone in by its key, and your app can only reach file shares with it.").format(
                    name=self._name
                ),
                _("Ask its owner to allow storage account key access, or name another account under [storage]."),
            )
        return different(Change(_("access by key"), _("off"), _("on"), self.section))

    async def make(self, making: StepContext) -> None:
        """Create the storage account, or change the one that is there."""
        accounts, group = making.cloud.storage.storage_accounts, self._project.resource_group
        if making.look.changes:
            keys = {"allowSharedKeyAccess": True, "allowSharedKeyAccessForServices": {"file": {"enabled": True}}}
            changed: Any = {"properties": {**keys, "minimumTlsVersion": self._written_tls}}
            await accounts.update(group, self._name, changed)
        elif await made_already(making, lambda: accounts.get_properties(group, self._name)) is None:
            await making.operation(lambda **how: accounts.begin_create(group, self._name, self.body(), **how))

    @property
    def _written_tls(self) -> str:
        """``1.2`` as ARM writes it: ``TLS1_2``."""
        return f"TLS{self._answers.minimum_tls.replace('.', '_')}"

    def proposed(self, tenant_id: str, facts: Outputs) -> Mapping[str, Any] | None:
        """The account as policies and locks would judge it; None for one that is there already."""
        return None if self._answers.existing else {"type": STORAGE, "name": self._name, **self.body()}

    def body(self) -> Any:
        """The account as ARM takes it."""
        return {
            "location": self._project.region,
            "tags": self._project.resource_tags(self.section),
            "kind": "StorageV2",
            "sku": {"name": "Standard_LRS"},
            "properties": {
                "minimumTlsVersion": self._written_tls,
                "supportsHttpsTrafficOnly": True,
                "allowBlobPublicAccess": False,
                "allowSharedKeyAccess": True,
            },
        }

    async def undo(self, making: StepContext) -> str | None:
        """Delete the account where this setup made it; the reason is given where it stays."""
        accounts, group = making.cloud.storage.storage_accounts, self._answers.resource_group
        account = await get_or_none(accounts.get_properties(group, self._name))
        if account is None:
            return None
        if reason := self.why_kept(account):
            return reason
        await accounts.delete(group, self._name)
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that creates the account; none for one that is used as it is."""
        if self._answers.existing:
            return []
        tags = [f"{key}={value}" for key, value in self._project.resource_tags(self.section).items()]
        where = ["--resource-group", self._project.resource_group, "--location", self._project.region]
        how = ["--kind", "StorageV2", "--sku", "Standard_LRS", "--min-tls-version", self._written_tls, "--https-only", "true"]
        access = ["--allow-blob-public-access", "false", "--allow-shared-key-access", "true"]
        return [["az", "storage", "account", "create", "--name", self._name, *where, *how, *access, "--tags", *tags]]


def oldest_tls(account: Any) -> str:
    """The oldest TLS version that an account takes, such as ``1.2``; ``1.0`` where it says nothing (Azure's default)."""
    version = account.minimum_tls_version
    return str(getattr(version, "value", version) or "TLS1_0").removeprefix("TLS").replace("_", ".")


def _files_take_keys(account: Any) -> bool:
    """Whether the key opens the account's file shares: it can be switched off for them alone (since 2025-08-01)."""
    services = account.allow_shared_key_access_for_services
    return services is None or services.file is None or services.file.enabled is not False


class BackupStep(Step):
    """How long a deleted share can be brought back (soft delete)."""

    id = step_ids.STORAGE_BACKUP
    section = "storage"
    needs = (AccountStep.id,)
    expected_seconds = 1.0

    def __init__(self, answers: Answers) -> None:
        self._days = answers.storage.backup_days
        self._group = answers.storage.resource_group
        self._account = answers.storage.account
        self.title = _("Deleted shares kept {days} days").format(days=self._days) if self._days else _("Deleted shares not kept")
        self.rights = [PermissionRequirement(f"{STORAGE}/fileServices/write", account_id(answers), ROLE)]

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether deleted shares are kept for the days that the answers name."""
        service = await snapshot.file_service()
        if service is None:
            return missing()
        days = kept_days(service)
        if days == self._days:
            return same()
        return different(Change(_("days that a deleted share is kept"), str(days), str(self._days), self.section))

    async def make(self, making: StepContext) -> None:
        """Set for how many days deleted shares are kept, and leave the service's other properties."""
        services = making.cloud.storage.file_services
        service = await services.get_service_properties(self._group, self._account)
        service["properties"] = {**(service.get("properties") or {}), **self.body()["properties"]}
        await services.set_service_properties(self._group, self._account, service)

    def body(self) -> Any:
        """The account's file service as ARM takes it."""
        policy: dict[str, Any] = {"enabled": True, "days": self._days} if self._days else {"enabled": False}
        return {"properties": {"shareDeleteRetentionPolicy": policy}}

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that sets the days."""
        where = ["--resource-group", self._group, "--account-name", self._account]
        how = (
            ["--enable-delete-retention", "true", "--delete-retention-days", str(self._days)]
            if self._days
            else ["--enable-delete-retention", "false"]
        )
        return [["az", "storage", "account", "file-service-properties", "update", *where, *how]]


def account_id(answers: Answers) -> str:
    """The account's ARM id."""
    return resource_id(answers.sign_in.subscription, answers.storage.resource_group, STORAGE, answers.storage.account)


def kept_days(service: Any) -> int:
    """The days that a file service keeps a deleted share; 0 for none."""
    policy = service.share_delete_retention_policy
    return int(policy.days or 0) if policy and policy.enabled else 0
