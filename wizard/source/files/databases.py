"""The databases of an API and the files it logs to, with the path in the container that the running API really opens."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wizard.source.files import kept_files
from wizard.source.files.path_expressions import PathReader, Surroundings
from wizard.source.python_source import argument, name_of, parse_python, text_of

SQLITE_FILE = re.compile(r"[^\n<>|\"?*]*?[\w\]})-]\.(?:db3?|sqlite3?|sdb)", re.IGNORECASE)
SQLITE_URL = re.compile(r"sqlite(?:\+\w+)?://(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
LOG_FILE = re.compile(r"[^\n<>|\"?*:]*[\w}]\.log")
WAL = re.compile(r"journal_mode\s*[=(]\s*['\"]?wal\b", re.IGNORECASE)
RELEVANT = re.compile(rb"sqlite|\.db\b|\.db3|\.log\b|SqliteDatabase", re.IGNORECASE)
OPENERS = {"connect": 0, "create_engine": 0, "create_async_engine": 0, "SqliteDatabase": 0, "SqliteExtDatabase": 0, "APSWDatabase": 0,
           "async_engine_from_config": 0, "Connection": 0, "AsyncSqliteSaver": 0}  # fmt: skip
LOGGERS = {"FileHandler", "RotatingFileHandler", "TimedRotatingFileHandler", "WatchedFileHandler", "ConcurrentRotatingFileHandler"}
UNKNOWN = "\0"
"""Stands for the value of a variable that is not known here: whatever the code would take without it does not count."""
TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - what is kept there is meant to be lost
ENGINES = ("create_engine", "create_async_engine")
SERVERS = {
    "postgres": "PostgreSQL",
    "postgresql": "PostgreSQL",
    "psql": "PostgreSQL",
    "mysql": "MySQL",
    "mariadb": "MariaDB",
    "mssql": "SQL Server",
    "oracle": "Oracle",
    "mongodb": "MongoDB",
    "redis": "Redis",
    "rediss": "Redis",
    "amqp": "RabbitMQ",
    "amqps": "RabbitMQ",
}
SERVER_URL = re.compile(rf"(?P<kind>{'|'.join(SERVERS)})(?:\+\w+)?://\S*", re.IGNORECASE)


@dataclass(frozen=True)
class Database:
    """A SQLite database.

    :param written: how the code says it, such as ``sqlite:///shop.db``.
    :param path: where the API opens it, absolute in the container; None where the code works that out when it runs.
    :param where: file and line.
    """

    written: str
    path: str | None
    where: str

    @property
    def folder(self) -> str:
        """The folder in the container that would have to be kept; "" where that is not known."""
        return posixpath.dirname(self.path) if self.path else ""


@dataclass(frozen=True)
class LogFile:
    """A file that the API logs to: its path in the container, and where the code names it."""

    path: str
    where: str


@dataclass(frozen=True)
class Stored:
    """What the code keeps in files, and the database servers that it asks."""

    databases: tuple[Database, ...] = ()
    logs: tuple[LogFile, ...] = ()
    wal: str = ""  # file and line of a journal mode that needs shared memory
    servers: tuple[str, ...] = ()  # such as PostgreSQL
    kept: tuple[kept_files.KeptFile, ...] = ()


def read_stored(files: Sequence[Path], around: Surroundings, *, flask_sqlalchemy: int) -> Stored:
    """What Python files say.

    :param flask_sqlalchemy: the major version of Flask-SQLAlchemy that is installed; 0 when the project has none.
    """
    databases: dict[str, Database] = {}
    logs: dict[str, LogFile] = {}
    servers: dict[str, None] = {}
    kept: dict[str, kept_files.KeptFile] = {}
    wal = ""
    for path in files:
        try:
            content = path.read_bytes()
        except OSError:
            continue
        name = path.relative_to(around.folder).as_posix()
        servers |= dict.fromkeys(SERVERS[match[1].decode().lower()] for match in _server_urls(content))
        if not (RELEVANT.search(content) or kept_files.RELEVANT.search(content)) or (tree := parse_python(path)) is None:
            continue
        reader = _DatabaseReader(PathReader(path, tree, around), name, flask_sqlalchemy)
        try:
            reader.read(tree)
            kept |= {one.folder: one for one in reversed([*kept_files.kept_files(PathReader(path, tree, around), name)])}
        except RecursionError:
            continue
        for database in reader.certain():
            databases.setdefault(database.path or database.written, database)
        logs = {**{log.path: log for log in reader.logs}, **logs}
        wal = wal or reader.wal
    for database in _of_variables(around):
        written = {item.written for item in databases.values()}
        if database.written not in written:
            databases.setdefault(database.path or database.written, database)
    return Stored(tuple(databases.values()), tuple(logs.values()), wal, tuple(servers), tuple(kept.values()))


def _of_variables(around: Surroundings) -> Iterator[Database]:
    """The databases that only a variable of the image names, by a whole address, such as ``ENV DATABASE_URL=sqlite:////data/shop.db``."""
    for name, value in around.variables.items():
        path = sqlite_path(value)
        if path is not None and SQLITE_URL.fullmatch(value.strip()):
            yield Database(value, posixpath.normpath(posixpath.join(around.workdir, path)), f"{name}:0")


def _server_urls(content: bytes) -> Iterator[re.Match[bytes]]:
    return re.finditer(rb"[\"'](" + "|".join(SERVERS).encode() + rb")(?:\+\w+)?://", content, re.IGNORECASE)


def sqlite_path(url: str) -> str | None:
    """The path in a SQLite URL, relative or absolute; None for a database in memory, or for what is no such URL."""
    match = SQLITE_URL.fullmatch(url.strip())
    if match is None:
        return None
    path = match["rest"].removeprefix("/").removeprefix("file:").partition("?")[0]
    return None if not path or ":memory:" in path or match["rest"].startswith("//:memory") else path


def is_temporary(folder: str) -> bool:
    """Whether what lies in a folder is meant to be lost."""
    return any(f"{folder}/".startswith(f"{other}/") for other in TEMPORARY)


class _DatabaseReader:
    """Collects what one module says."""

    def __init__(self, paths: PathReader, name: str, flask_sqlalchemy: int) -> None:
        self._paths, self._name = paths, name
        self._flask_sqlalchemy = flask_sqlalchemy
        self.databases: list[Database] = []
        self.logs: list[LogFile] = []
        self.wal = ""
        self._bare: set[str] = set()
        self._skipped: set[int] = set()

    def read(self, tree: ast.Module) -> None:
        self._skipped = {id(node) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
        self._descend(tree, of_engine=False)

    def certain(self) -> list[Database]:
        """What was found, without bare names such as ``"shop.db"`` that are only a part of a path found elsewhere."""
        whole = [database for database in self.databases if database.written not in self._bare]
        return [
            database
            for database in self.databases
            if database.written not in self._bare or not any(database.written in other.written for other in whole)
        ]

    def _descend(self, node: ast.AST, *, of_engine: bool) -> None:
        if id(node) in self._skipped:
            return
        if isinstance(node, ast.AnnAssign) and name_of(node.target) in self._paths.around.filled:
            return  # a field whose default does not count
        if isinstance(node, ast.expr) and self._take(node, of_engine=of_engine):
            return
        if isinstance(node, ast.Call):
            self._bound(node)
            self._opened(node)
        if isinstance(node, ast.Dict):
            self._pragmas(node)
        inside_engine = of_engine or (isinstance(node, ast.Call) and name_of(node.func) in ENGINES)
        for child in ast.iter_child_nodes(node):
            self._descend(child, of_engine=inside_engine)

    def _take(self, node: ast.expr, *, of_engine: bool) -> bool:
        """Keep a whole expression that comes to a database or a log file; nothing within it is looked at then."""
        if isinstance(node, ast.Call) and name_of(node.func) in OPENERS:
            return False
        if not isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp | ast.Call | ast.BoolOp):
            return False
        text = self._paths.text(node)
        if text is not None and UNKNOWN in text:
            return True
        if text is not None:
            if WAL.search(text):
                self.wal = self.wal or f"{self._name}:{node.lineno}"
                return True
            return self._keep(text, node, of_engine=of_engine)
        return self._keep_unknown(node)

    def _keep(self, text: str, node: ast.expr, *, of_engine: bool) -> bool:
        if SQLITE_URL.fullmatch(text.strip()):
            path = sqlite_path(text)
            if path is not None:
                self._add(text.strip(), self._opened_at(path, of_engine=of_engine), node)
            return True
        if SERVER_URL.fullmatch(text.strip()):
            return True
        if SQLITE_FILE.fullmatch(text) and not text.startswith("django."):
            if isinstance(node, ast.Constant) and "/" not in text:
                self._bare.add(text)
            self._add(text, self._absolute(text), node)
            return True
        if LOG_FILE.fullmatch(text) and " " not in text:
            self.logs.append(LogFile(self._absolute(text) or text, f"{self._name}:{node.lineno}"))
            return True
        return False

    def _keep_unknown(self, node: ast.expr) -> bool:
        """A path that is worked out when it runs, and whose last part is a database's name."""
        if not isinstance(node, ast.JoinedStr | ast.BinOp | ast.Call):
            return False
        if isinstance(node, ast.Call) and name_of(node.func) not in ("join", "joinpath", "Path", "format", "safe_join"):
            return False
        constants = [text for part in ast.walk(node) if (text := text_of(part)) is not None]
        named = next((text for text in constants if SQLITE_FILE.fullmatch(text) or SQLITE_FILE.fullmatch(f"x{text}")), None)
        if named is None and not any(text.startswith("sqlite") for text in constants):
            return False
        self._add(ast.unparse(node)[:80], None, node)
        return True

    def _opened(self, call: ast.Call) -> None:
        """``sqlite3.connect(X)`` and what is like it, whose file may be called anything."""
        name = name_of(call.func)
        if name in LOGGERS or name == "basicConfig":
            file_name = argument(call, 0 if name in LOGGERS else 99, "filename")
            text = self._paths.text(file_name)
            if text and not LOG_FILE.fullmatch(text):
                self.logs.append(LogFile(self._absolute(text) or text, f"{self._name}:{call.lineno}"))
        owner = name_of(call.func.value) if isinstance(call.func, ast.Attribute) else ""
        if name not in OPENERS or (
            name in ("connect", "Connection") and owner not in ("sqlite3", "aiosqlite", "apsw", "sqlite", "dataset", "")
        ):
            return
        text = self._paths.text(argument(call, 0, "database"))
        if text is None or SQLITE_URL.match(text) or SQLITE_FILE.fullmatch(text) or "://" in text or ":memory:" in text or not text.strip():
            return
        if owner in ("sqlite3", "aiosqlite", "apsw") or name.startswith("Sqlite"):
            self._add(text, self._absolute(text.removeprefix("file:").partition("?")[0]), call)

    def _bound(self, call: ast.Call) -> None:
        """Pony's ``db.bind("sqlite", "shop.db")``: from the folder of the file that it stands in (docs.ponyorm.org, "SQLite")."""
        if name_of(call.func) not in ("bind", "Database") or text_of(argument(call, 0, "provider")) != "sqlite":
            return
        file_name = argument(call, 1, "filename")
        text = self._paths.text(file_name)
        if file_name is not None and text and ":" not in text:
            self._skipped.add(id(file_name))
            here = posixpath.dirname(self._paths.around.place(self._paths.path))
            self._add(text, posixpath.normpath(posixpath.join(here, text)), call)

    def _pragmas(self, node: ast.Dict) -> None:
        """Peewee's ``pragmas={"journal_mode": "wal"}``."""
        for key, value in zip(node.keys, node.values, strict=True):
            if text_of(key) == "journal_mode" and (text_of(value) or "").lower() == "wal":
                self.wal = self.wal or f"{self._name}:{node.lineno}"

    def _opened_at(self, path: str, *, of_engine: bool) -> str | None:
        """Where a relative path of a URL leads: Flask-SQLAlchemy 3 to the instance folder, 2 to the app's own, all others to the start."""
        around = self._paths.around
        if not posixpath.isabs(path) and self._flask_sqlalchemy and not of_engine:
            base = around.instance if self._flask_sqlalchemy >= 3 else around.root
            return posixpath.normpath(posixpath.join(base, path))
        return self._absolute(path)

    def _absolute(self, path: str) -> str | None:
        if re.match(r"[A-Za-z]:[\\/]|~", path) or "\\" in path:
            return None
        return posixpath.normpath(posixpath.join(self._paths.around.workdir, path))

    def _add(self, written: str, path: str | None, node: ast.expr) -> None:
        self.databases.append(Database(written, path, f"{self._name}:{node.lineno}"))
