"""azwizard.toml written: wholly or not at all, with a person's comments kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomlkit

from wizard.platform.files import replace_file
from wizard.setup.toml_reader import needed_format, parsed, text_of

if TYPE_CHECKING:
    from tomlkit.container import Container
    from tomlkit.items import AoT, Table


SCHEMA_LINE = "#:schema ./azwizard.schema.json\n\n"
"""How editors (Taplo, Even Better TOML, Tombi) learn where the schema lies; docs/setup-file.md says how it gets there."""


def write_setup_file(path: Path, tables: Mapping[str, Any]) -> None:
    """Write plain tables to a setup file: wholly or not at all. Comments and the order of an existing file stay.

    A new file begins with the line that names its schema.

    Raises AnswersError when the existing file is not TOML, OSError when the file cannot be written.
    """
    text = text_of(path) if path.exists() else ""
    parsed(path, text)
    document = tomlkit.parse(text if text.strip() else SCHEMA_LINE)
    _update(document, {**tables, "format": needed_format(tables)})
    replace_file(path, tomlkit.dumps(document))


def add_table(holder: Any, key: str, values: Mapping[str, Any]) -> None:
    """Append a table to a list of tables of a parsed file, as the person writes them: below ``[[key]]``, or in braces where all is."""
    tables = holder.setdefault(key, tomlkit.array() if isinstance(holder, tomlkit.items.InlineTable) else tomlkit.aot())
    table = tomlkit.inline_table() if isinstance(tables, tomlkit.items.Array) else tomlkit.table()
    table.update(values)
    tables.append(table)


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
