"""Controllers of django-ninja-extra (eadwincode.github.io/django-ninja-extra): classes whose views hang on the API that registers them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from wizard.source.api.modules import Module, SourceModules, dotted, keyword, name_of
from wizard.source.api.owners import NINJA, UNKNOWN, Owners, RouteMount, gives_auth
from wizard.source.api.response_statuses import Style
from wizard.source.api.view import METHODS, View, methods_in, where

DECORATOR = "api_controller"


def put_controllers(project: SourceModules, owners: Owners) -> None:
    """Say where the controllers of a project are found, and whether they ask who comes."""
    controllers = {(module.name, class_def.name): (module, call) for module, class_def, call in _controllers(project)}
    for key, (module, call) in controllers.items():
        owners.kinds[key] = "Router"
        if gives_auth(call):
            owners.guarded.add(key)
        place = call.args[0] if call.args else keyword(call, "prefix_or_class") or keyword(call, "prefix")
        text = "" if place is None else module.text(place)
        owners.prefixes[key] = UNKNOWN if text is None else text
    for module in project.modules:
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            parent = owners.key(module, dotted(node.func.value))
            if node.func.attr == "register_controllers":
                taken = [owners.key(module, dotted(item.value if isinstance(item, ast.Starred) else item)) for item in node.args]
            elif node.func.attr == "auto_discover_controllers":
                taken = list(controllers)
            else:
                continue
            for key in taken:
                owners.mounts.setdefault(key, []).append(RouteMount(parent, None, adds=True))


def controller_views(project: SourceModules, owners: Owners, passed_over: list[str]) -> Iterator[View]:
    """The views of every controller that an API takes."""
    for module, class_def, _call in _controllers(project):
        key = (module.name, class_def.name)
        if not any(owners.kind(mount.parent) in NINJA for mount in owners.mounts.get(key, ())):
            continue
        for function in class_def.body:
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            for decorator in function.decorator_list:
                if isinstance(decorator, ast.Call) and (methods := _methods(decorator)):
                    place = decorator.args[0] if decorator.args else keyword(decorator, "path")
                    path = "" if place is None else module.text(place)
                    if path is None:
                        passed_over.append(where(module, decorator))
                        continue
                    yield View(module, function.lineno, key, path, methods, function, decorator, class_def, Style.FASTAPI)


def is_of_controller(module: Module, call: ast.Call) -> bool:
    """Whether a decorator such as ``@route.get("/x")`` is this library's, which no app's own reader may take for one of its routes."""
    return isinstance(call.func, ast.Attribute) and module.imports.get(dotted(call.func.value), "").startswith("ninja_extra")


def _controllers(project: SourceModules) -> Iterator[tuple[Module, ast.ClassDef, ast.Call]]:
    for module in project.modules:
        for class_def in module.classes.values():
            for decorator in class_def.decorator_list:
                call = decorator if isinstance(decorator, ast.Call) else ast.Call(func=decorator, args=[], keywords=[])
                if name_of(call.func) == DECORATOR:
                    yield module, class_def, call


def _methods(call: ast.Call) -> tuple[str, ...]:
    """``http_get``, ``route.get`` or ``http_generic(methods=[...])``; none for another decorator."""
    word = name_of(call.func).removeprefix("http_")
    if word == "generic":
        return methods_in(keyword(call, "methods"))
    is_ours = name_of(call.func).startswith("http_") or (
        isinstance(call.func, ast.Attribute) and name_of(call.func.value) in ("route", "http")
    )
    return (word.upper(),) if word in METHODS and is_ours else ()
