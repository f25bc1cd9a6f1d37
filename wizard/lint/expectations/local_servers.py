"""Servers whose address stands in the code and is right on one computer, or in one compose file, only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.platform.language import _
from wizard.source.files.databases import SERVER_URL, SERVERS
from wizard.source.python_source import keyword, name_of, parse_python, read_python, text_of

LOCAL = re.compile(r"localhost|127\.0\.0\.1|::1|host\.docker\.internal", re.IGNORECASE)
BARE = re.compile(r"[a-z][a-z0-9_-]*", re.IGNORECASE)
"""A host of one word, such as ``db``: a name that a compose file gives a service."""
CLIENTS = {
    "Redis": "Redis",
    "StrictRedis": "Redis",
    "MongoClient": "MongoDB",
    "AsyncIOMotorClient": "MongoDB",
    "AsyncMongoClient": "MongoDB",
    "MySQLConnection": "MySQL",
    "Elasticsearch": "Elasticsearch",
    "ConnectionParameters": "RabbitMQ",
}
"""Clients that ask this computer where they are told no other."""
ALONE = ("Redis", "StrictRedis", "MongoClient", "AsyncIOMotorClient", "AsyncMongoClient")
MODULES = {"psycopg2": "PostgreSQL", "psycopg": "PostgreSQL", "asyncpg": "PostgreSQL", "pymysql": "MySQL", "MySQLdb": "MySQL",
           "connector": "MySQL", "mariadb": "MariaDB", "aiomysql": "MySQL"}  # fmt: skip
"""Modules whose ``connect`` takes a host."""
NAMES = re.compile(r"(?P<kind>MYSQL|POSTGRES(QL)?|PG|DB|DATABASE|MONGO(DB)?|REDIS|RABBITMQ|MARIADB|CACHE)_(DATABASE_)?HOST", re.IGNORECASE)
RELEVANT = re.compile(rb"localhost|127\.0\.0\.1|host|Redis\(|Client\(|://", re.IGNORECASE)


def check_local_servers(project: CodeProject) -> Iterator[Finding]:
    """An address in the code itself; a default of a variable is told by `variable_rules`."""
    defaults: set[str | None] = {use.default for use in project.code.variables if use.default}
    for path in project.code.files:
        if not RELEVANT.search(read_python(path) or b"") or (tree := parse_python(path)) is None:
            continue
        told: set[tuple[str, str]] = set()
        for node in _with_whole_texts(tree):
            for kind, host in _asked(node, defaults):
                if (kind, host) not in told:
                    told.add((kind, host))
                    yield project.in_file("local-server", Severity.WARNING, path, getattr(node, "lineno", 0), _sentence(kind, host))


def _with_whole_texts(tree: ast.Module) -> Iterator[ast.AST]:
    """Every node, but a text that is put together in one piece: what only the running code knows is ``{}`` in it."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)):
            yield ast.copy_location(ast.Constant(_put_together(node)), node)
            waiting += [part for part in ast.walk(node) if isinstance(part, ast.Call)]
            continue
        yield node
        waiting += ast.iter_child_nodes(node)


def _put_together(node: ast.expr) -> str:
    match node:
        case ast.JoinedStr(values=parts):
            return "".join(_put_together(part) for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _put_together(left) + _put_together(right)
    return text_of(node) or "{}"


def is_elsewhere(host: str) -> bool:
    """Whether a host is found on one computer, or in one compose file, only."""
    return LOCAL.fullmatch(host) is not None or BARE.fullmatch(host) is not None


def host_of(url: str) -> str:
    """The host of a server's address; "" for none that can be read."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _sentence(kind: str, host: str) -> str:
    if LOCAL.fullmatch(host):
        sentence = _(
            "Your code asks {server} at {host}, which in Azure is the container itself, where none runs: read the address from a variable."
        )
    else:
        sentence = _("Your code asks {server} at “{host}”, a name that only a compose file knows: read the address from a variable.")
    return sentence.format(server=kind or _("a database"), host=host)


def _asked(node: ast.AST, defaults: set[str | None]) -> Iterator[tuple[str, str]]:
    """The kind and the host of a server that is asked here, where it is one of those."""
    match node:
        case ast.Constant(value=str(text)) if text not in defaults and (url := SERVER_URL.fullmatch(text.strip())):
            host = host_of(text.strip())
            if is_elsewhere(host):
                yield SERVERS[url["kind"].lower()], host
        case ast.Call():
            yield from _of_call(node, defaults)
        case ast.Assign(targets=[target], value=ast.Constant(value=str(host))) if host not in defaults and is_elsewhere(host):
            name = text_of(target.slice) if isinstance(target, ast.Subscript) else name_of(target)
            if name and NAMES.fullmatch(name):
                yield "", host
        case ast.Dict(keys=keys, values=values):
            table = {text_of(key): text_of(value) for key, value in zip(keys, values, strict=True) if key is not None}
            host = table.get("HOST") or ""
            if table.get("ENGINE") and is_elsewhere(host) and host not in defaults:
                yield "", host


def _of_call(call: ast.Call, defaults: set[str | None]) -> Iterator[tuple[str, str]]:
    name = name_of(call.func)
    owner = name_of(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    kind = CLIENTS.get(name) or (MODULES.get(owner, "") if name in ("connect", "create_pool") else "")
    if not kind or any(word.arg is None for word in call.keywords):
        return
    host = text_of(keyword(call, "host") or next(iter(call.args), None))
    if (
        name in ALONE
        and not call.args
        and not any(word.arg in ("host", "url", "connection_pool", "unix_socket_path") for word in call.keywords)
    ):
        host = "localhost"
    if host and "://" not in host and host not in defaults and is_elsewhere(host):
        yield kind, host
