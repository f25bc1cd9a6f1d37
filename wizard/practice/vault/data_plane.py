"""What is inside a vault, under ``https://NAME.vault.azure.net``: the data plane's sign-in challenge, rights and routes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from wizard.practice.access.tokens import VAULT, TokenRefused
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import everywhere, named
from wizard.practice.kernel.bodies import read_body
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.fidelity import judged, recorded, specified
from wizard.practice.kernel.shapes import parsed, shaped
from wizard.practice.kernel.store import Document
from wizard.practice.vault.deleted_vaults import VAULTS
from wizard.practice.vault.permissions import check_network, check_right
from wizard.practice.vault.secret_documents import SecretDocuments, check_name
from wizard.practice.vault.shapes import SECRET

SUFFIX = ".vault.azure.net"
LARGEST_BODY = 1 << 20
_PAGE = 25  # Azure's default and largest page
_VERSIONS = ("2015-06-01", "2016-10-01", *(f"7.{minor}" for minor in range(7)), "2025-06-01", "2025-07-01", "2026-04-01")
"""What the SDKs of all years send; a preview of each is known too."""
KNOWN = {
    "any without a token": recorded("401 with the challenge that every SDK begins with"),
    "GET /secrets": recorded("200 with pages"),
    "GET /secrets?maxresults=26": judged("200 with pages of 25, the most that the specification allows"),
    "PUT /secrets/{name}": recorded("200; 409 Conflict while a deleted one holds the name"),
    "GET /secrets/{name}/{version}": recorded("200, 404 SecretNotFound"),
    "PATCH /secrets/{name}/{version}": recorded("200 without the value"),
    "GET /secrets/{name}/versions": recorded("200 with pages"),
    "DELETE /secrets/{name}": recorded("200 with the recovery id"),
    "GET /deletedsecrets": recorded("200 with pages"),
    "GET /deletedsecrets/{name}": specified("200, 404 SecretNotFound"),
    "POST /deletedsecrets/{name}/recover": recorded("200"),
    "DELETE /deletedsecrets/{name}": recorded("204"),
}


def install(cloud: PracticeCloud) -> None:
    """Serve every vault that exists."""

    def hosts() -> list[str]:
        ready = (v for v in everywhere(cloud, VAULTS) if v["properties"]["provisioningState"] == "Succeeded")
        return [vault["name"].lower() + SUFFIX for vault in ready]

    cloud.hosts.add_suffix(SUFFIX, VaultSecrets(cloud).handle, exists=lambda host: host in hosts(), listing=hosts)


def fetch(cloud: PracticeCloud, secret_url: str, principal_id: str, address: str) -> str:
    """The value behind ``https://NAME.vault.azure.net/secrets/SECRET[/VERSION]``, read from `address` with the rights of that principal.

    Raises AzureError as the data plane would: 403 Forbidden, 404 SecretNotFound; 404 VaultNotFound when no vault has that name.
    """
    parts = urlsplit(secret_url)
    vault = named(cloud, VAULTS, (parts.hostname or "").removesuffix(SUFFIX))
    path = [part for part in parts.path.split("/") if part]
    if vault is None or len(path) not in (2, 3) or path[0].lower() != "secrets":
        raise AzureError(404, "VaultNotFound", f"No key vault answers under '{parts.hostname}'.")
    check_network(vault, address)
    check_right(cloud, vault, principal_id, "", "getSecret", path[1])
    return str(SecretDocuments(cloud, vault).version(path[1], path[2] if len(path) == 3 else "")["value"])


class VaultSecrets:
    """The data plane of every vault."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request; one without a token gets the challenge that every SDK client begins with (practice-cloud.md 1)."""
        vault = named(self._cloud, VAULTS, request.host.split(":")[0].removesuffix(SUFFIX))
        if vault is None:
            return _refused(AzureError(404, "VaultNotFound", "The vault was not found."), {})
        headers = {"x-ms-keyvault-region": vault["location"], "x-ms-keyvault-service-version": "1.9.2452.1"}
        try:
            body = await self._answer(request, vault)
        except AzureError as refusal:
            return _refused(refusal, headers)
        return web.Response(status=204, headers=headers) if body is None else web.json_response(body, headers=headers)

    async def _answer(self, request: web.Request, vault: Document) -> Document | None:
        authorization = request.headers.get("Authorization", "")
        if not authorization.startswith("Bearer "):
            raise self._unauthorized("AKV10000: Request is missing a Bearer or PoP token.")
        try:
            caller = self._cloud.tokens.caller(authorization, VAULT)
        except TokenRefused as refused:
            raise self._unauthorized(f"AKV10032: {refused.message}") from refused
        check_network(vault)
        _check_version(request.query.get("api-version", ""))
        kind, *names = [part for part in request.path.split("/") if part] or [""]
        verb = names.pop().lower() if len(names) == 2 and names[1].lower() in ("versions", "recover") else ""
        route = _ROUTES.get((request.method, kind.lower(), len(names), verb))
        if route is None:
            raise AzureError(404, "NotFound", "The vaults of the practice cloud hold secrets only, and do not have this route.")
        action, handler = route
        if names:
            check_name(names[0])
        check_right(self._cloud, vault, caller.object_id, caller.app_id, action, names[0] if names else "")
        answer = handler(SecretDocuments(self._cloud, vault), names, _sent(await read_body(request, LARGEST_BODY)))
        return _page(request, answer) if isinstance(answer, list) else answer

    def _unauthorized(self, message: str) -> AzureError:
        authority = f"https://login.microsoftonline.com/{self._cloud.tenant_id}"
        challenge = {"WWW-Authenticate": f'Bearer authorization="{authority}", resource="{VAULT}"'}
        return AzureError(401, "Unauthorized", message, headers=challenge)


Handler = Callable[[SecretDocuments, list[str], dict[str, Any]], Document | list[Document] | None]

# method, first segment, names after it, verb at the end -> data action (reference.md 1.3), what to do with the names
_ROUTES: dict[tuple[str, str, int, str], tuple[str, Handler]] = {
    ("GET", "secrets", 0, ""): ("readMetadata", lambda secrets, _, __: secrets.live()),
    ("PUT", "secrets", 1, ""): ("setSecret", lambda secrets, names, sent: secrets.set(names[0], sent)),
    ("GET", "secrets", 1, ""): ("getSecret", lambda secrets, names, _: secrets.version(names[0], "")),
    ("GET", "secrets", 2, ""): ("getSecret", lambda secrets, names, _: secrets.version(names[0], names[1])),
    ("PATCH", "secrets", 1, ""): ("update", lambda secrets, names, sent: secrets.update(names[0], "", sent)),
    ("PATCH", "secrets", 2, ""): ("update", lambda secrets, names, sent: secrets.update(names[0], names[1], sent)),
    ("GET", "secrets", 1, "versions"): ("readMetadata", lambda secrets, names, _: secrets.versions(names[0])),
    ("DELETE", "secrets", 1, ""): ("delete", lambda secrets, names, _: secrets.delete(names[0])),
    ("GET", "deletedsecrets", 0, ""): ("readMetadata", lambda secrets, _, __: secrets.deleted()),
    ("GET", "deletedsecrets", 1, ""): ("readMetadata", lambda secrets, names, _: secrets.get_deleted(names[0])),
    ("POST", "deletedsecrets", 1, "recover"): ("recover", lambda secrets, names, _: secrets.recover(names[0])),
    ("DELETE", "deletedsecrets", 1, ""): ("purge", lambda secrets, names, _: secrets.purge(names[0])),
}


def _check_version(version: str) -> None:
    """Refuse a version that there is not, in the words that clients read the newest one from (fog-azure's, Lowkey Vault's)."""
    if version.partition("-preview")[0] not in _VERSIONS:
        message = f"The specified version ({version}) is not recognized. Consider using the latest supported version ({_VERSIONS[-1]})."
        raise AzureError(400, "BadParameter", message)


def _sent(body: bytes) -> dict[str, Any]:
    try:
        return dict(shaped(SECRET, parsed(body) or {}))
    except AzureError as refusal:
        raise AzureError(400, "BadParameter", refusal.message) from None


def _page(request: web.Request, items: list[Document]) -> Document:
    """One page of a list, and the link to the next."""
    page_size, start = request.query.get("maxresults", ""), request.query.get("$skiptoken", "")
    size = max(1, min(int(page_size), _PAGE)) if page_size.isdecimal() else _PAGE
    first = int(start) if start.isdecimal() else 0
    following = first + size
    version = request.query.get("api-version", "")
    link = f"https://{request.host}{request.path}?api-version={version}&$skiptoken={following}&maxresults={size}"
    return {"value": items[first:following], "nextLink": link if following < len(items) else None}


def _refused(refusal: AzureError, headers: dict[str, str]) -> web.Response:
    return web.json_response(refusal.body(), status=refusal.status, headers={**headers, **refusal.headers})
