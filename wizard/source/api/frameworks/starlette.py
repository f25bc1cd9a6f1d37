"""What Starlette answers: lists of ``Route`` and ``Mount``, and what is added to an app afterwards (starlette.io/routing)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from wizard.source.api.frameworks.route_lists import listed
from wizard.source.api.modules import Module, SourceModules, dotted, keyword, name_of
from wizard.source.api.owners import Key, Owners, RouteMount, joined
from wizard.source.api.response_statuses import Style
from wizard.source.api.view import View, class_views, in_angles, methods_in, unseen, where

MAKES = ("Starlette", "Router", "FastAPI")
NOWHERE: Key = ("", "")
DEEPEST = 8
WITHOUT_REQUESTS = ("WebSocketRoute", "StaticFiles")
"""What stands in a list of routes and answers no request that is tried: sockets, and files."""


def starlette_views(project: SourceModules, owners: Owners, passed_over: list[str]) -> list[View]:
    """The routes of the apps and routers that a project makes, and of what is added; where there are none, of lists by themselves."""
    reader = _StarletteReader(project, owners, passed_over)
    modules = [module for module in project.modules if _uses_starlette(module)]
    views = [view for module in modules for view in reader.of_apps(module)]
    return views or [view for module in modules for view in reader.left_over(module)]


def _uses_starlette(module: Module) -> bool:
    return any(origin.partition(".")[0] in ("starlette", "fastapi") for origin in module.imports.values())


def _calls(module: Module, names: tuple[str, ...]) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and name_of(node.func) in names)


@dataclass
class _StarletteReader:
    project: SourceModules
    owners: Owners
    passed_over: list[str]
    seen: set[int] = field(default_factory=set)
    """The items that were reached from an app."""

    def of_apps(self, module: Module) -> Iterator[View]:
        named = {id(node.value): dotted(node.targets[0]) for node in ast.walk(module.tree) if isinstance(node, ast.Assign)}
        within = {id(part) for call in _calls(module, ("Mount", "Host", "mount")) for part in ast.walk(call) if part is not call}
        for call in _calls(module, MAKES):
            name = named.get(id(call), "")
            if id(call) not in within:
                yield from self._made(module, call, (module.name, name) if name else NOWHERE, "", 0)
        for call in _calls(module, ("add_route", "add_api_route", "mount")):
            if isinstance(call.func, ast.Attribute) and (call.args or call.keywords):
                owner = self.owners.key(module, dotted(call.func.value).removesuffix(".router"))
                if call.func.attr == "mount":
                    yield from self._mounted(module, call, owner, "", 0)
                else:
                    yield from self._routed(module, call, owner, "")

    def left_over(self, module: Module) -> Iterator[View]:
        """A list that is handed to something unknown, such as a class of their own below Starlette's."""
        calls = [call for call in _calls(module, ("Route", "Mount")) if module.imports.get(dotted(call.func), "").startswith("starlette.")]
        within = {id(part) for call in calls for part in ast.walk(call) if part is not call}
        for call in calls:
            if id(call) not in within | self.seen:
                yield from self._item(module, call, NOWHERE, "", 0)

    def _made(self, module: Module, call: ast.Call, owner: Key, prefix: str, depth: int) -> Iterator[View]:
        """The routes that an app or a router is made with."""
        routes = keyword(call, "routes")
        if routes is None and name_of(call.func) == "Router" and call.args:
            routes = call.args[0]
        for place, item in listed(self.project, module, routes):
            yield from self._item(place, item, owner, prefix, depth)

    def _item(self, module: Module, item: ast.expr, owner: Key, prefix: str, depth: int) -> Iterator[View]:
        self.seen.add(id(item))
        kind = name_of(item.func) if isinstance(item, ast.Call) else ""
        if not isinstance(item, ast.Call) or kind not in ("Route", "Mount", "Host", *WITHOUT_REQUESTS):
            self.passed_over.append(where(module, item))
        elif kind == "Route":
            yield from self._routed(module, item, owner, prefix)
        elif kind in ("Mount", "Host") and depth < DEEPEST:
            yield from self._mounted(module, item, owner, prefix, depth)

    def _routed(self, module: Module, call: ast.Call, owner: Key, prefix: str) -> Iterator[View]:
        """``Route("/orders/{number:int}", order, methods=["GET", "DELETE"])``."""
        path = module.text(call.args[0] if call.args else keyword(call, "path"))
        endpoint = call.args[1] if len(call.args) > 1 else keyword(call, "endpoint") or keyword(call, "route")
        if path is None or endpoint is None:
            self.passed_over.append(where(module, call))
            return
        whole = in_angles(joined(prefix, path))
        if isinstance(endpoint, ast.Call) and endpoint.args:
            endpoint = endpoint.args[0]  # partial(view, …), requires("admin")(view)
        if class_def := self.project.class_(module, endpoint):
            for view in class_views(self.project, *class_def, owner, [whole], call.lineno):
                yield replace(view, module=class_def[0], style=Style.STARLETTE)
            return
        in_file, function = self.project.function(module, endpoint) or (module, unseen(ast.unparse(endpoint)))
        given = keyword(call, "methods") or (call.args[2] if len(call.args) > 2 else None)
        is_fastapi = name_of(call.func) == "add_api_route"
        registration = call if is_fastapi else None  # which may say the status
        style = Style.FASTAPI if is_fastapi else Style.STARLETTE
        yield View(
            in_file,
            call.lineno,
            owner,
            joined(prefix, path) if is_fastapi else whole,
            methods_in(given),
            function,
            registration,
            style=style,
        )

    def _mounted(self, module: Module, call: ast.Call, owner: Key, prefix: str, depth: int) -> Iterator[View]:
        """``Mount("/api", routes=[...])``, ``Mount("/api", app=other)``, ``app.mount("/api", other)``; ``Host`` says no path."""
        path = "" if name_of(call.func) == "Host" else module.text(call.args[0] if call.args else keyword(call, "path"))
        if path is None:
            self.passed_over.append(where(module, call))
            return
        below = joined(prefix, path.rstrip("/"))
        for place, item in listed(self.project, module, keyword(call, "routes")):
            yield from self._item(place, item, owner, below, depth + 1)
        app = call.args[1] if len(call.args) > 1 else keyword(call, "app")
        while isinstance(app, ast.Call) and name_of(app.func) not in MAKES and app.args and dotted(app.args[0]):
            app = app.args[0]  # WSGIMiddleware(app)
        if isinstance(app, ast.Call) and name_of(app.func) in MAKES:
            yield from self._made(module, app, owner, below, depth + 1)
        elif app is not None and dotted(app):
            self.owners.mounts.setdefault(self.owners.key(module, dotted(app)), []).append(RouteMount(owner, below, adds=True))
