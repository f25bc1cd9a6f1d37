"""The requests an API answers, read from its source. Nothing of it is run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from wizard.source.api.bodies import read_inputs
from wizard.source.api.django_routes import django_routes
from wizard.source.api.fastapi_inputs import fastapi_inputs
from wizard.source.api.frameworks.aiohttp import aiohttp_views
from wizard.source.api.frameworks.bottle import bare_word, put_mounts
from wizard.source.api.frameworks.falcon import falcon_views
from wizard.source.api.frameworks.litestar import litestar_views
from wizard.source.api.frameworks.litestar_inputs import litestar_headers, litestar_inputs
from wizard.source.api.frameworks.ninja_extra import controller_views, is_of_controller, put_controllers
from wizard.source.api.frameworks.sanic import kind_first, put_groups, sanic_views, versioned, writes_names_first
from wizard.source.api.frameworks.starlette import starlette_views
from wizard.source.api.frameworks.unread import unread_frameworks
from wizard.source.api.guesses import with_named_texts
from wizard.source.api.inputs import RequestInputs
from wizard.source.api.modules import Function, Module, SourceModules, dotted, keyword, name_of, read_project
from wizard.source.api.owners import APPS, NINJA, UNKNOWN, Key, Owners, Placed, at_turn, find_owners, gives_auth, joined, turns_of_loops
from wizard.source.api.response_statuses import Style, guard_statuses, view_statuses
from wizard.source.api.route import WANTS_SIGN_IN, ApiReading, ApiRoute
from wizard.source.api.view import METHODS, View, class_views, in_angles, methods_in, where
from wizard.source.api.view_facts import called_functions, guards_of, key_headers, read_headers, sign_in_of, wants_token

FASTAPI_PARAMETER = re.compile(r"\{(?P<name>\w+)(?::(?P<kind>\w+))?\}")
FASTAPI_KINDS = {"int": "int", "float": "float", "UUID": "uuid"}


def read_routes(folder: Path) -> list[ApiRoute]:
    """Every route in the folder's Python files, in the order of the files and their lines; a file that is no Python is passed over."""
    return read_api(folder).routes


def read_api(folder: Path) -> ApiReading:
    """The same, with the registrations that were passed over."""
    project = read_project(folder)
    owners = find_owners(project)
    put_controllers(project, owners)
    put_groups(project, owners)
    put_mounts(project, owners)
    views: list[View] = []
    passed_over: list[str] = []
    of_django = django_routes(project, owners, passed_over)
    for module in project.modules:
        found = [*_views(project, owners, module, passed_over)]
        views += sorted(found, key=lambda view: view.line)
    views += starlette_views(project, owners, passed_over)
    views += litestar_views(project, passed_over)
    views += controller_views(project, owners, passed_over)
    views += aiohttp_views(project, owners, passed_over)
    views += falcon_views(project, passed_over)
    views += sanic_views(project, owners, passed_over)
    routes = []
    for view in views:
        below = [*_routes(project, owners, view)]
        routes += [route for route in below if UNKNOWN not in route.path]
        passed_over += [f"{view.module.path.name}:{view.line}: {route.method} {view.path}" for route in below if UNKNOWN in route.path]
    routes += of_django
    unique: dict[tuple[str, str], ApiRoute] = {}
    for route in routes:
        unique.setdefault((route.method, route.path), route)
    passed_over += unread_frameworks(project, shows_something=bool(unique or passed_over))
    return ApiReading([replace(route, inputs=with_named_texts(route.inputs)) for route in unique.values()], passed_over)


def _views(project: SourceModules, owners: Owners, module: Module, passed_over: list[str]) -> Iterator[View]:
    in_loops = turns_of_loops(module)
    for node in ast.walk(module.tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                for decorator in node.decorator_list:
                    for path, methods in _registered(owners, module, decorator, passed_over):
                        yield View(module, node.lineno, _owner(owners, module, decorator), path, methods, node, decorator)
            case ast.ClassDef():
                for decorator in node.decorator_list:
                    if isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Attribute) and decorator.func.attr == "route":
                        owner = owners.key(module, dotted(decorator.func.value))
                        yield from class_views(project, module, node, owner, _paths(module, decorator.args), node.lineno)
            case ast.Call(func=ast.Attribute(attr="add_resource" | "add_url_rule")) | ast.Call(func=ast.Call()):
                owner = _owner(owners, module, node)
                for bindings in in_loops.get(id(node), [{}]):
                    yield from _called(project, owners, *at_turn(module, node, bindings), owner, passed_over)


def _owner(owners: Owners, module: Module, registration: ast.expr) -> tuple[str, str]:
    """What ``@app.get(...)`` hangs a view on; Bottle's bare ``@get(...)`` hangs it on its default app."""
    function = registration.func if isinstance(registration, ast.Call) else registration
    return owners.key(module, dotted(function.value) if isinstance(function, ast.Attribute) else "")


def _registered(owners: Owners, module: Module, call: ast.expr, passed_over: list[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Path and methods of ``@app.route("/path", methods=[...])``, ``@app.get("/path")``, Bottle's ``@get("/path")``."""
    if not isinstance(call, ast.Call) or is_of_controller(module, call):
        return []
    word = call.func.attr if isinstance(call.func, ast.Attribute) else bare_word(module, call.func)
    if word not in (*METHODS, "route", "api_route"):
        return []
    argument = call.args[0] if call.args else keyword(call, "path") or keyword(call, "rule")
    path = module.text(argument)
    is_known = not isinstance(call.func, ast.Attribute) or owners.kind(_owner(owners, module, call)) != ""
    if path is None or (not path.startswith("/") and not (is_known and path == "")) or not path.isprintable():
        if path is None and (is_known or word in ("route", "api_route")):
            passed_over.append(where(module, call))
        return []
    path = versioned(module, call, path)
    return [(path, (word.upper(),) if word in METHODS else methods_in(keyword(call, "methods") or keyword(call, "method")))]


def _called(project: SourceModules, owners: Owners, module: Module, call: ast.Call, owner: Key, passed_over: list[str]) -> Iterator[View]:
    """``app.get("/path")(view)``, ``app.add_url_rule("/path", view_func=view)``, ``api.add_resource(Orders, "/orders")``."""
    if isinstance(call.func, ast.Call):
        found = project.function(module, call.args[0]) if call.args else None
        for path, methods in _registered(owners, module, call.func, passed_over) if found else []:
            assert found is not None
            yield View(module, call.lineno, _owner(owners, module, call.func), path, methods, found[1])
        return
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr == "add_resource":
        class_def = project.class_(module, call.args[0]) if call.args else None
        paths = _paths(module, call.args[1:])
        if class_def is None or not paths:
            passed_over.append(where(module, call))
            return
        yield from class_views(project, *class_def, owner, paths, call.lineno)
        return
    view = keyword(call, "view_func") or (call.args[2] if len(call.args) > 2 else None)
    paths = _paths(module, call.args[:1] or [keyword(call, "rule") or ast.Constant(value=None)])
    if view is None or not paths:
        passed_over.append(where(module, call))
        return
    view = _behind(module, view)
    if isinstance(view, ast.Call) and isinstance(view.func, ast.Attribute) and view.func.attr == "as_view":
        if class_def := project.class_(module, view.func.value):
            methods = methods_in(keyword(call, "methods")) if keyword(call, "methods") else METHODS
            for found_view in class_views(project, *class_def, owner, paths, call.lineno):
                methods_called = tuple(method for method in found_view.methods if method.lower() in {word.lower() for word in methods})
                yield replace(found_view, methods=methods_called)
            return
    elif function := project.function(module, view):
        yield View(module, call.lineno, owner, paths[0], methods_in(keyword(call, "methods")), function[1])
        return
    passed_over.append(where(module, call))


def _behind(module: Module, view: ast.expr) -> ast.expr:
    """What a variable holds that is given as a view: ``shop_view = Shop.as_view("shop")``."""
    if isinstance(view, ast.Name) and view.id not in module.functions:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Assign) and any(name_of(target) == view.id for target in node.targets):
                return node.value
    return view


def _paths(module: Module, nodes: list[ast.expr]) -> list[str]:
    return [path for node in nodes if (path := module.text(node)) is not None and (path.startswith("/") or not path)]


def _routes(project: SourceModules, owners: Owners, view: View) -> Iterator[ApiRoute]:
    is_resource = view.class_ is not None and "Resource" in project.bases(view.module, view.class_)
    style = view.style or (Style.FASTAPI if _is_fastapi(project, owners, view) else Style.RESTFUL if is_resource else Style.FLASK)
    guards = guards_of(project, owners, view.owner)
    functions = project.functions()
    decorators = [*view.function.decorator_list, *(_class_decorators(view.class_) if view.class_ else [])]
    placed = owners.dependencies(view.owner) if style is Style.FASTAPI else []
    reached = called_functions(view.function, [*decorators, *(dependency for _module, dependency in placed)], functions)
    inputs = _inputs(project, view, placed, style)
    names_first = writes_names_first(project)
    title = (ast.get_docstring(view.function) or "").splitlines()[:1] or [_title(view)]
    for prefix in owners.paths(view.owner):
        path = joined(prefix, view.path) or "/"
        path = path if path.startswith("/") else f"/{path}"
        if style is not Style.FASTAPI:  # aiohttp and others write {number}, Sanic and Bottle <number:int>
            path = kind_first(path) if names_first else in_angles(path)
        if owners.kind(view.owner) in NINJA:  # {int:number}, as Django writes it
            path = re.sub(r"\{(int|str|slug|uuid|path):(\w+)\}", r"{\2:\1}", path)
        guarding = [guard for guard in guards if path not in guard.excepted]
        headers = [
            header
            for function in [*(guard.function for guard in guarding), view.function, *reached]
            for header in (*read_headers(function), *key_headers(project, function))
        ]
        own_guards = [guard for guard in view.guards if guard is not None]
        if style is Style.LITESTAR:
            headers += [header for guard in own_guards for header in read_headers(guard)]
            headers += litestar_headers(view.module, view.function)
        statuses = view_statuses(view.function, functions, decorators, view.registration, style, view.module.imports)
        all_guards = [*(guard.function for guard in guarding), *own_guards]
        statuses = guard_statuses(statuses, all_guards, functions) if statuses and None not in view.guards else ()
        if headers:  # who sends them has the key
            statuses = tuple(status for status in statuses if status not in WANTS_SIGN_IN)
        for method in view.methods:
            yield ApiRoute(
                method,
                _flask_path(path, view.function, inputs) if style is Style.FASTAPI else path,
                title[0],
                tuple(dict.fromkeys(headers)),
                inputs.of_method(method),
                statuses,
                sign_in_of(view.function, path, inputs.body) if method == "POST" else None,
                wants_token(project, view.module, view.function, decorators, placed) or _is_guarded(owners, view),
            )


def _is_guarded(owners: Owners, view: View) -> bool:
    """Whether django-ninja asks who comes: what the view itself says counts before what its router does."""
    registration = view.registration
    if owners.kind(view.owner) not in NINJA or not isinstance(registration, ast.Call):
        return False
    return gives_auth(registration) if keyword(registration, "auth") is not None else owners.is_guarded(view.owner)


def _inputs(project: SourceModules, view: View, placed: list[Placed], style: Style) -> RequestInputs:
    if style is Style.LITESTAR:
        return litestar_inputs(project, view.module, view.function, view.path)
    if style is not Style.FASTAPI:
        return read_inputs(project, view.module, view.function)
    inputs = fastapi_inputs(project, view.module, view.function, view.path)
    for module, dependency in placed:
        named = dependency.args[0] if isinstance(dependency, ast.Call) and dependency.args else None
        if named is not None and (function := project.function(module, named)):
            inputs.merge(fastapi_inputs(project, *function, view.path))
    return inputs


def _class_decorators(class_def: ast.ClassDef) -> list[ast.expr]:
    """What stands over every method of a class: ``decorators = [login_required]``, ``method_decorators`` of flask-restful."""
    for line in class_def.body:
        if isinstance(line, ast.Assign) and name_of(line.targets[0]) in ("decorators", "method_decorators"):
            return list(line.value.elts) if isinstance(line.value, ast.List | ast.Tuple) else []
    return []


def _title(view: View) -> str:
    words = view.function.name.replace("_", " ")
    return f"{view.class_.name}: {words}" if view.class_ else words


def _is_fastapi(project: SourceModules, owners: Owners, view: View) -> bool:
    kind = owners.kind(view.owner)
    if kind in (*APPS, *NINJA, "APIRouter", "Blueprint", "Namespace", "Api"):
        return kind in ("FastAPI", "APIRouter", *NINJA)
    origins = {origin.partition(".")[0] for module in project.modules for origin in module.imports.values()}
    return "fastapi" in origins and "flask" not in origins


def _flask_path(path: str, view: Function, inputs: RequestInputs) -> str:
    """FastAPI's ``/orders/{number}`` as ``/orders/<int:number>``, and ``/{kind}`` of an Enum as ``/<any(tea,cake):kind>``."""
    kinds = {argument.arg: name_of(argument.annotation) for argument in (*view.args.args, *view.args.kwonlyargs)}

    def parameter(match: re.Match[str]) -> str:
        if choices := inputs.choices.get(match["name"]):
            return f"<any({','.join(map(str, choices))}):{match['name']}>"
        kind = FASTAPI_KINDS.get(kinds.get(match["name"], ""), match["kind"] or "")
        return f"<{kind}:{match['name']}>" if kind else f"<{match['name']}>"

    return FASTAPI_PARAMETER.sub(parameter, path)
