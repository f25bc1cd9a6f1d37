"""Where Bottle differs from Flask (bottlepy.org, "Request Routing", "Mounting Applications"): ``@get("/path")`` alone, ``app.mount``."""

from __future__ import annotations

import ast

from wizard.source.api.modules import Module, SourceModules, dotted
from wizard.source.api.owners import Owners, RouteMount


def bare_word(module: Module, function: ast.expr) -> str:
    """``get`` of a decorator ``@get(...)`` that stands for Bottle's default app, also under another name; "" for any other function."""
    package, _, word = module.imports.get(dotted(function), "").rpartition(".")
    return word if package == "bottle" else ""


def put_mounts(project: SourceModules, owners: Owners) -> None:
    """Say where apps are found that are put below another: ``app.mount("/api", orders)``, ``app.merge(orders)``."""
    for module in project.modules:
        if not any(origin.partition(".")[0] == "bottle" for origin in module.imports.values()):
            continue
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in ("mount", "merge"):
                continue
            child = node.args[-1] if node.args else None
            if child is None or not dotted(child) or owners.kind(owners.key(module, dotted(child))) != "Bottle":
                continue
            prefix = module.text(node.args[0]) if node.func.attr == "mount" else ""
            mount = RouteMount(owners.key(module, dotted(node.func.value)), prefix, adds=True)
            owners.mounts.setdefault(owners.key(module, dotted(child)), []).append(mount)
