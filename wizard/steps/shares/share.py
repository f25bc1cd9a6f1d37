"""Brings about each file share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.engine import ownership
from wizard.engine.step import Change, Observation, Step, StepContext, different, missing, same
from wizard.platform.language import _
from wizard.sections import naming
from wizard.state.resources import STORAGE
from wizard.steps.shares.account import ROLE, AccountStep, account_id

if TYPE_CHECKING:
    from wizard.engine.step import Outputs
    from wizard.sections.storage import Share
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

OWNER_KEY = "azwizard_setup"  # in a share's metadata, whose keys take no hyphen


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
