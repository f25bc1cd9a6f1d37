"""Shares and folders over REST ("File service REST API"): listed; folders looked for, made and removed. A share is a folder here."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from email.utils import formatdate
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from aiohttp import web

from wizard.practice.kernel.store import Document
from wizard.practice.storage.xml_errors import common, refused

MOST = 5000  # entries of a page, as in Azure


def list_shares(request: web.Request, shares: Iterable[Document]) -> web.Response:
    """``GET /?comp=list``."""
    root = Element("EnumerationResults", ServiceEndpoint=f"https://{request.host}/")
    page, following = _page(request, sorted(shares, key=lambda share: str(share["name"])), lambda share: str(share["name"]))
    inside = SubElement(root, "Shares")
    for share in page:
        entry = SubElement(inside, "Share")
        SubElement(entry, "Name").text = share["name"]
        shown = {"Last-Modified": formatdate(usegmt=True), "Etag": share["etag"], "Quota": str(share["properties"]["shareQuota"])}
        _properties(entry, {**shown, "AccessTier": share["properties"]["accessTier"], "EnabledProtocols": "SMB"})
    SubElement(root, "NextMarker").text = following
    return _xml(root)


def service_properties() -> web.Response:
    """``GET /?restype=service&comp=properties``: no rules, no metrics."""
    root = Element("StorageServiceProperties")
    for name in ("HourMetrics", "MinuteMetrics"):
        metrics = SubElement(root, name)
        SubElement(metrics, "Version").text = "1.0"
        SubElement(metrics, "Enabled").text = "false"
    SubElement(root, "Cors")
    return _xml(root)


def list_folder(request: web.Request, share: str, folder: Path, path: str) -> web.Response:
    """``GET /SHARE/FOLDER?restype=directory&comp=list``."""
    if not folder.is_dir():
        return refused(request, 404, "ResourceNotFound")
    root = Element("EnumerationResults", ServiceEndpoint=f"https://{request.host}/", ShareName=share, DirectoryPath=path)
    SubElement(root, "DirectoryId").text = "0"
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    page, following = _page(request, entries, lambda entry: entry.name)
    inside = SubElement(root, "Entries")
    for entry in page:
        shown = SubElement(inside, "Directory" if entry.is_dir() else "File")
        SubElement(shown, "FileId").text = str(entry.lstat().st_ino)
        SubElement(shown, "Name").text = entry.name
        _properties(shown, {} if entry.is_dir() else {"Content-Length": str(entry.lstat().st_size)})
    SubElement(root, "NextMarker").text = following
    return _xml(root)


def answer_folder(request: web.Request, folder: Path, *, is_share: bool) -> web.Response:
    """What is asked about one folder: whether it is there, that it be made, that it go."""
    match request.method:
        case "GET" | "HEAD":
            return web.Response(headers=_folder_headers(folder)) if folder.is_dir() else refused(request, 404, "ResourceNotFound")
        case "PUT":
            if folder.exists():
                return refused(request, 409, "ResourceAlreadyExists")
            if not folder.parent.is_dir():
                return refused(request, 404, "ParentNotFound")
            folder.mkdir()
            return web.Response(status=201, headers={**_folder_headers(folder), "x-ms-request-server-encrypted": "true"})
        case "DELETE" if not is_share:
            if not folder.is_dir():
                return refused(request, 404, "ResourceNotFound")
            if any(folder.iterdir()):
                return refused(request, 409, "DirectoryNotEmpty")
            folder.rmdir()
            return web.Response(status=202, headers=common())
    return refused(request, 405, "UnsupportedHttpVerb")


def _folder_headers(folder: Path) -> dict[str, str]:
    changed = folder.stat().st_mtime
    headers = {"ETag": f'"0x{int(changed * 1e7):X}"', "Last-Modified": formatdate(changed, usegmt=True)}
    return {
        **common(),
        **headers,
        "x-ms-file-id": str(folder.stat().st_ino),
        "x-ms-file-parent-id": "0",
        "x-ms-file-attributes": "Directory",
    }


def _page(request: web.Request, items: list[Any], name_of: Any) -> tuple[list[Any], str]:
    """One page of what begins with ``prefix``, from ``marker`` on, and the marker of the next."""
    matches = [item for item in items if name_of(item).startswith(request.query.get("prefix", ""))]
    page_size, marker = request.query.get("maxresults", ""), request.query.get("marker", "")
    size = max(1, min(int(page_size), MOST)) if page_size.isdecimal() else MOST
    left = [item for item in matches if name_of(item) >= marker]
    return left[:size], name_of(left[size]) if len(left) > size else ""


def _properties(entry: Element, values: dict[str, str]) -> None:
    properties = SubElement(entry, "Properties")
    for name, value in values.items():
        SubElement(properties, name).text = value


def _xml(root: Element) -> web.Response:
    headers = {**common(), "x-ms-client-request-id": str(uuid.uuid4())}
    return web.Response(body=tostring(root, encoding="utf-8", xml_declaration=True), content_type="application/xml", headers=headers)
