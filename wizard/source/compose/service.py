"""What a compose file says about the service that is built from the project's own code."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wizard.source.compose.merged_files import Services, find_compose, read_services
from wizard.source.text_file import read_lines

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
    :param file: relative to the project's folder, ``../compose.yaml`` where it lies above.
    :param ports: the ports in the container that are published, or shown to other services.
    :param command: what starts it instead of the image's CMD; empty when the image decides.
    :param others: images of the other services, such as ``postgres:16``, by their names.
    :param env_files: further files that give variables, the person's own .env left out.
    :param mounts: folders in the container that are volumes or folders of the computer.
    :param dockerfile: the Dockerfile that builds the project's folder, where one is named.
    :param target: the stage of it that is built; "" for the last.
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
    dockerfile: str = ""
    target: str = ""

    def line_of(self, name: str) -> int:
        """The first line that names a variable; 1 where none does."""
        return next((number for number, line in enumerate(self.lines, 1) if re.search(rf"\b{re.escape(name)}\b", line)), 1)


def read_compose(folder: Path) -> Compose | None:
    """The service that is built from a folder, as a compose file there or in the folder above says; None when there is none.

    Of several it is the one that answers requests. The folder above counts only where a service of it is built from this very folder.
    """
    file = find_compose(folder)
    if file is not None:
        return _service(file, folder, read_services(file))
    above = find_compose(folder.absolute().parent)
    if above is None:
        return None
    here = str(folder.resolve())
    return _service(above, folder, {name: table for name, table in read_services(above).items() if _context(table) in ("", here)})


def _context(table: dict[str, Any]) -> str:
    """The folder that an image is built from; "" for a service that is not built."""
    build = table.get("build")
    return str(build["context"]) if isinstance(build, dict) else ""


def _service(file: Path, folder: Path, tables: Services) -> Compose | None:
    built = {name: table for name, table in tables.items() if "build" in table}
    mine = built or {name: table for name, table in tables.items() if "image" not in table or OF_PYTHON.match(str(table["image"]))}
    above = not file.is_relative_to(folder)
    if not mine or (above and not built):
        return None
    here = str(folder.resolve())
    own = max(
        mine, key=lambda name: (_context(mine[name]) == here, "ports" in mine[name] or "expose" in mine[name], name.lower() in SERVING)
    )
    table = mine[own]
    others = {name: str(other.get("image", "")) for name, other in tables.items() if name != own}
    return Compose(
        Path(os.path.relpath(file, folder)).as_posix(), own, tuple(read_lines(file)), _environment(table.get("environment")),
        (*_ports(table.get("ports")), *_ports(table.get("expose"))),
        (*_words(table.get("entrypoint")), *_words(table.get("command"))), others,
        tuple(path for item in _list(table.get("volumes")) if (path := _mount(item))),
        _env_files(table.get("env_file"), file.parent, folder),
        _dockerfile(table, folder),
        str(table["build"].get("target") or "") if isinstance(table.get("build"), dict) else "",
    )  # fmt: skip


def _dockerfile(table: dict[str, Any], folder: Path) -> str:
    """The Dockerfile of what is built from the folder, relative to it; "" where none is named, or where it lies outside."""
    named = table["build"].get("dockerfile") if _context(table) == str(folder.resolve()) else None
    path = Path(os.path.normpath(folder / str(named))) if named else folder
    return path.relative_to(folder).as_posix() if named and path.is_relative_to(folder) and path.is_file() else ""


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


def _env_files(value: Any, base: Path, folder: Path) -> tuple[str, ...]:
    """Files with variables that lie in the folder, the person's own .env left out."""
    entries = [entry.get("path", "") if isinstance(entry, dict) else entry for entry in (value if isinstance(value, list) else [value])]
    paths = [Path(os.path.normpath(base.absolute() / str(entry))) for entry in entries if entry]
    return tuple(
        path.relative_to(folder.absolute()).as_posix() for path in paths if path.name != ".env" and path.is_relative_to(folder.absolute())
    )


def _mount(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("target", ""))
    parts = str(value).split(":")
    return next((part for part in parts[1:2] or parts[:1] if part.startswith("/")), "")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
