"""The commands that a project gives names to itself: ``[project.scripts]`` of PEP 621 ``[tool.poetry.scripts]``, console_scripts."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from wizard.source.text_file import read_text


def read_pyproject(folder: Path) -> dict[str, Any]:
    """The content of pyproject.toml; empty when there is none, or when it cannot be read."""
    try:
        return tomllib.loads(read_text(folder / "pyproject.toml"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def read_pipfile(folder: Path) -> dict[str, Any]:
    """The content of a Pipfile; empty when there is none, or when it cannot be read."""
    try:
        return tomllib.loads(read_text(folder / "Pipfile"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def script_function(folder: Path, name: str) -> tuple[str, str]:
    """The module, as a path without its ending, and the function that a command of the project calls; two "" for another command."""
    if not name:
        return "", ""
    content = read_pyproject(folder)
    tables = (_table(content, "project", "scripts"), _table(content, "tool", "poetry", "scripts"))
    for table in tables:
        target = table.get(name)
        if isinstance(target, str) and ":" in target:
            module, _colon, function = target.partition(":")
            return module.strip().replace(".", "/"), function.strip()
    for file in ("setup.cfg", "setup.py"):
        declared = re.search(rf"(?m)[\s\"']{re.escape(name)}\s*=\s*([\w.]+)\s*:\s*(\w+)", read_text(folder / file))
        if declared and "console_scripts" in read_text(folder / file):
            return declared[1].replace(".", "/"), declared[2]
    return "", ""


def _table(content: dict[str, Any], *keys: str) -> dict[str, Any]:
    for key in keys:
        inner = content.get(key)
        content = inner if isinstance(inner, dict) else {}
    return content
