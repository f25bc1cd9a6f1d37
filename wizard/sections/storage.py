"""Files to keep: the storage account and the file shares your API writes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from wizard.platform.language import N_, _
from wizard.sections import naming
from wizard.sections.question import Ask
from wizard.sections.section import Section

if TYPE_CHECKING:
    from wizard.engine.step import Step
    from wizard.setup.answers import Answers
    from wizard.state.mounts import Mount
    from wizard.state.snapshot import Snapshot


class Share(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """One ``[[storage.shares]]``: a folder that outlives the container."""

    designation: Annotated[
        str,
        Ask(
            label=N_("What for"), why=N_("One word such as db, logs or json; the share is named after it."), check=naming.check_designation
        ),
    ]
    mount: Annotated[
        str,
        Ask(label=N_("Folder in the container"), why=N_("Where your API finds these files, such as /app/data."), check=naming.check_mount),
    ]
    access: Annotated[
        Literal["ReadWrite", "ReadOnly"],
        Ask(
            label=N_("Access"),
            why=N_("Whether your API may write there, or only read."),
            choices=("ReadWrite", "ReadOnly"),
        ),
    ] = "ReadWrite"
    nobrl: Annotated[
        bool,
        Ask(
            label=N_("It holds a SQLite database"),
            why=N_("SQLite on a file share needs the mount option nobrl, or it reports a locked database."),
        ),
    ] = False
    quota: Annotated[
        int,
        msgspec.Meta(ge=1, le=102400),
        Ask(label=N_("Largest size in GiB"), why=N_("You pay for what is stored, not for this limit.")),
    ] = 5


class Storage(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[storage]``."""

    account: Annotated[
        str,
        Ask(
            label=N_("Name of the storage account"),
            why=N_("No other storage account in all of Azure may have it: small letters and digits."),
            derive=lambda answers: naming.storage_account(answers.project.name, answers.project.environment),
            check=naming.check_storage_account,
        ),
    ] = ""
    backup_days: Annotated[
        int,
        msgspec.Meta(ge=0, le=365),
        Ask(label=N_("Days to keep a deleted share"), why=N_("A share deleted by mistake can be brought back so long; 0 for never.")),
    ] = 7
    existing: Annotated[
        bool,
        Ask(
            label=N_("The storage account exists already"),
            why=N_("Yes when you share an account with others: its settings are never changed and it is never deleted."),
        ),
    ] = False
    resource_group: Annotated[
        str,
        Ask(
            label=N_("Its resource group"),
            why=N_("Where the existing account lies, when that is another resource group than yours."),
            derive=lambda answers: answers.project.resource_group,
            check=naming.check_resource_group,
            shown_when=lambda answers: answers.storage.existing,
        ),
    ] = ""
    shares: Annotated[
        tuple[Share, ...],
        Ask(label=N_("File shares"), why=N_("Folders that outlive the container: what your API must not lose.")),
    ] = ()


def steps(answers: Answers) -> list[Step]:
    """The account, how long it keeps what is deleted, and each share; nothing when there is nothing to keep."""
    from wizard.steps.storage import AccountStep, BackupStep, ShareStep

    storage = answers.storage
    if not storage.shares:
        return []
    backup = [] if storage.existing else [BackupStep(answers)]
    return [AccountStep(answers), *backup, *(ShareStep(answers, share) for share in storage.shares)]


async def recover(snapshot: Snapshot) -> dict[str, Any]:
    """The table ``[storage]``: the shares are those that the app mounts, since only a mount tells what a share is for."""
    from wizard.state.mounts import mounts
    from wizard.steps.storage import kept_days

    target = snapshot.targets.storage
    if target is None:
        return {}
    table: dict[str, Any] = {"account": target.name}
    if target.existing:
        table |= {"existing": True, "resource_group": target.group}
    elif (service := await snapshot.file_service()) is not None:
        table["backup_days"] = kept_days(service)
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


async def leftovers(answers: Answers, snapshot: Snapshot) -> list[str]:
    """Shares of this setup that the answers no longer name."""
    storage, project = answers.storage, answers.project
    named = {naming.file_share(share.designation, project.name, project.environment) for share in storage.shares}
    if not named and await snapshot.storage_account() is None:
        return []
    old = [name for name in await snapshot.shares() if naming.designation(name, project.setup) and name not in named]
    return [_("The file share {name} is no longer named and stays with its files.").format(name=name) for name in old]


SECTION = Section(
    name="storage",
    title=N_("Files to keep"),
    azure_term="Storage account",
    why=N_("Whatever your API writes inside its container is lost at the next start, unless it lies on a file share."),
    key="storage",
    answers=Storage,
    steps=steps,
    recover=recover,
    leftovers=leftovers,
)
