"""What a request may say of a container app (Microsoft.App 2026-07-01, which has everything that older versions have)."""

from wizard.practice.kernel.shapes import FLAG, IDENTITY, NUMBER, TAGS, TEXT, WHOLE, Each, OneOf, among

_AUTH = [{"secretRef": TEXT, "triggerParameter": TEXT}]
_TRIGGER = {"metadata": Each(TEXT), "auth": _AUTH, "identity": TEXT}
SECRETS = [{"name": TEXT, "value": TEXT, "identity": TEXT, "keyVaultUrl": TEXT}]
REGISTRIES = [{"server": TEXT, "username": TEXT, "passwordSecretRef": TEXT, "identity": TEXT}]
IDENTITY_SETTINGS = [{"identity": TEXT, "lifecycle": OneOf(("All", "Init", "Main", "None"))}]
VOLUMES = [
    {
        "name": TEXT,
        "storageType": OneOf(("AzureFile", "EmptyDir", "NfsAzureFile", "Secret", "Smb")),
        "storageName": TEXT,
        "secrets": [{"secretRef": TEXT, "path": TEXT}],
        "mountOptions": TEXT,
    }
]
_PORTS = {"external": FLAG, "targetPort": WHOLE, "exposedPort": WHOLE}
CONTAINER = {
    "image": TEXT,
    "name": TEXT,
    "command": [TEXT],
    "args": [TEXT],
    "env": [{"name": TEXT, "value": TEXT, "secretRef": TEXT}],
    "resources": {"cpu": NUMBER, "memory": TEXT},
    "volumeMounts": [{"volumeName": TEXT, "mountPath": TEXT, "subPath": TEXT}],
}
_PROBE = {
    "type": OneOf(("Liveness", "Readiness", "Startup")),
    "httpGet": {
        "host": TEXT,
        "httpHeaders": [{"name": TEXT, "value": TEXT}],
        "path": TEXT,
        "port": WHOLE,
        "scheme": OneOf(("HTTP", "HTTPS")),
    },
    "tcpSocket": {"host": TEXT, "port": WHOLE},
    "failureThreshold": WHOLE,
    "initialDelaySeconds": WHOLE,
    "periodSeconds": WHOLE,
    "successThreshold": WHOLE,
    "terminationGracePeriodSeconds": WHOLE,
    "timeoutSeconds": WHOLE,
}
_INGRESS = {
    **_PORTS,
    "transport": among("auto", "http", "http2", "tcp"),
    "traffic": [{"revisionName": TEXT, "weight": WHOLE, "latestRevision": FLAG, "label": TEXT}],
    "customDomains": [{"name": TEXT, "bindingType": among("Disabled", "SniEnabled", "Auto"), "certificateId": TEXT}],
    "allowInsecure": FLAG,
    "ipSecurityRestrictions": [{"name": TEXT, "description": TEXT, "ipAddressRange": TEXT, "action": among("Allow", "Deny")}],
    "stickySessions": {"affinity": among("sticky", "none")},
    "clientCertificateMode": among("ignore", "accept", "require"),
    "corsPolicy": {
        "allowedOrigins": [TEXT],
        "allowedMethods": [TEXT],
        "allowedHeaders": [TEXT],
        "exposeHeaders": [TEXT],
        "maxAge": WHOLE,
        "allowCredentials": FLAG,
    },
    "additionalPortMappings": [_PORTS],
}
_DAPR = {
    "enabled": FLAG,
    "appId": TEXT,
    "appProtocol": among("http", "grpc"),
    "appPort": WHOLE,
    "httpReadBufferSize": WHOLE,
    "httpMaxRequestSize": WHOLE,
    "logLevel": among("info", "debug", "warn", "error"),
    "enableApiLogging": FLAG,
    "appHealth": {"enabled": FLAG, "path": TEXT, "probeIntervalSeconds": WHOLE, "probeTimeoutMilliseconds": WHOLE, "threshold": WHOLE},
    "maxConcurrency": WHOLE,
}
_CONFIGURATION = {
    "secrets": SECRETS,
    "activeRevisionsMode": OneOf(("Single", "Multiple", "Labels")),
    "ingress": _INGRESS,
    "registries": REGISTRIES,
    "dapr": _DAPR,
    "runtime": {"java": {"enableMetrics": FLAG}},
    "maxInactiveRevisions": WHOLE,
    "service": {"type": TEXT},
    "identitySettings": IDENTITY_SETTINGS,
}
_SCALE = {
    "minReplicas": WHOLE,
    "maxReplicas": WHOLE,
    "cooldownPeriod": WHOLE,
    "pollingInterval": WHOLE,
    "allowScalingRuleOverride": FLAG,
    "rules": [
        {
            "name": TEXT,
            "azureQueue": {"accountName": TEXT, "queueName": TEXT, "queueLength": WHOLE, "auth": _AUTH, "identity": TEXT},
            "custom": {"type": TEXT, **_TRIGGER},
            "http": _TRIGGER,
            "tcp": _TRIGGER,
        }
    ],
}
_TEMPLATE = {
    "revisionSuffix": TEXT,
    "terminationGracePeriodSeconds": WHOLE,
    "initContainers": [CONTAINER],
    "containers": [{**CONTAINER, "probes": [_PROBE]}],
    "scale": _SCALE,
    "volumes": VOLUMES,
    "serviceBinds": [{"serviceId": TEXT, "name": TEXT}],
}
APP = {
    "location": TEXT,
    "tags": TAGS,
    "identity": IDENTITY,
    "extendedLocation": {"name": TEXT, "type": TEXT},
    "managedBy": TEXT,
    "kind": TEXT,
    "workloadProfileName": TEXT,  # beside its place in properties, where older clients write it
    "properties": {
        "managedEnvironmentId": TEXT,
        "environmentId": TEXT,
        "networking": {"outboundVnetSubnetId": TEXT},
        "workloadProfileName": TEXT,
        "configuration": _CONFIGURATION,
        "template": _TEMPLATE,
    },
}
