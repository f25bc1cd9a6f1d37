"""What REST Client makes up itself: ``{{$guid}}``, ``{{$timestamp -3 h}}``, ``{{$datetime "DD-MM-YYYY" 1 y}}``, ``{{$randomInt 1 10}}``.

Facts: systemVariableProvider.ts of REST Client 0.26; ``$uuid``, ``$isoTimestamp`` and ``$random.…`` are JetBrains'.
"""

from __future__ import annotations

import random
import re
import string
import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from wizard.testing.rest.dayjs_format import moved, written

OFFSET = r"(?:\s(?P<amount>-?\d+)\s(?P<unit>y|Q|M|w|d|h|ms|m|s))?"
TIMESTAMP = re.compile(rf"\$timestamp{OFFSET}")
DATETIME = re.compile(rf"\$(?P<local>datetime|localDatetime)\s(?P<format>rfc1123|iso8601|'.+'|\".+\"){OFFSET}")
RANDOM_INT = re.compile(r"\$randomInt(?:\s(?P<low>-?\d+)\s(?P<high>-?\d+))?")  # JetBrains' has no limits: 0 to 1000
JETBRAINS_INT = re.compile(r"\$random\.integer\((?:(?P<low>-?\d+)\s*,\s*(?P<high>-?\d+))?\)")
JETBRAINS_FLOAT = re.compile(r"\$random\.float\((?:(?P<low>-?[\d.]+)\s*,\s*(?P<high>-?[\d.]+))?\)")
JETBRAINS_TEXT = re.compile(r"\$random\.(?P<kind>alphabetic|alphanumeric|hexadecimal)\((?P<length>\d{1,4})\)")
LETTERS = {"alphabetic": string.ascii_letters, "alphanumeric": string.ascii_letters + string.digits, "hexadecimal": "0123456789abcdef"}
HELD_ELSEWHERE = ("$processEnv", "$dotenv", "$shared")
SIGN_INS = ("$aadToken", "$aadV2Token", "$oidcAccessToken")


class NotUnderstood(ValueError):
    """A word with ``$`` that is none of these, or not in the form that REST Client takes."""


def system_variable(words: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> str:
    """The value of what stands between the braces, made anew each time. Raises NotUnderstood.

    :param now: gives the present moment in UTC.
    """
    if words in ("$guid", "$uuid", "$random.uuid"):
        return str(uuid.uuid4())
    if words == "$isoTimestamp":
        return _iso(now())
    if words == "$random.email":
        return f"{_letters('alphabetic', 8).lower()}@example.com"
    if match := TIMESTAMP.fullmatch(words):
        return str(int(_moved(now(), match).timestamp()))
    if match := DATETIME.fullmatch(words):
        moment = now().astimezone() if match["local"] == "localDatetime" else now()
        return _formatted(_moved(moment, match), match["format"], is_local=match["local"] == "localDatetime")
    if match := RANDOM_INT.fullmatch(words) or JETBRAINS_INT.fullmatch(words):
        low, high = int(match["low"] or 0), int(match["high"] or 1000)
        if low < high:
            return str(random.randrange(low, high))  # noqa: S311 (a number to try with)
    if match := JETBRAINS_FLOAT.fullmatch(words):
        return str(random.uniform(float(match["low"] or 0), float(match["high"] or 1000)))  # noqa: S311
    if match := JETBRAINS_TEXT.fullmatch(words):
        return _letters(match["kind"], int(match["length"]))
    raise NotUnderstood(words)


def _moved(moment: datetime, match: re.Match[str]) -> datetime:
    try:
        return moved(moment, int(match["amount"]), match["unit"]) if match["amount"] else moment
    except (OverflowError, ValueError):
        raise NotUnderstood(match[0]) from None


def _formatted(moment: datetime, pattern: str, *, is_local: bool) -> str:
    match pattern, is_local:
        case "rfc1123", False:
            return written(moment, "ddd, DD MMM YYYY HH:mm:ss [GMT]")
        case "rfc1123", True:
            return written(moment, "ddd, DD MMM YYYY HH:mm:ss ZZ")
        case "iso8601", False:
            return _iso(moment)
        case "iso8601", True:
            return written(moment, "YYYY-MM-DDTHH:mm:ssZ")
    return written(moment, pattern[1:-1])


def _iso(moment: datetime) -> str:
    """As JavaScript's ``toISOString``: milliseconds, and Z."""
    return written(moment, "YYYY-MM-DDTHH:mm:ss.SSS[Z]")


def _letters(kind: str, length: int) -> str:
    return "".join(random.choice(LETTERS[kind]) for _index in range(length))  # noqa: S311
