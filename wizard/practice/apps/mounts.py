"""The folder behind a volume of a container app, with whatever an environment's storage needs to reach it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.environments.identities import principal_of
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.store import Document
from wizard.practice.storage import share_folders
from wizard.practice.storage.share_folders import MountError
from wizard.practice.vault import data_plane as vault_secrets

SHARES = ("AzureFile", "NfsAzureFile")  # the kinds of volume that are shares; EmptyDir lives and dies with the replica, as its own files do


def shared_folder(cloud: PracticeCloud, app: Document, storage: Document, key: str) -> tuple[Path, bool]:
    """Where the share of an environment's storage lies, and whether it may only be read.

    :param key: the account's key; empty where the storage names a secret of a vault, or mounts by NFS.
    :raises MountError: in the words of the mount helper.
    """
    environment = cloud.store.resources[app["properties"]["environmentId"]]
    properties = storage["properties"]
    if "nfsAzureFile" in properties:
        share = properties["nfsAzureFile"]
        return _by_nfs(cloud, environment, share), share["accessMode"] == "ReadOnly"
    share = properties["azureFile"]
    if not key:
        key = _key_of_vault(cloud, environment, share["accountKeyVaultProperties"])
    return share_folders.mount(cloud, share["accountName"], share["shareName"], key), share["accessMode"] == "ReadOnly"


def _key_of_vault(cloud: PracticeCloud, environment: Document, reference: dict[str, Any]) -> str:
    """The key that the environment's identity reads in a vault at this moment."""
    principal = principal_of(cloud, environment, str(reference.get("identity") or "system"))
    try:
        if principal is None:
            raise AzureError(400, "IdentityNotFound", "The environment does not have that identity.")
        address = environment["properties"]["staticIp"]
        return vault_secrets.fetch(cloud, str(reference.get("keyVaultUrl")), principal, address)
    except AzureError as refusal:
        raise MountError(f"the account key could not be read from the key vault: {refusal.message}") from None


def _by_nfs(cloud: PracticeCloud, environment: Document, share: dict[str, Any]) -> Path:
    """NFS asks for no key: what keeps strangers out is the virtual network, without which nothing answers."""
    network = environment["properties"].get("vnetConfiguration") or {}
    account, _, name = str(share["shareName"]).strip("/").partition("/")
    if not network.get("infrastructureSubnetId"):
        raise MountError(f"mount.nfs4: Connection timed out for {share['server']}:/{account}/{name}")
    return share_folders.mount_nfs(cloud, account, name)
