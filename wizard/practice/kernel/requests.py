"""The front of management.azure.com: routes, and the checks that Azure Resource Manager makes before any provider sees a request."""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from wizard.practice.kernel.errors import GATEWAY, AzureError
from wizard.practice.kernel.fidelity import Known
from wizard.practice.kernel.shapes import Shape, shaped, unreadable

ENDPOINT = "https://management.azure.com"
HOLE = re.compile(r"\{(\w+)(\*?)\}")


def segments(resource_id: str) -> list[str]:
    """The parts of an ARM id between its slashes."""
    return [part for part in resource_id.split("/") if part]


def resource_type_of(resource_id: str) -> str:
    """The type in an ARM id: ``Microsoft.KeyVault/vaults``, ``Microsoft.Resources/resourceGroups``, or "" for anything else."""
    parts = segments(resource_id)
    providers = [index for index, part in enumerate(parts) if part.lower() == "providers"]
    if not providers:
        return "Microsoft.Resources/resourceGroups" if len(parts) == 4 else ""
    named = parts[providers[-1] + 1 :]
    return "/".join([*named[:1], *named[1::2]])


def group_of(resource_id: str) -> str | None:
    """The resource group's name in an ARM id, or None."""
    parts = segments(resource_id)
    return parts[3] if len(parts) >= 4 and parts[0].lower() == "subscriptions" and parts[2].lower() == "resourcegroups" else None


def within(resource_id: str, scope: str) -> bool:
    """Whether the resource is `scope` or lies in it, case aside."""
    inner, outer = resource_id.rstrip("/").lower(), scope.rstrip("/").lower()
    return inner == outer or inner.startswith(f"{outer}/")


@dataclass(frozen=True)
class Caller:
    """Who sent a request, as its token says."""

    object_id: str
    app_id: str
    name: str
    kind: str  # User | ServicePrincipal | ManagedIdentity
    tenant_id: str
    has_second_factor: bool = True


@dataclass
class Request:
    """One request, already authenticated: `names` holds what the route's holes captured, `body` the JSON object in its route's shape."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    caller: Caller
    names: dict[str, str] = field(default_factory=dict)

    @property
    def api_version(self) -> str:
        """The request's api-version, "" where it names none."""
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
Check = Callable[[Request], None]  # raises AzureError for what is refused


@dataclass(frozen=True)
class Route:
    """A method and path template with the right that calling it takes.

    :param action: the ARM action that the caller must hold at `resource_id` (or the scope in hole ``scope``); "" for none.
    :param group_must_exist: answer 404 ResourceGroupNotFound when the path names a group that does not exist.
    :param takes: the shape of its request body, which every PUT and PATCH has; None for a route that reads none.
    :param known: how sure we are of what it answers, for docs/fidelity.md.
    :param beforehand: what the provider checks already when a deployment is validated; it raises AzureError and writes nothing.
    """

    method: str
    template: str
    pattern: re.Pattern[str]
    handler: Handler
    action: str
    group_must_exist: bool
    takes: Shape | None
    known: Known | None
    beforehand: Check | None = None

    def body(self, sent: Any) -> Any:
        """What the handler gets of a body: in the shape that the route declares. Raises AzureError 400 InvalidRequestContent."""
        if self.takes is None:
            return sent
        if sent is None:
            raise unreadable("Required property 'resource' expects a non-null value. Path ''")
        return shaped(self.takes, sent, merge=self.method == "PATCH")


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """What a path of that template matches, its holes as named groups."""
    parts, position = [], 0
    for match in HOLE.finditer(template):
        parts.append(re.escape(template[position : match.start()]))
        parts.append(f"(?P<{match[1]}>.+)" if match[2] else f"(?P<{match[1]}>[^/]+)")
        position = match.end()
    parts.append(re.escape(template[position:]))
    return re.compile(f"^{''.join(parts)}/?$", re.IGNORECASE)


@cache
def _breadth(template: str) -> tuple[int, int]:
    """How much a template lets through, so that the narrowest is tried first: its open holes, then how little of it is fixed."""
    return template.count("*"), -len(HOLE.sub("", template))


class Router:
    """Finds the route of a request. Templates have holes: ``{name}`` is one segment, ``{scope*}`` one or more."""

    def __init__(self) -> None:
        self._routes: list[Route] = []

    @property
    def routes(self) -> tuple[Route, ...]:
        """Every route, in the order in which they were added."""
        return tuple(self._routes)

    def add(
        self,
        method: str,
        template: str,
        handler: Handler,
        *,
        action: str = "",
        group_must_exist: bool = True,
        takes: Shape | None = None,
        known: Known | None = None,
        beforehand: Check | None = None,
    ) -> None:
        """Serve `method` on `template`, for example ``/subscriptions/{subscription}/providers/{namespace}``; the rest as in `Route`."""
        route = Route(method, template, _pattern(template), handler, action, group_must_exist, takes, known, beforehand)
        insort(self._routes, route, key=lambda other: _breadth(other.template))

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
        raise unknown_type(path)


def unknown_type(path: str) -> AzureError:
    """ARM's answer for a path that no provider has; the practice cloud has far fewer than Azure."""
    namespace, _, kind = resource_type_of(path).partition("/")
    if not kind:
        return AzureError(404, "InvalidRequestUri", f"The request URI '{path}' is not one that the practice cloud knows.", headers=GATEWAY)
    message = f"The resource type '{kind}' could not be found in the namespace '{namespace}' of the practice cloud."
    return AzureError(404, "InvalidResourceType", message, headers=GATEWAY)
