"""What gunicorn is told to do, from its file, its environment and its command line; nothing of it is run."""

from __future__ import annotations

import ast
import posixpath
import re
import shlex
import tomllib
from collections.abc import Callable, Mapping
from operator import add, mul, sub
from pathlib import Path

from wizard.source.files.container_files import ContainerFiles
from wizard.source.python_source import dotted, parse_python
from wizard.source.starting.command_words import read_options
from wizard.source.starting.start_command import StartCommand
from wizard.source.text_file import read_text

ARITHMETIC: dict[type[ast.operator], Callable[[int, int], int]] = {ast.Add: add, ast.Sub: sub, ast.Mult: mul}
GUNICORN_FILE = "gunicorn.conf.py"


def gunicorn_settings(command: StartCommand, files: ContainerFiles, workdir: str, variables: Mapping[str, str]) -> dict[str, str | None]:
    """What gunicorn is told, from least to most: its file, GUNICORN_CMD_ARGS, its command line. None is what cannot be known here."""
    settings: dict[str, str | None] = {}
    from_environment, _plain = read_options(shlex.split(variables.get("GUNICORN_CMD_ARGS", "")), "gunicorn")
    if "WEB_CONCURRENCY" in variables:
        settings["workers"] = variables["WEB_CONCURRENCY"]
    named = command.options.get("config") or from_environment.get("config") or GUNICORN_FILE
    name = f"{named[7:].replace('.', '/')}.py" if named.startswith("python:") else named.removeprefix("file:")
    places = [posixpath.join(workdir, command.options.get("chdir", ""), name), posixpath.join(workdir, name)]
    file = next((file for place in places if (file := files.find(posixpath.normpath(place))) is not None), None)
    if file is not None and file.is_file():
        settings |= read_assignments(file, variables)
    elif named != GUNICORN_FILE:
        settings |= {"bind": None, "workers": None}
    settings |= from_environment
    settings |= command.options
    return settings


def read_assignments(file: Path, variables: Mapping[str, str]) -> dict[str, str | None]:
    """The names that a Python file assigns at its top, with their values as text; None where a value cannot be worked out.

    Of the branches of an ``if`` the one counts that its test chooses, where that asks for variables which are known here or not set.
    """
    tree = parse_python(file)
    values: dict[str, str | None] = {}
    if tree is not None:
        _assign(tree.body, variables, values)
    return values


def _assign(body: list[ast.stmt], variables: Mapping[str, str], values: dict[str, str | None]) -> None:
    for node in body:
        match node:
            case ast.Assign(targets=targets, value=value):
                counted = "cpu_count" in ast.unparse(value)
                for target in targets:
                    if isinstance(target, ast.Name):
                        values[target.id] = evaluated(value, variables, values) or ("cpu" if counted else None)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                values[name] = evaluated(value, variables, values)
            case ast.If(test=test, body=then, orelse=orelse):
                chosen = is_true(test, variables, values)
                if chosen is not None:
                    _assign(then if chosen else orelse, variables, values)
                    continue
                branches = [dict(values), dict(values)]
                for branch, statements in zip(branches, (then, orelse), strict=True):
                    _assign(statements, variables, branch)
                for name in {*branches[0], *branches[1]}:
                    first, second = (branch.get(name) for branch in branches)
                    values[name] = first if first == second else None
            case ast.Try(body=inner):
                _assign(inner, variables, values)


def is_true(test: ast.expr, variables: Mapping[str, str], names: Mapping[str, str | None]) -> bool | None:
    """What a test comes to; None where that is not known. A variable that nothing sets is not set in the container."""
    match test:
        case ast.Constant(value=value):
            return bool(value)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = is_true(operand, variables, names)
            return None if inner is None else not inner
        case ast.Compare(left=ast.Constant(value=str(name)), ops=[kind], comparators=[ast.Attribute(attr="environ")]):
            return (name in variables) is isinstance(kind, ast.In)
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq() as kind], comparators=[ast.Constant(value=str(wanted))]) if _asks(left):
            return ((evaluated(left, variables, names) or "") == wanted) is isinstance(kind, ast.Eq)
        case ast.Call() if _asks(test):
            return bool(evaluated(test, variables, names))
        case ast.Name(id=name) if name in names:
            return None if names[name] is None else bool(names[name])
    return None


def _asks(node: ast.expr) -> bool:
    """Whether an expression asks the environment for a variable."""
    return isinstance(node, ast.Call) and dotted(node.func) in ("os.getenv", "os.environ.get", "environ.get", "getenv")


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
        case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC and (_is_number(left) or _is_number(right)):
            numbers = evaluated(left, variables, names), evaluated(right, variables, names)
            return str(ARITHMETIC[type(op)](*map(int, filter(None, numbers)))) if all(text and text.isdigit() for text in numbers) else None
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            both = evaluated(left, variables, names), evaluated(right, variables, names)
            return None if None in both else f"{both[0]}{both[1]}"
        case ast.BinOp(left=left, op=ast.Mod(), right=right):
            parts = right.elts if isinstance(right, ast.Tuple) else [right]
            return _formatted(evaluated(left, variables, names), [evaluated(part, variables, names) for part in parts])
        case ast.Call(func=ast.Attribute(attr="format", value=pattern), args=parts, keywords=[]):
            texts = [evaluated(part, variables, names) for part in parts]
            text = evaluated(pattern, variables, names)
            return None if text is None or None in texts or re.search(r"\{[^}\d]", text) else text.format(*texts)
        case ast.IfExp(test=test, body=then, orelse=orelse):
            chosen = is_true(test, variables, names)
            return None if chosen is None else evaluated(then if chosen else orelse, variables, names)
        case ast.Call(func=ast.Name(id="int" | "str"), args=[inner]):
            return evaluated(inner, variables, names)
        case ast.Call(func=ast.Attribute(attr="get" | "getenv") | ast.Name(id="getenv"), args=[ast.Constant(value=str(name)), *rest]):
            return variables.get(name) or (evaluated(rest[0], variables, names) if rest else None)
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return variables.get(name)
        case ast.BoolOp(op=ast.Or(), values=choices):
            return next((text for choice in choices if (text := evaluated(choice, variables, names))), None)
    return None


def _is_number(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=int()) | ast.Call(func=ast.Name(id="int")):
            return True
        case ast.BinOp(left=left, right=right):
            return _is_number(left) or _is_number(right)
    return False


def _formatted(pattern: str | None, values: list[str | None]) -> str | None:
    if pattern is None or None in values:
        return None
    try:
        return re.sub(r"%[di]", "%s", pattern) % tuple(values)
    except (TypeError, ValueError):
        return None
