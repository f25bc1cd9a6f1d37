"""What a FastAPI view takes, from its parameters (fastapi.tiangolo.com/tutorial): body, form, files, query and path."""

from __future__ import annotations

import ast
import re
from typing import Any

from wizard.source.api.inputs import RequestInputs
from wizard.source.api.limits import Limits, limits_of
from wizard.source.api.modules import Function, Module, SourceModules, dotted, keyword, name_of
from wizard.source.api.schemas import enum_values, is_model, of_annotation, unwrapped

MARKS = ("Query", "Path", "Header", "Cookie", "Body", "Form", "File", "Depends", "Security")
GIVEN = ("Request", "Response", "BackgroundTasks", "WebSocket", "HTTPConnection", "SecurityScopes", "Session", "AsyncSession")
IN_PATH = re.compile(r"\{(?:(?:int|str|slug|uuid|path):(?=\w+\}))?(\w+)(?::\w+)?\}")  # django-ninja writes {int:number}
DEEPEST = 6


def fastapi_inputs(project: SourceModules, module: Module, view: Function, path: str, depth: int = 0) -> RequestInputs:
    """An example of each; those of what it depends on too."""
    inputs, in_path = RequestInputs(), set(IN_PATH.findall(path))
    bodies: list[tuple[str, Any, bool]] = []
    for argument, default in _parameters(view):
        annotation = _resolved(module, argument.annotation)
        mark = _mark(annotation, default)
        kind = name_of(mark.func) if mark is not None else ""
        if (
            argument.arg in ("self", "cls")
            or (argument.arg == "request" and annotation is None)
            or name_of(unwrapped(annotation) if annotation else None) in GIVEN
            or kind in ("Header", "Cookie")
        ):
            continue
        if kind in ("Depends", "Security"):
            named = mark.args[0] if mark is not None and mark.args else annotation
            if named is not None and depth < DEEPEST and (function := project.function(module, named)):
                inputs.merge(fastapi_inputs(project, *function, path, depth + 1))
            continue
        example = _example(project, module, annotation, mark)
        if argument.arg in in_path:
            limits = limits_of(mark) if mark is not None else Limits()
            choices = enum_values(project, module, annotation) if annotation is not None else ()
            if choices or example != limits.within(example):
                inputs.choices[argument.arg] = choices or (example,)
        elif kind == "File" or (annotation is not None and "UploadFile" in ast.unparse(annotation)):
            inputs.files += (argument.arg,)
        elif kind == "Form":
            inputs.form |= example if isinstance(example, dict) else {_alias(mark, argument.arg): example}
        elif kind == "Body" or (not kind and annotation is not None and _is_body(project, module, annotation)):
            bodies.append((_alias(mark, argument.arg), example, kind == "Body" and not _is_body(project, module, annotation)))
        elif _is_required(default, mark):
            inputs.query[_alias(mark, argument.arg)] = example
    marks = [_mark(argument.annotation, default) for argument, default in _parameters(view)]
    inputs.body = _together(bodies, embeds=any(_embeds(mark) for mark in marks))
    return inputs


def _together(bodies: list[tuple[str, Any, bool]], *, embeds: bool) -> Any:
    """One model is the body; several, or single values, or one that is embedded, stand in it under their names."""
    if not bodies:
        return None
    name, example, is_single = bodies[0]
    if len(bodies) == 1 and not embeds and not is_single:
        return example
    if len(bodies) == 1 and not embeds and not isinstance(example, dict | list):
        return example if is_single else {name: example}
    return {name: example for name, example, _single in bodies}


def _parameters(view: Function) -> list[tuple[ast.arg, ast.expr | None]]:
    arguments = view.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    return [*zip(positional, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]


def _resolved(module: Module, annotation: ast.expr | None) -> ast.expr | None:
    """An annotation, or what its name stands for: ``SessionDep = Annotated[Session, Depends(session)]``."""
    if annotation is not None and dotted(annotation):
        value = module.value(dotted(annotation))[1]
        return value if isinstance(value, ast.Subscript) else annotation
    return annotation


def _is_body(project: SourceModules, module: Module, annotation: ast.expr | None) -> bool:
    """Whether a parameter without a mark is the body: a model, or a list, which no query takes without ``Query()``."""
    node = unwrapped(annotation) if annotation is not None else None
    is_list = isinstance(node, ast.Subscript) and name_of(node.value) in ("list", "List", "set", "tuple")
    return is_list or is_model(project, module, annotation)


def _mark(annotation: ast.expr | None, default: ast.expr | None) -> ast.Call | None:
    """The ``Query(…)``, ``Body(…)`` or ``Depends(…)`` of a parameter, as its default or within ``Annotated``."""
    inner: list[ast.expr] = []
    if isinstance(annotation, ast.Subscript) and name_of(annotation.value) == "Annotated" and isinstance(annotation.slice, ast.Tuple):
        inner = annotation.slice.elts[1:]
    calls = [node for node in (default, *inner) if isinstance(node, ast.Call) and name_of(node.func) in MARKS]
    return calls[0] if calls else None


def _is_required(default: ast.expr | None, mark: ast.Call | None) -> bool:
    if default is not None and default is not mark:
        return False
    if mark is None:
        return True
    first = mark.args[0] if mark.args else keyword(mark, "default")
    is_open = first is None or (isinstance(first, ast.Constant) and first.value is ...)
    return is_open and keyword(mark, "default_factory") is None


def _example(project: SourceModules, module: Module, annotation: ast.expr | None, mark: ast.Call | None) -> Any:
    example = of_annotation(project, module, annotation, mark, 0) if annotation is not None else "text"
    return limits_of(mark).within(example) if mark is not None else example


def _alias(mark: ast.Call | None, name: str) -> str:
    alias = keyword(mark, "alias") if mark is not None else None
    return str(alias.value) if isinstance(alias, ast.Constant) else name


def _embeds(mark: ast.Call | None) -> bool:
    value = keyword(mark, "embed") if mark is not None else None
    return isinstance(value, ast.Constant) and value.value is True
