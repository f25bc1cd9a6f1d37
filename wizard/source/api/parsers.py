"""``reqparse`` of flask-restful and flask-restx: what its arguments say that a request carries."""

from __future__ import annotations

import ast
from typing import Any

from wizard.source.api.inputs import RequestInputs
from wizard.source.api.limits import choices_of
from wizard.source.api.modules import Function, Module, SourceModules, dotted, keyword, name_of, texts
from wizard.source.api.schemas import EXAMPLES


def parser_inputs(project: SourceModules, module: Module, view: Function) -> RequestInputs | None:
    """What the parser of a view takes (``parser.parse_args()``, ``@ns.expect(parser)``); None for a view without one."""
    inputs = None
    for name in _parsers(view):
        if (class_def := _holder(project, module, view, name)) is not None:
            attribute = name.rpartition(".")[2]
            inputs = inputs or RequestInputs()
            _take_all(inputs, class_def, {attribute, f"self.{attribute}", f"cls.{attribute}", f"{class_def.name}.{attribute}"}, view)
            continue
        where, origin = project.origin(module, name)
        _where, made = where.value(origin)
        if not isinstance(made, ast.Call) or name_of(made.func) not in ("RequestParser", "copy"):
            made = _made_in(view, name)
        if made is None or not isinstance(made, ast.Call):
            continue
        inputs = inputs or RequestInputs()
        if name_of(made.func) == "copy" and isinstance(made.func, ast.Attribute):
            _take_all(inputs, where.tree, {dotted(made.func.value)}, view)
        _take_all(inputs, where.tree, {origin}, view)
    return inputs


def _holder(project: SourceModules, module: Module, view: Function, name: str) -> ast.ClassDef | None:
    """The class that keeps a parser: ``self.parser`` of its ``__init__`` or its body, ``Orders.parser``; None for any other."""
    owner, _dot, attribute = name.rpartition(".")
    where, origin = project.origin(module, owner)
    class_def = where.classes.get(origin)
    if owner in ("self", "cls"):
        class_def = next((each for each in module.classes.values() if view in each.body), None)
    made = [line for line in ast.walk(class_def) if isinstance(line, ast.Assign)] if class_def is not None else []
    is_kept = any(name_of(target) == attribute and _is_parser(line.value) for line in made for target in line.targets)
    return class_def if is_kept else None


def _is_parser(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and name_of(value.func) == "RequestParser"


def _parsers(view: Function) -> list[str]:
    names = [
        dotted(node.func.value)
        for node in ast.walk(view)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "parse_args"
    ]
    for decorator in view.decorator_list:
        if isinstance(decorator, ast.Call) and name_of(decorator.func) == "expect" and decorator.args:
            names.append(dotted(decorator.args[0]))
    return list(dict.fromkeys(filter(None, names)))


def _made_in(view: Function, name: str) -> ast.expr | None:
    made = [
        node.value for node in ast.walk(view) if isinstance(node, ast.Assign) and any(name_of(target) == name for target in node.targets)
    ]
    return next((value for value in made if _is_parser(value)), None)


def _take_all(inputs: RequestInputs, tree: ast.Module | ast.ClassDef, names: set[str], view: Function) -> None:
    """Take what is added to a parser, under one of its names."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="add_argument"), args=[ast.Constant(value=str(name)), *_more]) if (
                dotted(owner) in names
            ):
                _take(inputs, node, name, view)


def _take(inputs: RequestInputs, call: ast.Call, name: str, view: Function) -> None:
    location = keyword(call, "location")
    places = texts(location.elts if isinstance(location, ast.List | ast.Tuple) else [location] if location is not None else [])
    is_required = isinstance(required := keyword(call, "required"), ast.Constant) and required.value is True
    example = _example(call)
    if "files" in places:
        inputs.files += (name,)
    elif "headers" in places or "cookies" in places:
        return  # a header is named where it is read
    elif "form" in places and "json" not in places:
        inputs.form[name] = example
    elif "args" in places or (not places and view.name == "get"):
        inputs.query |= {name: example} if is_required else {}
    else:
        inputs.body = {**(inputs.body or {}), name: example}


def _example(call: ast.Call) -> Any:
    default = keyword(call, "default")
    if isinstance(default, ast.Constant) and default.value not in (None, ""):
        return default.value
    if choices := choices_of(call):
        return choices[0]
    example = EXAMPLES.get(name_of(keyword(call, "type")).lower(), "text")
    action = keyword(call, "action")
    return [example] if isinstance(action, ast.Constant) and action.value in ("append", "split") else example
