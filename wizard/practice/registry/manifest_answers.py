"""A manifest as a registry answers with it: whole, as not changed, or as one that it does not have."""

from __future__ import annotations

from aiohttp import web

from wizard.practice.kernel.store import Document
from wizard.practice.registry import manifests
from wizard.practice.registry.auth import TokenRefusal


def shown(request: web.Request, image: Document) -> web.Response:
    """GET or HEAD of the manifest of an image; 304 where ``If-None-Match`` names it (as the registry that ACR is built on).

    :raises TokenRefusal: 404 for a client that does not say that it understands OCI manifests.
    """
    digest = image["digest"]
    headers = {"Docker-Content-Digest": digest, "ETag": f'"{digest}"'}
    held = {tag.strip().removeprefix("W/").strip('"') for tag in request.headers.get("If-None-Match", "").split(",")}
    if digest in held:
        return web.Response(status=304, headers=headers)
    kind, accepted = manifests.media_type(image), request.headers.get("Accept", "")
    if kind.startswith("application/vnd.oci.") and kind not in accepted and "*/*" not in accepted:
        raise TokenRefusal(404, "MANIFEST_UNKNOWN", "OCI manifest found, but accept header does not support OCI manifests")
    return web.Response(body=manifests.manifest_text(image), content_type=kind, headers=headers)


def unknown(reference: str) -> TokenRefusal:
    """404 for a tag that is not there, also where there is no such repository (quoted in people's container app errors)."""
    return TokenRefusal(404, "MANIFEST_UNKNOWN", f'manifest tagged by "{reference}" is not found', {"Tag": reference})
