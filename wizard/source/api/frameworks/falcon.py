"""What Falcon answers: resources whose ``on_get``, ``on_post`` … stand under a path (falcon.readthedocs.io, "Routing")."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from wizard.source.api.modules import Module, SourceModules, dotted, keyword
from wizard.source.api.response_statuses import Style
from wizard.source.api.view import METHODS, View, in_angles, methods_of_class, where


def falcon_views(project: SourceModules, passed_over: list[str]) -> list[View]:
    """Every responder of the resources that are added to an app."""
    if not any(origin.partition(".")[0] == "falcon" for module in project.modules for origin in module.imports.values()):
        return []
    views = [view for module in project.modules for view in _of_module(project, module, passed_over)]
    return [replace(view, style=Style.STARLETTE) for view in views]


def _of_module(project: SourceModules, module: Module, passed_over: list[str]) -> Iterator[View]:
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr != "add_route" or not node.args:
            continue
        path = module.text(node.args[0])
        resource = node.args[1] if len(node.args) > 1 else keyword(node, "resource")
        class_def = _class_of(project, module, resource) if resource is not None else None
        suffix = module.text(keyword(node, "suffix"))
        if path is None or class_def is None:
            passed_over.append(where(module, node))
            continue
        functions = methods_of_class(project, *class_def)
        for method in METHODS:
            name = f"on_{method}_{suffix}" if suffix else f"on_{method}"
            if name in functions:
                yield View(class_def[0], node.lineno, ("", ""), in_angles(path), (method.upper(),), functions[name], class_=class_def[1])


def _class_of(project: SourceModules, module: Module, resource: ast.expr) -> tuple[Module, ast.ClassDef] | None:
    """The class of ``Orders()``, or of a name that holds one."""
    if isinstance(resource, ast.Call):
        return project.made_by(module, resource)
    there, made = module.value(dotted(resource))
    return project.made_by(there, made) if isinstance(made, ast.Call) else None
