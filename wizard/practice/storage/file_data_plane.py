"""The files on a share over REST, under ``https://ACCOUNT.file.core.windows.net``, for whoever holds a key of the account.

Files are made, filled, read and deleted, as the "File service REST API" has it, shares and folders listed, made and deleted; no snapshots,
no tokens.
"""

from __future__ import annotations

import re
import time
import uuid
from email.utils import formatdate
from pathlib import Path

from aiohttp import web

from wizard.practice.access.tokens import STORAGE, TokenRefused
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import everywhere, named
from wizard.practice.kernel.bodies import read_body
from wizard.practice.kernel.fidelity import documented
from wizard.practice.kernel.store import Document
from wizard.practice.storage import share_listings, shared_key
from wizard.practice.storage.share_folders import ACCOUNTS, find_folder, takes_keys
from wizard.practice.storage.whole_shares import WholeShares
from wizard.practice.storage.xml_errors import common, refused

SUFFIX = ".file.core.windows.net"
_FORBIDDEN = re.compile(r'["\\:|<>*?\x00-\x1f]')
_RANGE = re.compile(r"bytes=(\d+)-(\d+)")
_LARGEST_RANGE = 4 << 20
KNOWN = {
    "GET /?comp=list": documented("200 with the shares"),
    "PUT, GET, DELETE /{share}?restype=share": documented("201, 200 with its quota in headers, 202; 404, 409 as documented"),
    "GET, PUT /{share}?restype=share&comp=...": documented("stats, acl, metadata and properties"),
    "PUT, GET, DELETE /{share}/{path}?restype=directory": documented("201, 200, 202; 404, 409 as documented"),
    "GET /{share}/{path}?restype=directory&comp=list": documented("200 with files and folders"),
    "PUT, GET, HEAD, DELETE /{share}/{path}": documented("201, 200, 206, 202; refusals in XML"),
}


def install(cloud: PracticeCloud) -> None:
    """Serve the file service of every storage account that is made."""

    def hosts() -> list[str]:
        accounts = (item for item in everywhere(cloud, ACCOUNTS) if item["properties"]["provisioningState"] == "Succeeded")
        return [account["name"] + SUFFIX for account in accounts]

    cloud.hosts.add_suffix(SUFFIX, ShareFiles(cloud).handle, exists=lambda host: host in hosts(), listing=hosts)


class ShareFiles:
    """The files of every account's shares, which are those of the shares' folders."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._shares = WholeShares(cloud)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request about a file."""
        account = named(self._cloud, ACCOUNTS, request.host.split(":")[0].removesuffix(SUFFIX))
        if account is None:
            return refused(request, 404, "ResourceNotFound")
        if (refusal := self._refusal(request, account)) is not None:
            return refusal
        share, _slash, path = request.path.lstrip("/").partition("/")
        if not share:
            return self._of_account(request, account)
        if not path and request.query.get("restype") == "share":
            return self._shares.answer(request, account, share)
        folder = find_folder(self._cloud, account, share)
        if folder is None:
            return refused(request, 404, "ShareNotFound")
        if (kind := request.query.get("restype")) is not None:
            return self._of_folder(request, share, folder, path.rstrip("/"), kind)
        if not path or set(request.query) - {"comp", "timeout"} or request.query.get("comp", "range") != "range":
            return refused(request, 400, "UnsupportedQueryParameter")
        file = _inside(folder, path)
        if file is None:
            return refused(request, 400, "InvalidResourceName")
        match request.method, "comp" in request.query:
            case "PUT", False:
                return _create(request, file)
            case "PUT", True:
                return await _put_range(request, file)
            case (("GET" | "HEAD"), False):
                return _read(request, file)
            case "DELETE", False:
                return _delete(request, file)
        return refused(request, 405, "UnsupportedHttpVerb")

    def _of_account(self, request: web.Request, account: Document) -> web.Response:
        """What concerns no share: the list of them, and the settings of the service."""
        match request.method, request.query.get("restype"), request.query.get("comp"):
            case "GET", None, "list":
                prefix = f"{account['id'].lower()}/"
                shares = self._cloud.store.collection("file_shares").items()
                return share_listings.list_shares(request, [share for key, share in shares if key.lower().startswith(prefix)])
            case "GET", "service", "properties":
                return share_listings.service_properties()
        return refused(request, 400, "UnsupportedQueryParameter")

    def _of_folder(self, request: web.Request, share: str, folder: Path, path: str, kind: str) -> web.Response:
        """What concerns a folder of a share, or the share as its uppermost one."""
        inner = _inside(folder, path) if path else folder
        comp = request.query.get("comp")
        if inner is None:
            return refused(request, 400, "InvalidResourceName")
        if kind == "directory" and comp == "list" and request.method == "GET":
            return share_listings.list_folder(request, share, inner, path)
        if kind == "directory" and comp is None:
            return share_listings.answer_folder(request, inner, is_share=not path)
        return refused(request, 400, "UnsupportedQueryParameter")

    def _refusal(self, request: web.Request, account: Document) -> web.Response | None:
        """Why this caller may not: no signature, a closed network, keys switched off, a wrong signature."""
        properties = account["properties"]
        if "Authorization" not in request.headers:
            challenge = f"Bearer authorization_uri=https://login.microsoftonline.com/{self._cloud.tenant_id}/oauth2/authorize"
            headers = {"WWW-Authenticate": f"{challenge} resource_id=https://storage.azure.com"}
            return refused(request, 401, "NoAuthenticationInformation", headers=headers)
        rules = properties.get("networkAcls") or {}
        denied = str(rules.get("defaultAction", "Allow")).lower() == "deny" and not rules.get("ipRules")
        if denied or str(properties.get("publicNetworkAccess", "Enabled")).lower() == "disabled":
            return refused(request, 403, "AuthorizationFailure")
        if request.headers["Authorization"].lower().startswith("bearer "):
            return self._refusal_of_token(request, account)
        if not takes_keys(account):
            return refused(request, 403, "KeyBasedAuthenticationNotPermitted")
        keys = self._cloud.store.private[account["id"]]["keys"].values()
        detail = shared_key.problem(request, account["name"], keys)
        return refused(request, 403, "AuthenticationFailed", detail) if detail is not None else None

    def _refusal_of_token(self, request: web.Request, account: Document) -> web.Response | None:
        """Why the holder of a token may not: it is none for storage, the intent is not said, or a role is missing.

        Over REST files are reached with a token by who asks to go past their permissions, and may (learn.microsoft.com, Authorize with
        Microsoft Entra ID, File Storage); Owner has none of these data actions.
        """
        try:
            caller = self._cloud.tokens.caller(request.headers["Authorization"], STORAGE)
        except TokenRefused as why:
            return refused(request, 401, "InvalidAuthenticationInfo", why.message)
        if request.headers.get("x-ms-file-request-intent", "").lower() != "backup":
            return refused(request, 400, "MissingRequiredHeader")
        verb = "read" if request.method in ("GET", "HEAD") else "write"
        action = f"Microsoft.Storage/storageAccounts/fileServices/{verb}FileBackupSemantics/action"
        may = self._cloud.access.allowed(caller.object_id, action, account["id"], data=True)
        return None if may else refused(request, 403, "AuthorizationPermissionMismatch")


def _create(request: web.Request, file: Path) -> web.Response:
    """Create File: only its length is set; Put Range fills it."""
    length = request.headers.get("x-ms-content-length")
    if length is None or request.headers.get("x-ms-type") is None:
        return refused(request, 400, "MissingRequiredHeader")
    if not length.isdigit() or request.headers["x-ms-type"].lower() != "file":
        return refused(request, 400, "InvalidHeaderValue")
    if not file.parent.is_dir():
        return refused(request, 404, "ParentNotFound")
    with file.open("wb") as output:
        output.truncate(int(length))
    return web.Response(status=201, headers={**common(), **_properties(file), "x-ms-request-server-encrypted": "true"})


async def _put_range(request: web.Request, file: Path) -> web.Response:
    byte_range = _RANGE.fullmatch(request.headers.get("x-ms-range") or request.headers.get("Range") or "")
    if request.headers.get("x-ms-write", "").lower() != "update" or byte_range is None:
        return refused(request, 400, "InvalidHeaderValue" if byte_range or "x-ms-write" in request.headers else "MissingRequiredHeader")
    return _filled(request, file, int(byte_range[1]), int(byte_range[2]), await read_body(request, _LARGEST_RANGE))


def _filled(request: web.Request, file: Path, start: int, end: int, content: bytes) -> web.Response:
    if end - start + 1 != len(content):
        return refused(request, 400, "InvalidHeaderValue")
    if len(content) > _LARGEST_RANGE:
        return refused(request, 413, "RequestBodyTooLarge")
    if not file.is_file():
        return refused(request, 404, "ResourceNotFound")
    if end >= file.stat().st_size:
        return refused(request, 416, "InvalidRange")
    with file.open("r+b") as filled:
        filled.seek(start)
        filled.write(content)
    return web.Response(status=201, headers={**common(), **_properties(file), "x-ms-request-server-encrypted": "true"})


def _read(request: web.Request, file: Path) -> web.Response:
    if not file.is_file():
        return refused(request, 404, "ResourceNotFound")
    headers = {**common(), **_properties(file), "x-ms-type": "File", "Content-Type": "application/octet-stream", "Accept-Ranges": "bytes"}
    size = file.stat().st_size
    if request.method == "HEAD":
        return web.Response(headers={**headers, "Content-Length": str(size)})
    byte_range = _RANGE.fullmatch(request.headers.get("x-ms-range") or request.headers.get("Range") or "")
    if byte_range is None:
        return web.Response(body=file.read_bytes(), headers=headers)
    start, end = int(byte_range[1]), min(int(byte_range[2]), size - 1)
    if start > end:
        return refused(request, 416, "InvalidRange", headers={"Content-Range": f"bytes */{size}"})
    with file.open("rb") as whole:
        whole.seek(start)
        content = whole.read(end - start + 1)
    return web.Response(status=206, body=content, headers={**headers, "Content-Range": f"bytes {start}-{end}/{size}"})


def _delete(request: web.Request, file: Path) -> web.Response:
    if not file.is_file():
        return refused(request, 404, "ResourceNotFound")
    file.unlink()
    return web.Response(status=202, headers=common())


def _inside(folder: Path, path: str) -> Path | None:
    """The file of that path on the share; None for a name that Azure refuses, and for a way out of the share."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or len(part) > 255 or _FORBIDDEN.search(part) for part in parts):
        return None
    file = folder.joinpath(*parts)
    return file if file.resolve().is_relative_to(folder.resolve()) else None


def _properties(file: Path) -> dict[str, str]:
    changed = file.stat().st_mtime
    now = time.strftime("%Y-%m-%dT%H:%M:%S.0000000Z", time.gmtime(changed))
    headers = {"ETag": f'"0x{uuid.uuid5(uuid.NAMESPACE_URL, f"{file}{changed}").hex[:15].upper()}"'}
    return {**headers, "Last-Modified": formatdate(changed, usegmt=True), "x-ms-file-last-write-time": now, "x-ms-file-change-time": now}
