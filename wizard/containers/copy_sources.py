"""Which files COPY and ADD name: paths of the build context, or Docker's wildcards, which are those of Go's filepath.Match."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from functools import cache


def clean(source: str) -> str:
    """A source as a path below the build context, ``.`` for all of it; it may still begin with ``..``."""
    return posixpath.normpath(source.lstrip("/") or ".")


def has_wildcards(source: str) -> bool:
    """Whether ``*``, ``?`` or ``[`` stand in it without a backslash before them."""
    return bool(re.search(r"[*?\[]", re.sub(r"\\.", "", source)))


def matching(source: str, paths: Iterable[str]) -> list[str]:
    """Those of the context's files and folders that a source with wildcards names: as many folders deep as itself, sorted."""
    whole = pattern(clean(source))
    return sorted(path for path in paths if whole.fullmatch(path))


@cache
def pattern(glob: str) -> re.Pattern[str]:
    """Go's filepath.Match: ``*`` and ``?`` stay within a name, ``[^a-c]`` excludes; what is malformed matches nothing."""
    parts: list[str] = []
    for sign in re.findall(r"\\.|\[\^?(?:\\.|[^\]\\])+\]|.", glob, re.DOTALL):
        if sign in ("*", "?"):
            parts.append("[^/]*" if sign == "*" else "[^/]")
        elif sign in ("[", "\\"):
            return re.compile(r"(?!)")
        elif sign[0] == "[" and len(sign) > 1:
            excludes = sign[1] == "^"
            parts.append(f"(?!/)[{'^' if excludes else ''}{_characters(sign[1 + excludes : -1])}]")
        else:
            parts.append(re.escape(sign.removeprefix("\\")))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error:  # a range from a later character to an earlier one
        return re.compile(r"(?!)")


def _characters(text: str) -> str:
    """What stands in brackets, for a regular expression: ranges stay, everything else is itself."""
    signs = re.findall(r"\\.|.", text, re.DOTALL)
    return "".join("-" if sign == "-" and 0 < place < len(signs) - 1 else re.escape(sign[-1]) for place, sign in enumerate(signs))
