"""The practice cloud put together: what every service shares."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.practice.kernel.clock import Clock
from wizard.practice.kernel.host_table import Hosts
from wizard.practice.kernel.operations import Operations
from wizard.practice.kernel.requests import Answer, Router
from wizard.practice.kernel.store import Store

if TYPE_CHECKING:
    from wizard.containers.engine import Engine
    from wizard.practice.access.directory import Directory
    from wizard.practice.access.rbac import AccessControl
    from wizard.practice.access.tokens import Tokens
    from wizard.practice.kernel.faults import Faults
    from wizard.practice.runtime.packages.python_environments import PythonEnvironments

TENANT_ID = "72f988bf-0000-4000-8000-2d7cd011db47"
SUBSCRIPTION_ID = "5ca082f3-0000-4000-8000-c401184ae3a8"


async def _not_ready(*_arguments: object, **_options: object) -> Answer:
    raise RuntimeError("Resource Manager is not served yet")


Remove = Callable[[str], Awaitable[None]]


@dataclass
class PracticeCloud:
    """What every service of the practice cloud shares.

    A service is a module with ``install(cloud)``, which adds its routes to `arm` (management.azure.com) or to `hosts` (every other
    name), its finishers to `operations`, what deleting a resource group means for its types to `on_group_delete`, and may append to
    `on_close`. It calls `hosts_changed` whenever a name or a door came or went, before the operation that caused it reports success.
    """

    home: Path  # AZWIZARD_HOME/practice; shares lie in home/shares/ACCOUNT/SHARE
    tenant_id: str
    subscription_id: str
    store: Store
    clock: Clock
    operations: Operations
    arm: Router
    hosts: Hosts
    access: AccessControl
    directory: Directory
    faults: Faults
    tokens: Tokens
    environments: PythonEnvironments
    issuers: dict[str, Callable[[], list[dict[str, Any]]]] = field(default_factory=dict)  # issuer of outside tokens -> its keys (JWK)
    engine: Engine | None = None  # the container engine that builds images and runs replicas; processes do without one
    seeds: dict[str, int] = field(default_factory=dict)  # --seed NAME:N
    doors: dict[str, str] = field(default_factory=dict)  # app FQDN -> plain http URL on loopback
    removers: dict[str, tuple[Remove, float]] = field(default_factory=dict)
    on_close: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    part_of_deployment: Callable[..., Awaitable[Answer]] = _not_ready  # Resource Manager's checks and a provider, for one resource
    hosts_changed: Callable[[], None] = lambda: None  # writes practice.json anew
    touch: Callable[[], None] = lambda: None  # a request came by another door than the TLS one: not idle

    def on_group_delete(self, resource_type: str, remove: Remove, seconds: float) -> None:
        """Register how a resource of that type (``Microsoft.KeyVault/vaults``) goes when its resource group is deleted.

        :param remove: awaited with the resource's ARM id; it deletes the resource's documents itself. Types registered later go first.
        :param seconds: how long Azure takes to delete one.
        """
        self.removers[resource_type.lower()] = (remove, seconds)
