"""What a view wants of who asks: headers that it or what it calls reads, a token, and who gives that token."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wizard.source.api.bodies import read_keys
from wizard.source.api.modules import Function, Module, SourceModules, dotted, keyword, name_of, texts
from wizard.source.api.owners import Key, Owners, Placed

EVERYDAY_HEADERS = {"accept", "content-type", "host", "if-none-match", "if-match", "origin", "referer", "user-agent", "x-forwarded-for"}
EVERYDAY_HEADERS |= {"accept-language", "accept-encoding", "x-forwarded-proto", "x-forwarded-host", "x-request-id", "content-length"}
SIGN_IN_PATH = re.compile(r"/(?:log-?in|sign-?in|token|auth(?:enticate)?|sessions?)/?$", re.IGNORECASE)
TOKENS = ("access_token", "token", "jwt", "id_token", "accessToken", "auth_token")
TOKEN_DECORATORS = ("jwt_required", "token_required", "requires_auth", "auth_required")
BEARERS = ("OAuth2PasswordBearer", "HTTPBearer", "OAuth2AuthorizationCodeBearer")


@dataclass(frozen=True)
class SignInView:
    """What a view that signs people in wants and gives.

    :param token: where its answer has the token, a JSONPath; "" where it sets a cookie.
    :param given: values that the source shows for what it wants: a text, or ``{{$processEnv NAME}}``.
    :param is_form: whether it takes a form rather than JSON.
    :param scheme: the word before the token in the header Authorization.
    """

    token: str
    keys: tuple[str, ...]
    given: tuple[tuple[str, str], ...] = ()
    is_form: bool = False
    scheme: str = "Bearer"


@dataclass(frozen=True)
class Guard:
    """A function that runs before every view of an owner, but for the paths that it names."""

    function: Function
    excepted: frozenset[str]


def read_headers(function: Function) -> tuple[str, ...]:
    """The headers that a function reads from the request: ``request.headers["X"]``, ``.get("X")``, FastAPI's ``x: str = Header()``."""
    holders = {
        name_of(target)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and _is_headers(node.value, set())
        for target in node.targets
    }
    headers: list[str] = []
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="get" | "getlist"), args=[first, *_more]) if _is_headers(owner, holders):
                headers += texts([first])
            case ast.Subscript(value=owner, slice=part, ctx=ast.Load()) if _is_headers(owner, holders):
                headers += texts([part])
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[owner]) if _is_headers(owner, holders):
                headers += texts([left])
    headers += _parameters(function)
    return tuple(name for name in dict.fromkeys(headers) if name.lower() not in EVERYDAY_HEADERS and name.replace("-", "").isalnum())


def key_headers(project: SourceModules, function: Function) -> list[str]:
    """The headers of FastAPI's ``APIKeyHeader(name="X-Key")`` on which a function depends."""
    headers: list[str] = []
    defaults = [*function.args.defaults, *(default for default in function.args.kw_defaults if default is not None)]
    defaults += [part for argument in function.args.args for part in _annotated(argument.annotation)]
    for default in defaults:
        if isinstance(default, ast.Call) and name_of(default.func) in ("Depends", "Security") and default.args:
            for module in project.modules:
                made = module.values.get(dotted(default.args[0])) if function in module.functions.values() else None
                if isinstance(made, ast.Call) and name_of(made.func) == "APIKeyHeader":
                    headers += texts([name] if (name := keyword(made, "name")) is not None else made.args[:1])
    return headers


def called_functions(view: Function, decorators: Iterable[ast.expr], functions: Mapping[str, Function]) -> list[Function]:
    """The project's functions that a view calls, or is decorated with, and those that these call."""
    found: dict[str, Function] = {}
    decorators = list(decorators)
    waiting: list[ast.AST] = [*view.body, *view.args.defaults, *view.args.kw_defaults, *decorators]  # type: ignore[list-item]
    while waiting:
        node = waiting.pop()
        for part in ast.walk(node) if node is not None else ():
            name = name_of(part.func) if isinstance(part, ast.Call) else ""
            if isinstance(part, ast.Call) and name in ("Depends", "Security") and part.args:
                name = name_of(part.args[0])
            name = name or (name_of(part) if node in decorators else "")
            if name in functions and name not in found and functions[name] is not view:
                found[name] = functions[name]
                waiting += functions[name].body
    return list(found.values())


def guards_of(project: SourceModules, owners: Owners, owner: Key) -> list[Guard]:
    """What runs before the views of an owner: ``@app.before_request`` of any app, ``@bp.before_request`` of its own blueprint."""
    guards: list[Guard] = []
    for module in project.modules:
        for node in ast.walk(module.tree):
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    for decorator in node.decorator_list:
                        if _guards(owners, module, decorator, owner):
                            guards.append(_guard(node))
                case ast.Call(func=ast.Attribute() as register, args=[first]) if _guards(owners, module, register, owner):
                    if function := project.function(module, first):
                        guards.append(_guard(function[1]))
    return guards


def wants_token(
    project: SourceModules, module: Module, view: Function, decorators: Iterable[ast.expr], placed: Iterable[Placed] = ()
) -> bool:
    """Whether a view is only for who has a token: a decorator such as ``jwt_required``, or a FastAPI dependency on a bearer."""
    decorators = list(decorators)
    for decorator in decorators:
        if name_of(decorator.func if isinstance(decorator, ast.Call) else decorator) in TOKEN_DECORATORS:
            return True
    if any(_is_token_auth(module, decorator) for decorator in decorators):
        return True
    if any(_is_bearer(project, where, dependency, 0) for where, dependency in placed):
        return True
    return _depends_on_bearer(project, module, view, 0)


def sign_in_of(view: Function, path: str, body: Any) -> SignInView | None:
    """What a view gives that signs people in; None for another view.

    :param body: an example of the JSON that it takes, as far as one is known: a schema or a parser may name keys that it does not.
    """
    if not SIGN_IN_PATH.search(path):
        return None
    is_form = any(name_of(argument.annotation) == "OAuth2PasswordRequestForm" for argument in view.args.args)
    named = read_keys(view) or (tuple(body) if isinstance(body, dict) else ())
    keys = ("username", "password") if is_form else named or _form_keys(view)
    token = _token(view)
    if token or any(_sets_session(node) for node in ast.walk(view)):
        return SignInView(f"$.{token}" if token else "", keys, _given(view, keys), is_form or not named)
    return None


def _is_headers(node: ast.expr, holders: set[str]) -> bool:
    """Whether an expression is the request's headers; those of a response are written, and none of ours."""
    name = dotted(node)
    return name in holders or name in ("request.headers", "connection.headers") or name.endswith(".request.headers")


def _parameters(function: Function) -> list[str]:
    """FastAPI's headers: a parameter whose default or annotation is ``Header()``."""
    arguments = [*function.args.args, *function.args.kwonlyargs]
    defaults: list[Any] = [None] * (len(function.args.args) - len(function.args.defaults)) + [
        *function.args.defaults,
        *function.args.kw_defaults,
    ]
    parameters = []
    for argument, default in zip(arguments, defaults, strict=False):
        calls = [
            node for node in (default, *_annotated(argument.annotation)) if isinstance(node, ast.Call) and name_of(node.func) == "Header"
        ]
        if calls:
            alias = keyword(calls[0], "alias")
            parameters.append(texts([alias])[0] if alias is not None and texts([alias]) else argument.arg.replace("_", "-").title())
    return parameters


def _annotated(annotation: ast.expr | None) -> list[ast.expr]:
    if isinstance(annotation, ast.Subscript) and name_of(annotation.value) == "Annotated" and isinstance(annotation.slice, ast.Tuple):
        return annotation.slice.elts[1:]
    return []


def _guards(owners: Owners, module: Module, register: ast.expr, owner: Key) -> bool:
    if not isinstance(register, ast.Attribute) or register.attr not in ("before_request", "before_app_request"):
        return False
    key = owners.key(module, dotted(register.value))
    return register.attr == "before_app_request" or owners.kind(key) not in ("Blueprint", "APIBlueprint") or key == owner


def _guard(function: Function) -> Guard:
    constants = {part.value for part in ast.walk(function) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
    return Guard(function, frozenset(text for text in constants if text.startswith("/")))


def _is_token_auth(module: Module, decorator: ast.expr) -> bool:
    """Whether a decorator is ``auth.login_required`` of Flask-HTTPAuth's ``HTTPTokenAuth``."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    if not isinstance(called, ast.Attribute) or called.attr != "login_required":
        return False
    made = module.value(dotted(called.value))[1]
    return isinstance(made, ast.Call) and name_of(made.func) == "HTTPTokenAuth"


def _depends_on_bearer(project: SourceModules, module: Module, function: Function, depth: int) -> bool:
    defaults = [*function.args.defaults, *(default for default in function.args.kw_defaults if default is not None)]
    defaults += [part for argument in function.args.args for part in _annotated(argument.annotation)]
    return any(_is_bearer(project, module, default, depth) for default in defaults)


def _is_bearer(project: SourceModules, module: Module, dependency: ast.expr, depth: int) -> bool:
    """Whether ``Depends(…)`` leads to a scheme of bearer tokens, directly or by way of a function."""
    if not isinstance(dependency, ast.Call) or name_of(dependency.func) not in ("Depends", "Security") or not dependency.args:
        return False
    target = dependency.args[0]
    called = target if isinstance(target, ast.Call) else None  # Depends(JWTBearer()), Depends(current_user(required=True))
    where, name = project.origin(module, dotted(called.func if called else target))
    if name in where.functions and depth < 8:
        function = where.functions[name]
        given = [part for line in ast.walk(function) if isinstance(line, ast.Return) for part in ast.walk(line)] if called else []
        inner = [where.functions[part.id] for part in given if isinstance(part, ast.Name) and part.id in where.functions]
        if any(_depends_on_bearer(project, where, each, depth + 1) for each in (function, *inner)):
            return True
    value = called or where.values.get(name)
    return isinstance(value, ast.Call) and _is_scheme(project, where if called is None else module, value)


def _is_scheme(project: SourceModules, module: Module, made: ast.Call) -> bool:
    """Whether it makes a scheme of bearer tokens, or a project's own kind of one."""
    if name_of(made.func) in BEARERS:
        return True
    class_def = project.class_(module, made.func)
    return class_def is not None and bool({*BEARERS, "APIKeyHeader"}.intersection(project.bases(*class_def)))


def _token(view: Function) -> str:
    """The key under which a view answers with a token; "" when it gives none."""
    keys: list[str] = []
    for node in ast.walk(view):
        if isinstance(node, ast.Dict):
            keys += texts(key for key in node.keys if key is not None)
        elif isinstance(node, ast.Call) and name_of(node.func) in ("jsonify", "dict"):
            keys += [word.arg for word in node.keywords if word.arg]
    return next((key for key in keys if key in TOKENS), "")


def _sets_session(node: ast.AST) -> bool:
    """Whether a line keeps who asks: ``session["user"] = …``, ``login_user(user)``, a cookie that is set."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        return name_of(node.value) == "session"
    return isinstance(node, ast.Call) and name_of(node.func) in ("login_user", "set_cookie", "login")


def _form_keys(view: Function) -> tuple[str, ...]:
    """The fields that a view reads from a form."""
    keys: list[str] = []
    for node in ast.walk(view):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="form"), attr="get"), args=[first, *_more]):
                keys += texts([first])
            case ast.Subscript(value=ast.Attribute(attr="form"), slice=part):
                keys += texts([part])
    return tuple(dict.fromkeys(keys))


def _given(view: Function, keys: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What the source compares with what it is given: a text in it, or a variable of the environment."""
    values: dict[str, str] = {}
    for node in ast.walk(view):
        if isinstance(node, ast.Compare) and len(node.comparators) == 1:
            for one, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
                key = next((key for key in keys if key in texts(part for part in ast.walk(one) if isinstance(part, ast.expr))), "")
                if key and (value := _value(other)):
                    values.setdefault(key, value)
    return tuple(values.items())


def _value(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Subscript(value=owner, slice=ast.Constant(value=str(name))) if name_of(owner) == "environ":
            return f"{{{{$processEnv {name}}}}}"
        case ast.Call(func=function, args=[ast.Constant(value=str(name)), *_more]) if name_of(function) == "getenv" or (
            isinstance(function, ast.Attribute) and name_of(function.value) == "environ"
        ):
            return f"{{{{$processEnv {name}}}}}"
    return ""
