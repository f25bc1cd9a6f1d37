"""The head of a request: the lines that go on with its URL, what is a header, and where its body begins."""

from __future__ import annotations

import re
from collections.abc import Sequence

QUERY = re.compile(r"\s*[&?](?!\?)")
FOLDED_PATH = re.compile(r"\s+/(?!/)\S")
PARAMETER = re.compile(r"\s*(?:[\w.~$%\[\]-]|\{\{.*?\}\})+=.*")
HEADER = re.compile(r"\s*(?P<name>(?:[!#$%&'*+.^_`|~\w-]|\{\{.*?\}\})+)\s*(?::.*)?")
PSEUDO_HEADER = re.compile(r"\s*:[a-z]+:.*")
FOLDED = re.compile(r"[ \t]+(?![!#$%&'*+.^_`|~\w-]+\s*:)\S")
BODY_BEGIN = re.compile(r"\s*(?:[{\[]|<[A-Za-z?!])")


def url_end(lines: Sequence[str]) -> int:
    """Where the lines after the URL begin: ``?page=2``, ``&size=10``, an indented path, and ``size=10`` after ``&`` belong to it."""
    end = 1
    while end < len(lines):
        waits = lines[end - 1].rstrip().endswith(("?", "&"))
        if not (QUERY.match(lines[end]) or FOLDED_PATH.match(lines[end]) or (waits and PARAMETER.fullmatch(lines[end]))):
            break
        end += 1
    return end


def blank_after(lines: Sequence[str], start: int) -> int:
    """The first blank line from `start` on; all of them where there is none."""
    return next((at for at in range(start, len(lines)) if not lines[at].strip()), len(lines))


def wrong_header(lines: Sequence[str], start: int) -> int | None:
    """The first line between the URL and the blank line that is no header, if any."""
    for at in range(start, blank_after(lines, start)):
        is_folded = at > start and FOLDED.match(lines[at])
        if not is_folded and not HEADER.fullmatch(lines[at]) and not PSEUDO_HEADER.fullmatch(lines[at]):
            return at
    return None


def unseparated_body(lines: Sequence[str]) -> int | None:
    """Where a body of JSON or XML begins without the blank line that REST Client wants; httpyac sends it. None where all is in order."""
    wrong = wrong_header(lines, url_end(lines))
    return wrong if wrong is not None and BODY_BEGIN.match(lines[wrong]) else None
