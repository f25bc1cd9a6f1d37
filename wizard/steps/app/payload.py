"""The container app as the answers want it: one ARM payload, to which five sections contribute a fragment each.

ARM's names are used throughout (reference 1.11). Whatever others set beside it, such as a custom domain, is kept: see `merged`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wizard.sections import naming
from wizard.state.repository.pipeline_tags import TAGS, pipeline_tags
from wizard.state.resources import ResourceRefs
from wizard.steps.app.probes import are_ours, health_probes
from wizard.steps.app.scaling import ours_and_others, scale

if TYPE_CHECKING:
    from wizard.engine.step import Outputs
    from wizard.platform.secret import Secret
    from wizard.setup.answers import Answers

PLACEHOLDER_IMAGE = "mcr.microsoft.com/k8se/quickstart:latest"
HEALTH_PATH_TAG = "azwizard-health-path"
PROBES_TAG = "azwizard-probes"
"""Carried only where the person wants no probes, which Azure alone would not show."""
UNASKED = "false"
SAID_BY_DOCKERFILE = ("command", "args")
"""What starts the container. Set on the app it would overrule the Dockerfile, and a corrected Dockerfile would change nothing."""
ARM = dict[str, Any]


def desired_app(answers: Answers, facts: Outputs) -> ARM:
    """The app that the answers ask for, to be written with one PUT that makes one revision.

    :param facts: the vault's URI, the registry's server, the image's digest, the environment's region and, for a user-assigned
        identity, its resource id.
    """
    targets = ResourceRefs.named(answers, answers.sign_in.subscription)
    assert targets.environment
    return {
        "location": facts.environment_region or answers.project.region,
        "tags": app_tags(answers),
        "identity": _identity(answers, facts),
        "properties": {
            "environmentId": targets.environment.id,
            "workloadProfileName": facts.workload_profile,
            "configuration": {
                "activeRevisionsMode": "Single",
                "ingress": _ingress(answers),
                "registries": [{"server": facts.login_server, "identity": _identity_reference(answers, facts)}],
                "secrets": _secrets(answers, facts),
            },
            "template": {
                "containers": [_container(answers, facts)],
                "scale": scale(answers),
                "volumes": _volumes(answers),
            },
        },
    }


def placeholder_app(answers: Answers, facts: Outputs) -> ARM:
    """An app that exists only to have an identity: it runs Microsoft's own image, and is reached by nobody (reference 1.10 A)."""
    targets = ResourceRefs.named(answers, answers.sign_in.subscription)
    assert targets.environment
    return {
        "location": facts.environment_region or answers.project.region,
        "tags": app_tags(answers),
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "environmentId": targets.environment.id,
            "workloadProfileName": facts.workload_profile,
            "configuration": {"activeRevisionsMode": "Single"},
            "template": {
                "containers": [{"name": answers.app.name, "image": PLACEHOLDER_IMAGE, "resources": {"cpu": 0.25, "memory": "0.5Gi"}}],
                "scale": {"minReplicas": 0, "maxReplicas": 1},
            },
        },
    }


def proposed_app(answers: Answers, facts: Outputs) -> ARM:
    """The app as far as it can be told before anything is made: the placeholder, with the ingress and the identity of what follows it."""
    app = placeholder_app(answers, facts)
    app["properties"]["configuration"]["ingress"] = _ingress(answers)
    targets = ResourceRefs.named(answers, answers.sign_in.subscription)
    if targets.identity:
        app["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {targets.identity.id: {}}}
    proposal: ARM = _without_nothing(app)
    return proposal


def app_tags(answers: Answers) -> dict[str, str]:
    """What the app carries, so that a setup file can be written again from Azure alone."""
    probes = {} if answers.app.probes else {PROBES_TAG: UNASKED}
    tags = answers.project.resource_tags("container_app") | {HEALTH_PATH_TAG: answers.app.health_path}
    return tags | probes | pipeline_tags(answers)


def used_secrets(answers: Answers) -> list[str]:
    """The secrets that variables hold, each once."""
    return list(dict.fromkeys(variable.secret for variable in answers.variables if variable.secret is not None))


def image(answers: Answers, facts: Outputs) -> str:
    """The image by digest, so that the app runs exactly what was built."""
    return f"{facts.login_server}/{answers.pipeline.image}@{facts.image_digest}"


def _identity(answers: Answers, facts: Outputs) -> ARM:
    if answers.app.identity == "system":
        return {"type": "SystemAssigned"}
    return {"type": "UserAssigned", "userAssignedIdentities": {facts.identity_resource_id: {}}}


def _identity_reference(answers: Answers, facts: Outputs) -> str | None:
    """How registries and secrets name the identity that reads them."""
    return "system" if answers.app.identity == "system" else facts.identity_resource_id


def _ingress(answers: Answers) -> ARM:
    return {
        "external": True,
        "targetPort": answers.app.port,
        "transport": "http",
        "allowInsecure": False,
        "traffic": [{"latestRevision": True, "weight": 100}],
    }


def _secrets(answers: Answers, facts: Outputs) -> list[ARM]:
    """References to the vault, without a version: a new value reaches the app with its next revision, or within half an hour."""
    vault = (facts.vault_uri or "").rstrip("/")  # Azure's own URI ends with a slash, which would give //secrets
    identity = _identity_reference(answers, facts)
    return [
        {"name": naming.app_secret(name), "keyVaultUrl": f"{vault}/secrets/{name}", "identity": identity} for name in used_secrets(answers)
    ]


def _variables(answers: Answers) -> list[ARM]:
    return [
        {"name": variable.name, "value": variable.value}
        if variable.secret is None
        else {"name": variable.name, "secretRef": naming.app_secret(variable.secret)}
        for variable in answers.variables
    ]


def _container(answers: Answers, facts: Outputs) -> ARM:
    probes = health_probes(answers, facts)
    return {
        "name": answers.app.name,
        "image": image(answers, facts),
        "resources": {"cpu": answers.app.cpu, "memory": answers.app.memory},
        "env": _variables(answers),
        "volumeMounts": [{"volumeName": share.designation, "mountPath": share.mount} for share in answers.storage.shares],
        **({} if probes is None else {"probes": probes}),
    }


def _volumes(answers: Answers) -> list[ARM]:
    shared = answers.environment.existing
    return [
        {
            "name": share.designation,
            "storageType": "AzureFile",
            "storageName": naming.environment_storage(share.designation, answers.project.name, shared=shared),
            **({"mountOptions": "nobrl"} if share.nobrl else {}),
        }
        for share in answers.storage.shares
    ]


def merged(actual: ARM, desired: ARM, literal_secrets: Mapping[str, Secret]) -> ARM:
    """`desired` with whatever else `actual` has, such as a custom domain, a health probe or a secret that someone added.

    :param actual: the app as Azure holds it, without what is only read.
    :param literal_secrets: the values of secrets that are no references, which Azure does not give back with the app (reference 1.12).
    """
    payload: ARM = _over(_without_nothing(actual), desired)
    payload["tags"] = {tag: value for tag, value in payload["tags"].items() if tag not in (*TAGS, PROBES_TAG) or tag in desired["tags"]}
    actual_configuration = actual.get("properties", {}).get("configuration") or {}
    configuration, template = payload["properties"]["configuration"], payload["properties"]["template"]
    configuration["secrets"] = desired_secrets(desired) + _other_secrets(actual_configuration, desired, literal_secrets)
    configuration["registries"] = _with_others(actual_configuration.get("registries"), configuration["registries"], "server")
    containers = (actual.get("properties", {}).get("template") or {}).get("containers") or []
    desired_container = dict(desired["properties"]["template"]["containers"][0])
    actual_container: ARM = next((container for container in containers if container["name"] == desired_container["name"]), {})
    if not are_ours(actual_container.get("probes") or []):
        desired_container.pop("probes", None)
    kept_of_theirs = {key: value for key, value in _without_nothing(actual_container).items() if key not in SAID_BY_DOCKERFILE}
    template["containers"] = _with_others(containers, [_over(kept_of_theirs, desired_container)], "name")
    template["scale"]["rules"] = _merged_rules(actual, desired) or None
    template.pop("revisionSuffix", None)  # a suffix names one revision forever: sent again, Azure refuses it (reference 4)
    payload["identity"] = _merged_identity(actual.get("identity") or {}, desired["identity"])
    merged_payload: ARM = _without_nothing(payload)
    return merged_payload


def desired_secrets(app: ARM) -> list[ARM]:
    """The secrets that an app names."""
    return list(app["properties"]["configuration"].get("secrets") or [])


def other_secrets(actual: ARM, desired: ARM) -> list[str]:
    """The names of secrets that the app has beside those of the answers."""
    desired_names = {secret["name"] for secret in desired_secrets(desired)}
    actual_secrets = (actual.get("properties", {}).get("configuration") or {}).get("secrets") or []
    return [str(secret["name"]) for secret in actual_secrets if secret["name"] not in desired_names]


def _other_secrets(configuration: ARM, desired: ARM, values: Mapping[str, Secret]) -> list[ARM]:
    desired_names = {secret["name"] for secret in desired_secrets(desired)}
    others = [_without_nothing(secret) for secret in configuration.get("secrets") or [] if secret["name"] not in desired_names]
    return [other if other.get("keyVaultUrl") else {"name": other["name"], "value": values[other["name"]].reveal()} for other in others]


def _merged_rules(actual: ARM, desired: ARM) -> list[ARM]:
    """Others' rules stay; ours are as the answers want them, also when they want none any more."""
    before, after = ((app.get("properties", {}).get("template") or {}).get("scale") or {} for app in (actual, desired))
    return ours_and_others(before.get("rules") or [], after.get("rules") or [])


def _merged_identity(actual: ARM, desired: ARM) -> ARM:
    """Both kinds of identity when others gave the app one of the kind that the answers do not ask for."""
    kinds = [kind.strip() for kind in str(actual.get("type") or "None").split(",")]
    users = {key.lower(): key for key in [*(actual.get("userAssignedIdentities") or {}), *desired.get("userAssignedIdentities", {})]}
    kinds_needed = {kind for kind in (*kinds, desired["type"]) if kind != "None"}
    identity: ARM = {"type": ",".join(kind for kind in ("SystemAssigned", "UserAssigned") if kind in kinds_needed)}
    return identity | ({"userAssignedIdentities": {key: {} for key in users.values()}} if users else {})


def _with_others(actual_items: list[ARM] | None, desired_items: list[ARM], key: str) -> list[ARM]:
    """Ours, then what others have beside it under another `key`."""
    names = {str(item[key]).lower() for item in desired_items}
    return desired_items + [item for item in actual_items or [] if str(item[key]).lower() not in names]


def _over(below: ARM, above: ARM) -> ARM:
    """`above` laid over `below`: objects are joined, everything else is replaced."""
    joined = dict(below)
    for key, value in above.items():
        joined[key] = _over(below[key], value) if isinstance(value, dict) and isinstance(below.get(key), dict) else value
    return joined


def _without_nothing(value: Any) -> Any:
    """Azure answers null for what was never set; sent back, it would be a value."""
    if isinstance(value, dict):
        return {key: _without_nothing(item) for key, item in value.items() if item is not None}
    return [_without_nothing(item) for item in value] if isinstance(value, list) else value
