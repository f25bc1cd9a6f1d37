"""What one module makes by itself: its applications, and the functions that make them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from wizard.source.python_source import dotted, import_origins, name_of, top_statements

WSGI, ASGI = "wsgi", "asgi"
AIOHTTP = "aiohttp"
"""An application that gunicorn runs with aiohttp's own workers."""
OWN_SERVER = "own server"
"""One that no other server runs, such as Tornado's."""
CLASSES = {
    "Flask": ("flask", WSGI),
    "APIFlask": ("flask", WSGI),
    "OpenAPI": ("flask", WSGI),
    "Eve": ("flask", WSGI),
    "FastAPI": ("fastapi", ASGI),
    "Starlette": ("starlette", ASGI),
    "Litestar": ("litestar", ASGI),
    "Quart": ("quart", ASGI),
    "BlackSheep": ("blacksheep", ASGI),
    "Sanic": ("sanic", ASGI),
    "Bottle": ("bottle", WSGI),
    "get_wsgi_application": ("django", WSGI),
    "get_asgi_application": ("django", ASGI),
    "ProtocolTypeRouter": ("django", ASGI),
    "FlaskApp": ("connexion", WSGI),
    "AsyncApp": ("connexion", ASGI),
}
"""What makes an application -> the framework, and which kind of server runs it."""
MODULES = {"falcon.App": ("falcon", WSGI), "falcon.API": ("falcon", WSGI), "falcon.asgi.App": ("falcon", ASGI),
           "connexion.App": ("connexion", WSGI), "blacksheep.Application": ("blacksheep", ASGI),
           "blacksheep.server.Application": ("blacksheep", ASGI),
           "bottle.default_app": ("bottle", WSGI), "falcon.asgi": ("falcon", ASGI),
           "aiohttp.web.Application": ("aiohttp", AIOHTTP), "tornado.web.Application": ("tornado", OWN_SERVER)}  # fmt: skip
WRAPPERS = ("ProxyFix", "WSGIMiddleware", "SentryAsgiMiddleware", "CORSMiddleware", "WhiteNoise", "ASGIApp", "DispatcherMiddleware",
            "WsgiToAsgi", "ServerErrorMiddleware", "SessionMiddleware", "wrap_app")  # fmt: skip
FACTORIES = ("create_app", "make_app", "build_app", "get_app", "create_application", "init_app", "app_factory", "get_application")


@dataclass
class ModuleApps:
    """The applications of one module, and what it imports from others of the project."""

    apps: dict[str, tuple[str, str]] = field(default_factory=dict)  # name -> framework, kind
    factories: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = field(default_factory=dict)
    kinds: dict[str, tuple[str, str]] = field(default_factory=dict)  # factory -> framework, kind
    called: dict[str, str] = field(default_factory=dict)  # name -> function that it is made by, as it is called
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)  # name -> module, name in it
    all_of: list[str] = field(default_factory=list)  # modules of which all names are imported


def module_apps(tree: ast.Module) -> ModuleApps:
    """What one module makes, without looking at others."""
    apps = ModuleApps()
    aliases = import_origins(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            apps.imported |= {alias.asname or alias.name: (module, alias.name) for alias in node.names if alias.name != "*"}
            apps.all_of += [module for alias in node.names if alias.name == "*"]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            _learn_factory(apps, node.name, node, aliases)
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name in FACTORIES:
                    _learn_factory(apps, f"{node.name}.{inner.name}", inner, aliases)
    for node in top_statements(tree.body):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call | ast.Attribute | ast.Name):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    _learn_app(apps, target.id, node.value, aliases)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_callable(node):
            apps.apps.setdefault(node.name, ("", ASGI if isinstance(node, ast.AsyncFunctionDef) else WSGI))
    return apps


def _is_callable(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A bare WSGI or ASGI function: ``def application(environ, start_response)``."""
    names = [arg.arg for arg in function.args.args]
    return names in (["environ", "start_response"], ["scope", "receive", "send"])


def _learn_app(apps: ModuleApps, name: str, value: ast.expr, aliases: dict[str, str]) -> None:
    if isinstance(value, ast.Name):
        if value.id in apps.apps:
            apps.apps[name] = apps.apps[value.id]
        elif value.id in apps.imported:
            apps.imported[name] = apps.imported[value.id]
        return
    if isinstance(value, ast.Attribute):
        if value.attr == "server" and apps.apps.get(name_of(value.value), ("",))[0] == "dash":
            apps.apps[name] = ("dash", WSGI)
        return
    assert isinstance(value, ast.Call)
    kind = _made_by(value, aliases)
    if kind:
        apps.apps[name] = kind
    elif name_of(value.func) in WRAPPERS:
        inner = next((apps.apps[name_of(arg)] for arg in value.args if name_of(arg) in apps.apps), None)
        if inner:
            apps.apps[name] = (inner[0], ASGI if "Asgi" in name_of(value.func) or "ASGI" in name_of(value.func) else inner[1])
    elif called := dotted(value.func):
        apps.called[name] = called


def _made_by(call: ast.Call, aliases: dict[str, str]) -> tuple[str, str] | None:
    name = dotted(call.func)
    first, _dot, rest = name.partition(".")
    whole = f"{aliases.get(first, first)}{'.' + rest if rest else ''}"
    if whole in MODULES:
        return MODULES[whole]
    last = whole.rpartition(".")[2]
    if last == "Dash":
        return ("dash", "")  # its attribute server is the application
    return CLASSES.get(last)


def _learn_factory(apps: ModuleApps, name: str, function: ast.FunctionDef | ast.AsyncFunctionDef, aliases: dict[str, str]) -> None:
    """A function that makes an application and gives it back."""
    returned = [part.value for part in ast.walk(function) if isinstance(part, ast.Return) and part.value is not None]
    constructed = {
        name_of(target): kind
        for part in ast.walk(function)
        if isinstance(part, ast.Assign | ast.AnnAssign) and isinstance(part.value, ast.Call) and (kind := _made_by(part.value, aliases))
        for target in (part.targets if isinstance(part, ast.Assign) else [part.target])
    }
    for value in returned:
        kind = constructed.get(name_of(value)) or (_made_by(value, aliases) if isinstance(value, ast.Call) else None)
        if kind and kind[1]:
            apps.factories[name], apps.kinds[name] = function, kind
            return
    if returned and name.rpartition(".")[2] in FACTORIES:
        apps.factories[name], apps.kinds[name] = function, next(iter(constructed.values()), ("", WSGI))
