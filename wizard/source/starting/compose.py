"""What a compose file says about the service that is built from the project's own code."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wizard.source.text_file import read_lines, read_text

FILES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml", "docker/docker-compose.yml", "docker/compose.yml")
"""In the order in which ``docker compose`` looks for them."""
LARGEST = 64 << 10
MOST_ALIASES = 100
DEEPEST = 10
"""How many defaults within defaults are read; a person writes two."""
OF_PYTHON = re.compile(r"(docker\.io/)?(library/)?python([:@].*)?")
SERVING = ("web", "api", "app", "backend", "server", "flask", "django", "fastapi")
"""What people call the service that answers requests, beside workers that are built from the same code."""
VARIABLE = re.compile(r"\$\{(\w+)(?::?([-?+])((?:(?!\$\{)[^}])*))?\}|\$(\w+)")
"""The innermost of them: a default may hold further ones."""


@dataclass(frozen=True)
class Compose:
    """One service.

    :param environment: what it finds in its environment; None for a value that comes from the outside.
    :param ports: the ports in the container that are published.
    :param command: what starts it instead of the image's CMD; empty when the image decides.
    :param others: images of the other services, such as ``postgres:16``, by their names.
    :param env_files: further files that give variables, the person's own .env left out.
    :param mounts: folders in the container that are volumes or folders of the computer.
    """

    file: str
    service: str
    lines: tuple[str, ...] = ()
    environment: dict[str, str | None] = field(default_factory=dict)
    ports: tuple[int, ...] = ()
    command: tuple[str, ...] = ()
    others: dict[str, str] = field(default_factory=dict)
    mounts: tuple[str, ...] = ()
    env_files: tuple[str, ...] = ()

    def line_of(self, name: str) -> int:
        """The first line that names a variable; 1 where none does."""
        return next((number for number, line in enumerate(self.lines, 1) if re.search(rf"\b{re.escape(name)}\b", line)), 1)


def read_compose(folder: Path) -> Compose | None:
    """The service that is built here: the one with ``build``, or the only one without an image; None when there is none."""
    for name in FILES:
        if (folder / name).is_file():
            content = _content(read_text(folder / name))
            services = content.get("services") if isinstance(content, dict) else None
            if isinstance(services, dict):
                return _service(name, tuple(read_lines(folder / name)), services)
    return None


def _content(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    if len(text) > LARGEST or text.count("*") > MOST_ALIASES or max(text.count("["), text.count("{")) > 500:
        return None
    try:
        return YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError, ValueError, AttributeError, TypeError):
        return None


def _service(file: str, lines: tuple[str, ...], services: dict[str, Any]) -> Compose | None:
    tables = {str(name): table for name, table in services.items() if isinstance(table, dict)}
    built = {name: table for name, table in tables.items() if "build" in table}
    mine = built or {name: table for name, table in tables.items() if "image" not in table or OF_PYTHON.match(str(table["image"]))}
    if not mine:
        return None
    own = max(mine, key=lambda name: ("ports" in mine[name] or "expose" in mine[name], name.lower() in SERVING))
    table = tables[own]
    others = {name: str(other.get("image", "")) for name, other in tables.items() if name != own}
    return Compose(
        file, own, lines, _environment(table.get("environment")), _ports(table.get("ports")), _words(table.get("command")), others,
        tuple(path for item in _list(table.get("volumes")) if (path := _mount(item))),
        _env_files(table.get("env_file")),
    )  # fmt: skip


def _environment(value: Any) -> dict[str, str | None]:
    pairs: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        pairs = [(str(name), entry) for name, entry in value.items()]
    else:
        for entry in _list(value):
            name, equals, text = str(entry).partition("=")
            pairs.append((name, text if equals else None))
    return {name: _value(text) for name, text in pairs if re.fullmatch(r"[A-Za-z_]\w*", name)}


def _value(value: Any) -> str | None:
    """A value as it is written, with the defaults of ``${NAME:-default}``, nested ones too; None where it comes from the outside."""
    if value is None:
        return None
    text = str(value).lower() if isinstance(value, bool) else str(value)
    unknown = False

    def replaced(match: re.Match[str]) -> str:
        nonlocal unknown
        if match[2] == "-":
            return match[3] or ""
        unknown = True
        return ""

    text = text.replace("$$", "\0")
    for _ in range(DEEPEST):
        text = VARIABLE.sub(replaced, text)
    return None if unknown or VARIABLE.search(text) else text.replace("\0", "$")


def _filled(value: Any) -> str:
    """A part of a command as Compose hands it over; as it is written where something comes from the outside."""
    text = _value(value)
    return str(value) if text is None else text


def _ports(value: Any) -> tuple[int, ...]:
    ports = []
    for entry in _list(value):
        target = str(entry.get("target", "")) if isinstance(entry, dict) else str(_value(entry) or "").rpartition(":")[2]
        if number := re.fullmatch(r"(\d{1,5})(?:/tcp)?", target):
            ports.append(int(number[1]))
    return tuple(ports)


def _words(value: Any) -> tuple[str, ...]:
    import shlex

    if isinstance(value, list):
        return tuple(_filled(item) for item in value)
    try:
        return tuple(shlex.split(_filled(value))) if value else ()
    except ValueError:
        return ()


def _env_files(value: Any) -> tuple[str, ...]:
    entries = [entry.get("path", "") if isinstance(entry, dict) else entry for entry in (value if isinstance(value, list) else [value])]
    return tuple(name for entry in entries if entry and (name := str(entry).removeprefix("./")) != ".env" and ".." not in name)


def _mount(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("target", ""))
    parts = str(value).split(":")
    return next((part for part in parts[1:2] or parts[:1] if part.startswith("/")), "")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
