"""Where a server listens, and the addresses that say it."""

from __future__ import annotations

import re
from dataclasses import dataclass

LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")
EVERYWHERE = "0.0.0.0"  # noqa: S104 - where Azure reaches a server


@dataclass(frozen=True)
class Listening:
    """Where a server listens; `host` is "" for a socket file.

    :param protocol: what is spoken there; ``uwsgi`` is understood by nginx and its like only.
    """

    host: str
    port: int | None
    protocol: str = "http"

    @property
    def alone(self) -> bool:
        """Whether only the container itself can reach it."""
        return self.host.lower() in LOOPBACK or self.host.startswith("127.")


def parsed(bind: str, usual: int) -> Listening | None:
    """An address such as ``0.0.0.0:5000``, ``:5000``, ``[::]:5000``, ``*:5000``, ``tcp:host=0.0.0.0:port=80`` or ``unix:/run/api.sock``."""
    if bind.startswith(("unix:", "fd:", "/")):
        return Listening("", None)
    bind = bind.removeprefix("tcp://").removeprefix("http://")
    if re.fullmatch(r"\d+", bind):
        return Listening(EVERYWHERE, int(bind))
    host, colon, port = bind.rpartition(":")
    if not colon:
        return Listening(bind, usual) if re.fullmatch(r"[\w.-]+", bind) and usual else None
    return Listening(EVERYWHERE if host in ("", "*") else host, int(port)) if port.isdigit() else None


def listening_at(host: str, port: str) -> Listening | None:
    """A host and a port that are given apart; None where the port is no number."""
    return Listening(host or EVERYWHERE, int(port)) if port.isdigit() else None
