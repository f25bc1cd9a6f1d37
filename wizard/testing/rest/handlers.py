"""JetBrains' response handlers (``> {% … %}``), as far as they say something plain: a value kept, a part of the answer that must be so.

What is understood of their JavaScript is ``client.global.set("token", response.body.token)`` and
``client.assert(response.status === 201)``, also within ``client.test``.
Facts: jetbrains.com/help/pycharm/http-response-handling-api-reference.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wizard.testing.rest.assertions import ALIASES, Assertion, Unreadable, javascript_subject

TEXT = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`$]*`"
LITERAL = rf"{TEXT}|-?\d+(?:\.\d+)?|true|false|null"
SET = re.compile(rf"client\.global\.set\(\s*(?P<name>{TEXT})\s*,\s*(?P<value>[^;\n]+?)\s*\)\s*(?:;|$)", re.MULTILINE)
ASSERT = re.compile(
    rf"client\.assert\(\s*(?P<left>(?:response|jsonPath)[^=!<>;]*?)\s*(?P<operator>===?|!==?|>=?|<=?)\s*(?P<right>{LITERAL})\s*(?:,[^;]*?)?\)\s*(?:;|$|(?=\}}))",
    re.MULTILINE,
)
LOG = re.compile(r"client\.log\([^;\n]*\)\s*;?")
TEST = re.compile(rf"client\.test\(\s*(?:{TEXT})\s*,\s*(?:function\s*\w*\s*\(\s*\)|\(\s*\)\s*=>)\s*\{{")
COMMENT = re.compile(r"/\*.*?\*/|(?m:^\s*//.*$)", re.DOTALL)
REMAINS = re.compile(r"[\s;(){}]*")
VALUE_OF = re.compile(rf"response\.headers\.valueOf\(\s*({TEXT})\s*\)")
JSON_PATH = re.compile(rf"jsonPath\(\s*response\.body\s*,\s*({TEXT})\s*\)")


@dataclass(frozen=True)
class KeptValue:
    """A value that later requests ask for by name: a part of the answer, or a text as it stands.

    :param subject: ``status``, ``header`` or ``body``; "" for a text.
    :param what: the header's name, the path into the body, or the text.
    """

    name: str
    subject: str
    what: str


@dataclass
class Handler:
    """What one handler does. `is_whole`: whether all of it is understood."""

    kept: list[KeptValue] = field(default_factory=list)
    assertions: list[Assertion] = field(default_factory=list)
    is_whole: bool = True


def read_handler(script: str) -> Handler:
    """The handler between ``{%`` and ``%}``."""
    handler, rest = Handler(), COMMENT.sub("", script)
    for match in SET.finditer(rest):
        try:
            handler.kept.append(KeptValue(_text(match["name"]), *_part(match["value"])))
        except Unreadable:
            handler.is_whole = False
    for match in ASSERT.finditer(rest):
        operator = ALIASES.get(match["operator"], match["operator"])
        try:
            handler.assertions.append(Assertion(*_part(match["left"]), operator, _text(match["right"]), match[0].strip().rstrip(";")))
        except Unreadable:
            handler.is_whole = False
    for pattern in (SET, ASSERT, LOG, TEST):
        rest = pattern.sub("", rest)
    handler.is_whole = handler.is_whole and REMAINS.fullmatch(rest) is not None
    return handler


def _part(expression: str) -> tuple[str, str]:
    """Subject and what of a part of the answer; ("", text) for a literal. Raises Unreadable."""
    if re.fullmatch(LITERAL, expression):
        return "", _text(expression)
    if match := VALUE_OF.fullmatch(expression):
        return "header", _text(match[1])
    if match := JSON_PATH.fullmatch(expression):
        return "body", _text(match[1])
    return javascript_subject(expression)


def _text(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1]) if literal[0] in "\"'`" else literal
