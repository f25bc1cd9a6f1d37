"""Where Sanic differs from Flask (sanic.dev, "Routing"): ``<number:int>``, versions, groups of blueprints, ``add_route(view, path)``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from wizard.source.api.modules import Module, SourceModules, dotted, keyword, name_of
from wizard.source.api.owners import Owners, RouteMount
from wizard.source.api.response_statuses import Style
from wizard.source.api.view import View, angled, class_views, methods_in, unseen, where

NAME_FIRST = re.compile(r"<(?P<name>\w+):(?P<kind>[^<>]+)>")
WRITE_NAMES_FIRST = ("sanic", "bottle")


def writes_names_first(project: SourceModules) -> bool:
    """Whether the project's framework writes ``<number:int>``, where Flask writes ``<int:number>``."""
    origins = {origin.partition(".")[0] for module in project.modules for origin in module.imports.values()}
    return bool(origins & set(WRITE_NAMES_FIRST)) and "flask" not in origins


def kind_first(path: str) -> str:
    """``/orders/<number:int>`` as ``/orders/<int:number>``."""
    return NAME_FIRST.sub(lambda match: angled(match["name"], match["kind"]), path)


def put_groups(project: SourceModules, owners: Owners) -> None:
    """Say where blueprints are found that stand in groups: ``api = Blueprint.group(orders, items, url_prefix="/api")``."""
    for module in project.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and dotted(node.value.func) == "Blueprint.group":
                key = (module.name, dotted(node.targets[0]))
                owners.prefixes[key] = versioned(module, node.value, module.text(keyword(node.value, "url_prefix")) or "")
                members = [each for item in node.value.args for each in (item.elts if isinstance(item, ast.List | ast.Tuple) else [item])]
                for member in members:
                    owners.mounts.setdefault(owners.key(module, dotted(member)), []).append(RouteMount(key, None, adds=True))


def versioned(module: Module, call: ast.Call, path: str) -> str:
    """A path below its version: ``version=1`` puts ``/v1`` before it."""
    version = keyword(call, "version")
    if not isinstance(version, ast.Constant):
        return path
    before = module.text(keyword(call, "version_prefix")) or "/v"
    return f"{before}{version.value!s}{path}"


def sanic_views(project: SourceModules, owners: Owners, passed_over: list[str]) -> Iterator[View]:
    """What ``app.add_route(view, "/path")`` adds."""
    for module in project.modules:
        if not any(origin.partition(".")[0] == "sanic" for origin in module.imports.values()):
            continue
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "add_route":
                continue
            view = node.args[0] if node.args else keyword(node, "handler")
            path = module.text(node.args[1] if len(node.args) > 1 else keyword(node, "uri"))
            owner = owners.key(module, dotted(node.func.value))
            if view is None or path is None:
                passed_over.append(where(module, node))
            elif isinstance(view, ast.Call) and isinstance(view.func, ast.Attribute) and name_of(view.func) == "as_view":
                class_def = project.class_(module, view.func.value)
                if class_def is None:
                    passed_over.append(where(module, node))
                else:
                    yield from class_views(project, *class_def, owner, [path], node.lineno)
            else:
                there, function = project.function(module, view) or (module, unseen(ast.unparse(view)))
                yield View(there, node.lineno, owner, path, methods_in(keyword(node, "methods")), function, style=Style.STARLETTE)
