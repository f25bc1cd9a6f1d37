"""Lists in which frameworks hold their routes, followed to where they are written: names, other files, sums, what is appended."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from wizard.source.api.modules import Function, Module, SourceModules, dotted
from wizard.source.api.owners import Placed

DEEPEST = 8


def listed(project: SourceModules, module: Module, node: ast.expr | None, depth: int = 0) -> Iterator[Placed]:
    """The items of a list, each with the file in which it stands; what cannot be followed is an item itself."""
    if node is None or depth > DEEPEST:
        return
    match node:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            for item in items:
                if isinstance(item, ast.Starred):
                    yield from listed(project, module, item.value, depth + 1)
                else:
                    yield resolved(project, module, item)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from listed(project, module, left, depth + 1)
            yield from listed(project, module, right, depth + 1)
        case ast.Call(func=ast.Name(id="list" | "tuple"), args=[inner]):
            yield from listed(project, module, inner, depth + 1)
        case ast.Call(args=[], keywords=[]) if function := project.function(module, node.func):
            yield from listed(project, function[0], _returned(function[1]), depth + 1)
        case ast.Name() | ast.Attribute():
            name = dotted(node)
            there, value = module.value(name)
            if not isinstance(value, ast.List | ast.Tuple | ast.BinOp | ast.Call | ast.Name):
                yield module, node
                return
            yield from listed(project, there, value, depth + 1)
            for added in _added(there, project.origin(module, name)[1]):
                yield from listed(project, there, added, depth + 1)
        case _:
            yield module, node


def resolved(project: SourceModules, module: Module, item: ast.expr, depth: int = 0) -> Placed:
    """What an item stands for: what its name is made of, or what the project's function that is called for it gives."""
    value: ast.expr | None = None
    there = module
    if isinstance(item, ast.Call) and (function := project.function(module, item.func)):
        there, value = function[0], _returned(function[1])
    elif dotted(item) and project.function(module, item) is None and project.class_(module, item) is None:
        there, value = module.value(dotted(item))
    is_made = isinstance(value, ast.Call) or (value is not None and bool(dotted(value)))
    return resolved(project, there, value, depth + 1) if value is not None and is_made and depth < DEEPEST else (module, item)


def _returned(function: Function) -> ast.expr | None:
    """What a function gives at its end, directly or by a name of its own."""
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
    return returned[-1] if returned else None


def _added(module: Module, name: str) -> Iterator[ast.expr]:
    """What a file puts into a list later on."""
    for node in ast.walk(module.tree):
        match node:
            case ast.AugAssign(target=target, op=ast.Add(), value=value) if dotted(target) == name:
                yield value
            case ast.Call(func=ast.Attribute(value=owner, attr="append"), args=[item]) if dotted(owner) == name:
                yield ast.List(elts=[item], ctx=ast.Load())
            case ast.Call(func=ast.Attribute(value=owner, attr="extend"), args=[more]) if dotted(owner) == name:
                yield more
