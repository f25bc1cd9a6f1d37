"""What stands around the reading of a variable: its default, and whether the code ends without it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from wizard.source.python_source import dotted, name_of, text_of

ENDS = ("exit", "_exit", "abort")
LARGEST = 10**9
CATCHING = ("KeyError", "LookupError", "Exception", "BaseException")
"""What an except clause names that catches a variable which is not there."""


def default_text(node: ast.expr | None) -> str | None:
    """A default as text; None for none, for ``None``, and for one that is worked out."""
    if isinstance(node, ast.Constant):
        return None if node.value is None else str(node.value)
    if isinstance(node, ast.List | ast.Tuple) and not node.elts:
        return ""
    if isinstance(node, ast.List | ast.Tuple) and all(text_of(elt) is not None for elt in node.elts):
        return ",".join(text_of(elt) or "" for elt in node.elts)
    if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        return ast.unparse(node)
    number = _number(node)
    return None if number is None else str(number)


def _number(node: ast.expr | None) -> int | None:
    """The value of ``60 * 24`` and its like."""
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return value
        case ast.BinOp(left=left, op=ast.Mult() | ast.Add() | ast.Sub() as operator, right=right):
            first, second = _number(left), _number(right)
            if first is None or second is None or max(abs(first), abs(second)) > LARGEST:
                return None
            return first * second if isinstance(operator, ast.Mult) else first + (second if isinstance(operator, ast.Add) else -second)
    return None


def worked_out_beginning(node: ast.expr | None) -> str:
    """What a default that is worked out begins with: ``sqlite:///`` for ``"sqlite:///" + os.path.join(...)``; "" for any other."""
    match node:
        case ast.BinOp(left=left):
            return worked_out_beginning(left)
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]) | ast.Constant(value=str(text)):
            return text
    return ""


def fallback_texts(node: ast.AST) -> dict[int, str]:
    """For ``os.environ.get("A") or "b"``: the id of each part before the last -> the text that counts without it."""
    return {key: default_text(last) or "" for key, last in fallbacks(node).items()}


def fallbacks(node: ast.AST) -> dict[int, ast.expr]:
    """The same with what stands there."""
    return {
        id(value): part.values[-1]
        for part in ast.walk(node)
        if isinstance(part, ast.BoolOp) and isinstance(part.op, ast.Or)
        for value in part.values[:-1]
    }


def ends(body: list[ast.stmt]) -> bool:
    """Whether a block ends the program: it raises, or leaves."""
    last = body[-1]
    return isinstance(last, ast.Raise) or (
        isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) and name_of(last.value.func) in ENDS
    )


def missing_names(test: ast.expr) -> Iterator[str]:
    """The names that a test finds missing: ``not KEY``, ``KEY is None``, ``not all([A, B])``."""
    for part in ast.walk(test):
        match part:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield from (name_of(node) for node in ast.walk(operand) if isinstance(node, ast.Name | ast.Attribute))
            case ast.Compare(left=left, ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=None | "")]):
                yield dotted(left).rpartition(".")[2]


def demanded_reads(node: ast.If | ast.Assert) -> Iterator[ast.AST]:
    """The calls and comparisons without which code ends: ``assert os.getenv("A")``, ``if not os.getenv("A"): raise``, ``"A" not in``."""
    if isinstance(node, ast.Assert):
        yield from (part for part in ast.walk(node.test) if isinstance(part, ast.Call | ast.Compare))
        return
    for part in ast.walk(node.test):
        match part:
            case ast.UnaryOp(op=ast.Not(), operand=tested):
                yield from (inner for inner in ast.walk(tested) if isinstance(inner, ast.Call | ast.Compare))
            case ast.Compare(left=tested, ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=None | "")]):
                yield from (inner for inner in ast.walk(tested) if isinstance(inner, ast.Call))
            case ast.Compare(ops=[ast.NotIn()]):
                yield part


def catches_missing(node: ast.Try) -> bool:
    """Whether a variable that is not there is caught, and the program goes on."""
    for handler in node.handlers:
        caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type] if handler.type is not None else []
        if (not caught or any(name_of(one) in CATCHING for one in caught)) and not ends(handler.body):
            return True
    return False
