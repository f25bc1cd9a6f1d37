"""How long a server asks to wait, in whole seconds, whichever way it writes that (RFC 9110, 10.2.3)."""

from __future__ import annotations

import math
import time
from collections.abc import MutableMapping
from email.utils import mktime_tz, parsedate_tz

LONGEST = 24 * 3600  # seconds; a server that names more means something else
_HEADERS = ("Retry-After", "retry-after-ms", "x-ms-retry-after-ms")


def seconds(text: str) -> int | None:
    """Whole seconds for ``17``, ``0.3`` and an HTTP date (0 for one that is past); None for what is none of these."""
    text = text.strip()
    try:
        wait = float(text)
    except ValueError:
        date = parsedate_tz(text)
        if date is None:
            return None
        try:
            wait = mktime_tz(date) - time.time()
        except (OverflowError, ValueError):
            return None
    return min(max(0, math.ceil(wait)), LONGEST) if math.isfinite(wait) else None


def make_readable(headers: MutableMapping[str, str]) -> None:
    """Leave of the headers that ask to wait only what the SDKs can read, which turn every such value into a whole number."""
    for name in _HEADERS:
        text = headers.get(name)
        if text is None or text.isdecimal():
            continue
        wait = seconds(text)
        del headers[name]
        if wait is not None:
            headers[name] = str(wait)
