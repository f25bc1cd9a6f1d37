"""What a request may say of a key vault (Microsoft.KeyVault 2026-05-15) and of a secret in it (7.4 to 2026-04-01)."""

from wizard.practice.kernel.shapes import FLAG, LONG, TAGS, TEXT, WHOLE, among

_ATTRIBUTES = {"enabled": FLAG, "nbf": LONG, "exp": LONG}
_POLICY = {
    "tenantId": TEXT,
    "objectId": TEXT,
    "applicationId": TEXT,
    "permissions": {"keys": [TEXT], "secrets": [TEXT], "certificates": [TEXT], "storage": [TEXT]},
}
NETWORK = {
    "bypass": among("AzureServices", "None"),
    "defaultAction": among("Allow", "Deny"),
    "ipRules": [{"value": TEXT}],
    "virtualNetworkRules": [{"id": TEXT, "ignoreMissingVnetServiceEndpoint": FLAG}],
}
VAULT = {
    "location": TEXT,
    "tags": TAGS,
    "properties": {
        "tenantId": TEXT,
        "sku": {"family": among("A"), "name": among("standard", "premium")},
        "accessPolicies": [_POLICY],
        "vaultUri": TEXT,
        "enabledForDeployment": FLAG,
        "enabledForDiskEncryption": FLAG,
        "enabledForTemplateDeployment": FLAG,
        "enableSoftDelete": FLAG,
        "softDeleteRetentionInDays": WHOLE,
        "enableRbacAuthorization": FLAG,
        "createMode": among("default", "recover"),
        "enablePurgeProtection": FLAG,
        "networkAcls": NETWORK,
        "provisioningState": TEXT,
        "publicNetworkAccess": TEXT,
    },
}
SECRET = {"value": TEXT, "contentType": TEXT, "tags": TAGS, "attributes": _ATTRIBUTES}
ARM_SECRET = {"tags": TAGS, "properties": {"value": TEXT, "contentType": TEXT, "attributes": _ATTRIBUTES}}
