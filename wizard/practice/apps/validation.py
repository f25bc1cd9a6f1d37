"""What Azure refuses in a container app's request before anything happens, in its words (errors.md F, reference.md 4 and 5)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from wizard.practice.apps.documents import memory_gibibytes
from wizard.practice.apps.scaling.rules import check_rules
from wizard.practice.kernel.errors import AzureError

_APP_NAME = re.compile(r"(?=.{2,32}$)[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_SECRET_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_VARIABLE_NAME = re.compile(r"[-._a-zA-Z][-._a-zA-Z0-9]*")
_SUFFIX = re.compile(r"(?!.*--)[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_VAULT_URL = re.compile(r"https://[A-Za-z0-9-]+\.vault\.azure\.net/secrets/[0-9A-Za-z-]{1,127}(/[0-9a-f]{32})?/?")
_TOTALS = [(quarter / 4, quarter / 2) for quarter in range(1, 17)]


def check_name(name: str) -> None:
    """Refuse an app name that Azure does not take."""
    if not _APP_NAME.fullmatch(name):
        message = (
            f"Invalid ContainerApp name '{name}'. A name must consist of lower case alphanumeric characters or '-', start with an "
            "alphabetic character, and end with an alphanumeric character and cannot have '--'. The length must not be more than 32 "
            "characters."
        )
        raise AzureError(400, "ContainerAppInvalidName", message)


def check_secrets(sent: Iterable[Mapping[str, Any]], known_values: Mapping[str, str]) -> None:
    """Refuse secrets with a bad name or address, and literal ones without a value.

    :param known_values: values that the service already has and a PATCH need not repeat.
    """
    names: list[str] = []
    for secret in sent:
        name = str(secret.get("name") or "")
        if not _SECRET_NAME.fullmatch(name):
            message = (
                f"Invalid Request: Container app secret name '{name}' is invalid: a name must consist of lower case alphanumeric "
                "characters or '-', and must start and end with an alphanumeric character."
            )
            raise AzureError(400, "ContainerAppInvalidSecretName", message)
        names.append(name)
        url = secret.get("keyVaultUrl")
        if url and not _VAULT_URL.fullmatch(str(url)):
            message = (
                f"Invalid Request: Key vault url '{url}' of container app secret '{name}' is invalid: it should be of the form "
                "https://{vault}.vault.azure.net/secrets/{name} or https://{vault}.vault.azure.net/secrets/{name}/{version}."
            )
            raise AzureError(400, "ContainerAppSecretKeyVaultUrlInvalid", message)
    incomplete = [
        str(secret["name"])
        for secret in sent
        if not (secret.get("keyVaultUrl") and secret.get("identity")) and not secret.get("value") and secret["name"] not in known_values
    ]
    if incomplete:
        message = (
            f"Invalid Request: Container app secret(s) with name(s) '{', '.join(incomplete)}' are invalid: "
            "value or keyVaultUrl and identity should be provided."
        )
        raise AzureError(400, "ContainerAppSecretInvalid", message)
    if twice := _twice(names):
        raise AzureError(400, "ContainerAppDuplicateSecretName", f"Invalid Request: Container app secret name '{twice}' is used twice.")


def check_configuration(configuration: Mapping[str, Any]) -> None:
    """Refuse registries and ingress that cannot be."""
    secrets = {secret["name"] for secret in configuration["secrets"] or []}
    for registry in configuration["registries"] or []:
        reference = registry["passwordSecretRef"]
        if reference and reference not in secrets:
            message = f"PasswordSecretRef '{reference}' defined for registry server '{registry['server']}' not found."
            raise AzureError(400, "ContainerAppRegistriesPasswordSecretRefNotFound", message)
    ingress = configuration["ingress"]
    if ingress is None:
        return
    port = ingress["targetPort"]
    if not 0 <= port <= 65535:
        raise AzureError(
            400, "ContainerAppInvalidIngressTargetPort", f"Ingress target port '{port}' is invalid: it should be from 0 to 65535."
        )
    if ingress["transport"].lower() not in ("auto", "http", "http2", "tcp"):
        raise AzureError(400, "ContainerAppInvalidIngressTransport", f"Ingress transport '{ingress['transport']}' is invalid.")
    if (total := sum(rule.get("weight") or 0 for rule in ingress["traffic"])) != 100:
        raise AzureError(400, "ContainerAppInvalidTrafficWeight", f"The sum of traffic weights is {total}; it should be 100.")


def check_template(app_name: str, template: Mapping[str, Any], secrets: set[str]) -> None:
    """Refuse a template that Azure does not take; `secrets` are the names that the app has."""
    containers = template["containers"]
    if not containers:
        raise invalid_field("template.containers", "Required value: at least one container should be given")
    if len(containers) > 1 or template["initContainers"]:
        raise invalid_field("template.containers", "Invalid value: the practice cloud runs one container in an app, and no init containers")
    suffix = template["revisionSuffix"]
    if suffix and (not _SUFFIX.fullmatch(suffix) or len(suffix) > 64):
        raise invalid_field("template.revisionsuffix", f'Invalid value: "{suffix}": a suffix has lower case alphanumeric characters or "-"')
    check_container(containers[0], template, secrets)
    _check_scale(template["scale"])
    check_rules(app_name, template["scale"]["rules"] or [])


def check_mode(mode: str, whole: Mapping[str, Any]) -> None:
    """Refuse what an Express environment does not have (learn: express-overview, 2026-08-27), and everything in an archived one."""
    properties = whole.get("properties") or {}
    configuration, template = properties.get("configuration") or {}, properties.get("template") or {}
    uses = {
        "system-assigned identities": "systemassigned" in str((whole.get("identity") or {}).get("type")).lower(),
        "Azure Files volumes": any(volume.get("storageType") in ("AzureFile", "NfsAzureFile") for volume in template.get("volumes") or []),
        "Key Vault references": any(secret.get("keyVaultUrl") for secret in configuration.get("secrets") or []),
        "workload profiles": bool(properties.get("workloadProfileName")),
    }
    if mode == "Archived":
        raise AzureError(409, "ManagedEnvironmentArchived", "The environment is archived; nothing in it can be created or changed.")
    if mode == "Express" and (used := [feature for feature, is_used in uses.items() if is_used]):
        message = f"The environment is in Express mode, which does not support: {', '.join(used)}."
        raise AzureError(400, "ExpressEnvironmentFeatureNotSupported", message)


def invalid_field(field: str, details: str) -> AzureError:
    """400 for one field of a template or configuration (errors.md 38)."""
    message = f"The following field(s) are either invalid or missing. Field '{field}' is invalid with details: '{details}';."
    return AzureError(400, "InvalidParameterValueInContainerTemplate", message)


def check_container(container: Mapping[str, Any], template: Mapping[str, Any], secrets: set[str]) -> None:
    """Refuse a container that Azure does not take; `template` is the one it stands in, `secrets` the names that there are."""
    name = container["name"]
    place = f"template.containers.{name}"
    if not _LABEL.fullmatch(name):
        raise invalid_field(f"{place}.name", f'Invalid value: "{name}": a name has lower case alphanumeric characters or "-"')
    if not container["image"]:
        raise invalid_field(f"{place}.image", 'Invalid value: "": could not parse reference')
    cpu, memory = container["resources"]["cpu"], container["resources"]["memory"]
    if (float(cpu), memory_gibibytes(str(memory))) not in _TOTALS:
        combinations = "; ".join(f"[cpu: {c}, memory: {m}Gi]" for c, m in _TOTALS)
        message = (
            f"The total requested CPU and memory resources for this application (CPU: {cpu}, memory: {memory}) is invalid. Total CPU "
            "and memory for all containers defined in a Container App must add up to one of the following CPU - Memory combinations: "
            f"{combinations}"
        )
        raise AzureError(400, "ContainerAppInvalidResourceTotal", message)
    variables = container.get("env") or []
    for variable in variables:
        if not _VARIABLE_NAME.fullmatch(variable["name"]):
            raise invalid_field(
                f"{place}.env",
                f'Invalid value: "{variable["name"]}": a valid environment variable name must consist of '
                "alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
            )
        if "secretRef" in variable and variable["secretRef"] not in secrets:
            message = f"SecretRef '{variable['secretRef']}' defined for container '{name}' not found."
            raise AzureError(400, "ContainerAppSecretRefNotFound", message)
    if twice := _twice(variable["name"] for variable in variables):
        raise invalid_field(f"{place}.env", f'Duplicate value: "{twice}"')
    for probe in container.get("probes") or []:
        for way in ("httpGet", "tcpSocket"):
            if way in probe and not 1 <= (probe[way].get("port") or 0) <= 65535:
                raise invalid_field(f"{place}.probes", "Invalid value: 0: must be between 1 and 65535, inclusive")
    _check_mounts(place, container.get("volumeMounts") or [], template["volumes"] or [])


def _check_mounts(place: str, mounts: list[dict[str, Any]], volumes: list[dict[str, Any]]) -> None:
    names = [str(volume.get("name") or "") for volume in volumes]
    for name in names:
        if not _LABEL.fullmatch(name):
            raise invalid_field("template.volumes", f'Invalid value: "{name}": a volume name has lower case alphanumeric characters or "-"')
    if twice := _twice(names):
        raise invalid_field("template.volumes", f'Duplicate value: "{twice}"')
    for mount in mounts:
        path = str(mount.get("mountPath") or "")  # recorded: one without a slash before it is taken
        if mount.get("volumeName") not in names:
            raise invalid_field(f"{place}.volumeMounts", f'Not found: "{mount.get("volumeName")}"')
        if not path.strip("/") or ":" in path:
            raise invalid_field(f"{place}.volumeMounts", f'Invalid value: "{path}": must not be the root and must not contain ":"')
    if twice := _twice(str(mount["mountPath"]).strip("/") for mount in mounts):
        raise invalid_field(f"{place}.volumeMounts", f'Invalid value: "{twice}": must be unique')


def _check_scale(scale: Mapping[str, Any]) -> None:
    least, most = scale["minReplicas"] or 0, scale["maxReplicas"]
    if not 0 <= least <= 1000 or not 1 <= most <= 1000 or least > most:
        message = (
            f"Scale is invalid: minReplicas {least} and maxReplicas {most} should be from 0 and 1 to 1000, the first not above the second."
        )
        raise AzureError(400, "ContainerAppInvalidScaleSpec", message)


def _twice(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""
