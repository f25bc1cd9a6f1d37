"""Name resolution towards the practice cloud, which serves Azure's host names on loopback."""

from __future__ import annotations

import json
import socket
from pathlib import Path

from aiohttp.abc import AbstractResolver, ResolveResult


class PracticeNames(AbstractResolver):
    """Knows the names that the practice cloud serves, as practice.json lists them, and no other: practice can never reach Azure."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def port_of(self, host: str) -> int:
        """The loopback port that serves `host` now; names come and go with resources.

        Raises OSError for one not on the list, ConnectionRefusedError when no practice cloud runs.
        """
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ConnectionRefusedError(None, "the practice cloud is not running") from None
        if host.lower() not in content["hosts"]:
            raise OSError(None, f"the practice cloud has no host {host}")
        return int(content["port"])

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        """Resolve one of Azure's host names to the practice cloud's port on loopback."""
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=self.port_of(host), family=socket.AF_INET, proto=0, flags=socket.AI_NUMERICHOST
            )
        ]

    async def close(self) -> None:
        """Nothing is held."""
