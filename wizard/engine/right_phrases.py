"""What a right lets one do and where, in a person's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.cloud.errors.action_phrases import action_phrase
from wizard.platform.language import N_, _

if TYPE_CHECKING:
    from wizard.cloud.permissions.right import PermissionRequirement

PLACES = {
    "microsoft.keyvault/vaults": N_("the key vault {name}"),
    "microsoft.containerregistry/registries": N_("the container registry {name}"),
    "microsoft.storage/storageaccounts": N_("the storage account {name}"),
    "microsoft.app/managedenvironments": N_("the place to run {name}"),
    "microsoft.app/containerapps": N_("the app {name}"),
    "microsoft.managedidentity/userassignedidentities": N_("the identity {name}"),
}


def right_phrase(right: PermissionRequirement) -> str:
    """What it lets one do, after “you may”: ``make the key vault``."""
    if right.assigns:
        texts = {"you": _("give yourself the role “{role}”"), "pipeline": _("give your pipeline the role “{role}”")}
        return texts.get(right.to, _("give your app the role “{role}”")).format(role=right.assigns)
    return action_phrase(right.action)


def place(scope: str) -> str:
    """Where, in words: ``the key vault kv-orders-dev``, ``the resource group rg-orders-dev``, ``the subscription``."""
    parts = scope.strip("/").split("/")
    if len(parts) <= 2:
        return _("the subscription")
    if len(parts) == 4:
        return _("the resource group {name}").format(name=parts[3])
    kind, name = "/".join(parts[5:7]).lower(), parts[7]
    return _(PLACES[kind]).format(name=name) if kind in PLACES else scope
