"""A path of an API that surely answers a plain GET, to be asked for after deploying and by Azure's probes."""

from __future__ import annotations

import re
from pathlib import Path

from wizard.source.api.routes import read_routes

HEALTH = re.compile(
    r"/(health\w*|health[-_]?checks?|healthz|livez?|liveness|readyz?|readiness|alive|ping|status|heartbeat|up)/?", re.IGNORECASE
)


def health_path(folder: Path) -> str:
    """The best of the paths that answer a GET without parameters: one that is called health or the like, the root, any; else ``/``."""
    paths = _of_routes(folder)
    named = [path for path in paths if HEALTH.fullmatch(f"/{path.rstrip('/').rpartition('/')[2]}")]
    for path in (*sorted(named, key=len), *(item for item in paths if item == "/"), *paths):
        return path
    return "/"


def _of_routes(folder: Path) -> list[str]:
    return [
        read_route.path or "/"
        for read_route in read_routes(folder)
        if read_route.method == "GET" and not re.search(r"[<{]", read_route.path)
    ]
