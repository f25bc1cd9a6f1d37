"""The servers that Python code itself starts: ``app.run()``, ``waitress.serve(app)``, ``uvicorn.run("main:app")``. Nothing is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wizard.source.python_source import dotted, import_origins, is_main_guard, name_of, parse_python, top_statements
from wizard.source.starting.app_objects import CLASSES, FACTORIES

APPS = ("app", "application", "api", "server")
RUNS = ("run", "run_server")


@dataclass(frozen=True)
class ServerCall:
    """A server that Python code starts: ``app.run()``, ``serve(app)``, ``uvicorn.run("main:app")``.

    :param server: ``flask``, ``waitress``, ``uvicorn``, ``hypercorn``, ``socketio``, ``gevent``, ``wsgiref``, ``werkzeug``, ``sanic``.
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
    match whole:
        case "waitress.serve":
            return "waitress"
        case "uvicorn.run":
            return "uvicorn"
        case "werkzeug.serving.run_simple":
            return "werkzeug"
        case "wsgiref.simple_server.make_server":
            return "wsgiref"
        case "hypercorn.asyncio.serve" | "hypercorn.trio.serve":
            return "hypercorn"
        case "bjoern.run" | "cheroot.wsgi.Server" | "eventlet.listen":
            return whole.partition(".")[0]
        case "gevent.pywsgi.WSGIServer" | "gevent.wsgi.WSGIServer":
            return "gevent"
    if rest in RUNS and first in origins and first not in constructed and _is_module_name(origins[first]):
        return ""
    return _of_object(call, constructed)


def _of_object(call: ast.Call, constructed: dict[str, str]) -> str:
    """The server that an object's own ``run`` starts: ``app.run()``, ``create_app().run()``, ``Factory.create_app("dev").run()``."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in RUNS:
        return ""
    holder = call.func.value
    owner = name_of(holder.func) if isinstance(holder, ast.Call) else constructed.get(name_of(holder), "")
    if owner == "SocketIO" or (call.args and isinstance(call.args[0], ast.Name) and "socketio" in name_of(holder).lower()):
        return "socketio"
    if owner in ("Thread", "Process", "Timer", "ArgumentParser", "Popen", "EventLoop", "Runner", "Application"):
        return ""
    if owner in ("Sanic", "Quart", "AsyncApp", "FlaskApp"):
        return {"Sanic": "sanic"}.get(owner, "flask")
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
