"""Request bodies, read after whoever sends them is known, and never further than the reader allows."""

from __future__ import annotations

import urllib.parse
import zlib

from aiohttp import web
from multidict import MultiDict

_BODY = web.RequestKey("body", bytes)
_WINDOW = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_PIECE = 1 << 16
MOST_FIELDS = 100


class BodyRefused(Exception):
    """A body that is too large (413) or compressed in a way that is not understood (415) or broken (400)."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


async def read_body(request: web.Request, limit: int) -> bytes:
    """The body, unpacked where it is compressed; it is read once and kept for the recorder.

    :param limit: bytes, of what is sent and of what it unpacks to; not one more is read or unpacked.
    :raises BodyRefused: see there.
    """
    if _BODY not in request:
        request[_BODY] = await _read(request, limit)
    body: bytes = request[_BODY]
    return body


def body_read(request: web.Request) -> bytes:
    """What was read of the body: nothing where it was refused unread."""
    body: bytes = request.get(_BODY, b"")
    return body


async def read_form(request: web.Request, limit: int) -> MultiDict[str]:
    """The fields of an ``application/x-www-form-urlencoded`` body. Raises BodyRefused."""
    text = (await read_body(request, limit)).decode("utf-8", "replace")
    try:
        return MultiDict(urllib.parse.parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise BodyRefused(413, f"The form has more than {MOST_FIELDS} fields.") from None


async def _read(request: web.Request, limit: int) -> bytes:
    if (request.content_length or 0) > limit:
        raise _too_large(limit)
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding != "identity" and encoding not in _WINDOW:
        raise BodyRefused(415, f"The content encoding '{encoding}' is not supported.")
    unpack = zlib.decompressobj(_WINDOW[encoding]) if encoding in _WINDOW else None
    content, received = bytearray(), 0
    async for piece in request.content.iter_chunked(_PIECE):
        received += len(piece)
        if received > limit:
            raise _too_large(limit)
        content += piece if unpack is None else _unpacked(unpack, piece, limit - len(content))
        if len(content) > limit:
            raise _too_large(limit)
    if unpack is not None and received and not unpack.eof:
        raise BodyRefused(400, "The compressed request content ends too early.")
    return bytes(content)


def _unpacked(unpack: zlib._Decompress, piece: bytes, room: int) -> bytes:
    """What one piece unpacks to, at most one byte more than there is room for."""
    try:
        return unpack.decompress(piece, room + 1)
    except zlib.error:
        raise BodyRefused(400, "The compressed request content is broken.") from None


def _too_large(limit: int) -> BodyRefused:
    return BodyRefused(413, f"The request content size exceeds the maximum size of {max(1, limit >> 20)} MB.")
