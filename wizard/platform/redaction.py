"""Taking secret values out of texts that are shown or written."""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import quote

SHORTEST = 4  # characters; a shorter value stands in too much else


def hidden(text: str, secrets: Iterable[str]) -> str:
    """`text` with every secret value in it replaced by ``***``, unless it is shorter than `SHORTEST`."""
    for secret in sorted((secret for secret in secrets if len(secret) >= SHORTEST), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def as_written(values: Iterable[str]) -> list[str]:
    """Values as they are, as a part of an address, and as Python or JSON writes them."""
    forms = ((value, quote(value, safe=""), json.dumps(value)[1:-1], repr(value)[1:-1]) for value in values if value)
    return list(dict.fromkeys(form for value in forms for form in value))
