"""The blob host that takes a build's sources and gives its log, opened by shared access signatures."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import time
import uuid
from collections.abc import Mapping
from email.utils import formatdate
from pathlib import Path
from urllib.parse import urlencode

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.bodies import BodyRefused, read_body
from wizard.practice.kernel.fidelity import recorded
from wizard.practice.kernel.store import Document
from wizard.practice.storage.xml_errors import VERSION, common, refused

HOST = "acrtaskpractice001.blob.core.windows.net"
_LARGEST = 1 << 30  # bytes of one upload
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
KNOWN = {
    "PUT /{container}/{blob}": recorded("201 for a signed address"),
    "GET, HEAD /{container}/{blob}": recorded("200, 206, 404 BlobNotFound"),
}


def install(cloud: PracticeCloud) -> None:
    """Serve the blob host."""
    cloud.hosts.add(HOST, Blobs(cloud).handle)


class Blobs:
    """Blobs by path, ``CONTAINER/NAME``: content under home/blobs, and documents ``{"type", "etag", "created", "modified", "complete"}``.

    `complete` is None, or how the build of an append blob ended: ``successful``, ``failed``, ``canceled``.
    """

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._documents = cloud.store.collection("blobs")

    def signed_url(self, path: str, permissions: str, seconds: float) -> str:
        """A URL that opens one blob for `permissions` (``cw`` to upload, ``r`` to read) for that long."""
        expiry = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))
        signed = {"se": expiry, "sp": permissions, "sr": "b", "sv": VERSION, "sig": self._signature(path, expiry, permissions)}
        return f"https://{HOST}/{path}?{urlencode(signed)}"

    def file(self, path: str) -> Path | None:
        """Where the content of a blob lies, or None when it does not exist."""
        return self._file(path) if path in self._documents else None

    def start_log(self, path: str) -> None:
        """Make an empty append blob, in place of an earlier one."""
        self._write(path, b"", "AppendBlob")

    def append(self, path: str, text: str) -> None:
        """Add to an append blob."""
        with self._file(path).open("ab") as file:
            file.write(text.encode())
        self._touch(path)

    def finish_log(self, path: str, complete: str) -> None:
        """Mark an append blob as complete, which tells readers to stop (reference.md 1.6)."""
        self._documents[path]["complete"] = complete
        self._touch(path)

    def forget(self, container: str) -> None:
        """Delete every blob of a container."""
        for path in [path for path in self._documents if path.startswith(f"{container}/")]:
            del self._documents[path]
            self._file(path).unlink(missing_ok=True)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request that a signed address opens: an upload, or a download, also of a part."""
        path = request.path.lstrip("/")
        permission = {"PUT": "w", "GET": "r", "HEAD": "r"}.get(request.method)
        if permission is None:
            return refused(request, 405, "UnsupportedHttpVerb")
        if (detail := self._unsigned(path, request.query)) is not None:
            return refused(request, 403, "AuthenticationFailed", detail)
        if permission not in request.query["sp"]:
            return refused(request, 403, "AuthorizationPermissionMismatch")
        return await self._upload(request, path) if permission == "w" else self._download(request, path)

    async def _upload(self, request: web.Request, path: str) -> web.StreamResponse:
        if request.headers.get("x-ms-blob-type") != "BlockBlob":
            return refused(request, 400, "MissingRequiredHeader")
        try:
            content = await read_body(request, _LARGEST)
        except BodyRefused as refusal:
            return refused(request, refusal.status, "RequestBodyTooLarge" if refusal.status == 413 else "InvalidHeaderValue")
        self._write(path, content, "BlockBlob")
        blob = self._documents[path]
        digest = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
        headers = {"Content-MD5": digest, "ETag": blob["etag"], "Last-Modified": formatdate(blob["modified"], usegmt=True)}
        return web.Response(status=201, headers={**common(), **headers, "x-ms-request-server-encrypted": "true"})

    def _download(self, request: web.Request, path: str) -> web.StreamResponse:
        blob = self._documents.get(path)
        if blob is None:
            return refused(request, 404, "BlobNotFound")
        content = self._file(path).read_bytes()
        headers = {**common(), **_properties(blob), "Accept-Ranges": "bytes"}
        byte_range = _RANGE.fullmatch(request.headers.get("x-ms-range") or request.headers.get("Range") or "")
        if request.method == "HEAD":
            return web.Response(headers={**headers, "Content-Length": str(len(content))})
        if byte_range is None:
            return web.Response(body=content, headers=headers)
        start, end = int(byte_range[1]), min(int(byte_range[2] or len(content)), len(content) - 1)
        if start >= len(content):
            return refused(request, 416, "InvalidRange", headers={"Content-Range": f"bytes */{len(content)}"})
        headers["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
        return web.Response(status=206, body=content[start : end + 1], headers=headers)

    def _unsigned(self, path: str, query: Mapping[str, str]) -> str | None:
        """What is wrong with a request's signature, or None."""
        expiry, permissions, signature = query.get("se", ""), query.get("sp", ""), query.get("sig", "")
        if not hmac.compare_digest(signature, self._signature(path, expiry, permissions)):
            return "Signature did not match."
        if expiry < time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()):
            now = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
            return f"Signature not valid in the specified time frame: Expiry [{expiry}] - Current [{now}]"
        return None

    def _signature(self, path: str, expiry: str, permissions: str) -> str:
        keys = self._cloud.store.private
        if HOST not in keys:
            keys[HOST] = {"key": secrets.token_hex(32)}
        text = "\n".join((path, expiry, permissions))
        return base64.b64encode(hmac.digest(bytes.fromhex(keys[HOST]["key"]), text.encode(), "sha256")).decode()

    def _write(self, path: str, content: bytes, kind: str) -> None:
        file = self._file(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self._documents[path] = {"type": kind, "created": time.time(), "complete": None}
        self._touch(path)

    def _touch(self, path: str) -> None:
        blob = self._documents[path]
        blob["modified"] = time.time()
        blob["etag"] = f'"0x{uuid.uuid4().hex[:15].upper()}"'
        self._documents[path] = blob

    def _file(self, path: str) -> Path:
        """One flat folder, so that no path leads out of it."""
        return self._cloud.home / "blobs" / hashlib.sha256(path.encode()).hexdigest()


def _properties(blob: Document) -> dict[str, str]:
    headers = {
        "Content-Type": "text/plain" if blob["type"] == "AppendBlob" else "application/octet-stream",
        "ETag": blob["etag"],
        "Last-Modified": formatdate(blob["modified"], usegmt=True),
        "x-ms-blob-type": blob["type"],
        "x-ms-creation-time": formatdate(blob["created"], usegmt=True),
        "x-ms-lease-state": "available",
        "x-ms-lease-status": "unlocked",
        "x-ms-server-encrypted": "true",
    }
    return {**headers, "x-ms-meta-complete": blob["complete"]} if blob["complete"] else headers
