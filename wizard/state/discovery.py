"""Finds out what a setup consists of from Azure alone: by its tags, and by what its app refers to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wizard.state.mounts import mounts
from wizard.state.resource_snapshot import ResourceSnapshot
from wizard.state.resources import REGISTRY, STORAGE, VAULT, ResourceRef, ResourceRefs

if TYPE_CHECKING:
    from azure.mgmt.appcontainers.models import ContainerApp

    from wizard.cloud import Cloud


class SeveralSetups(Exception):
    """A group holds more than one setup; `setups` are their names."""

    def __init__(self, setups: list[str]) -> None:
        super().__init__(", ".join(setups))
        self.setups = setups


async def snapshot_of_group(cloud: Cloud, group: str) -> ResourceSnapshot | None:
    """The resources of the setup whose tags are found in a group; None when there is no such group.

    Those of others that the setup uses are marked as existing. Raises SeveralSetups when tags of more than one are found.
    """
    snapshot = ResourceSnapshot(cloud, ResourceRefs("", group))
    if await snapshot.group() is None:
        return None
    resources = await snapshot.resources()
    setups = sorted({setup for setup in map(snapshot.setup_of, [await snapshot.group(), *resources.values()]) if setup})
    if len(setups) > 1:
        raise SeveralSetups(setups)
    snapshot.targets = ResourceRefs.tagged(setups[0] if setups else "", group, resources)
    app = await snapshot.app()
    if app is not None:
        await _follow_references(snapshot, app)
    return snapshot


async def _follow_references(snapshot: ResourceSnapshot, app: ContainerApp) -> None:
    """Fill in what the setup uses and does not own: such resources carry another tag or none, so only the app leads to them."""
    properties = app.properties
    if snapshot.targets.environment is None and properties and properties.environment_id:
        snapshot.with_targets(environment=ResourceRef.of(properties.environment_id, existing=True))
    configuration = properties.configuration if properties else None
    if snapshot.targets.registry is None and configuration:
        servers = (str(registry.server) for registry in configuration.registries or [])
        snapshot.with_targets(registry=await _find(snapshot, REGISTRY, (server.partition(".")[0] for server in servers)))
    if snapshot.targets.vault is None and configuration:
        hosts = (urlsplit(secret.key_vault_url).hostname or "" for secret in configuration.secrets or [] if secret.key_vault_url)
        snapshot.with_targets(vault=await _find(snapshot, VAULT, (host.partition(".")[0] for host in hosts)))
    if snapshot.targets.storage is None:
        snapshot.with_targets(storage=await _find(snapshot, STORAGE, (mount.account for mount in await mounts(snapshot))))


async def _find(snapshot: ResourceSnapshot, kind: str, names: Iterable[str]) -> ResourceRef | None:
    """The first of these names that the subscription has."""
    lowered = [name.lower() for name in names]
    if not lowered:
        return None
    there = {str(resource.name).lower(): str(resource.id) for resource in await snapshot.of_kind(kind)}
    return next((ResourceRef.of(there[name], existing=True) for name in lowered if name in there), None)
