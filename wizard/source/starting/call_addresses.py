"""Where a server listens that Python code starts, from the call that starts it and from what the program is told."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from wizard.source.files.path_expressions import PathReader
from wizard.source.python_source import argument, keyword, name_of, text_of
from wizard.source.starting.listening import EVERYWHERE, Listening, listening_at, parsed
from wizard.source.starting.server_calls import ServerCall

CALLED = {
    "flask": ("127.0.0.1", 5000, 0, 1),
    "quart": ("127.0.0.1", 5000, 0, 1),
    "socketio": ("127.0.0.1", 5000, 1, 2),
    "waitress": (EVERYWHERE, 8080, 9, 9),
    "uvicorn": ("127.0.0.1", 8000, 9, 9),
    "sanic": ("127.0.0.1", 8000, 0, 1),
    "granian": ("127.0.0.1", 8000, 1, 2),
    "aiohttp": (EVERYWHERE, 8080, 9, 9),
    "bottle": ("127.0.0.1", 8080, 9, 9),
    "robyn": ("127.0.0.1", 8080, 0, 1),
    "gradio": ("127.0.0.1", 7860, 9, 9),
    "tornado": (EVERYWHERE, None, 1, 0),
    "werkzeug": (None, None, 0, 1),
    "wsgiref": (None, None, 0, 1),
    "bjoern": (None, None, 1, 2),
}
"""For a server that code starts: its host and port unless told otherwise, and at which position they are told; from its own signature."""
HOSTS = ("host", "hostname", "address", "server_name")
PORTS = ("port", "server_port")
PAIRS = ("gevent", "eventlet", "cheroot", "http.server")
"""Servers that are given a pair of host and port."""


def called_at(server: ServerCall, reader: PathReader) -> Listening | None:
    """Where the server of a call listens; None where the files do not say it."""
    call = server.call
    if server.server in PAIRS:
        return _of_pair(call, reader)
    if server.server == "hypercorn":
        return _bound(reader, "bind", 8000)
    if server.server == "gunicorn":
        return _of_settings(reader)
    if server.server == "cherrypy":
        return _of_cherrypy(reader)
    host, port, at, then = CALLED[server.server]
    if listen := keyword(call, "listen"):
        text = reader.text(listen)
        return parsed(text.split()[0], 8080) if text and text.strip() else None
    options = _spread(call, reader)
    if options is None:
        return None
    given_host = argument(call, at, *HOSTS) or _first(options, HOSTS)
    given_port = argument(call, then, *PORTS) or _first(options, PORTS)
    address = host if given_host is None or _is_none(given_host) else reader.text(given_host)
    number = str(port) if given_port is None or _is_none(given_port) else reader.text(given_port)
    if address is None:
        return None
    return Listening(address or EVERYWHERE, int(number) if number and number.isdigit() else None)


def _spread(call: ast.Call, reader: PathReader) -> dict[str, ast.expr] | None:
    """What ``**options`` gives, where that is a dict written out; None where it is not."""
    options: dict[str, ast.expr] = {}
    for word in call.keywords:
        if word.arg is None:
            value = reader.expression(word.value)
            if isinstance(value, ast.Call) and name_of(value.func) == "dict" and not value.args:
                options |= {part.arg: part.value for part in value.keywords if part.arg}
            elif isinstance(value, ast.Dict):
                options |= {name: part for key, part in zip(value.keys, value.values, strict=True) if (name := text_of(key))}
            else:
                return None
    return options


def _first(options: Mapping[str, ast.expr], names: Sequence[str]) -> ast.expr | None:
    return next((options[name] for name in names if name in options), None)


def _bound(reader: PathReader, name: str, usual: int) -> Listening | None:
    """What is assigned to ``config.bind``; of a list the first."""
    assigned = (node for node in ast.walk(reader.tree) if isinstance(node, ast.Assign))
    bound = next((node.value for node in assigned if any(name_of(target) == name for target in node.targets)), None)
    if bound is None:
        return Listening("127.0.0.1", usual)
    first = bound.elts[0] if isinstance(bound, ast.List | ast.Tuple) and bound.elts else bound
    text = reader.text(first)
    return parsed(text, usual) if text else None


def _of_settings(reader: PathReader) -> Listening | None:
    """gunicorn's own application class: the ``bind`` of the dict that it is given."""
    for node in ast.walk(reader.tree):
        if isinstance(node, ast.Dict):
            bind = next((value for key, value in zip(node.keys, node.values, strict=True) if text_of(key) == "bind"), None)
            if bind is not None:
                text = reader.text(bind)
                return parsed(text, 8000) if text else None
    return None


def _of_cherrypy(reader: PathReader) -> Listening | None:
    """``cherrypy.config.update({"server.socket_host": ..., "server.socket_port": ...})``; 127.0.0.1:8080 unless told otherwise."""
    told = {
        name: reader.text(value)
        for node in ast.walk(reader.tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if (name := text_of(key)) and name.startswith("server.socket_")
    }
    host, port = told.get("server.socket_host", "127.0.0.1"), told.get("server.socket_port", "8080")
    return listening_at(host, port) if host is not None and port is not None else None


def _of_pair(call: ast.Call, reader: PathReader) -> Listening | None:
    """``WSGIServer(("0.0.0.0", 5000), app)``: gevent's takes a pair, a text or a number."""
    address = reader.expression(argument(call, 0, "listener", "bind_addr", "server_address"))
    if isinstance(address, ast.Tuple) and len(address.elts) == 2:
        host, port = (reader.text(elt) for elt in address.elts)
        return listening_at(host, port) if host is not None and port else None
    text = reader.text(address)
    return parsed(text, 0) if text else None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
