"""The variables that Flask's own configuration reads: ``app.config.from_prefixed_env()`` gives every key ``FLASK_<key>``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from wizard.source.python_source import keyword, name_of, text_of, top_statements
from wizard.source.settings.variable_use import VariableUse

RELEVANT = re.compile(
    rb"from_prefixed_env|\bconfig\s*\[|\bconfig\.(get|update|from_mapping|setdefault)\b|^[A-Z][A-Z0-9_]+\s*[:=]", re.MULTILINE
)
DEFAULTS = re.compile(
    r"DEBUG|TESTING|PROPAGATE_EXCEPTIONS|SECRET_KEY(_FALLBACKS)?|PERMANENT_SESSION_LIFETIME|USE_X_SENDFILE|TRUSTED_HOSTS|SERVER_NAME"
    r"|APPLICATION_ROOT|SESSION_\w+|SEND_FILE_MAX_AGE_DEFAULT|MAX_\w+|TRAP_\w+|EXPLAIN_TEMPLATE_LOADING|PREFERRED_URL_SCHEME"
    r"|TEMPLATES_AUTO_RELOAD|PROVIDE_AUTOMATIC_OPTIONS"
)
"""The keys that Flask gives a value to itself (Flask 3.1, Flask.default_config)."""
DATABASE = "SQLALCHEMY_DATABASE_URI"


@dataclass(frozen=True)
class FlaskKeys:
    """What one file says about the keys of ``app.config``.

    :param prefixes: those of the variables that fill it, such as ``FLASK``.
    :param read: each key with the line that reads it, and whether it must be there.
    :param defined: the keys that code gives a value to.
    """

    file: str = ""
    prefixes: tuple[str, ...] = ()
    read: tuple[tuple[str, int, bool], ...] = ()
    defined: frozenset[str] = field(default_factory=frozenset)


def flask_keys(tree: ast.Module, file: str) -> FlaskKeys:
    """The keys of one file."""
    prefixes: list[str] = []
    read: list[tuple[str, int, bool]] = []
    defined: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="from_prefixed_env")):
                given = node.args[0] if node.args else keyword(node, "prefix")
                prefixes.append(text_of(given) or "FLASK")
            case ast.Subscript(value=value, slice=ast.Constant(value=str(key)), ctx=ast.Load()) if name_of(value) == "config":
                read.append((key, node.lineno, True))
            case ast.Subscript(value=value, slice=ast.Constant(value=str(key)), ctx=ast.Store()) if name_of(value) == "config":
                defined.add(key)
            case ast.Call(func=ast.Attribute(attr="get", value=value), args=[ast.Constant(value=str(key)), *_]) if (
                name_of(value) == "config"
            ):
                read.append((key, node.lineno, False))
            case ast.Call(func=ast.Attribute(attr="from_mapping" | "update" | "setdefault", value=value)) if name_of(value) == "config":
                defined |= {word.arg for word in node.keywords if word.arg} | {text for arg in node.args if (text := text_of(arg))}
            case ast.ClassDef(body=body):
                defined |= _assigned(body)
            case ast.Dict(keys=keys):
                defined |= {text for key in keys if (text := text_of(key)) and text.isupper()}
    return FlaskKeys(file, tuple(prefixes), tuple(read), frozenset(defined | _assigned(list(top_statements(tree.body)))))


def flask_variables(files: Iterable[FlaskKeys], *, flask_sqlalchemy: bool) -> list[VariableUse]:
    """The variables of a project whose configuration is filled from its environment; none for one that does not do so.

    :param flask_sqlalchemy: it uses Flask-SQLAlchemy, which asks for the address of a database without being told.
    """
    known = list(files)
    defined = {key for keys in known for key in keys.defined}
    uses: list[VariableUse] = []
    for prefix, file in [(prefix, keys.file) for keys in known for prefix in keys.prefixes]:
        for keys in known:
            for key, line, must in keys.read:
                if key.isupper():
                    required = must and key not in defined and not DEFAULTS.fullmatch(key)
                    uses.append(VariableUse(f"{prefix}_{key}", None, required, f"{keys.file}:{line}", field=key))
        if flask_sqlalchemy and DATABASE not in defined:
            uses.append(VariableUse(f"{prefix}_{DATABASE}", None, True, f"{file}:1", at_import=True, field=DATABASE))
    return uses


def _assigned(body: list[ast.stmt]) -> set[str]:
    """The names in capitals that statements give a value to."""
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    targets += [node.target for node in body if isinstance(node, ast.AnnAssign) and node.value is not None]
    return {name for target in targets if (name := name_of(target)) and name.isupper()}
