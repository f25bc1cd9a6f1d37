"""Everything that one setup has in the practice cloud, in a form in which two setups of different names can be compared."""

from __future__ import annotations

import json
import re
import urllib.parse
from typing import Any

from .practice_client import PracticeClient

VERSIONS = {
    "microsoft.keyvault/vaults": "2023-07-01",
    "microsoft.containerregistry/registries": "2023-07-01",
    "microsoft.storage/storageaccounts": "2023-05-01",
    "microsoft.app/managedenvironments": "2024-03-01",
    "microsoft.app/containerapps": "2024-03-01",
    "microsoft.managedidentity/userassignedidentities": "2023-01-31",
}
VOLATILE = {
    "systemData",
    "etag",
    "staticIp",
    "customDomainVerificationId",
    "outboundIpAddresses",
    "eventStreamEndpoint",
    "lastUpdatedTime",
    "createdOn",
    "updatedOn",
}
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*(Z|\+00:00)?")
REVISION = re.compile(r"(--)[a-z0-9]{7}\b")
WEB_ZONE = re.compile(r"\.z\d+\.web\.")
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def end_state(practice: PracticeClient, name: str) -> dict[str, Any]:
    """What Azure holds of the setup ``NAME-dev``: its name, its generated ids and times are replaced by words."""
    group = f"/resourceGroups/rg-{name}-dev"
    resources = {item["id"]: _resource(practice, item) for item in practice.arm("GET", f"{group}/resources", "2021-04-01").json()["value"]}
    app = next(resource for resource in resources.values() if resource["type"].lower() == "microsoft.app/containerapps")
    environment = next(resource for resource in resources.values() if resource["type"].lower() == "microsoft.app/managedenvironments")
    state = {
        "group": practice.arm("GET", f"/resourcegroups/rg-{name}-dev", "2021-04-01").json(),
        "resources": resources,
        "shares": _listed(
            practice, f"{group}/providers/Microsoft.Storage/storageAccounts/st{name}dev/fileServices/default/shares", "2023-05-01"
        ),
        "files": practice.arm(
            "GET", f"{group}/providers/Microsoft.Storage/storageAccounts/st{name}dev/fileServices/default", "2023-05-01"
        ).json(),
        "storages": _listed(practice, f"{group}/providers/Microsoft.App/managedEnvironments/cae-{name}-dev/storages", "2024-03-01"),
        "revisions": _listed(practice, f"{group}/providers/Microsoft.App/containerApps/capp-{name}-dev/revisions", "2024-03-01"),
        "builds": _listed(practice, f"{group}/providers/Microsoft.ContainerRegistry/registries/cr{name}dev/runs", "2019-06-01-preview"),
        "roles": [
            item
            for item in _listed(practice, "/providers/Microsoft.Authorization/roleAssignments", "2022-04-01")
            if group in item["properties"]["scope"]
        ],
        "secrets": _secrets(practice, f"kv-{name}-dev"),
        "image": _image(practice, f"cr{name}dev.azurecr.io"),
    }
    text = json.dumps(_steady(state))
    for found, word in (
        (app["identity"].get("principalId"), "IDENTITY-OF-THE-APP"),
        (environment["properties"]["defaultDomain"], "DOMAIN"),
    ):
        text = text.replace(str(found), word)
    text = WEB_ZONE.sub(".ZONE.web.", REVISION.sub(r"\1REVISION", TIME.sub("TIME", GUID.sub("GUID", DIGEST.sub("DIGEST", text)))))
    return dict(_sorted(json.loads(text.replace(name, "NAME"))))


def differing(one: Any, other: Any, where: str = "") -> list[str]:
    """Where two states differ, and in what."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [item for key in sorted({*one, *other}) for item in differing(one.get(key), other.get(key), f"{where}/{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [item for number, pair in enumerate(zip(one, other, strict=True)) for item in differing(*pair, f"{where}/{number}")]
    return [] if one == other else [f"{where}: {one!r} != {other!r}"]


def _resource(practice: PracticeClient, listed: dict[str, Any]) -> dict[str, Any]:
    path = listed["id"][listed["id"].lower().index("/resourcegroups/") :]
    return dict(practice.arm("GET", path, VERSIONS[listed["type"].lower()]).json())


def _listed(practice: PracticeClient, path: str, version: str) -> list[Any]:
    return list(practice.arm("GET", path, version).json()["value"])


def _secrets(practice: PracticeClient, vault: str) -> dict[str, Any]:
    """The versions of each secret, and the value of the newest one."""
    names = [str(item["id"]).rsplit("/", 1)[-1] for item in practice.secret(vault, "/secrets").json()["value"]]
    versions = {name: practice.secret(vault, f"/secrets/{name}/versions").json()["value"] for name in names}
    return {name: {"versions": len(versions[name]), "value": practice.secret(vault, f"/secrets/{name}").json()["value"]} for name in names}


def _image(practice: PracticeClient, server: str) -> dict[str, Any]:
    """Each repository of a registry with its images and their tags."""
    token = _registry_token(practice, server)
    headers = {"Authorization": f"Bearer {token}"}
    repositories = practice.request("GET", f"https://{server}/acr/v1/_catalog", None, headers).json()["repositories"] or []
    listed = {
        repository: practice.request("GET", f"https://{server}/acr/v1/{repository}/_manifests", None, headers).json()["manifests"]
        for repository in repositories
    }
    return {item: [sorted(manifest["tags"]) for manifest in manifests] for item, manifests in listed.items()}


def _registry_token(practice: PracticeClient, server: str) -> str:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    arm = practice.token("https://management.azure.com/.default")
    query = {"grant_type": "access_token", "service": server, "tenant": practice.info["tenant_id"], "access_token": arm}
    refresh = practice.request("POST", f"https://{server}/oauth2/exchange", urllib.parse.urlencode(query).encode(), form).json()[
        "refresh_token"
    ]
    query = {"grant_type": "refresh_token", "service": server, "refresh_token": refresh}
    scopes = "".join(f"&scope={urllib.parse.quote(item)}" for item in ("registry:catalog:*", "repository:small-api:metadata_read"))
    answer = practice.request("POST", f"https://{server}/oauth2/token", (urllib.parse.urlencode(query) + scopes).encode(), form)
    return str(answer.json()["access_token"])


def _steady(node: Any) -> Any:
    """`node` without what is different each time something is made."""
    if isinstance(node, list):
        return [_steady(child) for child in node]
    if isinstance(node, dict):
        return {key: _steady(value) for key, value in node.items() if key not in VOLATILE}
    return node


def _sorted(node: Any) -> Any:
    if isinstance(node, list):
        return sorted((_sorted(child) for child in node), key=json.dumps)
    if isinstance(node, dict):
        return {key: _sorted(node[key]) for key in sorted(node)}
    return node
