"""The practice cloud put together: what every service shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .arm import Router
from .clock import Clock
from .hosts import Hosts
from .operations import Operations
from .store import Store

if TYPE_CHECKING:
    from .access import Access
    from .directory import Directory
    from .faults import Faults

TENANT_ID = "72f988bf-0000-4000-8000-2d7cd011db47"


@dataclass
class PracticeCloud:
    """What every service of the practice cloud shares.

    A service is a module with ``install(cloud)``, which adds its routes to `arm` (management.azure.com) or to `hosts` (every other
    name), its finishers to `operations`, and may append to `on_close`.
    """

    home: Path  # AZWIZARD_HOME/practice; shares lie in home/shares/ACCOUNT/SHARE
    tenant_id: str
    subscription_id: str
    store: Store
    clock: Clock
    operations: Operations
    arm: Router
    hosts: Hosts
    access: Access
    directory: Directory
    faults: Faults
    on_close: list = field(default_factory=list)  # type: ignore[type-arg]  # async callables
