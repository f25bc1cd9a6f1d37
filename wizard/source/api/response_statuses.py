"""Which statuses a view answers, as far as its source shows them. Nothing of it is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from http import HTTPStatus

from wizard.source.api.known_statuses import EXCEPTIONS, OF_LITESTAR, OTHERWISE, STATUS_AT
from wizard.source.api.modules import Function, dotted, keyword, name_of

FINE = ("jsonify", "render_template", "render_template_string")  # calls whose result Flask answers with 200
VALUES = (ast.Dict, ast.List, ast.DictComp, ast.ListComp, ast.JoinedStr)
DESCRIBE = frozenset(
    {"arguments", "expect", "doc", "response", "alt_response", "marshal_with", "marshal_list_with", "param", "input", "output", "use_args"}
    | {
        "use_kwargs",
        "swag_from",
        "cross_origin",
        "cached",
        "limit",
        "extend_schema",
        "api_view",
        "csrf_exempt",
        "permission_classes",
        "header",
    }
)
"""Decorators that say what a view takes and gives, and end no request whose body it accepts."""
SIGNED_IN = frozenset({"login_required", "jwt_required", "fresh_jwt_required", "fresh_login_required", "token_required"})
SIGN_IN_LIBRARIES = ("flask_login", "flask_jwt_extended", "flask_httpauth", "flask_security", "flask_praetorian")


class Style(Enum):
    """Whose view it is: what a returned value means differs."""

    FLASK = "flask"
    RESTFUL = "restful"  # a Resource: any value is written as JSON with 200
    FASTAPI = "fastapi"
    LITESTAR = "litestar"  # as FastAPI, but for 201 and 204 without being told
    STARLETTE = "starlette"  # answers are made, and parameters stand between braces no more


class Unknown(Exception):
    """The source does not show with which status it answers."""


def view_statuses(
    view: Function,
    functions: Mapping[str, Function],
    decorators: Iterable[ast.expr],
    registration: ast.expr | None,
    style: Style = Style.FLASK,
    imports: Mapping[str, str] | None = None,
) -> tuple[int, ...]:
    """The statuses below 500 that a view answers; empty when the source does not show them all.

    :param functions: every function of the project by its name: what a view calls may end the request too.
    :param decorators: those of the view and of its class; others than `registration` may end the request.
    :param imports: where the names of its file come from.
    """
    decorators = list(decorators)
    usual, takes_any = _usual(decorators, registration, style)
    try:
        statuses = {
            status
            for result in _results(view, usual, takes_any)
            for status in _status(result, view, usual, functions if takes_any else None)
        }
        statuses |= _ended(view, functions, {view.name})
        for decorator in decorators:
            if decorator is not registration and not _is_route(decorator):
                statuses |= _of_decorator(decorator, view, functions, imports or {})
    except Unknown:
        return ()
    return _below_500(statuses)


def guard_statuses(statuses: tuple[int, ...], guards: Iterable[Function], functions: Mapping[str, Function]) -> tuple[int, ...]:
    """A view's statuses with those of what runs before it; empty where these are not known."""
    combined = set(statuses)
    try:
        for guard in guards:
            combined |= _ended(guard, functions, {guard.name})
            for node in _own(guard):
                if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
                    combined |= _status(node.value, guard, 200)
    except Unknown:
        return ()
    return _below_500(combined)


def _below_500(statuses: set[int]) -> tuple[int, ...]:
    return tuple(sorted(status for status in statuses if 0 < status < 500))


def _usual(decorators: list[ast.expr], registration: ast.expr | None, style: Style) -> tuple[int, bool]:
    """The status of a value without one, and whether any value may be returned."""
    calls = [decorator for decorator in decorators if isinstance(decorator, ast.Call)]
    for call in calls:
        name, described = name_of(call.func), call.args[1] if len(call.args) > 1 else None
        if name == "response" and call.args and not isinstance(described, ast.Constant):
            return _number_or(call.args[0], 200), True  # flask-smorest
        if name in ("marshal_with", "marshal_list_with", "output"):
            code = keyword(call, "code") or keyword(call, "status_code")
            return _number_or(code, 200), True
    if style in (Style.FASTAPI, Style.LITESTAR):
        code = keyword(registration, "status_code") if isinstance(registration, ast.Call) else None
        word = name_of(registration.func) if isinstance(registration, ast.Call) and style is Style.LITESTAR else ""
        return _number_or(code, OF_LITESTAR.get(word, 200)), True
    return 200, style is Style.RESTFUL


def _number_or(node: ast.expr | None, otherwise: int) -> int:
    try:
        return _number(node) if node is not None else otherwise
    except Unknown:
        return otherwise


def _is_route(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and name_of(decorator.func) in ("route", "get", "post", "put", "patch", "delete", "api_route")


def _of_decorator(decorator: ast.expr, view: Function, functions: Mapping[str, Function], imports: Mapping[str, str]) -> set[int]:
    """How a decorator may end a request. Raises Unknown for one from elsewhere that says nothing of itself."""
    written = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = name_of(written)
    if name in functions:
        return _ended(functions[name], functions, {view.name}) | _refusals(functions[name])
    if name in DESCRIBE:
        return set()
    if name in SIGNED_IN and (imports.get(name, "").partition(".")[0] in SIGN_IN_LIBRARIES or "." in dotted(written)):
        return {401}
    raise Unknown


def _refusals(decorator: Function) -> set[int]:
    """What the functions in a decorator answer instead of the view's own answer."""
    inner = [node for node in ast.walk(decorator) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    views = {argument.arg for function in inner for argument in function.args.args} - {"self"}
    statuses: set[int] = set()
    for function in inner:
        for node in _own(function):
            if not isinstance(node, ast.Return) or node.value is None:
                continue
            value = node.value.value if isinstance(node.value, ast.Await) else node.value
            passes_on = isinstance(value, ast.Call) and (name_of(value.func) in views or any(name_of(part) in views for part in value.args))
            if not passes_on and name_of(value) not in {function.name for function in inner}:
                statuses |= _status(value, function, 200)
    return statuses


def _results(function: Function, usual: int, takes_any: bool) -> list[ast.expr | None]:
    """What its own ``return`` lines give; Unknown where it may end without one, unless that is an answer too."""
    results = [node.value for node in _own(function) if isinstance(node, ast.Return)]
    if not results and not takes_any:
        raise Unknown
    return results or [ast.Dict(keys=[], values=[])]


def _own(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions in it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))


def _status(value: ast.expr | None, view: Function, usual: int, called: Mapping[str, Function] | None = None) -> set[int]:
    """The status that is answered for a returned value.

    :param usual: that of a value without one.
    :param called: the project's functions where any value may be returned, since one of those may give a status too.
    """
    match value:
        case ast.Tuple(elts=[_body, second, *_headers]):
            if isinstance(second, ast.Dict):
                return {usual}
            return {_number(second)}
        case ast.Constant(value=str() | bytes()):
            return {usual}
        case ast.IfExp(body=first, orelse=second):
            return _status(first, view, usual, called) | _status(second, view, usual, called)
        case ast.Call(func=function) if called is None or name_of(function) in (*STATUS_AT, *FINE):
            return {_of_call(name_of(function), value, usual)}
        case ast.Call(func=function) if called is not None and name_of(function) in called:
            raise Unknown
        case ast.Name(id=name) if called is None:
            return _of_variable(name, view, usual)
    if isinstance(value, VALUES) or called is not None:
        return {usual}
    raise Unknown


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _of_call(name: str, call: ast.Call, usual: int) -> int:
    if name in FINE:
        return usual
    if name not in STATUS_AT:
        raise Unknown
    arguments = [word.value for word in call.keywords if word.arg in ("status", "code", "status_code")] or call.args[
        STATUS_AT[name] : STATUS_AT[name] + 1
    ]
    return _number(arguments[0]) if arguments else OTHERWISE.get(name, usual)


def _of_variable(name: str, view: Function, usual: int) -> set[int]:
    """A variable that only ever holds what Flask answers with a status that can be read."""
    values = [
        node.value
        for node in _own(view)
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]
    if not values or any(isinstance(value, ast.Name) for value in values):
        raise Unknown
    return {status for value in values for status in _status(value, view, usual)}


def _number(node: ast.expr) -> int:
    match node:
        case ast.Constant(value=int(number)):
            return int(number)
        case ast.Attribute(value=owner, attr=word) if name_of(owner) == "HTTPStatus" and word in HTTPStatus.__members__:
            return int(HTTPStatus[word])
        case ast.Attribute(value=inner, attr="value"):
            return _number(inner)
        case ast.Attribute(attr=word) | ast.Name(id=word) if match := re.match(r"HTTP_(\d{3})_", word):
            return int(match[1])
    raise Unknown


def _ended(function: Function, functions: Mapping[str, Function], seen: set[str]) -> set[int]:
    """The statuses with which a function, or what it calls, ends a request: ``abort(404)``, ``raise NotFound``, ``get_or_404``."""
    statuses: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Raise):
            statuses |= _raised(node)
        if not isinstance(node, ast.Call):
            continue
        name = name_of(node.func)
        if name == "abort":
            statuses.add(
                _number(node.args[0] if node.args else keyword(node, "http_status_code") or keyword(node, "code") or ast.Constant(0))
            )
        elif name.endswith("_or_404"):
            statuses.add(404)
        elif (name := _dependency(node) or name) in functions and name not in seen:
            seen.add(name)
            statuses |= _ended(functions[name], functions, seen)
    return statuses


def _dependency(call: ast.Call) -> str:
    """The function that FastAPI calls for ``Depends(current_user)``."""
    return name_of(call.args[0]) if name_of(call.func) in ("Depends", "Security") and call.args else ""


def _raised(node: ast.Raise) -> set[int]:
    if node.exc is None:
        return set()  # what was raised before goes on
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    name = name_of(raised)
    if name == "HTTPException" and isinstance(node.exc, ast.Call):
        code = keyword(node.exc, "status_code") or next(iter(node.exc.args), None)
        return {_number(code)} if code is not None else {500}
    if name not in EXCEPTIONS:
        raise Unknown
    return {EXCEPTIONS[name]}
