"""The services of a compose file as Docker Compose puts them together: with ``extends``, ``include`` and the override file beside it.

The rules of merging are the compose specification's, "Merge": mappings by key, lists of ports and mounts one after the other, all else
replaced. A file outside of the folder that holds the compose file is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wizard.source.text_file import read_text

FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml", "docker/docker-compose.yml", "docker/compose.yml")
"""In the order in which ``docker compose`` looks for them."""
OVERRIDES = ("compose.override.yaml", "compose.override.yml", "docker-compose.override.yml", "docker-compose.override.yaml")
"""What it reads without being told, beside the file of the same folder."""
PRODUCTION = re.compile(r"(docker-)?compose[.-](prod|production|deploy|live|release)\.ya?ml", re.IGNORECASE)
LARGEST = 64 << 10
MOST_ALIASES = 100
MOST_FILES = 20
ADDED = ("ports", "expose", "volumes", "env_file")
"""Lists that are put one after the other; ``command`` and all others are replaced."""

Services = dict[str, dict[str, Any]]


def find_compose(folder: Path) -> Path | None:
    """The compose file of a folder, or else the one that it has for production alone; None when it has none."""
    return next((folder / name for name in FILES if (folder / name).is_file()), None) or next(iter(_for_production(folder)), None)


def _for_production(folder: Path) -> list[Path]:
    """``docker-compose.prod.yml`` and its like, which somebody has to name to ``docker compose``."""
    return sorted(path for path in folder.glob("*compose*.y*ml") if PRODUCTION.fullmatch(path.name) and path.is_file())


def read_services(file: Path) -> Services:
    """The services by their names, each a table of its own; ``build`` is one with an absolute ``context``. None where it cannot be read."""
    reader = _ComposeReader(file.parent)
    services = reader.services(file)
    local = [file.parent / name for name in OVERRIDES if (file.parent / name).is_file()]
    for other in _for_production(file.parent) or local:  # what a cloud is given counts before what is for this computer
        services = _united(services, reader.services(other)) if other != file else services
    return services


@dataclass
class _ComposeReader:
    """Reads the files below one folder, each at most a few times.

    :param root: the folder that none of them lies outside of.
    """

    root: Path
    files: int = 0

    def services(self, file: Path) -> Services:
        """Those of one file, of the files that it includes, and of those that they extend."""
        content = self._content(file)
        own = content.get("services", _of_first_format(content))
        included: Services = {}
        for path in _included(content.get("include")):
            included = _united(included, self.services(file.parent / path))
        tables = {str(name): table for name, table in own.items() if isinstance(table, dict)} if isinstance(own, dict) else {}
        return _united(included, {name: self._extended(file, tables, name, frozenset()) for name in tables})

    def _extended(self, file: Path, tables: Services, name: str, seen: frozenset[str]) -> dict[str, Any]:
        """One service on top of what it extends, which may stand in another file."""
        table = _built(tables[name], file.parent)
        extends = table.pop("extends", None)
        if isinstance(extends, str):
            extends = {"service": extends}
        if not isinstance(extends, dict) or name in seen:
            return table
        base, other = str(extends.get("service", "")), extends.get("file")
        if other:
            below = file.parent / str(other)
            inherited = self.services(below).get(base, {})
        elif base in tables:
            inherited = self._extended(file, tables, base, seen | {name})
        else:
            return table
        return _merged({key: value for key, value in inherited.items() if key not in ("depends_on", "links")}, table)

    def _content(self, file: Path) -> dict[str, Any]:
        self.files += 1
        inside = file.resolve().is_relative_to(self.root.resolve())
        content = parse_yaml(read_text(file)) if inside and file.is_file() and self.files <= MOST_FILES else None
        return content if isinstance(content, dict) else {}


def parse_yaml(text: str) -> Any:
    """The content of a YAML text; None for one that is none, or larger than any person writes."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if len(text) > LARGEST or text.count("*") > MOST_ALIASES or max(text.count("["), text.count("{")) > 500:
        return None
    try:
        return YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError, ValueError, AttributeError, TypeError):
        return None


def _of_first_format(content: dict[str, Any]) -> Services:
    """The services of a file without that word, as Compose wrote it before 2016: each table of the file is one."""
    return {str(name): table for name, table in content.items() if isinstance(table, dict) and ("image" in table or "build" in table)}


def _included(value: Any) -> Iterator[str]:
    for entry in value if isinstance(value, list) else []:
        paths = entry.get("path") if isinstance(entry, dict) else entry
        yield from (str(path) for path in (paths if isinstance(paths, list) else [paths]) if path)


def _built(table: dict[str, Any], folder: Path) -> dict[str, Any]:
    """A table whose ``build`` says absolutely what is built."""
    build = table.get("build")
    if build is None:
        return dict(table)
    build = dict(build) if isinstance(build, dict) else {"context": str(build)}
    context = str(build.get("context") or ".")
    return {**table, "build": {**build, "context": context if "://" in context else str((folder / context).resolve())}}


def _united(first: Services, second: Services) -> Services:
    return {**first, **{name: _merged(first.get(name, {}), table) for name, table in second.items()}}


def _merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    merged = dict(first)
    for key, value in second.items():
        before = merged.get(key)
        if key in ("environment", "build") and before is not None:
            merged[key] = {**_pairs(before), **_pairs(value)}
        elif key in ADDED and before is not None:
            merged[key] = [*_listed(before), *_listed(value)]
        else:
            merged[key] = value
    return merged


def _pairs(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    pairs = (str(entry).partition("=") for entry in _listed(value))
    return {name: text if equals else None for name, equals, text in pairs}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
