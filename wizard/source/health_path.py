"""A path of an API that surely answers a plain GET, to be asked for after deploying and by Azure's probes."""

from __future__ import annotations

import re
from pathlib import Path

from wizard.source.api.modules import read_project
from wizard.source.api.own_pages import own_pages
from wizard.source.api.route import WANTS_SIGN_IN, ApiRoute
from wizard.source.api.routes import read_routes

HEALTH = re.compile(
    r"/(health\w*|health[-_]?checks?|healthz|livez?|liveness|readyz?|readiness|alive|ping|status|heartbeat|up)/?", re.IGNORECASE
)
LEAVES = re.compile(r"/(log|sign)[-_]?(out|off)/?$", re.IGNORECASE)


def health_path(folder: Path) -> str:
    """The best of the paths that answer a GET to anyone, without parameters; ``/`` where none is known.

    First one that is called health or the like, then the root, then a page that the framework itself gives, which needs no database.
    """
    paths = _of_routes(folder)
    named = [path for path in paths if HEALTH.fullmatch(f"/{path.rstrip('/').rpartition('/')[2]}")]
    for path in (*sorted(named, key=len), *(item for item in paths if item == "/"), *own_pages(read_project(folder)), *paths):
        return path
    return "/"


def answers_plainly(folder: Path, path: str) -> bool | None:
    """Whether the code answers a GET of that path with 200 to 399 to anyone; None where the folder shows no API at all."""
    if not folder.is_dir():
        return None
    routes = read_routes(folder)
    asked = path.partition("?")[0].rstrip("/")
    route = next((route for route in routes if route.method == "GET" and route.path.rstrip("/") == asked), None)
    pages = own_pages(read_project(folder))
    if path.partition("?")[0] in pages:
        return True
    return bool(route and _is_open(route)) if routes or pages else None


def _is_open(route: ApiRoute) -> bool:
    """Without a header or token of its own, and with an answer that is no refusal."""
    if route.headers or route.wants_token or any(status in WANTS_SIGN_IN for status in route.statuses):
        return False
    return not route.statuses or any(200 <= status < 400 for status in route.statuses)


def _of_routes(folder: Path) -> list[str]:
    return [
        read_route.path or "/"
        for read_route in read_routes(folder)
        if read_route.method == "GET" and not re.search(r"[<{]", read_route.path) and _is_open(read_route)
        if not LEAVES.search(read_route.path)
    ]
