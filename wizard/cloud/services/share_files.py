"""Small files on an Azure file share, over its REST interface: whoever holds the account's key signs each request with it."""

from __future__ import annotations

import base64
import hmac
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit
from xml.etree.ElementTree import fromstring

if TYPE_CHECKING:
    from azure.core.pipeline import AsyncPipeline

    from wizard.platform.secret import Secret

VERSION = "2022-11-02"
NO_QUERY: Mapping[str, str] = {}
KIND = "application/octet-stream"
PLAIN = "!$&'()*+,;=:@"  # of a path, and sent as they are: what is signed is what is sent


@dataclass(frozen=True)
class ShareEntry:
    """A file or a folder; `size` in bytes."""

    name: str
    is_folder: bool
    size: int


class ShareFilesClient:
    """The files of one storage account's shares. Every method raises HttpResponseError with Azure's code and words."""

    def __init__(self, pipeline: AsyncPipeline[Any, Any], endpoint: str, key: Secret) -> None:
        """:param endpoint: the account's file endpoint, such as ``https://stordersdev.file.core.windows.net/``."""
        self._pipeline = pipeline
        self._endpoint = endpoint.rstrip("/")
        self._account = urlsplit(endpoint).netloc.partition(".")[0]
        self._key = key

    async def write(self, share: str, name: str, content: bytes) -> None:
        """Make a file, or replace it; at most 4 MiB."""
        await self._send("PUT", share, name, {"x-ms-type": "file", "x-ms-content-length": str(len(content))})
        span = {"x-ms-range": f"bytes=0-{len(content) - 1}", "x-ms-write": "update"}
        await self._send("PUT", share, name, span, content, query={"comp": "range"})

    async def read(self, share: str, name: str) -> bytes | None:
        """What a file holds, or None when the share has no such file."""
        response = await self._send("GET", share, name, {}, absent="ResourceNotFound")
        return None if response is None else bytes(response.content)

    async def read_range(self, share: str, name: str, start: int, end: int) -> bytes:
        """The bytes of a file from `start` to `end`, both included; at most 4 MiB."""
        response = await self._send("GET", share, name, {"x-ms-range": f"bytes={start}-{end}"})
        return bytes(response.content)

    async def entries(self, share: str, folder: str) -> list[ShareEntry]:
        """What lies in a folder of the share ("" for the share itself), page by page."""
        found: list[ShareEntry] = []
        marker = ""
        while True:
            query = {"restype": "directory", "comp": "list", **({"marker": marker} if marker else {})}
            response = await self._send("GET", share, folder, {}, query=query)
            listing = fromstring(response.content)  # noqa: S314 - from Azure over TLS; expat expands no entities without bound
            for entry in listing.iterfind("Entries/*"):
                size = entry.findtext("Properties/Content-Length") or "0"
                found.append(ShareEntry(entry.findtext("Name") or "", entry.tag == "Directory", int(size)))
            marker = listing.findtext("NextMarker") or ""
            if not marker:
                return found

    async def delete(self, share: str, name: str) -> None:
        """Delete a file; one that is not there is deleted already."""
        await self._send("DELETE", share, name, {}, absent="ResourceNotFound")

    async def _send(
        self,
        method: str,
        share: str,
        name: str,
        headers: dict[str, str],
        content: bytes = b"",
        *,
        query: Mapping[str, str] = NO_QUERY,
        absent: str = "",
    ) -> Any:
        """The response, or None when Azure refuses with the code `absent`."""
        from azure.core.rest import HttpRequest

        path = f"/{share}/{quote(name, safe=PLAIN)}".rstrip("/")
        every = {
            **headers,
            "Content-Type": KIND,
            "x-ms-client-request-id": str(uuid.uuid4()),  # signed too, so the pipeline must not add one later
            "x-ms-date": formatdate(usegmt=True),
            "x-ms-version": VERSION,
        }
        every["Authorization"] = f"SharedKey {self._account}:{self._signature(method, path, query, every, len(content))}"
        url = f"{self._endpoint}{path}" + (f"?{urlencode(query)}" if query else "")
        response = (await self._pipeline.run(HttpRequest(method, url, headers=every, content=content or None))).http_response
        if response.status_code < 400:
            return response
        error = _refusal(response)
        if absent and error.error is not None and error.error.code == absent:
            return None
        raise error

    def _signature(self, method: str, path: str, query: Mapping[str, str], headers: dict[str, str], length: int) -> str:
        """As "Authorize with Shared Key" has it: standard headers by their place, ``x-ms-`` headers and the query by name."""
        standard = ["", "", str(length or ""), "", headers["Content-Type"], "", "", "", "", "", ""]
        own = [f"{name}:{headers[name]}" for name in sorted(headers) if name.startswith("x-ms-")]
        resource = [f"/{self._account}{path}", *(f"{name}:{query[name]}" for name in sorted(query))]
        text = "\n".join([method, *standard, *own, *resource])
        return base64.b64encode(hmac.digest(base64.b64decode(self._key.reveal()), text.encode(), "sha256")).decode()


def _refusal(response: Any) -> Any:
    """The SDK's exception, with the code and the message that storage writes in XML."""
    from azure.core.exceptions import HttpResponseError, ODataV4Format

    message = re.search(r"<Message>(.*?)(?:\nRequestId|</Message>)", response.text(), re.DOTALL)
    code = response.headers.get("x-ms-error-code", "")
    error = HttpResponseError(response=response)
    error.error = ODataV4Format({"code": code, "message": message[1] if message else response.reason})
    return error
