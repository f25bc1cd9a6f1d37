"""What aiohttp's server answers (docs.aiohttp.org/web_reference): lists of ``web.get(…)``, the router's ``add_…``, and apps below apps."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from wizard.source.api.frameworks.route_lists import listed
from wizard.source.api.modules import Module, SourceModules, dotted, keyword, name_of
from wizard.source.api.owners import Key, Owners, RouteMount
from wizard.source.api.response_statuses import Style
from wizard.source.api.view import METHODS, View, class_views, in_angles, unseen, where

ADDS = {f"add_{method}": (method.upper(),) for method in METHODS}
LISTED = {method: (method.upper(),) for method in METHODS}
WITHOUT_REQUESTS = ("static", "head", "options")


def aiohttp_views(project: SourceModules, owners: Owners, passed_over: list[str]) -> list[View]:
    """Every route that is added to an app of the project; those of ``RouteTableDef`` are decorators, and read as such."""
    modules = [module for module in project.modules if any(name.startswith("aiohttp") for name in module.imports.values())]
    return [view for module in modules for view in _of_module(project, owners, module, passed_over)]


def _of_module(project: SourceModules, owners: Owners, module: Module, passed_over: list[str]) -> Iterator[View]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            yield from _decorated(project, owners, module, node)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        word, owner = node.func.attr, owners.key(module, dotted(node.func.value).removesuffix(".router"))
        if word == "add_subapp" and len(node.args) > 1:
            prefix = module.text(node.args[0])
            if prefix is None:
                passed_over.append(where(module, node))
            else:
                mount = RouteMount(owner, prefix.rstrip("/"), adds=True)
                owners.mounts.setdefault(owners.key(module, dotted(node.args[1])), []).append(mount)
        elif word == "add_routes":
            yield from _taken(project, owners, module, node.args[0], owner, passed_over)
        elif word in ADDS or word == "add_view":
            yield from _routed(project, module, node, node.args, owner, ADDS.get(word), passed_over)
        elif word == "add_route" and len(node.args) > 2:
            yield from _routed(project, module, node, node.args[1:], owner, _method(module, node.args[0]), passed_over)


def _taken(project: SourceModules, owners: Owners, module: Module, routes: ast.expr, owner: Key, passed_over: list[str]) -> Iterator[View]:
    """``[web.get("/", index), …]``, or a ``RouteTableDef``, which then is found where the app is."""
    for there, item in listed(project, module, routes):
        word = name_of(item.func) if isinstance(item, ast.Call) else ""
        if isinstance(item, ast.Call) and word == "RouteTableDef":
            owners.mounts.setdefault(owners.key(module, dotted(routes)), []).append(RouteMount(owner, None, adds=True))
        elif isinstance(item, ast.Call) and word in LISTED | {"view": ()}:
            yield from _routed(project, there, item, item.args, owner, LISTED.get(word), passed_over)
        elif isinstance(item, ast.Call) and word == "route" and len(item.args) > 2:
            yield from _routed(project, there, item, item.args[1:], owner, _method(there, item.args[0]), passed_over)
        elif word not in WITHOUT_REQUESTS:
            passed_over.append(where(there, item))


def _routed(
    project: SourceModules,
    module: Module,
    call: ast.Call,
    arguments: list[ast.expr],
    owner: Key,
    methods: tuple[str, ...] | None,
    passed_over: list[str],
) -> Iterator[View]:
    """A path and its handler; a class answers by its own methods."""
    path = module.text(arguments[0]) if arguments else None
    handler = arguments[1] if len(arguments) > 1 else keyword(call, "handler")
    if path is None or handler is None:
        passed_over.append(where(module, call))
    elif class_def := project.class_(module, handler):
        yield from class_views(project, *class_def, owner, [in_angles(path)], call.lineno)
    else:
        there, function = project.function(module, handler) or (module, unseen(ast.unparse(handler)))
        yield View(there, call.lineno, owner, in_angles(path), methods or ("GET",), function, style=Style.STARLETTE)


def _decorated(project: SourceModules, owners: Owners, module: Module, class_def: ast.ClassDef) -> Iterator[View]:
    """``@routes.view("/orders")`` over a class."""
    for decorator in class_def.decorator_list:
        if (
            isinstance(decorator, ast.Call)
            and isinstance(decorator.func, ast.Attribute)
            and decorator.func.attr == "view"
            and decorator.args
        ):
            path = module.text(decorator.args[0])
            owner = owners.key(module, dotted(decorator.func.value))
            yield from class_views(project, module, class_def, owner, [in_angles(path)] if path else [], class_def.lineno)


def _method(module: Module, node: ast.expr) -> tuple[str, ...]:
    """The method of ``add_route("POST", …)``; GET for ``*``, which is any."""
    method = (module.text(node) or name_of(node).removeprefix("METH_")).upper()
    return (method,) if method.lower() in METHODS else ("GET",)
