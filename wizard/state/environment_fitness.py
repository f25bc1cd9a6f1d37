"""Whether a Container Apps environment that is there already can carry the path's app, told by what Azure shows of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from wizard.platform.language import N_, _


class Unfit(StrEnum):
    """Why one cannot, whatever is done to it or to the app.

    Express has no system-assigned identity, no Azure Files, no Key Vault references and no workload profiles, and a mode cannot be
    changed (learn.microsoft.com, express-overview of 2026-08-27).
    """

    EXPRESS = N_("an Express one")
    ARCHIVED = N_("archived")
    INTERNAL = N_("internal")
    CLOSED = N_("closed to the internet")

    @property
    def note(self) -> str:
        """The reason in two or three words."""
        return _(self.value)


def unfit(properties: Mapping[str, Any]) -> Unfit | None:
    """Why the environment with these ``properties`` cannot carry the app; None where it can."""
    mode = properties.get("environmentMode")
    if mode in ("Express", "Archived"):
        return Unfit.EXPRESS if mode == "Express" else Unfit.ARCHIVED
    if (properties.get("vnetConfiguration") or {}).get("internal"):
        return Unfit.INTERNAL
    return Unfit.CLOSED if properties.get("publicNetworkAccess") == "Disabled" else None
