"""Which container engine there is on this computer, if any. Its client is loaded only once there is something to talk to."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.containers.ledger import Ledger

if TYPE_CHECKING:
    from wizard.containers.engine import Engine

CHOICES = ("auto", "docker", "podman", "process")
VARIABLE = "AZWIZARD_ENGINE"  # the choice where none is given


def wanted_engine(choice: str | None = None) -> str:
    """The choice of an engine: as given, else as `VARIABLE` says, else ``auto``."""
    chosen = choice or os.environ.get(VARIABLE) or "auto"
    return chosen if chosen in CHOICES else "auto"


async def find_engine(choice: str | None = None) -> Engine | None:
    """The first engine that answers, by DOCKER_HOST, Docker's context, or the usual sockets; None when none does or none is wanted."""
    setting = wanted_engine(choice)
    if setting == "process":
        return None
    for address in _addresses():
        from wizard.containers.engine import Engine

        engine = await Engine.at(address)
        if engine is not None and setting in ("auto", engine.kind):
            return engine
        if engine is not None:
            await engine.close()
    return None


def _addresses() -> list[str | None]:
    """Where an engine may answer; None is for whatever Docker's own context says."""
    if named := os.environ.get("DOCKER_HOST"):
        return [named]
    home = Path.home()
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid() if hasattr(os, 'getuid') else 0}")
    sockets = (
        *(Path("/var/run/docker.sock"), runtime / "docker.sock", home / ".docker/run/docker.sock", home / ".docker/desktop/docker.sock"),
        *(home / ".colima/default/docker.sock", home / ".rd/docker.sock", home / ".orbstack/run/docker.sock"),
        *(runtime / "podman/podman.sock", Path("/run/podman/podman.sock")),
        home / ".local/share/containers/podman/machine/podman.sock",
    )
    pipes = ["npipe:////./pipe/docker_engine", "npipe:////./pipe/podman-machine-default"] if os.name == "nt" else []
    return [*([None] if _has_context(home) else []), *(f"unix://{socket}" for socket in sockets if socket.exists()), *pipes]


def _has_context(home: Path) -> bool:
    """Whether Docker was told to use another engine than the one of the usual socket."""
    if os.environ.get("DOCKER_CONTEXT"):
        return True
    try:
        return bool(json.loads((home / ".docker" / "config.json").read_bytes()).get("currentContext"))
    except (OSError, ValueError, AttributeError):
        return False


async def sweep(label: str, ledger: Ledger) -> None:
    """Remove from every engine that `ledger` names what was made there; one that does not answer now is left for the next time."""
    for address in ledger.entries("engine"):
        from wizard.containers.engine import Engine

        if (engine := await Engine.at(address or None)) is not None:
            async with engine:
                await engine.sweep(label, ledger)
