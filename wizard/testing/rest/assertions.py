"""What a request's answer must be: lines such as ``?? status == 201``, ``?? body $.item == tea`` (httpyac's dialect)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

ALIASES = {"===": "==", "equals": "==", "not equals": "!=", "!==": "!=", "isTrue": "exists", "contains": "includes"}
UNDEFINED = ("isDefined", "isUndefined")
KINDS = ("isNumber", "isString", "isBoolean", "isArray", "isFalse", "isTrue", "exists")
HASHES = ("sha256", "sha512", "md5")
OPERATORS = (
    *("!==", "===", "==", "!=", ">=", "<=", ">", "<", "not equals", "equals"),
    *("includes", "contains", "startsWith", "endsWith", "matches", *KINDS, *HASHES),
)
LINE = re.compile(
    r"\s*\?\?\s*(?P<subject>status|header|body|duration|js)(?:\s+(?P<what>\S.*?))??\s+"
    rf"(?P<operator>{'|'.join(map(re.escape, OPERATORS))})\s*(?P<wanted>.*?)\s*",
    re.IGNORECASE,
)
JAVASCRIPT = re.compile(
    r"response\??\.(?:(?P<status>statusCode|status)|(?P<type>contentType\.mimeType)"
    r"|(?:parsedBody|body)(?P<body>(?:\??\.at\(-?\d+\)|\??\.[\w$]+(?!\()|\[[^\]]+\])*)"
    r"|headers(?:\.(?P<header>\w+)|\[[\"'](?P<quoted>[\w-]+)[\"']\]))"
)


NUMBER_OF = re.compile(r"(?:parseFloat|parseInt|Number)\(\s*(?P<inner>[^()]*(?:\(-?\d*\)[^()]*)*)\)")


class Unreadable(ValueError):
    """A line that asks for something that is not checked here."""


@dataclass(frozen=True)
class Assertion:
    """One of them.

    :param subject: ``status``, ``header``, ``body``, ``type`` (of the content, without its charset) or ``duration`` (milliseconds).
    :param what: the header's name, or a JSONPath into the body; "" for all of it.
    :param operator: one of `OPERATORS`, in the first of its spellings, or of `UNDEFINED`; with a `wanted` ``null`` that is undefined too.
    """

    subject: str
    what: str
    operator: str
    wanted: str
    text: str

    @property
    def status(self) -> int:
        """The one status that it wants, when it says so; otherwise 0."""
        return int(self.wanted) if self.subject == "status" and self.operator == "==" and self.wanted.isdigit() else 0

    def holds(self, value: str | None) -> bool:
        """Whether a value is as it wants it; None when the answer has none."""
        if self.operator == "exists":  # as httpyac has it: what JavaScript holds for true
            return value not in (None, "", "false", "0", "null")
        if self.operator == "isFalse":
            return value in (None, "", "false", "0", "null")
        if self.operator in UNDEFINED:
            return (value is None or value == self.wanted == "null") is (self.operator == "isUndefined")
        if value is None:
            return self.operator == "!="
        if self.operator in COMPARED:
            first, second = _number(value), _number(self.wanted)
            return first is not None and second is not None and COMPARED[self.operator](first, second)
        if self.operator in HASHES:
            return self.wanted in _digests(value, self.operator)
        return MATCHED[self.operator](value, self.wanted)


COMPARED: dict[str, Callable[[float, float], bool]] = {
    ">": lambda value, wanted: value > wanted,
    "<": lambda value, wanted: value < wanted,
    ">=": lambda value, wanted: value >= wanted,
    "<=": lambda value, wanted: value <= wanted,
}
MATCHED: dict[str, Callable[[str, str], bool]] = {
    "==": lambda value, wanted: value in (wanted, wanted.strip("\"'")),
    "!=": lambda value, wanted: value not in (wanted, wanted.strip("\"'")),
    "includes": lambda value, wanted: wanted in value,
    "startsWith": lambda value, wanted: value.startswith(wanted),
    "endsWith": lambda value, wanted: value.endswith(wanted),
    "matches": lambda value, wanted: re.search(wanted, value) is not None,
    "isNumber": lambda value, _wanted: _number(value) is not None,
    "isBoolean": lambda value, _wanted: value in ("true", "false"),
    "isArray": lambda value, _wanted: value.startswith("["),
    "isString": lambda value, _wanted: _number(value) is None and value not in ("true", "false", "null") and value[:1] not in ("[", "{"),
}


def read_assertion(line: str) -> Assertion:
    """One line. Raises Unreadable for what is not checked here, such as JavaScript that is more than a path into the answer."""
    match = LINE.fullmatch(line)
    if match is None:
        raise Unreadable(line)
    operator = next(name for name in OPERATORS if name.lower() == match["operator"].lower())
    operator = ALIASES.get(operator, operator)
    if operator == "matches":
        try:
            re.compile(match["wanted"])
        except re.error:
            raise Unreadable(line) from None
    subject, what = match["subject"].lower(), match["what"] or ""
    if subject == "js":
        subject, what = javascript_subject(what)
    return Assertion(subject, what, operator, match["wanted"], line.strip())


def javascript_subject(expression: str) -> tuple[str, str]:
    """Which part of an answer a path in JavaScript means (``response.parsedBody.user.id``): subject and what. Raises Unreadable."""
    number = NUMBER_OF.fullmatch(expression.strip())
    match = JAVASCRIPT.fullmatch(number["inner"].strip() if number else expression.strip())
    if match is None:
        raise Unreadable(expression)
    if match["status"]:
        return "status", ""
    if match["type"]:
        return "type", ""
    if match["body"] is not None:
        return "body", re.sub(r"\.at\((-?\d+)\)", r"[\1]", match["body"].replace("?.", ".")).lstrip(".")
    return "header", match["header"] or match["quoted"]


def _digests(value: str, name: str) -> tuple[str, str]:
    """A digest in base64, as httpyac compares it, and in hexadecimal figures."""
    digest = hashlib.new(name, value.encode(), usedforsecurity=False)
    return base64.b64encode(digest.digest()).decode(), digest.hexdigest()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
