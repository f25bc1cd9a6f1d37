"""Faults that lie in a resource itself: each marks every resource of its type once, while it is in force, and what it marked stays so.

Someone may mend a resource afterwards (let a registry take ARM tokens again): it is not marked a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import everywhere
from wizard.practice.kernel.store import Document

_SETUP_TAG = "azwizard-setup"


def _express(environment: Document) -> None:
    if _SETUP_TAG not in (environment.get("tags") or {}):  # only what others made, which one may be told to use
        environment["properties"]["environmentMode"] = "Express"


def _no_arm_tokens(registry: Document) -> None:
    """What Microsoft's policy ACR_AADAuthenticationAsArmDisabled_Modify does (Azure/azure-policy)."""
    registry["properties"]["policies"]["azureADAuthenticationAsArmPolicy"] = {"status": "disabled"}


def _no_file_keys(account: Document) -> None:
    services = account["properties"].get("allowSharedKeyAccessForServices") or {}
    account["properties"]["allowSharedKeyAccessForServices"] = {**services, "file": {"enabled": False}}


_MARKS: dict[str, tuple[str, Callable[[Document], None]]] = {
    "express-environment": ("Microsoft.App/managedEnvironments", _express),
    "arm-tokens-disabled": ("Microsoft.ContainerRegistry/registries", _no_arm_tokens),
    "no-file-keys": ("Microsoft.Storage/storageAccounts", _no_file_keys),
}


def mark(cloud: PracticeCloud) -> None:
    """Mark what the faults in force have not marked yet; called before a request is answered."""
    cloud.store.resources.keep_past(wanted=cloud.faults.active("stale-list"))
    for fault, (kind, change) in _MARKS.items():
        if cloud.faults.active(fault):
            for resource in _unmarked(cloud, fault, kind):
                change(resource)
                cloud.store.resources[resource["id"]] = resource


def _unmarked(cloud: PracticeCloud, fault: str, kind: str) -> Iterable[Document]:
    marked = cloud.store.collection("marked_resources")
    for resource in everywhere(cloud, kind):
        key = f"{fault} {cloud.faults.times_set(fault)} {resource['id']}"
        if key not in marked:
            marked[key] = {"fault": fault}
            yield resource
