"""What an app reads with its identity: its image from a registry, its secrets from key vaults.

Both are looked at when the app is written and again whenever a container starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.practice.apps.documents import image_of
from wizard.practice.apps.validation import invalid_field
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.environments.identities import principal_of
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.store import Document
from wizard.practice.registry import images, public_images
from wizard.practice.runtime.launch_recipes import EngineImage
from wizard.practice.vault import data_plane as vault_secrets


class PullFailed(Exception):
    """The image cannot be had; the text is what a container engine says."""


class SecretUnreadable(Exception):
    """The name of a Key Vault reference that cannot be resolved, and the identity it is read with."""

    def __init__(self, name: str, identity: str) -> None:
        super().__init__(f"unable to fetch secret '{name}' using Managed identity '{identity}'")
        self.name = name
        self.identity = identity


@dataclass(frozen=True)
class Image:
    """An image that was pulled: its file tree and its configuration, in the words of an image's own (``WorkingDir``, ``Cmd``, ...)."""

    files: Path
    configuration: dict[str, Any]
    built: EngineImage | None = None  # None for one that was only imitated


def app_secrets(cloud: PracticeCloud, app: Document) -> dict[str, str]:
    """The literal secrets of an app."""
    return dict(cloud.store.collection("vault_app_secrets").get(app["id"], {}))


def resolved_secrets(cloud: PracticeCloud, app: Document, literals: dict[str, str] | None = None) -> dict[str, str]:
    """Every secret of an app with its value; Key Vault references are read with the rights their identity has now.

    :param literals: the literal values, when they are not yet the stored ones.
    :raises SecretUnreadable: for the first reference that cannot be read, or whose value is empty.
    """
    values = dict(app_secrets(cloud, app) if literals is None else literals)
    for secret in app["properties"]["configuration"]["secrets"] or []:
        if "keyVaultUrl" not in secret:
            continue
        principal = principal_of(cloud, app, secret["identity"])
        try:
            value = vault_secrets.fetch(cloud, secret["keyVaultUrl"], principal, _address(app)) if principal else ""
        except AzureError:
            value = ""
        if not value:
            raise SecretUnreadable(secret["name"], secret["identity"])
        values[secret["name"]] = value
    return values


def pulled_image(cloud: PracticeCloud, app: Document, literals: dict[str, str] | None = None) -> Image:
    """The image of an app, pulled with the rights its registry entry gives it now.

    :param literals: as for `resolved_secrets`; one of them may be a registry's password.
    :raises PullFailed: in the registry's words.
    """
    name = image_of(app)
    server, repository, reference = split_image(name)
    if f"{server}/{repository}" in public_images.NAMES:
        return Image(public_images.FOLDER, dict(public_images.CONFIGURATION))
    if not server.endswith(images.SUFFIX):
        raise PullFailed(f'"{name}": the practice cloud holds images of its own registries and {public_images.NAMES[0]} only')
    if (registry := images.registry(cloud, server)) is not None and registry["properties"]["publicNetworkAccess"] == "Disabled":
        raise PullFailed(
            f"\"{name}\": GET https://{server}/v2/: DENIED: client with IP '{_address(app)}' is not allowed access. "
            "Refer https://aka.ms/acr/firewall to grant access."
        )
    if not _may_pull(cloud, app, server, app_secrets(cloud, app) if literals is None else literals):
        raise PullFailed(
            f'"{name}": GET https:?scope=repository%3A{repository.replace("/", "%2F")}%3Apull&service={server}: UNAUTHORIZED: '
            "authentication required, visit https://aka.ms/acr/authorization for more information."
        )
    document = images.find(cloud, server, repository, reference)
    if document is None:
        raise PullFailed(
            f'"{name}": GET https://{server}/v2/{repository}/manifests/{reference}: MANIFEST_UNKNOWN: manifest tagged by "{reference}" '
            f"is not found; map[Tag:{reference}]"
        )
    if (document := images.for_linux(cloud, document)) is None:
        raise PullFailed(f'"{name}": no child with platform linux/amd64 in index {server}/{repository}:{reference}')
    return Image(images.folder(cloud, document), document["config"], _built(cloud, document))


def _built(cloud: PracticeCloud, image: Document) -> EngineImage | None:
    """The image as an engine built it, for one that has layers."""
    layers = images.layers(cloud, image)
    if not layers:
        return None
    config = str(image["manifest"]["config"]["digest"])
    return EngineImage(config, images.blob(cloud, config), layers)


def split_image(name: str) -> tuple[str, str, str]:
    """``crordersdev.azurecr.io/orders-api@sha256:...`` as registry, repository and tag or digest."""
    server, _, rest = name.partition("/") if "." in name.partition("/")[0] else ("docker.io", "", name)
    if "@" in rest:
        repository, _, reference = rest.partition("@")
        return server.lower(), repository.partition(":")[0], reference
    repository, _, tag = rest.partition(":")
    return server.lower(), repository, tag or "latest"


def check(cloud: PracticeCloud, app: Document, literals: dict[str, str]) -> None:
    """Refuse an app whose image or secrets its identity cannot read now (errors.md 38 and 39)."""
    try:
        resolved_secrets(cloud, app, literals)
    except SecretUnreadable as unreadable:
        raise invalid_field(
            "configuration.secrets",
            f'Invalid value: "{unreadable.name}": Unable to get value using Managed identity {unreadable.identity} '
            f"for secret {unreadable.name}. Error: {unreadable}",
        ) from None
    try:
        pulled_image(cloud, app, literals)
    except PullFailed as failed:
        container = app["properties"]["template"]["containers"][0]["name"]
        raise invalid_field(f"template.containers.{container}.image", f"Invalid value: {failed}") from None


def _address(app: Document) -> str:
    """Where the requests of an app come from."""
    return str(app["properties"]["outboundIpAddresses"][0])


def _may_pull(cloud: PracticeCloud, app: Document, server: str, literals: dict[str, str]) -> bool:
    entry = next((r for r in app["properties"]["configuration"]["registries"] or [] if r["server"].lower() == server), None)
    if entry is None:
        return False
    if entry["identity"]:
        principal = principal_of(cloud, app, entry["identity"])
        return principal is not None and images.may_pull(cloud, server, principal)
    registry = images.registry(cloud, server)
    if registry is None or not registry["properties"]["adminUserEnabled"]:
        return False
    return literals.get(entry["passwordSecretRef"]) in cloud.store.private[registry["id"]]["passwords"].values()
