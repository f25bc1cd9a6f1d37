"""Where the files of a share lie, and who may mount them."""

from __future__ import annotations

import secrets
from pathlib import Path

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import named
from wizard.practice.kernel.store import Document

ACCOUNTS = "Microsoft.Storage/storageAccounts"
SERVICES = f"{ACCOUNTS}/fileServices"
SHARES = f"{SERVICES}/shares"


class MountError(Exception):
    """Why mount.cifs failed, in its words (errors.md 53)."""


def mount(cloud: PracticeCloud, account: str, share: str, key: str) -> Path:
    """The folder of a share, for whoever holds a key of its account; raises MountError with mount.cifs' own words.

    :param account: the storage account's name.
    A firewall keeps every app out: rules for addresses do not hold within a region, and these apps lie in no network of their own.
    """
    account_document = named(cloud, ACCOUNTS, account)
    if account_document is None:
        raise _mount_error(
            account, share, "mount error: could not resolve address for " + f"{account}.file.core.windows.net: Unknown error"
        )
    keys = cloud.store.private[account_document["id"]]["keys"].values()
    properties = account_document["properties"]
    closed = properties.get("publicNetworkAccess") == "Disabled" or properties["networkAcls"].get("defaultAction") == "Deny"
    if closed or not takes_keys(account_document) or not any(secrets.compare_digest(key.encode(), each.encode()) for each in keys):
        raise _mount_error(account, share, "mount error(13): Permission denied")
    if f"{account_document['id']}/{share}" not in cloud.store.collection("file_shares"):
        raise _mount_error(account, share, "mount error(2): No such file or directory")
    return share_folder(cloud, account_document, share)


def mount_nfs(cloud: PracticeCloud, account: str, share: str) -> Path:
    """The folder of a share that is mounted by NFS; raises MountError in mount.nfs4's words."""
    account_document = named(cloud, ACCOUNTS, account)
    document = cloud.store.collection("file_shares").get(f"{account_document['id']}/{share}") if account_document else None
    if account_document is None or document is None or document["properties"]["enabledProtocols"] != "NFS":
        place = f"{account}.file.core.windows.net:/{account}/{share}"
        raise MountError(f"mount.nfs4: mounting {place} failed, reason given by server: No such file or directory")
    return share_folder(cloud, account_document, share)


def takes_keys(account: Document) -> bool:
    """Whether an account lets in by its key whoever wants its files."""
    properties = account["properties"]
    files = (properties.get("allowSharedKeyAccessForServices") or {}).get("file") or {}
    return properties.get("allowSharedKeyAccess") is not False and files.get("enabled") is not False


def find_folder(cloud: PracticeCloud, account: Document, share: str) -> Path | None:
    """The folder of one of an account's shares; None when it has no such share."""
    return share_folder(cloud, account, share) if f"{account['id']}/{share}" in cloud.store.collection("file_shares") else None


def share_folder(cloud: PracticeCloud, account: Document, share: str) -> Path:
    """Where the files of a share lie, whether it is there or not."""
    return cloud.home / "shares" / str(account["name"]) / share


def _mount_error(account: str, share: str, output: str) -> MountError:
    return MountError(
        "mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t cifs -o ,file_mode=0777,dir_mode=0777,actimeo=30,"
        f"mfsymlinks,nosharesock,<masked> //{account}.file.core.windows.net/{share}\nOutput: {output}\n"
        "Refer to the mount.cifs(8) manual page (e.g. man mount.cifs) and kernel log messages (dmesg)"
    )
