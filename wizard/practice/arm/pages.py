"""Lists in pages, as the client asks for them: as many entries as it wants, and the address of what follows (``nextLink``)."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from wizard.practice.kernel.errors import GATEWAY, AzureError
from wizard.practice.kernel.requests import ENDPOINT, Answer, Request
from wizard.practice.kernel.store import Document

_FROM = "$skiptoken"


def in_pages(request: Request, entries: Sequence[Document], size: str = "$top") -> Answer:
    """200 with the entries, or with a page of them and its ``nextLink``.

    :param size: the query's name for how many entries a page has; all of them without it.
    :raises AzureError: 400 for a number that is none.
    """
    wanted, begin = request.query.get(size, ""), request.query.get(_FROM, "")
    if wanted and not (wanted.isdecimal() and int(wanted[:9])):
        word = size.strip("$").capitalize()
        raise AzureError(400, f"Invalid{word}InQueryString", f"Invalid {size} '{wanted}' specified in the query string.", headers=GATEWAY)
    start = int(begin[:9]) if begin.isdecimal() else 0  # a token of another cloud's says nothing here
    end = start + int(wanted) if wanted else len(entries)
    page: Document = {"value": list(entries[start:end])}
    if end < len(entries):
        query = {**request.query, _FROM: str(end)}
        page["nextLink"] = f"{ENDPOINT}{request.path}?{urlencode(query, safe='$')}"
    return Answer(200, page)
