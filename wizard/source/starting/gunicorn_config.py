"""What gunicorn is told to do, from its file, its environment and its command line; nothing of it is run."""

from __future__ import annotations

import ast
import posixpath
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path

from wizard.source.files.container_files import ContainerFiles
from wizard.source.python_source import parse_python
from wizard.source.starting.command_words import read_options
from wizard.source.starting.start_command import StartCommand
from wizard.source.text_file import read_text

GUNICORN_FILE = "gunicorn.conf.py"


def gunicorn_settings(command: StartCommand, files: ContainerFiles, workdir: str, variables: Mapping[str, str]) -> dict[str, str | None]:
    """What gunicorn is told, from least to most: its file, GUNICORN_CMD_ARGS, its command line. None is what cannot be known here."""
    settings: dict[str, str | None] = {}
    from_environment, _plain = read_options(shlex.split(variables.get("GUNICORN_CMD_ARGS", "")), "gunicorn")
    if "WEB_CONCURRENCY" in variables:
        settings["workers"] = variables["WEB_CONCURRENCY"]
    named = command.options.get("config") or from_environment.get("config") or GUNICORN_FILE
    file = files.find(posixpath.normpath(posixpath.join(workdir, named.removeprefix("file:").removeprefix("python:"))))
    if file is not None and file.is_file():
        settings |= read_assignments(file, variables)
    elif named != GUNICORN_FILE:
        settings |= {"bind": None, "workers": None}
    settings |= from_environment
    settings |= command.options
    return settings


def read_assignments(file: Path, variables: Mapping[str, str]) -> dict[str, str | None]:
    """The names that a Python file assigns at its top, with their values as text; None where a value cannot be worked out."""
    tree = parse_python(file)
    if tree is None:
        return {}
    values: dict[str, str | None] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    counted = "cpu_count" in ast.unparse(node.value)
                    values[target.id] = evaluated(node.value, variables, values) or ("cpu" if counted else None)
    return values


def toml_settings(file: Path) -> dict[str, str | None]:
    """The same of a TOML file, such as hypercorn's; of several addresses the first one."""
    try:
        content = tomllib.loads(read_text(file))
    except tomllib.TOMLDecodeError:
        return {"bind": None, "workers": None}
    return {name: str(value[0]) if isinstance(value, list) and value else str(value) for name, value in content.items()}


def evaluated(node: ast.expr, variables: Mapping[str, str], names: Mapping[str, str | None]) -> str | None:
    """The text of a simple expression: constants, f-strings, ``+``, ``int()``, and what is asked of the environment; None otherwise."""
    match node:
        case ast.Constant(value=bool(value)):
            return str(value)
        case ast.Constant(value=value):
            return None if value is None else str(value)
        case ast.Name(id=name):
            return names.get(name)
        case ast.List(elts=[one]) | ast.Tuple(elts=[one]):
            return evaluated(one, variables, names)
        case ast.JoinedStr(values=parts):
            texts = [evaluated(part.value if isinstance(part, ast.FormattedValue) else part, variables, names) for part in parts]
            return None if None in texts else "".join(text or "" for text in texts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            both = evaluated(left, variables, names), evaluated(right, variables, names)
            return None if None in both else f"{both[0]}{both[1]}"
        case ast.Call(func=ast.Name(id="int" | "str"), args=[inner]):
            return evaluated(inner, variables, names)
        case ast.Call(func=ast.Attribute(attr="get" | "getenv") | ast.Name(id="getenv"), args=[ast.Constant(value=str(name)), *rest]):
            return variables.get(name) or (evaluated(rest[0], variables, names) if rest else None)
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return variables.get(name)
        case ast.BoolOp(op=ast.Or(), values=choices):
            return next((text for choice in choices if (text := evaluated(choice, variables, names))), None)
    return None
