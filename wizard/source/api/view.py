"""A function that answers, and where it is registered: what every framework's reader gives."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.source.api.modules import Function, Module, SourceModules, name_of, texts
from wizard.source.api.owners import Key
from wizard.source.api.response_statuses import Style

METHODS = ("get", "post", "put", "patch", "delete")
IN_BRACES = re.compile(r"\{(?P<name>\w+)(?::(?P<kind>[^{}]*(?:\{[^{}]*\}[^{}]*)*))?\}")
KINDS = {"int": "int", "float": "float", "uuid": "uuid", "path": "path", "decimal": "float", "number": "float"}


@dataclass(frozen=True)
class View:
    """A function that answers, and where it is registered.

    :param registration: the decorator that says so, when it is one.
    :param style: whose view it is; None where its owner says so.
    :param guards: what runs before it and may refuse; None for what the project does not hold.
    """

    module: Module
    line: int
    owner: Key
    path: str
    methods: tuple[str, ...]
    function: Function
    registration: ast.expr | None = None
    class_: ast.ClassDef | None = None
    style: Style | None = None
    guards: tuple[Function | None, ...] = ()


def class_views(project: SourceModules, module: Module, class_def: ast.ClassDef, owner: Key, paths: list[str], line: int) -> Iterator[View]:
    """The methods of a class that answers: ``get``, ``post`` …, those of its bases too; ``dispatch_request`` of Flask's ``View``."""
    functions = methods_of_class(project, module, class_def)
    for path in paths:
        for name in METHODS:
            if name in functions:
                yield View(module, line, owner, path, (name.upper(),), functions[name], class_=class_def)
        if "dispatch_request" in functions and not set(METHODS) & set(functions):
            yield View(module, line, owner, path, _class_methods(class_def), functions["dispatch_request"], class_=class_def)


def methods_of_class(project: SourceModules, module: Module, class_def: ast.ClassDef, depth: int = 0) -> dict[str, Function]:
    """The functions of a class, those of its bases too."""
    functions: dict[str, Function] = {}
    for base in class_def.bases:
        if depth < 8 and (above := project.class_(module, base)):
            functions |= methods_of_class(project, *above, depth + 1)
    return functions | {line.name: line for line in class_def.body if isinstance(line, ast.FunctionDef | ast.AsyncFunctionDef)}


def _class_methods(class_def: ast.ClassDef) -> tuple[str, ...]:
    for line in class_def.body:
        if isinstance(line, ast.Assign) and name_of(line.targets[0]) == "methods":
            return methods_in(line.value)
    return ("GET",)


def methods_in(listed: ast.expr | None) -> tuple[str, ...]:
    """The methods that a list names: texts, ``HttpMethod.GET``; GET without a list. HEAD and OPTIONS are left out."""
    if listed is None:
        return ("GET",)
    is_list = isinstance(listed, ast.List | ast.Tuple | ast.Set)
    items = listed.elts if isinstance(listed, ast.List | ast.Tuple | ast.Set) else [listed]
    named = [text for item in items for text in (texts([item]) or [name_of(item)])]
    methods = tuple(dict.fromkeys(method.upper() for method in named if method.lower() in METHODS))
    return methods or (() if is_list else ("GET",))


def in_angles(path: str) -> str:
    """``/orders/{number:int}`` as ``/orders/<int:number>``."""
    return IN_BRACES.sub(lambda match: angled(match["name"], match["kind"] or ""), path)


def angled(name: str, kind: str) -> str:
    """A parameter as Flask writes it; a pattern of digits is a number."""
    kind = kind.strip()
    known = KINDS.get(kind.partition("(")[0], "int" if re.match(r"(\\d|\[0-9\])", kind) else "")
    return f"<{known}:{name}>" if known else f"<{name}>"


def unseen(name: str) -> Function:
    """A view whose source is not seen: it is called, and nothing is known of it."""
    function = ast.parse("async def view(request):\n    ...").body[0]
    assert isinstance(function, ast.AsyncFunctionDef)
    function.name = re.sub(r"\W+", "_", name).strip("_") or "view"
    return function


def where(module: Module, node: ast.AST) -> str:
    """A registration that was passed over: its file, its line and its text."""
    text = ast.unparse(node)
    return f"{module.path.name}:{getattr(node, 'lineno', 0)}: {text if len(text) <= 80 else text[:79] + '…'}"
