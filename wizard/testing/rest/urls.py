"""URLs as REST Client sends them: what is no URL character is encoded, what is encoded already stays, and the host is left to the caller.

Facts: encodeurl 1.0.2 and WHATWG's URL, by which the extension's HTTP client (got 11) reads what encodeurl made.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

NOT_IN_A_URL = re.compile(r"(?:[^\x21\x23-\x3B\x3D\x3F-\x5B\x5D\x5F\x61-\x7A\x7E]|%(?![0-9A-Fa-f]{2}))+")
WITH_HOST = re.compile(
    r"(?:(?P<scheme>[a-z][a-z0-9+.-]*):)?(?://)?(?:(?P<user>[^/?#@]*)@)?(?P<host>[^/?#]*)(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)
URI_KEPT = "!'()*~"  # what JavaScript's encodeURIComponent leaves, beside letters, digits, - _ .
KEPT = "!#$&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~[]"


def encoded(text: str) -> str:
    """`text` with every character that may not stand in a URL percent-encoded; ``%20`` stays ``%20``, ``%z`` becomes ``%25z``."""
    return NOT_IN_A_URL.sub(lambda match: quote(match[0], safe=KEPT), text)


def target_of(url: str) -> str:
    """Path and query as they are sent, whatever host the URL names; its fragment is not sent."""
    rest = url if url.startswith("/") else (WITH_HOST.fullmatch(url) or [""] * 5)[4]
    path, question, query = encoded(rest).partition("#")[0].partition("?")
    return _without_dots(path) + question + query.replace("'", "%27")


def sign_in_of(url: str) -> str:
    """``user:password`` where the URL carries it before its host; otherwise ""."""
    match = None if url.startswith("/") else WITH_HOST.fullmatch(url)
    return unquote(match["user"] or "") if match else ""


def _without_dots(path: str) -> str:
    """A path without ``.`` and ``..`` in it."""
    segments: list[str] = []
    parts = path.removeprefix("/").split("/")
    for at, part in enumerate(parts):
        plain, is_last = part.lower().replace("%2e", "."), at == len(parts) - 1
        if plain == "..":
            del segments[-1:]
        elif plain != ".":
            segments.append(part)
        if plain in (".", "..") and is_last:
            segments.append("")
    return "/" + "/".join(segments)
