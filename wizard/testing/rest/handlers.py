"""JetBrains' response handlers (``> {% … %}``), as far as they say something plain: a value kept, a part of the answer that must be so.

What is understood of their JavaScript is ``client.global.set("token", response.body.token)`` and
``client.assert(response.status === 201)``, also within ``client.test`` and by way of ``const token = response.body.token``; and that a part
is there: ``client.assert(response.body.token)``, ``….hasOwnProperty("token")``, ``response.body.token !== undefined``.
Facts: jetbrains.com/help/pycharm/http-response-handling-api-reference.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wizard.testing.rest.assertions import ALIASES, Assertion, Unreadable, javascript_subject

TEXT = r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`$]*`"
LITERAL = rf"{TEXT}|-?\d+(?:\.\d+)?|true|false|null|undefined"
PART = r"(?:response|jsonPath)[^=!<>;]*?"
END = r"\s*(?:,[^;]*?)?\)\s*(?:;|$|(?=\}))"
SET = re.compile(rf"client\.global\.set\(\s*(?P<name>{TEXT})\s*,\s*(?P<value>[^;\n]+?)\s*\)\s*(?:;|$)", re.MULTILINE)
ASSERT = re.compile(rf"client\.assert\(\s*(?P<left>{PART})\s*(?P<operator>===?|!==?|>=?|<=?)\s*(?P<right>{LITERAL}){END}", re.MULTILINE)
ASSERT_KEY = re.compile(
    rf"client\.assert\(\s*(?P<owner>response\.body[^=!<>;()]*?)\.hasOwnProperty\(\s*(?P<key>{TEXT})\s*\){END}", re.MULTILINE
)
ASSERT_PART = re.compile(rf"client\.assert\(\s*(?P<part>response\.[\w.\[\]?$'\"]+?){END}", re.MULTILINE)
NAMED = re.compile(rf"(?:^|(?<=[;{{]))\s*(?:const|let|var)\s+(?P<name>\w+)\s*=\s*(?P<part>{PART})\s*(?:;|$)", re.MULTILINE)
ASSIGNED = re.compile(r"(?:exports\.|(?P<shared>\$global\.))(?P<name>\w+)\s*=\s*(?P<value>[^;\n]+?)[ \t]*(?:;|$)", re.MULTILINE)
LOG = re.compile(r"(?:client\.log|console\.\w+)\([^;\n]*\)\s*;?")
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
    handler, rest = Handler(), _without_names(COMMENT.sub("", script))
    for match in SET.finditer(rest):
        try:
            handler.kept.append(KeptValue(_text(match["name"]), *_part(match["value"])))
        except Unreadable:
            handler.is_whole = False
    for pattern in (ASSERT, ASSERT_KEY, ASSERT_PART):
        for match in pattern.finditer(rest):
            try:
                handler.assertions.append(_assertion(match))
            except Unreadable:
                handler.is_whole = False
    for pattern in (SET, ASSERT, ASSERT_KEY, ASSERT_PART, LOG, TEST):
        rest = pattern.sub("", rest)
    handler.is_whole = handler.is_whole and REMAINS.fullmatch(rest) is not None
    return handler


def read_script(script: str) -> list[KeptValue] | None:
    """What a script of httpyac keeps of the answer (``exports.token = response.parsedBody.token``); None where it does anything else."""
    rest, kept = LOG.sub("", COMMENT.sub("", script)), []
    for match in ASSIGNED.finditer(rest):
        try:
            kept.append(KeptValue(f"{match['shared'] or ''}{match['name']}", *_part(match["value"])))
        except Unreadable:
            return None
    return kept if kept and not ASSIGNED.sub("", rest).strip() else None


def _without_names(script: str) -> str:
    """A script in which parts of the answer stand where the names stood that it gave them."""
    while (match := NAMED.search(script)) and _is_part(match["part"]):
        name, part = match["name"], match["part"]
        pieces = re.split(f"({TEXT})", script[match.end() :])
        pieces[::2] = [re.sub(rf"(?<![\w.]){name}\b", lambda _name, part=part: part, piece) for piece in pieces[::2]]
        script = f"{script[: match.start()]}\n{''.join(pieces)}"
    return script


def _is_part(expression: str) -> bool:
    try:
        return _part(expression)[0] != ""
    except Unreadable:
        return False


def _assertion(match: re.Match[str]) -> Assertion:
    """What one ``client.assert`` wants. Raises Unreadable."""
    text, groups = match[0].strip().rstrip(";"), match.groupdict()
    if "key" in groups:
        subject, what = _part(match["owner"])
        return Assertion(subject, f"{what}[{match['key']}]", "isDefined", "", text)
    if "part" in groups:
        return Assertion(*_part(match["part"]), "exists", "", text)
    operator, wanted = match["operator"], match["right"]
    if wanted == "undefined" or (wanted == "null" and operator in ("==", "!=")):
        kind = "isDefined" if operator.startswith("!") else "isUndefined"
        return Assertion(*_part(match["left"]), kind, "" if len(operator) == 3 else "null", text)
    return Assertion(*_part(match["left"]), ALIASES.get(operator, operator), _text(wanted), text)


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
