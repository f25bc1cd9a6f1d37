"""How a practice cloud is started."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ServerOptions:
    """How a practice cloud is started.

    :param home: AZWIZARD_HOME/practice.
    :param port: 0 for any free one.
    :param speed: real | fast | instant.
    :param seeds: how much of what, see `seeds.parse`.
    :param idle_minutes: it stops after so many without a request.
    :param environments: where Python environments lie, by default in `home`; several practice clouds may share them.
    :param wheels: a folder of wheels to install requirements from in place of the package index.
    :param unconfined: run containers also where this machine cannot keep them apart.
    :param engine: auto | docker | podman | process; None for what the environment says (`wanted_engine`).
    """

    home: Path
    port: int = 0
    speed: str = "fast"
    har: Path | None = None
    faults: Sequence[str] = ()
    seeds: tuple[tuple[str, int], ...] = ()
    idle_minutes: float = 60.0
    environments: Path | None = None
    wheels: Path | None = None
    unconfined: bool = False
    engine: str | None = None
