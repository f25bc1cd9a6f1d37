"""What a Python program takes from its command line, as text: the options of argparse, click and typer, and parameters with a default."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from wizard.source.files.path_expressions import PathReader
from wizard.source.python_source import keyword, name_of, text_of


def program_arguments(reader: PathReader, words: Sequence[str], variables: Mapping[str, str]) -> dict[str, str]:
    """The name in the code -> what it is when the program is started with these words.

    :param words: those after the program's own name.
    """
    given = _given(words)
    arguments: dict[str, str] = {}
    for node in ast.walk(reader.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments |= _parameters(node, reader)
    for node in ast.walk(reader.tree):
        if isinstance(node, ast.Call) and name_of(node.func) in ("add_argument", "option", "Option", "define"):
            flags = [text for arg in node.args if (text := text_of(arg)) is not None]
            name = text_of(keyword(node, "dest")) or _name(flags)
            default = keyword(node, "default")
            from_environment = variables.get(text_of(keyword(node, "envvar")) or "")
            text = next((given[flag] for flag in flags if flag in given), None) or from_environment or reader.text(default)
            if name and text is not None:
                arguments[name] = text
    return arguments


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef, reader: PathReader) -> dict[str, str]:
    """The defaults of a function, those of typer's ``Option(8000, "--port")`` too."""
    names = [parameter.arg for parameter in function.args.args]
    pairs = [
        *zip(reversed(names), reversed(function.args.defaults), strict=False),
        *zip([parameter.arg for parameter in function.args.kwonlyargs], function.args.kw_defaults, strict=True),
    ]
    defaults = {}
    for name, default in pairs:
        value = default.args[0] if isinstance(default, ast.Call) and name_of(default.func) == "Option" and default.args else default
        text = reader.text(value)
        if text is not None:
            defaults[name] = text
    return defaults


def _given(words: Sequence[str]) -> dict[str, str]:
    given = {}
    for at, word in enumerate(words):
        name, equals, value = word.partition("=")
        if word.startswith("-"):
            given[name] = value if equals else next(iter(words[at + 1 :]), "")
    return given


def _name(flags: Sequence[str]) -> str:
    """What argparse and click call an option: by its first long flag."""
    plain = next((flag for flag in flags if not flag.startswith("-")), None)
    first = plain or next((flag for flag in flags if flag.startswith("--")), None) or next(iter(flags), "")
    return first.lstrip("-").partition("/")[0].replace("-", "_")
