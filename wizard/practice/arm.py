"""The front of management.azure.com: routes, and the checks that Azure Resource Manager makes before any provider sees a request."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import AzureError


@dataclass(frozen=True)
class Caller:
    """Who sent a request, as its token says."""

    object_id: str
    app_id: str
    name: str
    kind: str  # User | ServicePrincipal | ManagedIdentity
    tenant_id: str


@dataclass
class Request:
    """One request, already authenticated: `names` holds what the route's holes captured, `body` the parsed JSON or None."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    caller: Caller
    names: dict[str, str] = field(default_factory=dict)

    @property
    def api_version(self) -> str:
        return self.query.get("api-version", "")

    @property
    def resource_id(self) -> str:
        """The path as an ARM id."""
        return self.path.rstrip("/")


@dataclass
class Answer:
    """One response; `body` None sends no body."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Request], Awaitable[Answer]]


@dataclass(frozen=True)
class Route:
    """A method and path template with the right that calling it takes.

    :param action: the ARM action that the caller must hold at `resource_id` (or the scope in hole ``scope``); "" for none.
    :param group_must_exist: answer 404 ResourceGroupNotFound when the path names a group that does not exist.
    """

    method: str
    template: str
    pattern: re.Pattern[str]
    handler: Handler
    action: str
    group_must_exist: bool


class Router:
    """Finds the route of a request. Templates have holes: ``{name}`` is one segment, ``{scope*}`` one or more."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    def add(self, method: str, template: str, handler: Handler, *, action: str = "", group_must_exist: bool = True) -> None:
        """Serve `method` on `template`, for example ``/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.App/containerApps/{name}``."""
        hole = re.compile(r"\{(\w+)(\*?)\}")
        parts, position = [], 0
        for match in hole.finditer(template):
            parts.append(re.escape(template[position : match.start()]))
            parts.append(f"(?P<{match[1]}>.+)" if match[2] else f"(?P<{match[1]}>[^/]+)")
            position = match.end()
        parts.append(re.escape(template[position:]))
        pattern = re.compile(f"^{''.join(parts)}/?$", re.IGNORECASE)
        self._routes.append(Route(method, template, pattern, handler, action, group_must_exist))
        self._routes.sort(key=lambda route: (route.template.count("*"), -len(hole.sub("", route.template))))

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """The route and what its holes captured; raises Azure's refusal for an unknown one."""
        known = False
        for route in self._routes:
            match = route.pattern.match(path)
            if match:
                known = True
                if route.method == method:
                    return route, match.groupdict()
        if known:
            raise AzureError(405, "MethodNotAllowed", f"The HTTP method '{method}' is not supported for this request URI.")
        raise AzureError(404, "InvalidResourceType", f"The practice cloud does not have '{path}'.")
