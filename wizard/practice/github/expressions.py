"""``${{ ... }}`` of workflows: contexts, literals, comparisons and a few functions (docs.github.com, "Evaluate expressions")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

HOLE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][\w-]*)|(?P<sign>\|\||&&|==|!=|[!().,\[\]]))"
)
Contexts = Mapping[str, Any]


class InvalidExpression(Exception):
    """Why an expression cannot be evaluated, in GitHub's words."""


def expand(text: str, contexts: Contexts) -> str:
    """A text with its holes filled. Raises InvalidExpression."""
    return HOLE.sub(lambda hole: as_text(evaluate(hole[1], contexts)), text)


def holds(condition: str, contexts: Contexts) -> bool:
    """Whether an ``if:`` holds; the braces around it may be left out. Raises InvalidExpression."""
    match = HOLE.fullmatch(condition.strip())
    return truth(evaluate(match[1] if match else condition, contexts))


def evaluate(expression: str, contexts: Contexts) -> Any:
    """The value of one expression. Raises InvalidExpression."""
    parser = _ExpressionParser(_tokens(expression), contexts, expression.strip())
    value = parser.either()
    if parser.left:
        raise InvalidExpression(f"Unexpected symbol: '{parser.left[0]}'. Located within expression: {expression.strip()}")
    return value


def as_text(value: Any) -> str:
    """A value as it stands in a text."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def truth(value: Any) -> bool:
    """What counts as true: neither false, null, 0 nor an empty text."""
    return value not in (None, False, 0, "")


def _tokens(expression: str) -> list[str]:
    tokens, at = [], 0
    while expression[at:].strip():
        match = TOKEN.match(expression, at)
        if match is None:
            raise InvalidExpression(f"Unexpected symbol: '{expression[at:].strip()[:20]}'. Located within expression: {expression.strip()}")
        tokens.append(match[0].strip())
        at = match.end()
    return tokens


class _ExpressionParser:
    """Recursive descent; `left` are the tokens not read yet."""

    def __init__(self, tokens: list[str], contexts: Contexts, expression: str) -> None:
        self.left = tokens
        self._contexts = contexts
        self._expression = expression

    def either(self) -> Any:
        value = self._both()
        while self._took("||"):
            other = self._both()
            value = value if truth(value) else other
        return value

    def _both(self) -> Any:
        value = self._equality()
        while self._took("&&"):
            other = self._equality()
            value = other if truth(value) else value
        return value

    def _equality(self) -> Any:
        value = self._single()
        while self.left and self.left[0] in ("==", "!="):
            sign, other = self.left.pop(0), self._single()
            same = as_text(value).lower() == as_text(other).lower()
            value = same if sign == "==" else not same
        return value

    def _single(self) -> Any:
        if self._took("!"):
            return not truth(self._single())
        if self._took("("):
            value = self.either()
            self._expect(")")
            return value
        if not self.left:
            raise InvalidExpression(f"Unexpected end of expression. Located within expression: {self._expression}")
        token = self.left.pop(0)
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if re.fullmatch(r"-?\d+(\.\d+)?", token):
            return float(token) if "." in token else int(token)
        if token in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[token]
        if self._took("("):
            return self._call(token)
        return self._named(token)

    def _call(self, name: str) -> Any:
        arguments: list[Any] = []
        while not self._took(")"):
            arguments.append(self.either())
            self._took(",")
        function = FUNCTIONS.get(name.lower())
        if function is None:
            raise InvalidExpression(f"Unrecognized function: '{name}'. Located within expression: {self._expression}")
        return function(arguments, self._contexts)

    def _named(self, name: str) -> Any:
        """``github.event.after`` and ``vars['NAME']``; what a context lacks is null."""
        if name not in self._contexts:
            raise InvalidExpression(f"Unrecognized named-value: '{name}'. Located within expression: {self._expression}")
        value = self._contexts[name]
        while self.left and self.left[0] in (".", "["):
            if self._took("."):
                key = self.left.pop(0) if self.left else ""
            else:
                self._expect("[")
                key = as_text(self.either())
                self._expect("]")
            value = _member(value, key)
        return value

    def _took(self, sign: str) -> bool:
        if self.left and self.left[0] == sign:
            self.left.pop(0)
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._took(sign):
            raise InvalidExpression(f"Expected '{sign}'. Located within expression: {self._expression}")


def _member(value: Any, key: str) -> Any:
    if not isinstance(value, Mapping):
        return None
    return next((inner for name, inner in value.items() if str(name).lower() == key.lower()), None)


FUNCTIONS: Mapping[str, Callable[[Sequence[Any], Contexts], Any]] = {
    "always": lambda _arguments, _contexts: True,
    "success": lambda _arguments, contexts: contexts["job"]["status"] == "success",
    "failure": lambda _arguments, contexts: contexts["job"]["status"] == "failure",
    "cancelled": lambda _arguments, _contexts: False,
    "contains": lambda arguments, _contexts: as_text(arguments[1]).lower() in as_text(arguments[0]).lower(),
    "startswith": lambda arguments, _contexts: as_text(arguments[0]).lower().startswith(as_text(arguments[1]).lower()),
    "endswith": lambda arguments, _contexts: as_text(arguments[0]).lower().endswith(as_text(arguments[1]).lower()),
}
STATUS = re.compile(r"\b(always|success|failure|cancelled)\s*\(")
"""Without one of these, a step's condition holds only while the job goes well."""
