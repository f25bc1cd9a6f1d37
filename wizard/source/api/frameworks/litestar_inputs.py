"""What a Litestar handler takes, from its parameters (docs.litestar.dev, "Requests", "Parameters"): body, form, files and query."""

from __future__ import annotations

import ast

from wizard.source.api.inputs import RequestInputs
from wizard.source.api.modules import Function, Module, SourceModules, keyword, name_of, texts
from wizard.source.api.schemas import of_annotation, unwrapped

RESERVED = ("self", "data", "state", "request", "socket", "headers", "cookies", "query", "scope", "body")
SIMPLE = ("str", "int", "float", "bool", "date", "datetime", "UUID", "Decimal")


def litestar_inputs(project: SourceModules, module: Module, view: Function, path: str) -> RequestInputs:
    """An example of each; a parameter of a type of its own comes from elsewhere (``Provide``)."""
    inputs = RequestInputs()
    arguments = [*view.args.args, *view.args.kwonlyargs]
    defaults = dict(zip([argument.arg for argument in reversed(view.args.args)], reversed(view.args.defaults), strict=False))
    defaults |= {name.arg: value for name, value in zip(view.args.kwonlyargs, view.args.kw_defaults, strict=True) if value is not None}
    for argument in arguments:
        if argument.annotation is None:
            continue
        if argument.arg == "data":
            _take_data(project, module, view, argument.annotation, inputs)
        elif argument.arg not in RESERVED and f":{argument.arg}>" not in path and f"<{argument.arg}>" not in path:
            mark = _mark(argument.annotation, "Parameter")
            name = module.text(keyword(mark, "query")) if mark is not None else None
            is_elsewhere = mark is not None and (keyword(mark, "header") is not None or keyword(mark, "cookie") is not None)
            node = unwrapped(argument.annotation)
            if argument.arg not in defaults and not is_elsewhere and not _may_be_none(argument.annotation) and name_of(node) in SIMPLE:
                inputs.query[name or argument.arg] = of_annotation(project, module, argument.annotation, mark, 0)
    return inputs


def litestar_headers(module: Module, view: Function) -> list[str]:
    """The headers that a handler names: ``Annotated[str, Parameter(header="X-Key")]``."""
    marks = [_mark(argument.annotation, "Parameter") for argument in (*view.args.args, *view.args.kwonlyargs) if argument.annotation]
    named = [module.text(keyword(mark, "header")) for mark in marks if mark is not None]
    return [name for name in named if name]


def _take_data(project: SourceModules, module: Module, view: Function, annotation: ast.expr, inputs: RequestInputs) -> None:
    node = unwrapped(annotation)
    if isinstance(node, ast.Subscript) and name_of(node.value) == "DTOData":
        node = node.slice
    body = _mark(annotation, "Body")
    media = ast.unparse(body) if body is not None else ""
    example = of_annotation(project, module, node, None, 0)
    if isinstance(example, dict):
        left_out = _left_out(project, module, view)
        example = {key: value for key, value in example.items() if key not in left_out}
    if "MULTI_PART" in media and name_of(node) == "UploadFile":
        inputs.files = ("data",)
    elif ("MULTI_PART" in media or "URL_ENCODED" in media) and isinstance(example, dict):
        inputs.form = example
    else:
        inputs.body = example


def _left_out(project: SourceModules, module: Module, view: Function) -> set[str]:
    """What a handler's DTO leaves out: ``DataclassDTO[Annotated[Order, DTOConfig(exclude={"id"})]]``, or a class of its own."""
    named = [keyword(decorator, "dto") for decorator in view.decorator_list if isinstance(decorator, ast.Call)]
    for class_def in module.classes.values():
        if view in class_def.body:
            named.append(module.values.get(f"{class_def.name}.dto"))
    for node in filter(None, named):
        class_of_dto = project.class_(module, node)
        parts = class_of_dto[1] if class_of_dto is not None else module.value(name_of(node))[1]
        for part in ast.walk(parts) if parts is not None else ():
            if isinstance(part, ast.Call) and name_of(part.func) == "DTOConfig":
                excluded = keyword(part, "exclude")
                return set(texts(excluded.elts)) if isinstance(excluded, ast.Set | ast.List | ast.Tuple) else set()
    return set()


def _mark(annotation: ast.expr | None, name: str) -> ast.Call | None:
    inner = annotation.slice.elts[1:] if isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple) else []
    return next((node for node in inner if isinstance(node, ast.Call) and name_of(node.func) == name), None)


def _may_be_none(annotation: ast.expr) -> bool:
    return any((isinstance(node, ast.Constant) and node.value is None) or name_of(node) == "Optional" for node in ast.walk(annotation))
