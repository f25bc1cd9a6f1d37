"""Examples for keys that a view reads without a schema: by what the source does with them, else by their names."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import Any

from wizard.source.api.inputs import RequestInputs
from wizard.source.api.limits import TEXT
from wizard.source.api.modules import Function, name_of, texts
from wizard.source.api.schemas import EXAMPLES

NUMBER_WORDS = ("id", "count", "quantity", "amount", "price", "number", "age", "year", "total", "size", "weight", "stock", "qty")

NAMED_TEXTS = (
    (frozenset({"email", "mail"}), EXAMPLES["email"]),
    (frozenset({"date", "birthday", "dob"}), EXAMPLES["date"]),
    (frozenset({"password", "passwd", "password1", "password2"}), "Example-passw0rd"),
    (frozenset({"url", "website", "homepage", "link"}), EXAMPLES["url"]),
    (frozenset({"phone", "mobile", "telephone"}), "+442071838750"),
)
"""Words in a key's name -> a text of the form that views want of such a key."""


def guess(functions: list[Function], key: str) -> Any:
    """An example for a key: what the source does with it, else what its name says."""
    holders = holders_of(functions, key)
    nodes = [node for function in functions for node in ast.walk(function)]
    if below := _keys_below(nodes, key, holders):
        return {name: guess(functions, name) for name in below}
    for node in nodes:
        if (example := _as_used(node, key, holders)) is not None:
            return example
    return 1 if _words(key)[-1] in NUMBER_WORDS else TEXT


def with_named_texts(inputs: RequestInputs) -> RequestInputs:
    """The same, with texts of which nothing is known but their keys' names as these names say: a view looks at the form of an address."""
    return replace(inputs, body=_named(inputs.body), form=_named(inputs.form), query=_named(inputs.query))


def _named(example: Any, key: str = "") -> Any:
    match example:
        case dict():
            return {name: _named(value, str(name)) for name, value in example.items()}
        case list():
            return [_named(value, key) for value in example]
        case "text":
            words = _words(key)
            return next((text for names, text in NAMED_TEXTS if names & set(words)), example)
    return example


def _words(key: str) -> list[str]:
    """The words of a name: ``dueDate``, ``due-date``, ``due_date``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower().replace("-", "_").split("_")


def _as_used(node: ast.AST, key: str, holders: set[str]) -> Any | None:
    """What one expression shows of a key: a number that it is made, a text it is compared with; None where it shows nothing."""
    match node:
        case ast.Call(func=ast.Name(id="int" | "float" | "round" | "Decimal"), args=[first, *_more]) if is_about(first, key, holders):
            return 1
        case ast.Call(func=ast.Name(id="bool"), args=[first]) if is_about(first, key, holders):
            return True
        case ast.Call(func=ast.Attribute(attr="fromisoformat", value=owner), args=[first]) if is_about(first, key, holders):
            return EXAMPLES["datetime" if name_of(owner) == "datetime" else "date"]
        case ast.Call(func=ast.Name(id="isinstance"), args=[first, kind]) if is_about(first, key, holders):
            return EXAMPLES.get(first_name(kind).lower(), ["text"] if first_name(kind) == "list" else "text")
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=name), *more]) if name == key:
            default = more[0].value if more and isinstance(more[0], ast.Constant) else None
            kind_word = next((word.value for word in node.keywords if word.arg == "type"), None)
            return default or EXAMPLES.get(name_of(kind_word).lower())
        case ast.Compare(left=left, comparators=[ast.Constant(value=int() | float() as limit)]) if is_about(left, key, holders):
            return True if isinstance(limit, bool) else 1 if limit < 1 else limit
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[ast.Constant(value=str(text))]) if is_about(
            left, key, holders
        ):
            return text
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[ast.List() | ast.Tuple() | ast.Set() as choices]) if (
            is_about(left, key, holders) and texts(choices.elts)
        ):
            return texts(choices.elts)[0]
        case ast.BinOp(left=left, op=ast.Mult() | ast.Sub() | ast.Div()) if is_about(left, key, holders):
            return 1
        case ast.For(iter=over) | ast.comprehension(iter=over) if is_about(over, key, holders):
            return ["text"]
    return None


def holders_of(functions: list[Function], key: str) -> set[str]:
    """The names that hold what is read under a key."""
    nodes = [node for function in functions for node in ast.walk(function)]
    names = {name_of(target) for node in nodes if isinstance(node, ast.Assign) and _reads(node.value, key) for target in node.targets}
    names |= {node.target.id for node in nodes if isinstance(node, ast.NamedExpr) and _reads(node.value, key)}
    return {name for name in names if name}


def _keys_below(nodes: list[ast.AST], key: str, holders: set[str]) -> tuple[str, ...]:
    """The keys that are read from what a key holds: ``body["address"]["city"]``."""
    keys: list[str] = []
    for node in nodes:
        match node:
            case ast.Subscript(value=owner, slice=ast.Constant(value=str(name))) if name != key and _is_held(owner, key, holders):
                keys.append(name)
            case ast.Call(func=ast.Attribute(value=owner, attr="get" | "pop"), args=[ast.Constant(value=str(name)), *_more]) if (
                name != key and _is_held(owner, key, holders)
            ):
                keys.append(name)
    return tuple(dict.fromkeys(keys))


def _is_held(node: ast.expr, key: str, holders: set[str]) -> bool:
    """Whether an expression is what stands under a key: read at once, or a variable that was set to it."""
    return _reads(node, key) or (isinstance(node, ast.Name) and node.id in holders)


def _reads(node: ast.expr, key: str) -> bool:
    """Whether an expression reads a key: ``body["key"]``, ``body.get("key")``."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=name)):
            return bool(name == key)
        case ast.Call(func=ast.Attribute(attr="get" | "pop"), args=[ast.Constant(value=name), *_more]):
            return bool(name == key)
        case ast.BoolOp(values=[first, *_more]):
            return _reads(first, key)
        case ast.Call(func=ast.Attribute(value=inner, attr="strip" | "lower")):
            return _reads(inner, key)
    return False


def is_about(node: ast.expr, key: str, holders: set[str]) -> bool:
    return _reads(node, key) or (isinstance(node, ast.Name) and node.id in {key, *holders})


def first_name(node: ast.expr) -> str:
    return name_of(node.elts[0]) if isinstance(node, ast.Tuple) and node.elts else name_of(node)
