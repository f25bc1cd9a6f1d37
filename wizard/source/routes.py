"""The requests a Flask API answers, read from its source. Nothing of it is run."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from wizard.source.ignored_folders import LEFT_OUT, LEFT_OUT_ANYWHERE
from wizard.source.response_statuses import view_statuses

METHODS = ("get", "post", "put", "patch", "delete")
EVERYDAY_HEADERS = {"accept", "content-type", "host", "if-none-match", "if-match", "origin", "referer", "user-agent", "x-forwarded-for"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class ApiRoute:
    """One request: its method, its path as Flask writes it (``/orders/<int:number>``), and what the source shows of the rest.

    :param title: the first line of the view's docstring, or its name.
    :param headers: headers beyond the everyday ones that the source asks for, such as ``X-Api-Key``.
    :param keys: what the view reads from a JSON body; None when it reads none.
    :param statuses: with which it answers who has the key; empty where the source does not show them.
    """

    method: str
    path: str
    title: str
    headers: tuple[str, ...] = ()
    keys: tuple[str, ...] | None = None
    statuses: tuple[int, ...] = ()


@dataclass
class _Module:
    """What one file says about routes; `name` is what it is imported as."""

    name: str
    tree: ast.Module
    imports: dict[str, str] = field(default_factory=dict)  # name here -> where it comes from
    views: list[tuple[int, str, str, list[str], Function]] = field(default_factory=list)  # line, blueprint or app, path, methods, function
    registered: list[tuple[int, str, str, list[str], str]] = field(default_factory=list)  # the same, with the function's name
    prefixes: dict[str, str] = field(default_factory=dict)  # blueprint -> url_prefix, as it is made
    joined: list[tuple[str, str]] = field(default_factory=list)  # blueprint -> url_prefix, as it is registered
    functions: dict[str, Function] = field(default_factory=dict)  # by name


@dataclass(frozen=True)
class _Guard:
    """A function that is no view and asks for headers, for every path but those it names."""

    headers: tuple[str, ...]
    excepted: set[str]


def read_routes(folder: Path) -> list[ApiRoute]:
    """Every route in the folder's Python files, in the order of the files and their lines; a file that is no Python is passed over."""
    modules = [_read(path, folder, tree) for path in _python_files(folder) if (tree := _parsed(path)) is not None]
    prefixes = {(module.name, blueprint): prefix for module in modules for blueprint, prefix in module.prefixes.items()}
    prefixes |= {_origin(modules, module, blueprint): prefix for module in modules for blueprint, prefix in module.joined}
    functions = {name: function for module in modules for name, function in module.functions.items()}
    for module in modules:
        module.views += [
            (line, owner, path, methods, functions[name]) for line, owner, path, methods, name in module.registered if name in functions
        ]
    views = {view for module in modules for *_where, view in module.views}
    guards = [guard for module in modules for guard in _guards(module.tree, views)]
    routes = []
    for module in modules:
        for _line, owner, path, methods, view in sorted(module.views, key=lambda it: it[0]):
            prefix = prefixes.get(_origin(modules, module, owner), "")
            whole = f"{prefix.rstrip('/')}/{path.lstrip('/')}"
            asked = [header for guard in guards if whole not in guard.excepted for header in guard.headers]
            headers = tuple(dict.fromkeys([*asked, *_headers(view)]))
            title = (ast.get_docstring(view) or view.name.replace("_", " ")).splitlines()[0]
            statuses = view_statuses(view, functions, {it for it in view.decorator_list if isinstance(it, ast.Call) and _route(it)})
            routes += [ApiRoute(method, whole, title, headers, _json_keys(view), statuses) for method in methods]
    return list(dict.fromkeys(routes))


def _python_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.py")):
        names = set(path.relative_to(folder).parts)
        if not names & (LEFT_OUT | LEFT_OUT_ANYWHERE | {"tests", "venv", "env"}):
            yield path


def _parsed(path: Path) -> ast.Module | None:
    try:
        return ast.parse(path.read_text(encoding="utf-8-sig"))
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None


def _called(path: Path, folder: Path) -> str:
    """What a file is imported as, such as ``orders.views``."""
    parts = path.relative_to(folder).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.Module, package: str) -> dict[str, str]:
    """The names that a file imports from others -> where they come from, such as ``orders.views.bp``."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            place = ".".join(filter(None, [*above, node.module or ""]))
            found |= {alias.asname or alias.name: f"{place}.{alias.name}".lstrip(".") for alias in node.names}
    return found


def _origin(modules: list[_Module], module: _Module, blueprint: str, depth: int = 0) -> tuple[str, str]:
    """The file that makes a blueprint, and its name there: its own, ``orders.bp``, or one that is imported, also by way of others."""
    first, dot, rest = blueprint.partition(".")
    place, _dot, name = (module.imports.get(first, first) + dot + rest).rpartition(".")
    other = next((it for it in modules if place and f".{it.name}".endswith(f".{place}")), None)
    if other is None or other is module or depth > 4:
        return module.name, blueprint
    return _origin(modules, other, name, depth + 1)


def _read(path: Path, folder: Path, tree: ast.Module) -> _Module:
    name = _called(path, folder)
    module = _Module(name, tree, _imports(tree, name if path.stem == "__init__" else name.rpartition(".")[0]))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            module.functions[node.name] = node
            calls = [decorator for decorator in node.decorator_list if isinstance(decorator, ast.Call)]
            module.views += [(node.lineno, *found, node) for decorator in calls if (found := _route(decorator))]
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _name(node.value.func) == "Blueprint":
            module.prefixes |= {_name(target): _prefix(node.value) for target in node.targets}
        elif isinstance(node, ast.Call) and _name(node.func) == "register_blueprint" and node.args and _prefix(node):
            module.joined.append((ast.unparse(node.args[0]), _prefix(node)))
        elif isinstance(node, ast.Call) and (given := _registration(node)):
            module.registered.append((node.lineno, *given))
    return module


def _registration(call: ast.Call) -> tuple[str, str, list[str], str] | None:
    """Owner, path, methods and function of ``app.get("/path")(view)`` and ``app.add_url_rule("/path", view_func=view)``."""
    if isinstance(call.func, ast.Call) and (found := _route(call.func)) and call.args:
        return *found, _name(call.args[0])
    if isinstance(call.func, ast.Attribute) and call.func.attr == "add_url_rule":
        view = next((word.value for word in call.keywords if word.arg == "view_func"), call.args[2] if len(call.args) > 2 else None)
        place = _place(call)
        return (*place, _name(view)) if place and view is not None else None
    return None


def _guards(tree: ast.Module, views: set[Function]) -> Iterator[_Guard]:
    for node in _functions_outside(tree, views):
        if headers := _headers(node):
            constants = {part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
            yield _Guard(headers, {text for text in constants if text.startswith("/")})


def _functions_outside(tree: ast.Module, views: set[Function]) -> Iterator[Function]:
    """The innermost functions that are no views."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node not in views:
            inner = [part for part in ast.walk(node) if part is not node and isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]
            if not inner:
                yield node


def _route(call: ast.Call) -> tuple[str, str, list[str]] | None:
    """Owner, path and methods of ``@app.route("/path", methods=[...])`` and ``@app.get("/path")``."""
    if isinstance(call.func, ast.Attribute) and call.func.attr in METHODS:
        place = _place(call)
        return (*place[:2], [call.func.attr.upper()]) if place else None
    return _place(call) if isinstance(call.func, ast.Attribute) and call.func.attr == "route" else None


def _place(call: ast.Call) -> tuple[str, str, list[str]] | None:
    """What a call of the app or of a blueprint says: its owner, the path that comes first, and ``methods``."""
    path = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
    if not isinstance(call.func, ast.Attribute) or not isinstance(path, str) or not path.startswith("/") or not path.isprintable():
        return None
    given = next((word.value for word in call.keywords if word.arg == "methods"), None)
    methods = _texts(given.elts) if isinstance(given, ast.List | ast.Tuple | ast.Set) else ["GET"]
    return _name(call.func.value), path, [method.upper() for method in methods if method.lower() in METHODS]


def _headers(function: Function) -> tuple[str, ...]:
    """The headers read as ``request.headers.get("X")`` or ``request.headers["X"]``."""
    found = []
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "get"
            and _name(node.func.value) == "headers"
        ):
            found += _texts(node.args[:1])
        elif isinstance(node, ast.Subscript) and _name(node.value) == "headers":
            found += _texts([node.slice])
    return tuple(name for name in dict.fromkeys(found) if name.lower() not in EVERYDAY_HEADERS and name.replace("-", "").isalnum())


def _json_keys(view: Function) -> tuple[str, ...] | None:
    """The keys a view reads from its JSON body, directly or through a variable."""
    bodies = {_name(target) for node in ast.walk(view) if isinstance(node, ast.Assign) and _is_body(node.value) for target in node.targets}
    if not bodies and not _is_body(view):
        return None
    found = []
    for node in ast.walk(view):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            of_body = _name(node.func.value) in bodies or _is_body(node.func.value)
            found += _texts(node.args[:1]) if of_body else []
        elif isinstance(node, ast.Subscript) and (_name(node.value) in bodies or _is_body(node.value)):
            found += _texts([node.slice])
    return tuple(dict.fromkeys(found))


def _is_body(node: ast.AST) -> bool:
    """Whether ``request.get_json()`` or ``request.json`` stands somewhere in it."""
    return any(
        isinstance(part, ast.Attribute) and (part.attr == "get_json" or (part.attr == "json" and _name(part.value) == "request"))
        for part in ast.walk(node)
    )


def _prefix(call: ast.Call) -> str:
    return next((text for word in call.keywords if word.arg == "url_prefix" for text in _texts([word.value])), "")


def _texts(nodes: Iterable[ast.expr]) -> list[str]:
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
