"""JSON as Json.NET reads it, which is more than JSON: what Azure Resource Manager takes, and what ``az deployment`` sends.

``az`` puts a template into its request as it stands in its file: ``{"properties": {"mode": "Incremental", template:{ // ... }}}``
(azure-cli 2.91, JsonCTemplatePolicy). Taken are comments, names without quotation marks, text in single ones or over several lines, and
a comma after the last member.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

_TOKEN = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*") | '(?P<single>(?:[^'\\]|\\.)*)' | (?P<comment>//[^\n]* | /\*(?:.*?\*/|(?P<open>)))
      | (?P<name>[^\W\d][\w$]*) | (?P<space>\s+) | (?P<number>[-+.\w]+) | (?P<sign>[{}\[\]:,])""",
    re.VERBOSE | re.DOTALL,
)
_NAME = re.compile(r"[^\W\d][\w$]*")
_IN_SINGLE = re.compile(r"""\\.|["]""", re.DOTALL)


def relaxed(text: str) -> Any:
    """The value of a JSON text; NaN and Infinity are none. Raises ValueError, and RecursionError for one that is too deep."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except ValueError:
        return json.loads(_plain(text), strict=False, parse_constant=_no_number)


def _plain(text: str) -> str:
    """The same in JSON as it is written down in RFC 8259, but for line breaks within text."""
    tokens: list[str] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match["open"] is not None:
            raise ValueError(f"no token at character {position}")
        position = match.end()
        if match["space"] or match["comment"]:
            continue
        if match["sign"] in ("}", "]") and tokens and tokens[-1] == ",":
            tokens.pop()
        if match["sign"] == ":" and tokens and _NAME.fullmatch(tokens[-1]):
            tokens[-1] = f'"{tokens[-1]}"'
        tokens.append(match[0] if match["single"] is None else _in_double(match["single"]))
    return "".join(tokens)


def _in_double(single: str) -> str:
    """What stands in single quotation marks, in double ones."""
    quotes = {r"\'": "'", '"': r"\""}
    return f'"{_IN_SINGLE.sub(lambda each: quotes.get(each[0], each[0]), single)}"'


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)
