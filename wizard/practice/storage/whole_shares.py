"""Whole shares over REST, ``/SHARE?restype=share``: made, changed, measured and taken away ("File service REST API")."""

from __future__ import annotations

from email.utils import formatdate
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from aiohttp import web

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.store import Document
from wizard.practice.storage.file_shares import FileShares
from wizard.practice.storage.share_folders import find_folder
from wizard.practice.storage.xml_errors import common, refused

_METADATA = "x-ms-meta-"


class WholeShares:
    """The shares of every account; they are those that Resource Manager shows."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._shares = FileShares(cloud)

    def answer(self, request: web.Request, account: Document, name: str) -> web.Response:
        """Answer one request about a share."""
        try:
            return self._answer(request, account, name)
        except AzureError as refusal:
            return refused(request, refusal.status, refusal.code)

    def _answer(self, request: web.Request, account: Document, name: str) -> web.Response:
        match request.method, request.query.get("comp"):
            case "PUT", None:
                if find_folder(self._cloud, account, name) is not None:
                    return refused(request, 409, "ShareAlreadyExists")
                return _changed(self._shares.create(account, name, {**_sent(request), "metadata": _metadata(request)}), 201)
            case "PUT", "properties":
                return _changed(self._shares.change(account, name, _sent(request)), 200)
            case "PUT", "metadata":
                return _changed(self._shares.change(account, name, {"metadata": _metadata(request)}), 200)
            case "DELETE", None:
                self._shares.remove(account, name)
                return web.Response(status=202, headers=common())
            case (("GET" | "HEAD"), (None | "metadata")):
                return _shown(self._shares.find(account, name))
            case "GET", "stats":
                self._shares.find(account, name)
                return _stats(find_folder(self._cloud, account, name))
            case "GET", "acl":
                self._shares.find(account, name)
                return _xml(Element("SignedIdentifiers"))
        return refused(request, 400, "UnsupportedQueryParameter")


def _sent(request: web.Request) -> dict[str, object]:
    """What the headers say of a share; a quota that is no number stays as it is and is refused."""
    quota, tier = request.headers.get("x-ms-share-quota"), request.headers.get("x-ms-access-tier")
    protocol = request.headers.get("x-ms-enabled-protocols")
    sent = {"shareQuota": int(quota) if quota and quota.isdecimal() else quota, "accessTier": tier, "enabledProtocols": protocol}
    return {name: value for name, value in sent.items() if value is not None}


def _metadata(request: web.Request) -> dict[str, str]:
    prefixed = {name.lower(): value for name, value in request.headers.items()}
    return {name.removeprefix(_METADATA): value for name, value in prefixed.items() if name.startswith(_METADATA)}


def _changed(share: Document, status: int) -> web.Response:
    return web.Response(status=status, headers={**common(), "ETag": share["etag"], "Last-Modified": formatdate(usegmt=True)})


def _shown(share: Document) -> web.Response:
    properties = share["properties"]
    headers = {
        "ETag": share["etag"],
        "Last-Modified": formatdate(usegmt=True),
        "x-ms-share-quota": str(properties["shareQuota"]),
        "x-ms-access-tier": properties["accessTier"],
        "x-ms-enabled-protocols": properties["enabledProtocols"],
        "x-ms-lease-state": "available",
        "x-ms-lease-status": "unlocked",
        "x-ms-has-immutability-policy": "false",
        "x-ms-has-legal-hold": "false",
        **{f"{_METADATA}{name}": value for name, value in (properties.get("metadata") or {}).items()},
    }
    return web.Response(headers={**common(), **headers})


def _stats(folder: Path | None) -> web.Response:
    files = folder.rglob("*") if folder else ()
    root = Element("ShareStats")
    SubElement(root, "ShareUsageBytes").text = str(sum(file.lstat().st_size for file in files if file.is_file()))
    return _xml(root)


def _xml(root: Element) -> web.Response:
    return web.Response(body=tostring(root, encoding="utf-8", xml_declaration=True), content_type="application/xml", headers=common())
