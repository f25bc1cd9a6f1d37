"""What a request may say of a job (Microsoft.App 2025-07-01)."""

from wizard.practice.apps.shapes import CONTAINER, IDENTITY_SETTINGS, REGISTRIES, SECRETS, VOLUMES
from wizard.practice.kernel.shapes import IDENTITY, TAGS, TEXT, WHOLE, OneOf

_COUNTS = {"replicaCompletionCount": WHOLE, "parallelism": WHOLE}
JOB = {
    "location": TEXT,
    "tags": TAGS,
    "identity": IDENTITY,
    "properties": {
        "environmentId": TEXT,
        "workloadProfileName": TEXT,
        "configuration": {
            "secrets": SECRETS,
            "triggerType": OneOf(("Schedule", "Event", "Manual")),
            "replicaTimeout": WHOLE,
            "replicaRetryLimit": WHOLE,
            "manualTriggerConfig": _COUNTS,
            "scheduleTriggerConfig": {**_COUNTS, "cronExpression": TEXT},
            "registries": REGISTRIES,
            "identitySettings": IDENTITY_SETTINGS,
        },
        "template": {"containers": [CONTAINER], "initContainers": [CONTAINER], "volumes": VOLUMES},
    },
}
EXECUTION_TEMPLATE = {"containers": [CONTAINER], "initContainers": [CONTAINER]}
