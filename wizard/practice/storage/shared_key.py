"""Whether a request to a storage account is signed with one of its keys ("Authorize with Shared Key", version 2015-02-21 and later)."""

from __future__ import annotations

import base64
import binascii
import hmac
import time
from calendar import timegm
from collections.abc import Iterable
from email.utils import formatdate, parsedate

from aiohttp import web

_SIGNED_HEADERS = (
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-MD5",
    "Content-Type",
    "Date",
    "If-Modified-Since",
    "If-Match",
    "If-None-Match",
    "If-Unmodified-Since",
    "Range",
)
_GOOD_FOR = 15 * 60  # seconds that a signed request stays good


def problem(request: web.Request, account: str, keys: Iterable[str]) -> str | None:
    """What is wrong with the Authorization header, in Azure's words; None when one of `keys` signed this very request."""
    scheme, _space, rest = request.headers.get("Authorization", "").partition(" ")
    name, _colon, signature = rest.partition(":")
    if scheme != "SharedKey":
        return f"Authentication scheme {scheme} is not supported."
    if name != account:
        return f"The account name '{name}' in the Authorization header is not that of the request."
    date = request.headers.get("x-ms-date") or request.headers.get("Date", "")
    parsed = parsedate(date)
    if parsed is None or abs(time.time() - timegm(parsed)) > _GOOD_FOR:
        return f"Request date header too old: '{date}'; now it is '{formatdate(usegmt=True)}'"
    text = string_to_sign(request, account)
    if not signature.isascii() or not any(hmac.compare_digest(signature, _signature(key, text)) for key in keys):
        return f"The MAC signature found in the HTTP request '{signature}' is not the same as any computed signature. " + (
            f"Server used following string to sign: '{text}'."
        )
    return None


def string_to_sign(request: web.Request, account: str) -> str:
    """What of a request is signed: its method, standard headers, every ``x-ms-`` header, its path and its query."""
    values = [request.headers.get(name, "") for name in _SIGNED_HEADERS]
    if values[2] == "0":
        values[2] = ""
    own = {name.lower(): " ".join(value.split()) for name, value in request.headers.items() if name.lower().startswith("x-ms-")}
    lines = [request.method, *values, *(f"{name}:{own[name]}" for name in sorted(own))]
    query: dict[str, list[str]] = {}
    for name, value in request.query.items():
        query.setdefault(name.lower(), []).append(value)
    resource = f"/{account}{request.rel_url.raw_path}"
    return "\n".join([*lines, resource, *(f"{name}:{','.join(sorted(query[name]))}" for name in sorted(query))])


def _signature(key: str, text: str) -> str:
    try:
        return base64.b64encode(hmac.digest(base64.b64decode(key), text.encode(), "sha256")).decode()
    except binascii.Error:
        return ""
