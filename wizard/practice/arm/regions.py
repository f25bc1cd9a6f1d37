"""Azure's regions, and which resource types are offered where."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Region:
    """One physical region, as ``GET /subscriptions/{id}/locations`` describes it."""

    name: str
    displayName: str
    category: str
    geography: str
    geographyGroup: str
    longitude: str
    latitude: str
    physicalLocation: str
    paired: str
    container_apps: bool


# Resource types of each provider that has them in the practice cloud: (type, has a location).
PROVIDERS: dict[str, dict[str, bool]] = {
    "Microsoft.App": {
        "containerApps": True,
        "jobs": True,
        "managedEnvironments": True,
        "managedEnvironments/storages": False,
        "locations": False,
        "locations/usages": False,
        "operations": False,
    },
    "Microsoft.ContainerRegistry": {
        "registries": True,
        "registries/runs": False,
        "registries/scheduleRun": False,
        "checkNameAvailability": False,
        "operations": False,
    },
    "Microsoft.KeyVault": {
        "vaults": True,
        "vaults/secrets": False,
        "deletedVaults": False,
        "checkNameAvailability": False,
        "locations": False,
        "locations/deletedVaults": False,
        "operations": False,
    },
    "Microsoft.ManagedIdentity": {"userAssignedIdentities": True, "operations": False},
    "Microsoft.OperationalInsights": {"workspaces": True, "operations": False},
    "Microsoft.Storage": {
        "storageAccounts": True,
        "storageAccounts/fileServices": False,
        "storageAccounts/fileServices/shares": False,
        "checkNameAvailability": False,
        "operations": False,
    },
}


@functools.cache
def regions() -> tuple[Region, ...]:
    """Every physical region, in Azure's order."""
    rows = tomllib.loads(Path(__file__).with_name("regions.toml").read_text(encoding="utf-8"))["region"]
    return tuple(Region(**row) for row in rows)


def region_of(location: str) -> Region | None:
    """The region of that name or display name, however written: ``westeurope``, ``West Europe``."""
    name = location.replace(" ", "").lower()
    return next((region for region in regions() if region.name == name), None)


def regions_of_type(resource_type: str) -> list[Region]:
    """Where that type (``Microsoft.App/containerApps``) can be created: Microsoft.App is not everywhere."""
    limited = resource_type.lower().startswith("microsoft.app/")
    return [region for region in regions() if region.container_apps or not limited]


def type_has_location(resource_type: str) -> bool:
    """Whether resources of that type lie in a region of their own."""
    namespace, _, kind = resource_type.lower().partition("/")
    return any(
        located and name.lower() == kind
        for provider, types in PROVIDERS.items()
        if provider.lower() == namespace
        for name, located in types.items()
    )
