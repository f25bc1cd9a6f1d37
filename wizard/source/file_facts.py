"""What one Python file says that needs no other file: its imports and the variables it reads. Kept by content, so it is read once."""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from wizard.source.python_source import parse, read_python
from wizard.source.settings.environment_reads import EnvironmentReader
from wizard.source.settings.flask_config import RELEVANT, FlaskKeys, flask_keys
from wizard.source.settings.settings_classes import SettingsClass, settings_classes
from wizard.source.settings.shared_readers import Shared
from wizard.source.settings.variable_use import VariableUse

IMPORT = re.compile(rb"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import|import[ \t]+([\w., \t]+))", re.MULTILINE)
ASKS_ENVIRONMENT = re.compile(rb"environ|getenv|decouple|prettyconf|dynaconf|Settings|starlette.config|dj_database_url|from_envvar")
KEPT = 20_000


@dataclass(frozen=True)
class FileFacts:
    """One file.

    :param imports: the first part of every module that it imports, such as ``flask``.
    :param variables: what it reads from its environment.
    :param assigned: variables that it gives a value to itself.
    :param classes: classes that may turn out to be settings.
    :param flask: what it says about the keys of Flask's configuration.
    :param shared: what it offers other modules to read variables with.
    """

    imports: frozenset[str] = frozenset()
    variables: tuple[VariableUse, ...] = ()
    assigned: frozenset[str] = frozenset()
    classes: tuple[SettingsClass, ...] = ()
    flask: FlaskKeys = field(default_factory=FlaskKeys)
    shared: Shared = field(default_factory=Shared)


_known: OrderedDict[tuple[str, bytes], FileFacts] = OrderedDict()
_lock = Lock()


def file_facts(path: Path, name: str) -> FileFacts:
    """The facts of a file; none for one that is no Python.

    :param name: its path in the project.
    """
    content = read_python(path)
    if not content:
        return FileFacts()
    key = name, hashlib.blake2b(content, digest_size=16).digest()
    with _lock:
        if key in _known:
            return _known[key]
    facts = _read(content, name)
    with _lock:
        _known[key] = facts
        while len(_known) > KEPT:
            _known.popitem(last=False)
    return facts


def read_through(path: Path, name: str, shared: Shared) -> list[VariableUse]:
    """The variables of a file that reads them through what other modules offer; none for any other file.

    :param name: its path in the project.
    """
    content = read_python(path) or b""
    tree = parse(content) if shared.is_named_in(content) else None
    try:
        return EnvironmentReader(name, shared=shared).read(tree) if tree is not None else []
    except RecursionError:
        return []


def _read(content: bytes, name: str) -> FileFacts:
    imports: set[str] = set()
    for module, modules in IMPORT.findall(content):
        for one in (module or modules).decode(errors="replace").split(","):
            imports.add(one.split(" as ")[0].strip().partition(".")[0])
    imported = frozenset(imports - {""})
    asks, configures = ASKS_ENVIRONMENT.search(content) is not None, RELEVANT.search(content) is not None
    tree = parse(content) if asks or configures else None
    if tree is None:
        return FileFacts(imported)
    try:
        flask = flask_keys(tree, name) if configures else FlaskKeys()
        if not asks:
            return FileFacts(imported, flask=flask)
        reader = EnvironmentReader(name)
        variables = reader.read(tree)
        classes = tuple(settings_classes(tree, name))
        return FileFacts(imported, tuple(variables), frozenset(reader.assigned), classes, flask, reader.offered)
    except RecursionError:
        return FileFacts(imported)
