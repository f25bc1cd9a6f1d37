"""Which statuses a Flask view answers, as far as its source shows them. Nothing of it is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from http import HTTPStatus

Function = ast.FunctionDef | ast.AsyncFunctionDef

FINE = ("jsonify", "render_template", "render_template_string")  # calls whose result Flask answers with 200
STATUS_AT = {"make_response": 1, "Response": 1, "redirect": 1}  # where a call takes the status, and what it is otherwise
OTHERWISE = {"redirect": 302}
EXCEPTIONS = {
    "BadRequest": 400,
    "Unauthorized": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "MethodNotAllowed": 405,
    "Conflict": 409,
    "Gone": 410,
    "UnsupportedMediaType": 415,
    "UnprocessableEntity": 422,
    "TooManyRequests": 429,
}  # of werkzeug.exceptions
ASKED_FOR_A_KEY = (401, 403)  # an exported request carries the key, so these are no answers to it
VALUES = (ast.Dict, ast.List, ast.DictComp, ast.ListComp, ast.JoinedStr)


class Unknown(Exception):
    """The source does not show with which status it answers."""


def view_statuses(view: Function, functions: Mapping[str, Function], route_decorators: set[ast.expr]) -> tuple[int, ...]:
    """The statuses below 500 that a view answers to who has the key; empty when the source does not show them all.

    :param functions: every function of the project by its name: what a view calls may end the request too.
    :param route_decorators: the decorators that only say which requests are for the view.
    """
    others = [decorator for decorator in view.decorator_list if decorator not in route_decorators]
    try:
        found = {status for result in _results(view) for status in _status(result.value, view)}
        found |= _ended(view, functions, {view.name})
        for decorator in others:
            found |= _ended(_defined(decorator, functions), functions, {view.name})
    except Unknown:
        return ()
    return tuple(sorted(status for status in found if status < 500 and status not in ASKED_FOR_A_KEY))


def _results(function: Function) -> list[ast.Return]:
    """Its own ``return`` lines; Unknown where it may end without one."""
    results = [node for node in _own(function) if isinstance(node, ast.Return)]
    if not results:
        raise Unknown
    return results


def _own(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions in it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))


def _status(value: ast.expr | None, view: Function) -> set[int]:
    """The status that Flask answers for a returned value."""
    match value:
        case ast.Tuple(elts=[_body, second, *_headers]):
            if isinstance(second, ast.Dict):
                return {200}
            return {_number(second)}
        case ast.Constant(value=str() | bytes()):
            return {200}
        case ast.IfExp(body=first, orelse=second):
            return _status(first, view) | _status(second, view)
        case ast.Call(func=function):
            return {_of_call(_name(function), value)}
        case ast.Name(id=name):
            return _of_variable(name, view)
    if isinstance(value, VALUES):
        return {200}
    raise Unknown


def _of_call(name: str, call: ast.Call) -> int:
    if name in FINE:
        return 200
    if name not in STATUS_AT:
        raise Unknown
    given = [word.value for word in call.keywords if word.arg in ("status", "code")] or call.args[STATUS_AT[name] : STATUS_AT[name] + 1]
    return _number(given[0]) if given else OTHERWISE.get(name, 200)


def _of_variable(name: str, view: Function) -> set[int]:
    """A variable that only ever holds what Flask answers with a status that can be read."""
    given = [
        node.value
        for node in _own(view)
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    if not given or any(isinstance(value, ast.Name) for value in given):
        raise Unknown
    return {status for value in given for status in _status(value, view)}


def _number(node: ast.expr) -> int:
    match node:
        case ast.Constant(value=int(number)):
            return int(number)
        case ast.Attribute(value=owner, attr=word) if _name(owner) == "HTTPStatus" and word in HTTPStatus.__members__:
            return int(HTTPStatus[word])
    raise Unknown


def _ended(function: Function, functions: Mapping[str, Function], seen: set[str]) -> set[int]:
    """The statuses with which a function, or what it calls, ends a request: ``abort(404)``, ``raise NotFound``, ``get_or_404``."""
    found: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Raise):
            found |= _raised(node)
        if not isinstance(node, ast.Call):
            continue
        name = _name(node.func)
        if name == "abort":
            found.add(_number(node.args[0]) if node.args else 0)
        elif name.endswith("_or_404"):
            found.add(404)
        elif name in functions and name not in seen:
            seen.add(name)
            found |= _ended(functions[name], functions, seen)
    return found


def _raised(node: ast.Raise) -> set[int]:
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    name = _name(raised) if raised is not None else ""
    if name not in EXCEPTIONS:
        raise Unknown
    return {EXCEPTIONS[name]}


def _defined(decorator: ast.expr, functions: Mapping[str, Function]) -> Function:
    """The function that a decorator of the project is; Unknown for one from elsewhere."""
    name = _name(decorator.func if isinstance(decorator, ast.Call) else decorator)
    if name not in functions:
        raise Unknown
    return functions[name]


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
