"""What Litestar answers: handlers, controllers and routers, as an app takes them (docs.litestar.dev, "Routing")."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.source.api.frameworks.route_lists import listed, resolved
from wizard.source.api.modules import Function, Module, SourceModules, dotted, keyword, name_of
from wizard.source.api.response_statuses import Style
from wizard.source.api.view import View, in_angles, methods_in, where

HANDLERS = ("get", "post", "put", "patch", "delete", "route")
WITHOUT_REQUESTS = ("websocket", "websocket_listener", "websocket_stream", "asgi", "create_static_files_router", "head")
DEEPEST = 8


def litestar_views(project: SourceModules, passed_over: list[str]) -> list[View]:
    """Every handler that an app of the project takes."""
    reader = _LitestarReader(project, passed_over)
    views: list[View] = []
    for module in project.modules:
        if any(origin.partition(".")[0] == "litestar" for origin in module.imports.values()):
            views += reader.of_apps(module)
    return views


@dataclass(frozen=True)
class _Layer:
    """Where handlers are put: the path before theirs, and who guards them."""

    path: str = ""
    guards: tuple[tuple[Module, ast.expr], ...] = ()

    def below(self, module: Module, path: str, guards: ast.expr | None) -> _Layer:
        more = tuple((module, guard) for guard in (guards.elts if isinstance(guards, ast.List | ast.Tuple) else [guards] if guards else []))
        return _Layer(_joined(self.path, path), (*self.guards, *more))


@dataclass
class _LitestarReader:
    project: SourceModules
    passed_over: list[str]

    def of_apps(self, module: Module) -> Iterator[View]:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and name_of(node.func) == "Litestar":
                yield from self._taken(module, node, _Layer(), 0)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "register" and node.args:
                made = module.value(dotted(node.func.value))[1]
                if isinstance(made, ast.Call) and name_of(made.func) == "Litestar":
                    yield from self._item(*resolved(self.project, module, node.args[0]), _Layer(), 0)
            elif isinstance(node, ast.Call) and dotted(node.func).endswith(".route_handlers.extend") and node.args:  # by a plugin
                for there, item in listed(self.project, module, node.args[0]):
                    yield from self._item(there, item, _Layer(), 0)
            elif isinstance(node, ast.Call) and dotted(node.func).endswith(".route_handlers.append") and node.args:
                yield from self._item(*resolved(self.project, module, node.args[0]), _Layer(), 0)

    def _taken(self, module: Module, call: ast.Call, above: _Layer, depth: int) -> Iterator[View]:
        """What an app or a router is made with."""
        is_app = name_of(call.func) == "Litestar"
        place = keyword(call, "path") or (call.args[0] if call.args and not is_app else None)
        path = module.text(place) if place is not None else ""
        taken = keyword(call, "route_handlers") or (call.args[0] if call.args and is_app else None)
        if path is None or depth > DEEPEST:
            self.passed_over.append(where(module, call))
            return
        layer = above.below(module, path, keyword(call, "guards"))
        for there, item in listed(self.project, module, taken):
            yield from self._item(there, item, layer, depth + 1)

    def _item(self, module: Module, item: ast.expr, layer: _Layer, depth: int) -> Iterator[View]:
        if isinstance(item, ast.Call):
            if name_of(item.func) == "Router":
                yield from self._taken(module, item, layer, depth)
            elif name_of(item.func) not in WITHOUT_REQUESTS:
                self.passed_over.append(where(module, item))
        elif class_def := self.project.class_(module, item):
            yield from self._controller(*class_def, layer)
        elif function := self.project.function(module, item):
            yield from self._handler(*function, layer, None)
        else:
            self.passed_over.append(where(module, item))

    def _controller(self, module: Module, class_def: ast.ClassDef, layer: _Layer) -> Iterator[View]:
        place, given = self.project.attribute(module, class_def, "path")
        path = place.text(given) if given is not None else ""
        if path is None:
            self.passed_over.append(where(module, given or class_def))
            return
        _place, guards = self.project.attribute(module, class_def, "guards")
        inner = layer.below(module, path, guards)
        for there, owner in [(module, class_def), *self._above(module, class_def)]:
            for line in owner.body:
                if isinstance(line, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield from self._handler(there, line, inner, class_def)

    def _above(self, module: Module, class_def: ast.ClassDef, depth: int = 0) -> Iterator[tuple[Module, ast.ClassDef]]:
        for base in class_def.bases:
            if depth < DEEPEST and (above := self.project.class_(module, base)):
                yield above
                yield from self._above(*above, depth + 1)

    def _handler(self, module: Module, function: Function, layer: _Layer, class_def: ast.ClassDef | None) -> Iterator[View]:
        for decorator in function.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            word = name_of(call.func if call else decorator)
            if word not in HANDLERS:
                continue
            place = (call.args[0] if call.args else keyword(call, "path")) if call else None
            paths = [module.text(each) for each in (place.elts if isinstance(place, ast.List | ast.Tuple) else [place] if place else [])]
            guards = layer.below(module, "", keyword(call, "guards") if call else None).guards
            methods = (word.upper(),) if word != "route" else methods_in(keyword(call, "http_method") if call else None)
            for path in paths or [""]:
                if path is None:
                    self.passed_over.append(where(module, decorator))
                    continue
                whole = in_angles(_joined(layer.path, path)) or "/"
                yield View(
                    module, function.lineno, ("", ""), whole, methods, function, decorator, class_def, Style.LITESTAR, self._seen(guards)
                )

    def _seen(self, guards: tuple[tuple[Module, ast.expr], ...]) -> tuple[Function | None, ...]:
        """The functions that guard a handler; None for one that is not the project's own."""
        found = [self.project.function(module, guard) for module, guard in guards]
        return tuple(each[1] if each is not None else None for each in found)


def _joined(first: str, second: str) -> str:
    """Paths as Litestar puts them together: one slash between, none at the end."""
    return re.sub(r"/{2,}", "/", f"/{first}/{second}").rstrip("/")
