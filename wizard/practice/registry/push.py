"""Pushing to a registry: layers in pieces, then the manifest that names them (spec: containerregistry-dataplane 2021-07-01)."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.bodies import read_body
from wizard.practice.registry import images, manifests
from wizard.practice.registry.auth import TokenRefusal
from wizard.practice.registry.blob_store import DIGEST, BlobStore, UploadUnknown, WrongDigest

ROUTES = (
    ("POST", re.compile(r"/v2/(?P<name>.+)/blobs/uploads/?"), "begin"),
    ("GET", re.compile(r"/v2/(?P<name>.+)/blobs/uploads/(?P<reference>[^/]+)"), "upload_status"),
    ("PATCH", re.compile(r"/v2/(?P<name>.+)/blobs/uploads/(?P<reference>[^/]+)"), "piece"),
    ("PUT", re.compile(r"/v2/(?P<name>.+)/blobs/uploads/(?P<reference>[^/]+)"), "finish"),
    ("DELETE", re.compile(r"/v2/(?P<name>.+)/blobs/uploads/(?P<reference>[^/]+)"), "cancel"),
    ("HEAD", re.compile(r"/v2/(?P<name>.+)/blobs/(?P<reference>[^/]+)"), "blob"),
    ("GET", re.compile(r"/v2/(?P<name>.+)/blobs/(?P<reference>[^/]+)"), "blob"),
    ("PUT", re.compile(r"/v2/(?P<name>.+)/manifests/(?P<reference>[^/]+)"), "put_manifest"),
)
LARGEST_MANIFEST = 4 << 20  # bytes, as in Azure
PIECE = 1 << 20
PULLS = ("blob",)  # every other kind takes the right to push
_RANGE = re.compile(r"(?:bytes[ =])?(\d+)-(\d+)(?:/.*)?")
_REPOSITORY = re.compile(r"[a-z0-9]+(?:(?:[._/]|__|-+)[a-z0-9]+)*")


class Push:
    """What a registry's data plane takes."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._blobs = BlobStore(cloud)

    async def answer(self, kind: str, request: web.Request, server: str, names: Mapping[str, str]) -> web.StreamResponse:
        """Answer one request; raises TokenRefusal in the registry's own words."""
        if not _REPOSITORY.fullmatch(names["name"]):
            raise TokenRefusal(400, "NAME_INVALID", "invalid repository name", {"name": names["name"]})
        method = getattr(self, f"_{kind}")
        try:
            response: web.StreamResponse = await method(request, server, names["name"], names.get("reference", ""))
        except UploadUnknown:
            raise TokenRefusal(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry") from None
        except WrongDigest as wrong:
            raise TokenRefusal(
                400, "DIGEST_INVALID", "provided digest did not match uploaded content", {"Digest": str(wrong), "Reason": {}}
            ) from None
        return response

    async def _begin(self, request: web.Request, server: str, name: str, _reference: str) -> web.Response:
        digest, source = request.query.get("mount", ""), request.query.get("from", "")
        if digest and source and self._blobs.has(server, source, digest):
            self._blobs.link(server, name, digest)
            return web.Response(status=201, headers=_blob_headers(name, digest))
        identifier = self._blobs.begin()
        if given := request.query.get("digest"):
            await self._receive(request, identifier)
            await self._end(identifier, server, name, given)
            return web.Response(status=201, headers=_blob_headers(name, given))
        return web.Response(status=202, headers=self._upload_headers(name, identifier))

    async def _upload_status(self, _request: web.Request, _server: str, name: str, identifier: str) -> web.Response:
        return web.Response(status=204, headers=self._upload_headers(name, identifier))

    async def _piece(self, request: web.Request, _server: str, name: str, identifier: str) -> web.Response:
        content_range = _RANGE.fullmatch(request.headers.get("Content-Range", ""))
        if content_range and int(content_range[1]) != self._blobs.received(identifier):
            raise TokenRefusal(416, "RANGE_INVALID", "invalid content range")
        await self._receive(request, identifier)
        return web.Response(status=202, headers=self._upload_headers(name, identifier))

    async def _finish(self, request: web.Request, server: str, name: str, identifier: str) -> web.Response:
        digest = request.query.get("digest", "")
        await self._receive(request, identifier)
        await self._end(identifier, server, name, digest)
        return web.Response(status=201, headers=_blob_headers(name, digest))

    async def _receive(self, request: web.Request, identifier: str) -> None:
        """Add what a request brings to an upload as it comes: some clients send a whole layer at once."""
        async for piece in request.content.iter_chunked(PIECE):
            self._blobs.append(identifier, piece)

    async def _end(self, identifier: str, server: str, name: str, digest: str) -> None:
        """Check what came of an upload, in a thread since it may be large, and give it to the repository."""
        if not DIGEST.fullmatch(digest):
            raise TokenRefusal(400, "DIGEST_INVALID", "digest parsing failed")
        await asyncio.to_thread(self._blobs.check, identifier, digest)
        self._blobs.finish(identifier, server, name, digest)

    async def _cancel(self, _request: web.Request, _server: str, _name: str, identifier: str) -> web.Response:
        self._blobs.cancel(identifier)
        return web.Response(status=204)

    async def _blob(self, request: web.Request, server: str, name: str, digest: str) -> web.StreamResponse:
        if not self._blobs.has(server, name, digest):
            raise TokenRefusal(404, "BLOB_UNKNOWN", "blob unknown to registry", {"digest": digest})
        file = self._blobs.file(digest)
        headers = {"Docker-Content-Digest": digest, "ETag": f'"{digest}"', "Content-Type": "application/octet-stream"}
        if request.method == "HEAD":
            return web.Response(headers={**headers, "Content-Length": str(file.stat().st_size)})
        return web.FileResponse(file, headers=headers)

    async def _put_manifest(self, request: web.Request, server: str, name: str, reference: str) -> web.Response:
        text, kind = await read_body(request, LARGEST_MANIFEST), request.headers.get("Content-Type", "").partition(";")[0].strip()
        manifest = self._checked(server, name, text, kind)
        digest = manifests.digest_of(text)
        if reference.startswith("sha256:") and reference != digest:
            raise TokenRefusal(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
        if not reference.startswith("sha256:") and not images.NAME.fullmatch(f"{name}:{reference}"):
            raise TokenRefusal(400, "TAG_INVALID", "manifest tag did not match URI")
        config = json.loads(self._blobs.file(manifest["config"]["digest"]).read_bytes()) if "config" in manifest else {}
        tags = [] if reference.startswith("sha256:") else [reference]
        images.keep_pushed(self._cloud, server, name, tags, manifests.PushedManifest(text, kind, manifest, config))
        headers = {"Location": f"/v2/{name}/manifests/{digest}", "Docker-Content-Digest": digest}
        return web.Response(status=201, headers=headers)

    def _checked(self, server: str, name: str, text: bytes, kind: str) -> dict[str, Any]:
        """A manifest that is one, of the kind its header says, all of whose parts are here."""
        try:
            manifest: dict[str, Any] = json.loads(text)
            declared = manifest.get("mediaType", kind if kind.startswith("application/vnd.oci.") else None)
            fits = declared == kind and kind in manifests.MEDIA_TYPES and int(manifest["schemaVersion"]) == 2
            parts = [*manifest.get("layers", []), *([manifest["config"]] if "config" in manifest else [])]
            digests = [str(part["digest"]) for part in parts]
            children = [str(child["digest"]) for child in manifest.get("manifests", [])]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise TokenRefusal(400, "MANIFEST_INVALID", "manifest invalid") from None
        if not fits or not (digests or children):
            raise TokenRefusal(400, "MANIFEST_INVALID", "manifest invalid", {"mediaType": kind})
        for digest in digests:
            if not self._blobs.has(server, name, digest):
                raise TokenRefusal(400, "MANIFEST_BLOB_UNKNOWN", "manifest blob unknown to registry", {"digest": digest})
        for digest in children:
            if images.find(self._cloud, server, name, digest) is None:
                raise TokenRefusal(400, "MANIFEST_BLOB_UNKNOWN", "manifest unknown to registry", {"digest": digest})
        return manifest

    def _upload_headers(self, name: str, identifier: str) -> dict[str, str]:
        end = max(0, self._blobs.received(identifier) - 1)
        place = f"/v2/{name}/blobs/uploads/{identifier}?_nouploadcache=false&_state={identifier}"
        return {"Location": place, "Range": f"0-{end}", "Docker-Upload-UUID": identifier}


def _blob_headers(name: str, digest: str) -> dict[str, str]:
    return {"Location": f"/v2/{name}/blobs/{digest}", "Docker-Content-Digest": digest}
