"""Not asking faster than Azure allows: ARM's token buckets, learned from what its answers say is left.

ARM gives each subscription and account a bucket of requests for reads, one for writes and one for deletes, and fills them steadily (250
reads and 25 a second, 200 writes or deletes and 10 a second; learn.microsoft.com, "Understand how Azure Resource Manager throttles
requests"). Each answer says how many are left (``x-ms-ratelimit-remaining-subscription-reads`` and its like). One setup never comes near;
fifty at once would, and each refusal (429) costs more than the waiting that avoids it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import AsyncHTTPPolicy

from wizard.platform import log

REFILL = {"reads": 25.0, "writes": 10.0, "deletes": 10.0}  # a second
RESERVE = 30
"""So many are left for others who use the same account."""
LONGEST = 10.0  # seconds that one request waits; after that Azure itself may refuse it
_KINDS = {"GET": "reads", "HEAD": "reads", "DELETE": "deletes"}


class TokenBucket:
    """One kind of requests: how many may still be sent, as far as Azure has said."""

    def __init__(self, kind: str) -> None:
        self._header = f"x-ms-ratelimit-remaining-subscription-{kind}"
        self._refill = REFILL[kind]
        self._left: float | None = None
        self._at = 0.0

    def take(self, now: float) -> float:
        """Take one; the seconds to wait before it is sent."""
        if self._left is None:
            return 0.0
        self._left += (now - self._at) * self._refill - 1
        self._at = now
        return min(max(0.0, (RESERVE - self._left) / self._refill), LONGEST)

    def learn(self, headers: Mapping[str, str], now: float) -> None:
        """Take over what an answer says is left."""
        text = headers.get(self._header, "")
        if text.isdecimal():
            self._left, self._at = float(text), now


class ArmPace(AsyncHTTPPolicy[Any, Any]):
    """Holds a request back while its bucket is nearly empty."""

    def __init__(self) -> None:
        super().__init__()
        self._buckets = {kind: TokenBucket(kind) for kind in REFILL}

    async def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Send a request, after a pause where few are left in its bucket, and learn from the answer how many are."""
        bucket = self._buckets[_KINDS.get(request.http_request.method, "writes")]
        pause = bucket.take(time.monotonic())
        if pause > 0:
            log.wait("Azure's limit of requests", pause)
            await asyncio.sleep(pause)
        response: PipelineResponse[Any, Any] = await self.next.send(request)
        bucket.learn(response.http_response.headers, time.monotonic())
        return response
