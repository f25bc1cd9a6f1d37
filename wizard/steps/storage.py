"""Brings about the storage account, its protection against mistakes, and each file share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none, is_made
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.resource_ids import resource_id
from wizard.engine import ownership
from wizard.engine.contribution import Contribution
from wizard.engine.ownership import UniquelyNamedStep
from wizard.engine.polling import made_already
from wizard.engine.step import Change, Observation, Step, StepContext, conflict, different, missing, same
from wizard.platform.language import N_, _
from wizard.sections import name_rules, naming, step_ids
from wizard.state.mounts import Mount, mounts
from wizard.state.resources import STORAGE

if TYPE_CHECKING:
    from wizard.engine.step import Outputs
    from wizard.sections.storage import Share
    from wizard.setup.answers import Answers
    from wizard.state.resource_snapshot import ResourceSnapshot
    from wizard.state.snapshot import Snapshot

ROLE = "Storage Account Contributor"
OWNER_KEY = "azwizard_setup"  # in a share's metadata, whose keys take no hyphen


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
        oldest = _tls(account)
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


def _tls(account: Any) -> str:
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


class ShareStep(Step):
    """One file share; it and its files outlive every version of the app."""

    section = "storage"
    needs = (AccountStep.id,)
    expected_seconds = 1.0

    def __init__(self, answers: Answers, share: Share) -> None:
        self.id = f"storage.share.{share.designation}"
        self._share = share
        self._setup = answers.project.setup
        self._storage = answers.storage
        self.name = naming.file_share(share.designation, answers.project.name, answers.project.environment)
        self._where = (answers.storage.resource_group, answers.storage.account, self.name)
        self.title = _("File share {name}").format(name=self.name)
        self.rights = [PermissionRequirement(f"{STORAGE}/fileServices/shares/write", account_id(answers), ROLE)]

    @property
    def holds(self) -> str:
        """The share's files."""
        return _("with every file that your API keeps under {folders}").format(folders=self._share.mount)

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the share exists with the largest size that the answers name."""
        share = (await snapshot.shares()).get(self.name)
        if share is None:
            return missing(_("{quota} GiB at most").format(quota=self._share.quota))
        if share.share_quota != self._share.quota:
            return different(Change(_("largest size in GiB"), str(share.share_quota), str(self._share.quota), self.section))
        return same()

    async def make(self, making: StepContext) -> None:
        """Create the share, or change its largest size."""
        shares = making.cloud.storage.file_shares
        if making.look.changes:
            quota: Any = {"properties": {"shareQuota": self._share.quota}}
            await shares.update(*self._where, quota)
            return
        await shares.create(*self._where, self.body())

    def body(self) -> Any:
        """The share as ARM takes it."""
        return {
            "properties": {
                "shareQuota": self._share.quota,
                "accessTier": "TransactionOptimized",
                "enabledProtocols": "SMB",
                "metadata": {OWNER_KEY: self._setup},
            }
        }

    @property
    def removes(self) -> bool:
        """A share in an account of our own goes with it."""
        return self._storage.existing

    async def undo(self, making: StepContext) -> str | None:
        """Delete the share with its files where this setup made it."""
        shares = making.cloud.storage.file_shares
        share = await get_or_none(shares.get(*self._where))
        if share is None:
            return None
        properties = share.file_share_properties
        if ((properties.metadata if properties else None) or {}).get(OWNER_KEY) != self._setup:
            return ownership.look_kept(self.name)
        await shares.delete(*self._where)
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that creates the share."""
        group, account, name = self._where
        where = ["--resource-group", group, "--storage-account", account, "--name", name]
        how = ["--quota", str(self._share.quota), "--access-tier", "TransactionOptimized", "--enabled-protocols", "SMB"]
        return [["az", "storage", "share-rm", "create", *where, *how, "--metadata", f"{OWNER_KEY}={self._setup}"]]


def account_id(answers: Answers) -> str:
    """The account's ARM id."""
    return resource_id(answers.sign_in.subscription, answers.storage.resource_group, STORAGE, answers.storage.account)


def kept_days(service: Any) -> int:
    """The days that a file service keeps a deleted share; 0 for none."""
    policy = service.share_delete_retention_policy
    return int(policy.days or 0) if policy and policy.enabled else 0


def steps(answers: Answers) -> list[Step]:
    """The account, how long it keeps what is deleted, and each share; nothing when there is nothing to keep."""
    storage = answers.storage
    if not storage.shares:
        return []
    backup = [] if storage.existing else [BackupStep(answers)]
    return [AccountStep(answers), *backup, *(ShareStep(answers, share) for share in storage.shares)]


async def recover(snapshot: ResourceSnapshot) -> dict[str, Any]:
    """The table ``[storage]``: the shares are those that the app mounts, since only a mount tells what a share is for."""
    target = snapshot.targets.storage
    if target is None:
        return {}
    table: dict[str, Any] = {"account": target.name}
    if target.existing:
        table |= {"existing": True, "resource_group": target.group}
    else:
        if (service := await snapshot.file_service()) is not None:
            table["backup_days"] = kept_days(service)
        account = await snapshot.storage_account()
        if account is not None and _tls(account) == "1.3":
            table["minimum_tls"] = "1.3"
    quotas = await snapshot.shares()
    shares = [_share(mount, quotas.get(mount.share)) for mount in await mounts(snapshot)]
    return table | ({"shares": shares} if shares else {})


def _share(mount: Mount, kept: Any) -> dict[str, Any]:
    share: dict[str, Any] = {"designation": mount.designation, "mount": mount.mount, "access": mount.access}
    if mount.nobrl:
        share["nobrl"] = True
    if kept is not None and kept.share_quota:
        share["quota"] = int(kept.share_quota)
    return share


async def leftover_notes(answers: Answers, snapshot: Snapshot) -> list[str]:
    """Shares of this setup that the answers no longer name."""
    storage, project = answers.storage, answers.project
    named = {naming.file_share(share.designation, project.name, project.environment) for share in storage.shares}
    if not named and await snapshot.storage_account() is None:
        return []
    old = [name for name in await snapshot.shares() if naming.designation(name, project.setup) and name not in named]
    return [_("The file share {name} is no longer named and stays with its files.").format(name=name) for name in old]


CONTRIBUTION = Contribution(section="storage", steps=steps, recover=recover, leftover_notes=leftover_notes)
