"""The servers that Python code itself starts: ``app.run()``, ``waitress.serve(app)``, ``uvicorn.run("main:app")``. Nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wizard.source.python_source import dotted, import_origins, is_main_guard, name_of, parse_python, top_statements
from wizard.source.starting.made_apps import CLASSES, FACTORIES

APPS = ("app", "application", "api", "server")
RUNS = ("run", "run_server")
CALLS = {
    "waitress.serve": "waitress",
    "uvicorn.run": "uvicorn",
    "uvicorn.Config": "uvicorn",
    "uvicorn.config.Config": "uvicorn",
    "werkzeug.serving.run_simple": "werkzeug",
    "werkzeug.serving.make_server": "werkzeug",
    "werkzeug.run_simple": "werkzeug",
    "wsgiref.simple_server.make_server": "wsgiref",
    "hypercorn.asyncio.serve": "hypercorn",
    "hypercorn.trio.serve": "hypercorn",
    "granian.Granian": "granian",
    "granian.server.Granian": "granian",
    "bjoern.run": "bjoern",
    "cheroot.wsgi.Server": "cheroot",
    "cheroot.wsgi.WSGIServer": "cheroot",
    "cherrypy.quickstart": "cherrypy",
    "cherrypy.engine.start": "cherrypy",
    "eventlet.listen": "eventlet",
    "gevent.pywsgi.WSGIServer": "gevent",
    "gevent.wsgi.WSGIServer": "gevent",
    "aiohttp.web.run_app": "aiohttp",
    "bottle.run": "bottle",
    "http.server.HTTPServer": "http.server",
    "http.server.ThreadingHTTPServer": "http.server",
    "socketserver.TCPServer": "http.server",
}
"""What starts a server, by where it is imported from."""
MADE_SERVERS = {"Quart": "quart", "Sanic": "sanic", "AsyncApp": "flask", "FlaskApp": "flask", "Bottle": "bottle",
                "Robyn": "robyn"}  # fmt: skip
"""What makes an object whose own ``run`` or ``start`` starts a server."""
LISTENING = ("HTTPServer", "Application")
"""Tornado's: ``HTTPServer(app).listen(80)``, ``Application([...]).listen(80)``."""


@dataclass(frozen=True)
class ServerCall:
    """A server that Python code starts: ``app.run()``, ``serve(app)``, ``uvicorn.run("main:app")``.

    :param server: such as ``flask``, ``waitress``, ``uvicorn``, ``hypercorn``, ``socketio``, ``gevent``, ``aiohttp``, ``http.server``.
    :param guarded: it stands under ``if __name__ == "__main__":`` or in a function that is called there.
    """

    server: str
    call: ast.Call
    guarded: bool


def server_calls(path: Path, function: str = "") -> list[ServerCall]:
    """Every start of a server in a module, in the order of the lines.

    :param function: the one that is called, as a script of pyproject.toml does, instead of the file being run.
    """
    tree = parse_python(path)
    return list(_server_calls(tree, function)) if tree is not None else []


def _server_calls(tree: ast.Module, function: str) -> Iterator[ServerCall]:
    origins = import_origins(tree)
    constructed = {
        name_of(target): name_of(node.value.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if name_of(target)
    }
    constructed |= {
        node.name: "gunicorn"
        for node in tree.body
        if isinstance(node, ast.ClassDef) and any(origins.get(name_of(base), "").startswith("gunicorn.app.") for base in node.bases)
    }
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    seen: set[str] = set()

    def within(node: ast.AST, guarded: bool) -> Iterator[ServerCall]:
        for part in _calls(node):
            if server := _server_of(part, origins, constructed):
                yield ServerCall(server, part, guarded)
            names = [name_of(part.func), *(name_of(arg.func) for arg in part.args if isinstance(arg, ast.Call))]
            for name in names:
                if name in functions and name not in seen:
                    seen.add(name)
                    for inner in functions[name].body:
                        yield from within(inner, guarded)

    if function:
        for inner in functions[function].body if function in functions else []:
            yield from within(inner, True)
        return
    for node in top_statements(tree.body):
        if is_main_guard(node):
            assert isinstance(node, ast.If)
            for inner in node.body:
                yield from within(inner, True)
        elif isinstance(node, ast.Expr | ast.Assign | ast.Raise):
            yield from within(node, False)


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """The calls in a statement, but not those in functions that it only defines."""
    waiting = [node]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, ast.Call):
            yield part
        if not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(part))


def _server_of(call: ast.Call, origins: dict[str, str], constructed: dict[str, str]) -> str:
    name = dotted(call.func)
    first, _dot, rest = name.partition(".")
    whole = f"{origins.get(first, first)}{'.' + rest if rest else ''}"
    if whole in CALLS:
        return CALLS[whole]
    if whole.startswith("gunicorn.app.") and rest == "run":
        return "gunicorn"
    if rest in RUNS and first in origins and first not in constructed and _is_module_name(origins[first]):
        return ""
    server = _of_object(call, constructed)
    imported = {origin.partition(".")[0] for origin in origins.values()}
    others = [name for name in MADE_SERVERS.values() if name in imported]
    return others[0] if server == "flask" and others and "flask" not in imported else server


def _of_object(call: ast.Call, constructed: dict[str, str]) -> str:
    """The server that an object's own ``run`` starts: ``app.run()``, ``create_app().run()``, ``Factory.create_app("dev").run()``."""
    if not isinstance(call.func, ast.Attribute):
        return ""
    holder = call.func.value
    owner = name_of(holder.func) if isinstance(holder, ast.Call) else constructed.get(name_of(holder), "")
    if call.func.attr in ("listen", "bind") and (owner in LISTENING or owner in FACTORIES):
        return "tornado"
    if call.func.attr == "start" and owner == "Robyn":
        return "robyn"
    if call.func.attr == "launch" and owner in ("Interface", "Blocks", "ChatInterface", "TabbedInterface"):
        return "gradio"
    if call.func.attr not in RUNS:
        return ""
    if owner == "SocketIO" or (call.args and isinstance(call.args[0], ast.Name) and "socketio" in name_of(holder).lower()):
        return "socketio"
    if "gunicorn" in (owner, constructed.get(owner)):
        return "gunicorn"
    if owner in ("Thread", "Process", "Timer", "ArgumentParser", "Popen", "EventLoop", "Runner", "Application", "Server"):
        return ""
    if owner in MADE_SERVERS:
        return MADE_SERVERS[owner]
    named = name_of(holder).lower()
    if owner in CLASSES or owner in FACTORIES or named in APPS or named.endswith("_app") or _has_flask_options(call):
        return "" if any(isinstance(arg, ast.Call) for arg in call.args[:1]) else "flask"
    return ""


def _has_flask_options(call: ast.Call) -> bool:
    """Whether a ``run`` is given what Flask's takes and the runs of other objects do not."""
    return any(
        keyword.arg in ("debug", "use_reloader", "use_debugger", "threaded", "load_dotenv", "ssl_context") for keyword in call.keywords
    )


def _is_module_name(origin: str) -> bool:
    """Whether an imported name is a module that has ``run`` of its own, such as ``asyncio`` or ``subprocess``."""
    return origin.partition(".")[0] in ("asyncio", "anyio", "trio", "subprocess", "invoke", "typer", "click", "pytest", "unittest", "mypy")
