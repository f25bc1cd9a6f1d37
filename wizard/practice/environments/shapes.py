"""What a request may say of an environment and of its storages (Microsoft.App 2026-07-01)."""

from wizard.practice.kernel.shapes import FLAG, IDENTITY, TAGS, TEXT, WHOLE, OneOf

_VAULT_KEY = {"identity": TEXT, "keyVaultUrl": TEXT}
_TELEMETRY = {
    "destinationsConfiguration": {
        "dataDogConfiguration": {"site": TEXT, "key": TEXT},
        "otlpConfigurations": [{"name": TEXT, "endpoint": TEXT, "insecure": FLAG, "headers": [{"key": TEXT, "value": TEXT}]}],
    },
    "tracesConfiguration": {"includeDapr": FLAG, "destinations": [TEXT]},
    "logsConfiguration": {"destinations": [TEXT]},
    "metricsConfiguration": {"includeKeda": FLAG, "destinations": [TEXT]},
}
ENVIRONMENT = {
    "location": TEXT,
    "tags": TAGS,
    "identity": IDENTITY,
    "kind": TEXT,
    "properties": {
        "daprAIInstrumentationKey": TEXT,
        "daprAIConnectionString": TEXT,
        "vnetConfiguration": {
            "internal": FLAG,
            "infrastructureSubnetId": TEXT,
            "dockerBridgeCidr": TEXT,
            "platformReservedCidr": TEXT,
            "platformReservedDnsIP": TEXT,
        },
        "appLogsConfiguration": {"destination": TEXT, "logAnalyticsConfiguration": {"customerId": TEXT, "sharedKey": TEXT}},
        "appInsightsConfiguration": {"connectionString": TEXT},
        "openTelemetryConfiguration": _TELEMETRY,
        "zoneRedundant": FLAG,
        "customDomainConfiguration": {
            "dnsSuffix": TEXT,
            "certificateKeyVaultProperties": _VAULT_KEY,
            "certificateValue": TEXT,
            "certificatePassword": TEXT,
        },
        "workloadProfiles": [{"name": TEXT, "workloadProfileType": TEXT, "minimumCount": WHOLE, "maximumCount": WHOLE}],
        "kedaConfiguration": {},
        "daprConfiguration": {},
        "infrastructureResourceGroup": TEXT,
        "peerAuthentication": {"mtls": {"enabled": FLAG}},
        "peerTrafficConfiguration": {"encryption": {"enabled": FLAG}},
        "ingressConfiguration": {
            "workloadProfileName": TEXT,
            "terminationGracePeriodSeconds": WHOLE,
            "headerCountLimit": WHOLE,
            "requestIdleTimeout": WHOLE,
        },
        "environmentMode": OneOf(("ConsumptionOnly", "WorkloadProfiles", "Express", "Archived")),
        "publicNetworkAccess": OneOf(("Enabled", "Disabled")),
    },
}
STORAGE = {
    "properties": {
        "azureFile": {
            "accountName": TEXT,
            "accountKey": TEXT,
            "accountKeyVaultProperties": _VAULT_KEY,
            "accessMode": TEXT,
            "shareName": TEXT,
        },
        "nfsAzureFile": {"server": TEXT, "accessMode": TEXT, "shareName": TEXT},
    }
}
