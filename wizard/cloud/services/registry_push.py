"""Pushing an image into a container registry over its own API: layers in pieces, resumable, and what is there already not at all.

The route and its headers are those of the registry's specification (containerregistry-dataplane 2021-07-01), and of what registries
answered when tried: 202 to a mount is no success of it, a lost answer to a piece is looked up before the piece is sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

if TYPE_CHECKING:
    from wizard.cloud.services.registry_session import RegistrySession

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
PIECE = 4 << 20  # bytes of one request: what Azure's own SDK sends
TRIES, PAUSE = 5, 0.5  # of one piece, and seconds between two, longer each time
BROKEN = (408, 429, 500, 502, 503, 504)
TOKEN_PIECES = 64  # pieces after which a fresh token is asked for, so that a slow line does not outlive one
ACCEPTED, NO_CONTENT, NOT_FOUND, RANGE_INVALID = 202, 204, 404, 416


class RegistryPush:
    """The part of a registry's data plane that takes images. Every method raises HttpResponseError when the account may not push."""

    def __init__(self, session: RegistrySession) -> None:
        self._session = session

    async def has(self, login_server: str, repository: str, digest: str) -> bool:
        """Whether the repository has a blob; the registry answers with it, or with the address of the storage where it lies."""
        url = f"https://{login_server}/v2/{quote(repository)}/blobs/{digest}"
        headers = await self._headers(login_server, repository)
        response = await self._session.send("HEAD", url, headers=headers, permit_redirects=False)
        if response.status_code == NOT_FOUND:
            return False
        response.raise_for_status()
        return True

    async def upload(
        self,
        login_server: str,
        repository: str,
        digest: str,
        content: Path,
        *,
        begun: str | None = None,
        began: Callable[[str], None] = lambda place: None,
        sent: Callable[[int], None] = lambda size: None,
    ) -> None:
        """Upload one blob in pieces.

        :param begun: the path of an upload that an earlier run began, to go on with when the registry still knows it.
        :param began: told the path of this one.
        :param sent: told the number of bytes of each piece that arrived.
        """
        upload = _Upload(self._session, login_server, repository)
        offset = await upload.resume(begun) if begun else None
        if offset is None:
            offset = await upload.begin()
        began(upload.path)
        with content.open("rb") as file:
            await asyncio.to_thread(file.seek, offset)
            while piece := await asyncio.to_thread(file.read, PIECE):
                await upload.piece(piece, offset)
                offset += len(piece)
                sent(len(piece))
        await upload.finish(digest)

    async def put_manifest(self, login_server: str, repository: str, reference: str, manifest: bytes) -> str:
        """Put a manifest under a tag; its digest, as the registry says it."""
        url = f"https://{login_server}/v2/{quote(repository)}/manifests/{quote(reference, safe=':')}"
        headers = {**await self._headers(login_server, repository), "Content-Type": MANIFEST}
        response = await self._session.send("PUT", url, headers=headers, content=manifest)
        response.raise_for_status()
        return str(response.headers["Docker-Content-Digest"])

    async def _headers(self, login_server: str, repository: str) -> dict[str, str]:
        token = await self._session.access_token(login_server, f"repository:{repository}:pull,push")
        return {"Authorization": f"Bearer {token}"}


class _Upload:
    """One upload session. Its address changes with every answer (it carries the state), and never leads to another host."""

    def __init__(self, session: RegistrySession, login_server: str, repository: str) -> None:
        self._session = session
        self._host = f"https://{login_server}"
        self._login_server, self._repository = login_server, repository
        self._sent = 0
        self._headers: dict[str, str] = {}
        self.path = ""

    async def begin(self) -> int:
        url = f"{self._host}/v2/{quote(self._repository)}/blobs/uploads/"
        response = await self._send("POST", url)
        response.raise_for_status()
        self._follow(response)
        return 0

    async def resume(self, path: str) -> int | None:
        """Take up an earlier upload: how many bytes of it the registry has, or None when it has forgotten it."""
        self.path = path
        response = await self._send("GET", urljoin(self._host, path))
        if response.status_code != NO_CONTENT:
            return None
        self._follow(response)
        return _received(response)

    async def piece(self, piece: bytes, offset: int) -> None:
        """Send one piece; where its answer was lost, ask how far the upload is, and send the rest: a registry would take it twice."""
        from azure.core.exceptions import AzureError, HttpResponseError

        end = offset + len(piece)
        for tries_left in reversed(range(TRIES)):
            headers = {"Content-Range": f"{offset}-{end - 1}", "Content-Type": "application/octet-stream"}
            try:
                response = await self._send("PATCH", urljoin(self._host, self.path), headers=headers, content=piece[offset - end :])
                if response.status_code == ACCEPTED:
                    self._follow(response)
                    return
                if not tries_left or response.status_code not in (RANGE_INVALID, *BROKEN):
                    response.raise_for_status()
            except AzureError as error:
                if not tries_left or isinstance(error, HttpResponseError):
                    raise
            await asyncio.sleep(PAUSE * (TRIES - tries_left))
            offset = max(offset, await self.resume(self.path) or 0)
            if offset >= end:
                return

    async def finish(self, digest: str) -> None:
        place = urljoin(self._host, self.path)
        mark = "&" if "?" in place else "?"
        response = await self._send("PUT", f"{place}{mark}digest={quote(digest, safe='')}")
        response.raise_for_status()

    async def _send(self, method: str, url: str, headers: dict[str, str] | None = None, **content: Any) -> Any:
        if self._sent % TOKEN_PIECES == 0:
            scope = f"repository:{self._repository}:pull,push"
            self._headers = {"Authorization": f"Bearer {await self._session.access_token(self._login_server, scope)}"}
        self._sent += 1
        return await self._session.send(method, url, headers={**self._headers, **(headers or {})}, **content)

    def _follow(self, response: Any) -> None:
        place = str(response.headers.get("Location") or self.path)
        self.path = place[place.index("/v2/") :]


def _received(response: Any) -> int:
    """How many bytes an upload holds: ``Range: 0-41`` is 42 of them, and ``0-0`` none, as a registry answers right after the start."""
    end = int(str(response.headers.get("Range", "0-0")).rpartition("-")[2])
    return end + 1 if end else 0
