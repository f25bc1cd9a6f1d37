"""Values that stand in files beside the requests: REST Client's environments, JetBrains' and Visual Studio's, and ``.env``.

REST Client keeps environments in VS Code's settings and which one is chosen in the editor, where nobody else can see it. So the one that is
called like the setup's environment is taken, or the only one there is; a value that all of them agree on needs no choice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from wizard.platform.files import read_bounded

MOST_BYTES = 1_000_000
SHARED = "$shared"
JSON_WITH_COMMENTS = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/|,(?=\s*(?:(?://[^\n]*|/\*.*?\*/)\s*)*[}\]])', re.DOTALL)
REFERENCE = re.compile(r"\{\{\s*\$(?P<environment>[\w-]+)\s+(?P<name>[^}]+?)\s*\}\}")


@dataclass
class RequestEnvironments:
    """Every environment that a file of requests sees, and the one that counts.

    :param tables: the values of each, ``$shared`` aside.
    :param secrets: values of ``http-client.private.env.json``, which are hidden wherever they appear.
    """

    chosen: str = ""
    shared: dict[str, str] = field(default_factory=dict)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)

    def get(self, name: str) -> str | None:
        """A value, or None where there is none, or where several environments disagree about it and none is chosen."""
        if self.chosen:
            return self.tables[self.chosen].get(name, self.shared.get(name))
        values = {table[name] for table in self.tables.values() if name in table}
        return values.pop() if len(values) == 1 else None if values else self.shared.get(name)

    def that_have(self, name: str) -> list[str]:
        """The environments among which one would have to be chosen."""
        return [environment for environment, table in self.tables.items() if name in table]


def environments_of(file: Path | None, chosen: str = "") -> RequestEnvironments:
    """Those that are valid for a file: of its own folder and every one above it, the nearest first.

    :param chosen: the name of the environment that the setup is for, such as ``dev``.
    """
    environments = RequestEnvironments()
    for folder in folders_above(file):
        for path in (folder / "http-client.private.env.json", folder / "http-client.env.json"):
            _add(environments, _read(path), is_secret="private" in path.name)
        settings = _read(folder / ".vscode" / "settings.json").get("rest-client.environmentVariables")
        _add(environments, settings if isinstance(settings, dict) else {})
    _follow_references(environments.shared, {SHARED: environments.shared})
    for environment, table in environments.tables.items():
        _follow_references(table, {SHARED: environments.shared, f"${environment}": table})
    names = list(environments.tables)
    environments.chosen = next((name for name in names if name.lower() == chosen.lower()), names[0] if len(names) == 1 else "")
    return environments


def _follow_references(table: dict[str, str], others: Mapping[str, Mapping[str, str]]) -> None:
    """Put in what values take from others of their environment or the shared one: ``{{$shared version}}``, ``{{$dev host}}``."""
    for name, value in table.items():
        table[name] = REFERENCE.sub(lambda match: others.get(f"${match['environment']}", {}).get(match["name"], match[0]), value)


def folders_above(file: Path | None) -> Iterator[Path]:
    """The folder of a file, and those above it."""
    if file is not None:
        yield from file.absolute().parents


@dataclass(frozen=True)
class RestClientSettings:
    """What the settings of VS Code say about how requests are sent.

    :param form_encoding: ``automatic`` (what is no URL character), ``always`` (each name and value) or ``never``.
    """

    headers: Mapping[str, str] = field(default_factory=dict)
    follows_redirects: bool = True
    keeps_cookies: bool = True
    form_encoding: str = "automatic"


def settings_of(file: Path | None) -> RestClientSettings:
    """Those of the nearest settings of VS Code that say anything about REST Client."""
    for folder in folders_above(file):
        content = _read(folder / ".vscode" / "settings.json")
        if any(key.startswith("rest-client.") for key in content):
            headers = content.get("rest-client.defaultHeaders")
            return RestClientSettings(
                {str(name): str(value) for name, value in headers.items()} if isinstance(headers, dict) else {},
                content.get("rest-client.followredirect") is not False,
                content.get("rest-client.rememberCookiesForSubsequentRequests") is not False,
                str(content.get("rest-client.formParamEncodingStrategy", "automatic")).lower(),
            )
    return RestClientSettings()


def dotenv_of(file: Path | None, environment: str) -> tuple[Path, Mapping[str, str | None]] | None:
    """The nearest ``.env.ENVIRONMENT`` or ``.env`` from a file's folder upwards, and what it holds; None when there is none."""
    for folder in folders_above(file):
        for path in ([folder / f".env.{environment}"] if environment else []) + [folder / ".env"]:
            if path.is_file() and path.stat().st_size <= MOST_BYTES:
                return path, dotenv_values(path, interpolate=False)
    return None


def workspace_of(file: Path | None) -> Path | None:
    """The folder that VS Code would have open: the nearest above a file with ``.vscode`` or ``.git``."""
    return next((folder for folder in folders_above(file) if (folder / ".vscode").is_dir() or (folder / ".git").exists()), None)


def _add(environments: RequestEnvironments, tables: Mapping[str, Any], *, is_secret: bool = False) -> None:
    for environment, table in tables.items():
        if not isinstance(table, dict):
            continue
        values = {str(name): _text(value) for name, value in table.items() if not isinstance(value, dict | list) and value is not None}
        target = environments.shared if environment == SHARED else environments.tables.setdefault(str(environment), {})
        target.update({name: value for name, value in values.items() if name not in target})
        environments.secrets |= set(values.values()) if is_secret else set()


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _read(path: Path) -> dict[str, Any]:
    """A JSON file with comments and trailing commas, as VS Code takes it; nothing where it cannot be read."""
    try:
        text = read_bounded(path, MOST_BYTES).decode("utf-8-sig")
        content = json.loads(JSON_WITH_COMMENTS.sub(lambda match: match[0] if match[0].startswith('"') else "", text))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
