"""azwizard.toml as a file, read with the exact place of every mistake. `wizard.setup.toml_writer` writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from wizard.platform.files import read_bounded
from wizard.platform.language import _
from wizard.setup.problems import AnswersError, Problem

FORMAT = 2
"""The newest form that this azwizard reads. A file is written in the oldest one that has its keys (`needed_format`)."""
KEYS_OF_FORMAT_2 = (
    "project.tags",
    "project.budget",
    "project.budget_email",
    "revision.release",
    "app.probes",
    "app.before_deploy",
    "app.scale_requests",
    "app.scale_cpu",
    "app.scale_days",
    "app.scale_from",
    "app.scale_until",
    "app.scale_timezone",
    "app.scale_copies",
    "revision.keep_images",
    "storage.minimum_tls",
    "pipeline.build=github",
    "pipeline.owner",
    "pipeline.branch",
    "pipeline.deploy",
    "pipeline.import_from",
)
MOST_BYTES = 1_000_000
DEEPEST = 20

MIGRATIONS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    0: lambda older: {"format": 1, **older},
    1: lambda older: {**older, "format": 2},
}
"""From each older format to the next. 0 is a file without ``format``, as a person writes it by hand."""


def read_setup_file(path: Path) -> dict[str, Any]:
    """The content of a setup file as plain values, in today's format.

    Raises AnswersError when it is missing, unreadable, not UTF-8, not TOML, or made by a newer azwizard.
    """
    content = parsed(path, text_of(path))
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


def needed_format(tables: Mapping[str, Any]) -> int:
    """The oldest form that has every key of these tables, so that an older azwizard reads the file as long as it can.

    A key whose one value is new stands with it, such as ``pipeline.build=github``.
    """
    used = {
        name
        for table, content in tables.items()
        if isinstance(content, Mapping)
        for key, value in content.items()
        if value or value is False
        for name in (f"{table}.{key}", f"{table}.{key}={value}")
    }
    return 2 if tables.get("stages") or used.intersection(KEYS_OF_FORMAT_2) else 1


def text_of(path: Path) -> str:
    """The text of a setup file. Raises AnswersError when it is missing, unreadable or not UTF-8."""
    try:
        return read_bounded(path, MOST_BYTES).decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        sentence = _("There is no setup file {path}. Open the wizard to make one (azwizard), or name yours.").format(path=path)
    except UnicodeDecodeError:
        sentence = _("{path} is not UTF-8 text. Save it as UTF-8.").format(path=path)
    except OSError as error:
        sentence = _("{path} cannot be read: {reason}. Correct that, or name another file.").format(path=path, reason=error.strerror)
    raise AnswersError([Problem("", sentence)])


def parsed(path: Path, text: str) -> dict[str, Any]:
    """The plain values of a TOML text. Raises AnswersError with the line and the column of the mistake."""
    import tomllib

    try:
        content = tomllib.loads(text)
        if _is_deeper(content, DEEPEST):
            raise RecursionError
        return content
    except tomllib.TOMLDecodeError as error:
        sentence = _('{path} is not TOML: {reason}. Write key = "text", key = 1, key = true or [table].').format(path=path, reason=error)
    except RecursionError:
        sentence = _("{path} has tables or lists within each other, more than {count} deep; no setup needs that.")
        sentence = sentence.format(path=path, count=DEEPEST)
    except ValueError:  # Python converts no whole number of more than 4,300 digits
        sentence = _("{path} holds a number that is too long.").format(path=path)
    raise AnswersError([Problem("", sentence)])


def _is_deeper(content: Any, most: int) -> bool:
    """Whether tables and lists lie within each other more than so deep; looked at level by level, not by recursion."""
    level = [content]
    for _depth in range(most + 1):
        inner = [item.values() if isinstance(item, dict) else item for item in level]
        level = [item for them in inner for item in them if isinstance(item, dict | list)]
    return bool(level)
