"""What a request may say of a storage account and its file shares (Microsoft.Storage 2026-09-01)."""

from wizard.practice.kernel.shapes import FLAG, IDENTITY, TAGS, TEXT, WHOLE, Each, among

_SWITCH = {"enabled": FLAG}
_KEY = {"enabled": FLAG, "keyType": TEXT}
_ADDRESSES = [{"value": TEXT, "action": among("Allow")}]
_REQUIRED = {"encryptionInTransit": {"required": FLAG}}
_NETWORK = {
    "bypass": TEXT,
    "resourceAccessRules": [{"tenantId": TEXT, "resourceId": TEXT}],
    "virtualNetworkRules": [{"id": TEXT, "action": TEXT, "state": TEXT}],
    "ipRules": _ADDRESSES,
    "ipv6Rules": _ADDRESSES,
    "defaultAction": among("Allow", "Deny"),
}
_ENCRYPTION = {
    "services": {"blob": _KEY, "file": _KEY, "table": _KEY, "queue": _KEY},
    "keySource": TEXT,
    "requireInfrastructureEncryption": FLAG,
    "keyvaultproperties": {"keyname": TEXT, "keyversion": TEXT, "keyvaulturi": TEXT},
    "identity": {"userAssignedIdentity": TEXT, "federatedIdentityClientId": TEXT},
}
_DIRECTORY = {
    "directoryServiceOptions": among("None", "AADDS", "AD", "AADKERB"),
    "activeDirectoryProperties": {
        "domainName": TEXT,
        "netBiosDomainName": TEXT,
        "forestName": TEXT,
        "domainGuid": TEXT,
        "domainSid": TEXT,
        "azureStorageSid": TEXT,
        "samAccountName": TEXT,
        "accountType": TEXT,
    },
    "defaultSharePermission": TEXT,
    "smbOAuthSettings": {"isSmbOAuthEnabled": FLAG},
}
_IMMUTABLE = {
    "enabled": FLAG,
    "immutabilityPolicy": {"immutabilityPeriodSinceCreationInDays": WHOLE, "state": TEXT, "allowProtectedAppendWrites": FLAG},
}
_SAS = {
    "sasExpirationPeriod": TEXT,
    "expirationAction": TEXT,
    "requireUserBoundUserDelegationSas": FLAG,
    "requireUserBoundUserDelegationSasAction": TEXT,
}
_FLAGS = (
    "supportsHttpsTrafficOnly isSftpEnabled isLocalUserEnabled enableExtendedGroups isHnsEnabled allowBlobPublicAccess "
    "allowSharedKeyAccess isNfsV3Enabled allowCrossTenantReplication defaultToOAuthAuthentication allowCrossTenantDelegationSas"
)
ACCOUNT = {
    "sku": {"name": TEXT},
    "kind": TEXT,
    "location": TEXT,
    "extendedLocation": {"name": TEXT, "type": TEXT},
    "zones": [TEXT],
    "placement": {"zonePlacementPolicy": TEXT},
    "tags": TAGS,
    "identity": IDENTITY,
    "properties": {
        **dict.fromkeys(_FLAGS.split(), FLAG),
        "allowedCopyScope": among("PrivateLink", "AAD", "All"),
        "publicNetworkAccess": among("Enabled", "Disabled", "SecuredByPerimeter"),
        "sasPolicy": _SAS,
        "keyPolicy": {"keyExpirationPeriodInDays": WHOLE},
        "customDomain": {"name": TEXT, "useSubDomainName": FLAG},
        "encryption": _ENCRYPTION,
        "networkAcls": _NETWORK,
        "accessTier": among("Hot", "Cool", "Premium", "Cold", "Smart"),
        "turboTier": {"status": TEXT, "targetPercent": WHOLE},
        "azureFilesIdentityBasedAuthentication": _DIRECTORY,
        "largeFileSharesState": among("Disabled", "Enabled"),
        "routingPreference": {"routingChoice": TEXT, "publishMicrosoftEndpoints": FLAG, "publishInternetEndpoints": FLAG},
        "dualStackEndpointPreference": {"publishIpv6Endpoint": FLAG},
        "minimumTlsVersion": among("TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"),
        "immutableStorageWithVersioning": _IMMUTABLE,
        "dnsEndpointType": among("Standard", "AzureDnsZone"),
        "geoPriorityReplicationStatus": {"isBlobEnabled": FLAG},
        "allowSharedKeyAccessForServices": {"blob": _SWITCH, "file": _SWITCH, "table": _SWITCH, "queue": _SWITCH},
        "dataCollaborationPolicyProperties": {
            "allowStorageConnectors": FLAG,
            "allowBlobAccessPoints": FLAG,
            "allowStorageDataShares": FLAG,
            "allowCrossTenantDataSharing": FLAG,
        },
    },
}
KEY = {"keyName": TEXT}
FILE_SERVICE = {
    "properties": {
        "cors": {
            "corsRules": [
                {
                    "allowedOrigins": [TEXT],
                    "allowedMethods": [TEXT],
                    "maxAgeInSeconds": WHOLE,
                    "exposedHeaders": [TEXT],
                    "allowedHeaders": [TEXT],
                }
            ]
        },
        "shareDeleteRetentionPolicy": {"enabled": FLAG, "days": WHOLE, "allowPermanentDelete": FLAG},
        "protocolSettings": {
            "smb": {
                "multichannel": _SWITCH,
                "versions": TEXT,
                "authenticationMethods": TEXT,
                "kerberosTicketEncryption": TEXT,
                "channelEncryption": TEXT,
                **_REQUIRED,
            },
            "nfs": _REQUIRED,
        },
    }
}
SHARE = {
    "properties": {
        "metadata": Each(TEXT),
        "shareQuota": WHOLE,
        "provisionedIops": WHOLE,
        "provisionedBandwidthMibps": WHOLE,
        "enabledProtocols": among("SMB", "NFS"),
        "rootSquash": among("NoRootSquash", "RootSquash", "AllSquash"),
        "accessTier": among("TransactionOptimized", "Hot", "Cool", "Premium"),
        "signedIdentifiers": [{"id": TEXT, "accessPolicy": {"startTime": TEXT, "expiryTime": TEXT, "permission": TEXT}}],
        "fileSharePaidBursting": {"paidBurstingEnabled": FLAG, "paidBurstingMaxIops": WHOLE, "paidBurstingMaxBandwidthMibps": WHOLE},
    }
}
DELETED_SHARE = {"deletedShareName": TEXT, "deletedShareVersion": TEXT}
