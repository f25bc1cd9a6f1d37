"""Which host names the practice cloud serves, and who answers under each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

HostHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Site:
    """One service's names: a fixed host, or every host under a suffix for which `exists` says yes."""

    name: str
    handler: HostHandler
    exists: Callable[[str], bool] | None = None
    records_traffic: bool = True


class Hosts:
    """The name service of the practice cloud."""

    def __init__(self) -> None:
        self._fixed: dict[str, Site] = {}
        self._suffixes: list[Site] = []
        self._listings: list[Callable[[], list[str]]] = []

    def add(self, host: str, handler: HostHandler, *, records_traffic: bool = True) -> None:
        """Serve one host name, such as ``graph.microsoft.com``."""
        self._fixed[host] = Site(host, handler, None, records_traffic)

    def add_suffix(
        self,
        suffix: str,
        handler: HostHandler,
        *,
        exists: Callable[[str], bool],
        listing: Callable[[], list[str]],
        records_traffic: bool = True,
    ) -> None:
        """Serve every host that ends with `suffix` (``.vault.azure.net``) and exists now; `listing` names those that do.

        :param records_traffic: False keeps the traffic (an app's own requests) out of the HAR file.
        """
        self._suffixes.append(Site(suffix, handler, exists, records_traffic))
        self._listings.append(listing)

    def find(self, host: str) -> Site | None:
        """Who answers under that name, or None when it does not exist (a DNS failure in Azure)."""
        host = host.lower()
        if host in self._fixed:
            return self._fixed[host]
        return next((s for s in self._suffixes if host.endswith(s.name) and s.exists is not None and s.exists(host)), None)

    def names(self) -> list[str]:
        """Every host name served now, sorted."""
        return sorted({*self._fixed, *(name for listing in self._listings for name in listing())})
