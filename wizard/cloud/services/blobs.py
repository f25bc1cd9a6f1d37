"""Signed blob URLs, as a registry build uses them: its source goes up through one, its log comes down through another."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wizard.cloud.transport.retry_after import seconds

if TYPE_CHECKING:
    import aiohttp
    from azure.core.pipeline import AsyncPipeline

ATTEMPTS = 5
SILENCES = 2
ANSWER_SECONDS = 300  # a slow line may take as long for a whole piece
PAUSE = 0.5
PIECE = 4 << 20
VERSION = "2021-08-06"
OK, CREATED = 200, 201  # only the second is storage's own answer to Put Blob
RETRIED = {OK, 408, 429, 500, 502, 503, 504}


async def upload(session: aiohttp.ClientSession, url: str, file: Path) -> None:
    """PUT `file` as a block blob to a signed `url`, a piece at a time, without an Authorization header (reference.md 1.6).

    :raises HttpResponseError: when storage refuses it, such as an expired signature.
    :raises UnreadableAnswer: when something else than storage answers.
    :raises aiohttp.ClientError: when the connection fails five times.
    """
    import aiohttp

    from wizard.cloud.errors.unreadable_answer import UnreadableAnswer

    size = (await asyncio.to_thread(file.stat)).st_size
    headers = {"x-ms-blob-type": "BlockBlob", "Content-Type": "application/octet-stream", "Content-Length": str(size)}
    for attempt in range(1, ATTEMPTS + 1):
        pause = PAUSE * 2**attempt
        try:
            with file.open("rb") as content:
                async with session.put(
                    url, data=content, headers=headers, timeout=aiohttp.ClientTimeout(sock_connect=30, sock_read=ANSWER_SECONDS)
                ) as answer:
                    if answer.status == CREATED:
                        return
                    if answer.status == OK and attempt == ATTEMPTS:
                        raise UnreadableAnswer(answer.url.host or "", "a page in place of the answer")
                    if answer.status not in RETRIED or attempt == ATTEMPTS:
                        raise _refused(answer.status, answer.headers.get("x-ms-error-code", ""), await answer.text())
                    pause = seconds(answer.headers.get("Retry-After", "")) or pause
        except TimeoutError:
            if attempt == SILENCES:
                raise
        except aiohttp.ClientConnectionError:
            if attempt == ATTEMPTS:
                raise
        await asyncio.sleep(pause)


async def read_log(pipeline: AsyncPipeline[Any, Any], url: str, offset: int) -> tuple[bytes, bool]:
    """What an append blob holds from `offset` on, 4 MiB at most, and whether that is the last of it; nothing yet before it exists.

    It is complete when its metadata has the key ``complete`` (reference.md 1.6); the answer to a range past the end (416) carries no
    metadata, and does not say.
    """
    from azure.core.rest import HttpRequest

    span = f"bytes={offset}-{offset + PIECE - 1}"
    result = await pipeline.run(HttpRequest("GET", url, headers={"x-ms-version": VERSION, "Range": span}))
    response = result.http_response
    if response.status_code == 404:
        return b"", False
    complete = bool(response.headers.get("x-ms-meta-complete"))
    if response.status_code == 416:
        return b"", complete
    response.raise_for_status()
    content: bytes = response.content if response.status_code == 206 else response.content[offset:]
    size = response.headers.get("Content-Range", "").rpartition("/")[2]
    return content, complete and (not size.isdigit() or offset + len(content) >= int(size))


def _refused(status: int, code: str, text: str) -> Exception:
    from azure.core.exceptions import HttpResponseError

    error = HttpResponseError(message=f"{code or status}: {text[:500]}")
    error.status_code = status
    error.reason = code
    return error
