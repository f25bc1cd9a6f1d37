"""What a right lets a person do, in plain words: “make a key vault” for ``Microsoft.KeyVault/vaults/write``."""

from __future__ import annotations

from wizard.platform.language import N_, _

BUILD = N_("have images built in the container registry")
DEEDS = {
    "microsoft.resources/subscriptions/resourcegroups/write": N_("make a resource group"),
    "microsoft.authorization/roleassignments/write": N_("give roles"),
    "microsoft.keyvault/vaults/write": N_("make a key vault"),
    "microsoft.keyvault/locations/deletedvaults/purge/action": N_("remove a deleted key vault for good"),
    "microsoft.keyvault/vaults/secrets/setsecret/action": N_("write secrets into the key vault"),
    "microsoft.keyvault/vaults/secrets/getsecret/action": N_("compare the secrets in the key vault with yours"),
    "microsoft.keyvault/vaults/secrets/readmetadata/action": N_("list the secrets in the key vault"),
    "microsoft.containerregistry/registries/write": N_("make a container registry"),
    "microsoft.containerregistry/registries/artifacts/delete": N_("delete images in the container registry"),
    "microsoft.containerregistry/registries/listbuildsourceuploadurl/action": BUILD,
    "microsoft.containerregistry/registries/schedulerun/action": BUILD,
    "microsoft.containerregistry/registries/runs/read": BUILD,
    "microsoft.containerregistry/registries/runs/listlogsasurl/action": BUILD,
    "microsoft.storage/storageaccounts/write": N_("make a storage account"),
    "microsoft.storage/storageaccounts/fileservices/write": N_("say how long deleted files are kept"),
    "microsoft.storage/storageaccounts/fileservices/shares/write": N_("make a file share"),
    "microsoft.storage/storageaccounts/listkeys/action": N_("take the key of the storage account"),
    "microsoft.app/managedenvironments/write": N_("make a place to run"),
    "microsoft.app/managedenvironments/storages/write": N_("connect a file share to the place to run"),
    "microsoft.app/managedenvironments/join/action": N_("put an app into the place to run"),
    "microsoft.app/containerapps/write": N_("make an app"),
    "microsoft.managedidentity/userassignedidentities/write": N_("make an identity for your app"),
    "microsoft.managedidentity/userassignedidentities/assign/action": N_("give your app its identity"),
}
"""ARM action in small letters -> what it does, to stand after “You may not”."""


def action_phrase(action: str) -> str:
    """What an ARM action does, in plain words; “do this” for one that is not in the table."""
    if action.lower().endswith("/register/action"):
        return _("switch on the service {namespace}").format(namespace=action.partition("/")[0])
    return _(DEEDS.get(action.lower(), N_("do this")))
