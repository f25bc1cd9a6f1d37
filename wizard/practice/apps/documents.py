"""Container apps as Azure shows them: what a request sends, completed and written as a GET answers (recorded: containerapp/*)."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from wizard.practice.kernel.store import Document

_DISK = ((0.25, "1Gi"), (0.5, "2Gi"), (1.0, "4Gi"))


def merged(target: Any, patch: Any) -> Any:
    """JSON merge patch (RFC 7396): objects merge, null removes, everything else, arrays included, replaces."""
    if not isinstance(patch, Mapping):
        return copy.deepcopy(patch)
    result = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def configuration(sent: Mapping[str, Any], fqdn: str, external_fqdn: str) -> dict[str, Any]:
    """``properties.configuration``, without the values of secrets."""
    return {
        "secrets": shown_secrets(sent),
        "activeRevisionsMode": sent.get("activeRevisionsMode") or "Single",
        "ingress": _ingress(sent["ingress"], fqdn, external_fqdn) if sent.get("ingress") else None,
        "registries": shown_registries(sent),
        "dapr": sent.get("dapr"),
        "runtime": sent.get("runtime"),
        "maxInactiveRevisions": sent.get("maxInactiveRevisions") or 100,
        "service": sent.get("service"),
        "identitySettings": sent.get("identitySettings") or [],
    }


def shown_secrets(configuration: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The secrets of a configuration without the values of those that are literal."""
    return [_secret(secret) for secret in configuration.get("secrets") or []] or None


def shown_registries(configuration: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The registries of a configuration, each with all that one may have."""
    members = ("server", "username", "passwordSecretRef", "identity")
    return [{member: each.get(member) or "" for member in members} for each in configuration.get("registries") or []] or None


def template(sent: Mapping[str, Any], app_name: str) -> dict[str, Any]:
    """``properties.template`` with Azure's defaults; ``minReplicas`` stays null when not given, which means 0."""
    scale = sent.get("scale") or {}
    return {
        "revisionSuffix": sent.get("revisionSuffix") or "",
        "terminationGracePeriodSeconds": sent.get("terminationGracePeriodSeconds"),
        "containers": shown_containers(sent, app_name),
        "initContainers": sent.get("initContainers") or None,
        "scale": {
            "minReplicas": scale.get("minReplicas"),
            "maxReplicas": scale.get("maxReplicas") or 10,
            "cooldownPeriod": scale.get("cooldownPeriod") or 300,
            "pollingInterval": scale.get("pollingInterval") or 30,
            "rules": scale.get("rules") or None,
        },
        "volumes": shown_volumes(sent),
        "serviceBinds": sent.get("serviceBinds") or None,
    }


def shown_containers(template: Mapping[str, Any], default_name: str) -> list[dict[str, Any]]:
    """The containers of a template with Azure's defaults."""
    return [_container(each, default_name) for each in template.get("containers") or []]


def shown_volumes(template: Mapping[str, Any]) -> list[dict[str, Any]] | None:
    """The volumes of a template."""
    return [_present(each) for each in template.get("volumes") or []] or None


def memory_gibibytes(text: str) -> float | None:
    """``1.0Gi`` as a number, or None when it is not written so."""
    try:
        return float(text.removesuffix("Gi")) if text.endswith("Gi") else None
    except ValueError:
        return None


def same_template(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two templates describe the same revision; the suffix is only a name for it, and an empty list says what none says."""
    return _described(one) == _described(other)


def _described(template: Mapping[str, Any]) -> dict[str, Any]:
    containers = [{key: value for key, value in each.items() if value != []} for each in template["containers"]]
    return {**template, "revisionSuffix": "", "containers": containers}


def _secret(sent: Mapping[str, Any]) -> dict[str, Any]:
    return {key: sent[key] for key in ("name", "keyVaultUrl", "identity") if sent.get(key)}


def _ingress(sent: Mapping[str, Any], fqdn: str, external_fqdn: str) -> dict[str, Any]:
    transport = str(sent.get("transport") or "auto")
    traffic = [_present(each) for each in sent.get("traffic") or []] or [{"weight": 100, "latestRevision": True}]
    passed_through = (
        "customDomains",
        "ipSecurityRestrictions",
        "corsPolicy",
        "clientCertificateMode",
        "stickySessions",
        "additionalPortMappings",
    )
    return {
        "fqdn": external_fqdn if sent.get("external") else fqdn,
        "external": bool(sent.get("external")),
        "targetPort": sent.get("targetPort") or 0,  # recorded: 0 is what an unset one shows, and asks for the one that listens
        "exposedPort": sent.get("exposedPort") or 0,
        "transport": transport.capitalize(),
        "traffic": traffic,
        "allowInsecure": bool(sent.get("allowInsecure")),
        **{key: sent.get(key) for key in passed_through},
    }


def _container(sent: Mapping[str, Any], app_name: str) -> dict[str, Any]:
    """One container: a list that was sent is shown, an empty one too (``probes: []``), and one that was not is not (recorded)."""
    resources = sent.get("resources") or {}
    cpu = resources.get("cpu") or 0.5
    memory = memory_gibibytes(str(resources.get("memory") or "1Gi"))
    container = {"image": sent.get("image") or "", "name": sent.get("name") or app_name}
    container |= {key: sent[key] for key in ("command", "args") if sent.get(key) is not None}
    if sent.get("env") is not None:
        container["env"] = [_variable(each) for each in sent["env"]]
    container["resources"] = {
        "cpu": cpu,
        "memory": f"{memory:g}Gi" if memory is not None else resources["memory"],
        "ephemeralStorage": next((size for most, size in _DISK if float(cpu) <= most), "8Gi"),
    }
    if sent.get("volumeMounts") is not None:
        container["volumeMounts"] = [_present(each) for each in sent["volumeMounts"]]
    if sent.get("probes") is not None:
        container["probes"] = [_present(each) for each in sent["probes"]]
    return container


def _variable(sent: Mapping[str, Any]) -> dict[str, Any]:
    if sent.get("secretRef"):
        return {"name": sent["name"], "secretRef": sent["secretRef"]}
    return {"name": sent.get("name") or "", "value": "" if sent.get("value") is None else str(sent["value"])}


def _present(sent: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in sent.items() if value is not None}


def image_of(app: Document) -> str:
    """The image of an app's one container."""
    return str(app["properties"]["template"]["containers"][0]["image"])
