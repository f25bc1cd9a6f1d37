"""azwizard.toml as a file: read with its exact place of every mistake, written wholly or not at all, with a person's comments kept."""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit

from wizard.language import _
from wizard.problems import AnswersError, Problem

if TYPE_CHECKING:
    from tomlkit.container import Container
    from tomlkit.items import AoT, Table

FORMAT = 1

MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {0: lambda older: {"format": 1, **older}}
"""From each older format to the next. 0 is a file without ``format``, as a person writes it by hand."""


def read_setup_file(path: Path) -> dict[str, Any]:
    """The content of a setup file as plain values, in today's format.

    Raises AnswersError when it is missing, unreadable, not UTF-8, not TOML, or made by a newer azwizard.
    """
    content = _parsed(path, _read(path))
    version = content.get("format", 0)
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        raise AnswersError([Problem("format", _("format must be a whole number such as {format}.").format(format=FORMAT))])
    if version > FORMAT:
        sentence = _(
            "{path} was made by a newer azwizard (format {version}, this one knows {format}). Update it: pip install --upgrade azwizard"
        )
        raise AnswersError([Problem("format", sentence.format(path=path, version=version, format=FORMAT))])
    for older in range(version, FORMAT):
        content = MIGRATIONS[older](content)
    return content


def write_setup_file(path: Path, tables: Mapping[str, Any]) -> None:
    """Write plain tables to a setup file: wholly or not at all. Comments and the order of an existing file stay.

    Raises AnswersError when the existing file is not TOML, OSError when the file cannot be written.
    """
    text = _read(path) if path.exists() else ""
    _parsed(path, text)
    document = tomlkit.parse(text)
    _update(document, {"format": FORMAT, **tables})
    _replace(path, tomlkit.dumps(document))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        sentence = _("There is no setup file {path}. Open the wizard to make one (azwizard), or name yours.").format(path=path)
    except UnicodeDecodeError:
        sentence = _("{path} is not UTF-8 text. Save it as UTF-8.").format(path=path)
    except OSError as error:
        sentence = _("{path} cannot be read: {reason}. Correct that, or name another setup file.").format(path=path, reason=error.strerror)
    raise AnswersError([Problem("", sentence)])


def _parsed(path: Path, text: str) -> dict[str, Any]:
    """The plain values of a TOML text. Raises AnswersError with the line and the column of the mistake."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        sentence = _('{path} is not TOML: {reason}. Write key = "text", key = 1, key = true or [table].').format(path=path, reason=error)
        raise AnswersError([Problem("", sentence)]) from None


def _update(target: Container | Table, values: Mapping[str, Any]) -> None:
    """Make a table hold exactly `values`, touching only what differs. None is not written."""
    values = {key: value for key, value in values.items() if value is not None}
    for key in [key for key in target if key not in values]:
        target.remove(key)
    for key, value in values.items():
        old = target.get(key)
        is_tables = isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)
        if isinstance(value, Mapping) and isinstance(old, tomlkit.items.Table):
            _update(old, value)
        elif is_tables and isinstance(old, tomlkit.items.AoT):
            _update_items(old, value)
        elif old is None or old != (list(value) if isinstance(value, tuple) else value):
            target[key] = _item(value, is_tables)


def _update_items(items: AoT, values: list[Mapping[str, Any]]) -> None:
    while len(items) > len(values):
        del items[len(items) - 1]
    for number, value in enumerate(values):
        if number < len(items):
            _update(items[number], value)
        else:
            items.append(_item(value, False))


def _item(value: Any, is_tables: bool) -> Any:
    if is_tables:
        array = tomlkit.aot()
        for inner in value:
            array.append(_item(inner, False))
        return array
    if isinstance(value, Mapping):
        table = tomlkit.table()
        _update(table, value)
        return table
    return tomlkit.item(list(value) if isinstance(value, tuple) else value)


def _replace(path: Path, text: str) -> None:
    """Write `text` beside `path`, then put it in its place, with the rights the file had."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
