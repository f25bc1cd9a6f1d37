"""What the supervisor is told to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class StartFailed(Exception):
    """What a replica starts with could not be executed, as when its program does not exist; the text is an engine's reason."""


@dataclass
class Launch:
    """What to run.

    :param confined: in namespaces of its own (Linux) rather than as a plain process.
    :param folder: the replica's folder on this machine; ``tree`` (the container's own files) and ``hooks`` lie in it.
    :param sockets: a folder with a short path, for the Unix sockets of bridges.
    :param mounts: ``{"source", "target", "read_only"}`` of shares.
    :param visible: paths of this machine that a confined container sees, read-only.
    :param memory: the bytes it may hold; 0 for any number.
    :param outlet: the Unix socket that a confined container's only way out leads to, see `packages.proxy`; empty for none.
    """

    confined: bool
    argv: list[str]
    env: dict[str, str]
    cwd: str
    folder: str
    sockets: str
    hostname: str
    mounts: list[dict[str, Any]] = field(default_factory=list)
    visible: list[str] = field(default_factory=list)
    memory: int = 0
    outlet: str = ""
