"""The SDKs' transport, which takes an answer only when it is whole and from Azure.

What stands in between (a proxy, a guest network's sign-in, a failing gateway) may cut an answer off or put a page of its own in its
place. The SDKs would parse that as Azure's word and fail in ways of their own; here it is a lost answer, and the retries see it. So it is
with a Retry-After that is no whole number, which is read or dropped here.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from azure.core.exceptions import IncompleteReadError
from azure.core.pipeline.transport import AioHttpTransport

from wizard.cloud.errors.unreadable_answer import UnreadableAnswer
from wizard.cloud.transport.retry_after import make_readable

NEVER_A_PAGE = (200, 201, 202, 502, 503, 504)  # Azure explains other refusals with a page now and then; these come from gateways
VAULT, CHALLENGE = ".vault.", re.compile(r"\b(resource|scope)=")
"""A vault says in its challenge for which resource it wants a token; its SDK raises a bare ValueError for one that does not."""
AZURES_MARK = ("x-ms-request-id", "x-ms-correlation-request-id", "request-id", "x-vss-e2eid")
"""One of these is on every answer of Azure's services, an empty one too (recorded)."""


class WholeAnswers(AioHttpTransport):  # type: ignore[misc]  # azure.core loads it lazily, without its type
    """Reads every answer to its end at once, also where an SDK would read it later, outside of its retries.

    :raises UnreadableAnswer: for one that is cut off, empty without Azure's mark, a page, or JSON that cannot be parsed.
    """

    async def send(self, request: Any, *, stream: bool = False, **options: Any) -> Any:
        """Send a request and read its answer to the end; raises where the connection broke in the middle, or where it is not Azure's."""
        host = urlsplit(request.url).netloc
        try:
            response = await super().send(request, stream=False, **options)
        except IncompleteReadError as error:
            raise UnreadableAnswer(host, "the answer broke off") from error
        make_readable(response.headers)
        if why := _unreadable(request.method, host, response):
            raise UnreadableAnswer(host, why)
        if stream and not response.body():
            response.read = _nothing  # an SDK that asked for a stream reads it, and an empty one could not be read twice
        return response


async def _nothing() -> bytes:
    return b""


def _unreadable(method: str, host: str, response: Any) -> str:
    """Why an answer cannot be Azure's; "" for one that can."""
    kind, body = (response.headers.get("Content-Type") or "").lower(), response.body()
    if response.status_code in NEVER_A_PAGE and "text/html" in kind:
        return "a page in place of the answer"
    if response.status_code == 401 and VAULT in host and not CHALLENGE.search(response.headers.get("WWW-Authenticate") or ""):
        return "a demand to sign in that is no key vault's"
    if response.status_code == 200 and not body and not any(mark in response.headers for mark in AZURES_MARK):
        return "an empty answer"
    if body and method != "HEAD" and "json" in kind:
        try:
            json.loads(body)
        except ValueError:
            return "JSON that cannot be parsed"
    return ""
