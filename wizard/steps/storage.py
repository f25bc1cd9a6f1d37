"""The section Storage: its account, how long that keeps what is deleted, and each file share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.engine.contribution import Contribution
from wizard.engine.step import Step
from wizard.platform.language import _
from wizard.sections import naming
from wizard.state.mounts import Mount, mounts
from wizard.steps.shares.account import AccountStep, BackupStep, kept_days, oldest_tls
from wizard.steps.shares.share import ShareStep

if TYPE_CHECKING:
    from wizard.setup.answers import Answers
    from wizard.state.resource_snapshot import ResourceSnapshot
    from wizard.state.snapshot import Snapshot


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
        if account is not None and oldest_tls(account) == "1.3":
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
