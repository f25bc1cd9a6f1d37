"""What a field of a schema lets through, and an example that keeps to it: pydantic, marshmallow, flask-restx and Django REST alike."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from wizard.source.api.modules import keyword, name_of, texts

LENGTHS = ({"min_length": 0, "min_items": 0}, {"max_length": 0, "max_items": 0})
NUMBERS = ({"ge": 0, "gt": 1, "min_value": 0, "min": 0}, {"le": 0, "lt": -1, "max_value": 0, "max": 0})
TEXT = "text"


@dataclass
class Limits:
    """The shortest and longest a value may be, the least and the most, and the only ones that are taken."""

    shortest: float | None = None
    longest: float | None = None
    least: float | None = None
    most: float | None = None
    choices: tuple[Any, ...] = ()

    def within(self, example: Any) -> Any:
        """An example as near as these let it be; a text of some form, such as an address, stays as it is."""
        if self.choices:
            return self.choices[0]
        if isinstance(example, bool) or example is None:
            return example
        if isinstance(example, int | float):
            example = example if self.least is None or example >= self.least else self.least
            return example if self.most is None or example <= self.most else self.most
        if isinstance(example, list) and example and self.shortest is not None and len(example) < self.shortest:
            return example * int(self.shortest)
        if example == TEXT:
            shortest, longest = int(self.shortest or 0), int(self.longest if self.longest is not None else len(TEXT))
            return (TEXT * (shortest // len(TEXT) + 1))[: max(shortest, min(len(TEXT), longest))]
        return example


def limits_of(node: ast.AST) -> Limits:
    """Those that a field's call and the validators in it name."""
    limits = Limits()
    for call in [part for part in ast.walk(node) if isinstance(part, ast.Call)]:
        is_length = name_of(call.func) == "Length"
        for words, low, high in ((LENGTHS, "shortest", "longest"), (NUMBERS, "least", "most")):
            names = ("shortest", "longest") if is_length else (low, high)
            _set(limits, names[0], call, words[0])
            _set(limits, names[1], call, words[1])
        if is_length and call.args:  # Length(1, 10)
            for name, argument in zip(("shortest", "longest"), call.args, strict=False):
                setattr(limits, name, number(argument))
        limits.choices = limits.choices or choices_of(call)
    return limits


def choices_of(call: ast.Call) -> tuple[Any, ...]:
    """The values of ``OneOf([…])``, ``enum=[…]`` and ``choices=[…]``, of which Django's are pairs."""
    listed = call.args[0] if name_of(call.func) == "OneOf" and call.args else keyword(call, "enum") or keyword(call, "choices")
    if not isinstance(listed, ast.List | ast.Tuple | ast.Set):
        return ()
    firsts = [item.elts[0] if isinstance(item, ast.Tuple) and item.elts else item for item in listed.elts]
    return tuple(texts(firsts)) or tuple(item.value for item in firsts if isinstance(item, ast.Constant))


def number(node: ast.expr | None) -> float | None:
    """The number that an expression is."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return -value
    return None


def _set(limits: Limits, name: str, call: ast.Call, words: dict[str, int]) -> None:
    for word, added in words.items():
        if (value := number(keyword(call, word))) is not None:
            setattr(limits, name, value + added)
