"""What is inside a vault: secrets and their versions, under ``https://NAME.vault.azure.net``.

Secret values live in the collection ``vault_secrets`` and nowhere else, also those of deleted secrets and deleted vaults.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from .cloud import PracticeCloud
from .errors import AzureError
from .store import Document
from .tokens import VAULT, TokenRefused
from .tracked import everywhere, named

VAULTS = "Microsoft.KeyVault/vaults"
SUFFIX = ".vault.azure.net"
_NAME = re.compile(r"[0-9A-Za-z-]{1,127}")
_PAGE = 25  # Azure's default page
_LARGEST = 25 * 1024  # bytes of one value
# what an access policy calls the permission that a data action stands for
_POLICY_WORD = {"readMetadata": "list", "getSecret": "get", "setSecret": "set", "update": "set"}


def install(cloud: PracticeCloud) -> None:
    """Serve every vault that exists."""
    service = Secrets(cloud)

    def hosts() -> list[str]:
        ready = (v for v in everywhere(cloud, VAULTS) if v["properties"]["provisioningState"] == "Succeeded")
        return [vault["name"].lower() + SUFFIX for vault in ready]

    cloud.hosts.add_suffix(SUFFIX, service.handle, exists=lambda host: host in hosts(), listing=hosts)


def fetch(cloud: PracticeCloud, secret_url: str, principal_id: str) -> str:
    """The value behind ``https://NAME.vault.azure.net/secrets/SECRET[/VERSION]``, read with the rights of that principal.

    Raises AzureError as the data plane would: 403 Forbidden, 404 SecretNotFound; 404 VaultNotFound when no vault has that name.
    """
    parts = urlsplit(secret_url)
    vault = named(cloud, VAULTS, (parts.hostname or "").removesuffix(SUFFIX))
    path = [part for part in parts.path.split("/") if part]
    if vault is None or len(path) not in (2, 3) or path[0].lower() != "secrets":
        raise AzureError(404, "VaultNotFound", f"No key vault answers under '{parts.hostname}'.")
    secrets = Secrets(cloud)
    secrets.check_right(vault, principal_id, "", "getSecret", path[1])
    return str(secrets.version(vault, path[1], path[2] if len(path) == 3 else "")["value"])


def store_value(cloud: PracticeCloud, vault: Document, name: str, sent: dict[str, Any]) -> Document:
    """Set a secret, answering its new version with neither value nor rights looked at: for the control plane's own route."""
    return _shown(Secrets(cloud).set(vault, name, sent), value=False)


def forget(cloud: PracticeCloud, vault_name: str) -> None:
    """Destroy every secret of a purged vault."""
    secrets = cloud.store.collection("vault_secrets")
    for key in [key for key in secrets if key.lower().startswith(f"{vault_name.lower()}/")]:
        del secrets[key]


class Secrets:
    """The data plane of every vault.

    Documents: ``VAULT/SECRET`` -> ``{"name", "versions": [{"value", "id", "attributes", "tags", "contentType"}], "deleted"}``, the
    newest version last; `deleted` is None or ``{"deletedDate", "scheduledPurgeDate"}``, unix seconds.
    """

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud
        self._documents = cloud.store.collection("vault_secrets")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        vault = named(self._cloud, VAULTS, request.host.split(":")[0].removesuffix(SUFFIX))
        if vault is None:
            return _refusal(AzureError(404, "VaultNotFound", "The vault was not found."))
        headers = {"x-ms-keyvault-region": vault["location"], "x-ms-keyvault-service-version": "1.9.2452.1"}
        if not request.headers.get("Authorization", "").startswith("Bearer "):
            refusal = AzureError(401, "Unauthorized", "AKV10000: Request is missing a Bearer or PoP token.", headers=self._challenge())
            return _refusal(refusal, headers)
        try:
            status, body = await self._answer(request, vault)
        except AzureError as refusal:
            return _refusal(refusal, headers)
        return web.Response(status=204, headers=headers) if body is None else web.json_response(body, status=status, headers=headers)

    def _challenge(self) -> dict[str, str]:
        authority = f"https://login.microsoftonline.com/{self._cloud.tenant_id}"
        return {"WWW-Authenticate": f'Bearer authorization="{authority}", resource="{VAULT}"'}

    async def _answer(self, request: web.Request, vault: Document) -> tuple[int, Document | None]:
        try:
            caller = self._cloud.tokens.caller(request.headers["Authorization"], VAULT)
        except TokenRefused as refused:
            raise AzureError(401, "Unauthorized", f"AKV10032: {refused.message}", headers=self._challenge()) from refused
        _check_network(vault)
        kind, *names = [part for part in request.path.split("/") if part] or [""]
        method = (request.method, kind.lower(), len(names), names[1].lower() if len(names) == 2 and _is_verb(names[1]) else "")
        found = _ROUTES.get(method)
        if found is None:
            raise AzureError(404, "NotFound", "The practice cloud has secrets only, and not this route.")
        handler, action = found
        name = names[0] if names else ""
        if name and not _NAME.fullmatch(name):
            raise AzureError(400, "BadParameter", f"The request URI contains an invalid name: {name}")
        self.check_right(vault, caller.object_id, caller.app_id, action, name)
        sent = _json(await request.read())
        return 200, handler(self, vault, names, sent, request)

    def check_right(self, vault: Document, principal_id: str, app_id: str, action: str, name: str) -> None:
        """Raise 403 unless the principal may do `action` (``getSecret``) on the vault (errors.md 35)."""
        who = f"appid={app_id};oid={principal_id};iss=https://sts.windows.net/{self._cloud.tenant_id}/"
        where = f"Vault: {vault['name']};location={vault['location']}"
        if not vault["properties"]["enableRbacAuthorization"]:
            word = _POLICY_WORD.get(action, action)
            if _policy_allows(vault, principal_id, word):
                return
            message = (
                f"The user, group or application '{who}' does not have secrets {word} permission on key vault "
                f"'{vault['name']};location={vault['location']}'. For help resolving this issue, please see "
                "https://go.microsoft.com/fwlink/?linkid=2125287"
            )
            raise AzureError(403, "Forbidden", message, inner={"code": "AccessDenied"})
        full = f"{VAULTS}/secrets/{action}/action"
        if self._cloud.access.allowed(principal_id, full, vault["id"], data=True):
            return
        message = (
            "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were "
            f"changed recently, please observe propagation time.\r\nCaller: {who}\r\nAction: '{full}'\r\n"
            f"Resource: '{vault['id'].lower()}{f'/secrets/{name}' if name else ''}'\r\nAssignment: (not found)\r\n"
            f"DenyAssignmentId: null\r\nDecisionReason: null \r\n{where}\r\n"
        )
        raise AzureError(403, "Forbidden", message, inner={"code": "ForbiddenByRbac"})

    def version(self, vault: Document, name: str, version: str) -> Document:
        """One version of a live secret, the newest for ""; raises SecretNotFound, or Forbidden when it is disabled."""
        found = self._find(vault, name, version)
        if not found["attributes"]["enabled"]:
            raise AzureError(403, "Forbidden", "Operation get is not allowed on a disabled secret.", inner={"code": "SecretDisabled"})
        return found

    def set(self, vault: Document, name: str, sent: dict[str, Any]) -> Document:
        """Add a version; raises BadParameter, or 409 while a deleted secret holds the name."""
        if not _NAME.fullmatch(name):
            raise AzureError(400, "BadParameter", f"The request URI contains an invalid name: {name}")
        value = sent.get("value")
        if not isinstance(value, str) or len(value.encode()) > _LARGEST:
            raise AzureError(400, "BadParameter", "The request body has a missing value, or one of more than 25 KB.")
        key = f"{vault['name']}/{name}"
        document = self._documents.get(key, {"name": name, "versions": [], "deleted": None})
        if document["deleted"] is not None:
            message = (
                f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the "
                "secret can only be recovered or purged."
            )
            raise AzureError(409, "Conflict", message, inner={"code": "ObjectIsDeletedButRecoverable"})
        now = int(time.time())
        days = vault["properties"]["softDeleteRetentionInDays"]
        purgeable = "" if vault["properties"].get("enablePurgeProtection") else "+Purgeable"
        attributes = {
            "enabled": True,
            "created": now,
            "updated": now,
            **{
                word: stamp
                for word, stamp in (sent.get("attributes") or {}).items()
                if word in ("enabled", "nbf", "exp") and stamp is not None
            },
            "recoveryLevel": f"{'Customized' if days < 90 else ''}Recoverable{purgeable}",
            "recoverableDays": days,
        }
        made: Document = {
            "value": value,
            "id": f"{vault['properties']['vaultUri']}secrets/{name}/{uuid.uuid4().hex}",
            "attributes": attributes,
        }
        if sent.get("contentType") is not None:
            made["contentType"] = sent["contentType"]
        if sent.get("tags"):
            made["tags"] = sent["tags"]
        document["versions"].append(made)
        self._documents[key] = document
        return made

    def _of(self, vault: Document) -> list[Document]:
        prefix = f"{vault['name'].lower()}/"
        return sorted((d for key, d in self._documents.items() if key.lower().startswith(prefix)), key=lambda d: str(d["name"]).lower())

    def _find(self, vault: Document, name: str, version: str) -> Document:
        document = self._documents.get(f"{vault['name']}/{name}")
        if document is not None and document["deleted"] is None:
            for made in reversed(document["versions"]):
                if version in ("", made["id"].split("/")[-1]):
                    return dict(made)
        message = (
            f"A secret with (name/id) {name}{f'/{version}' if version else ''} was not found in this key vault. If you recently deleted "
            "this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see "
            "https://go.microsoft.com/fwlink/?linkid=2125182"
        )
        raise AzureError(404, "SecretNotFound", message)

    def _deleted(self, vault: Document, name: str) -> Document:
        document = self._documents.get(f"{vault['name']}/{name}")
        if document is None or document["deleted"] is None:
            raise AzureError(404, "SecretNotFound", f"Deleted Secret not found: {name}")
        return document

    def _put(self, vault: Document, names: list[str], sent: dict[str, Any], _: web.Request) -> Document:
        return _shown(self.set(vault, names[0], sent))

    def _get(self, vault: Document, names: list[str], _sent: dict[str, Any], _: web.Request) -> Document:
        return _shown(self.version(vault, names[0], names[1] if len(names) == 2 else ""))

    def _patch(self, vault: Document, names: list[str], sent: dict[str, Any], _: web.Request) -> Document:
        wanted = self._find(vault, names[0], names[1] if len(names) == 2 else "")["id"]
        document = self._documents[f"{vault['name']}/{names[0]}"]
        made = next(version for version in document["versions"] if version["id"] == wanted)
        allowed = ("enabled", "nbf", "exp")
        made["attributes"].update({word: value for word, value in (sent.get("attributes") or {}).items() if word in allowed})
        made["attributes"]["updated"] = int(time.time())
        made.update({word: sent[word] for word in ("contentType", "tags") if sent.get(word) is not None})
        self._documents[f"{vault['name']}/{names[0]}"] = document
        return _shown(made, value=False)

    def _list(self, vault: Document, _names: list[str], _sent: dict[str, Any], request: web.Request) -> Document:
        live = [document for document in self._of(vault) if document["deleted"] is None]
        return _page(request, [_without_version(_shown(document["versions"][-1], value=False)) for document in live])

    def _list_versions(self, vault: Document, names: list[str], _sent: dict[str, Any], request: web.Request) -> Document:
        self._find(vault, names[0], "")
        return _page(request, [_shown(made, value=False) for made in self._documents[f"{vault['name']}/{names[0]}"]["versions"]])

    def _delete(self, vault: Document, names: list[str], _sent: dict[str, Any], _: web.Request) -> Document:
        self._find(vault, names[0], "")
        document = self._documents[f"{vault['name']}/{names[0]}"]
        now = int(time.time())
        document["deleted"] = {"deletedDate": now, "scheduledPurgeDate": now + vault["properties"]["softDeleteRetentionInDays"] * 86400}
        self._documents[f"{vault['name']}/{names[0]}"] = document
        return _shown_deleted(vault, document)

    def _list_deleted(self, vault: Document, _names: list[str], _sent: dict[str, Any], request: web.Request) -> Document:
        gone = [document for document in self._of(vault) if document["deleted"] is not None]
        return _page(request, [_without_version(_shown_deleted(vault, document)) for document in gone])

    def _get_deleted(self, vault: Document, names: list[str], _sent: dict[str, Any], _: web.Request) -> Document:
        return _shown_deleted(vault, self._deleted(vault, names[0]))

    def _recover(self, vault: Document, names: list[str], _sent: dict[str, Any], _: web.Request) -> Document:
        document = self._deleted(vault, names[0])
        document["deleted"] = None
        self._documents[f"{vault['name']}/{names[0]}"] = document
        return _shown(document["versions"][-1], value=False)

    def _purge(self, vault: Document, names: list[str], _sent: dict[str, Any], _: web.Request) -> None:
        self._deleted(vault, names[0])
        if vault["properties"].get("enablePurgeProtection"):
            message = (
                'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will '
                "automatically purge it after the retention period has passed"
            )
            raise AzureError(403, "Forbidden", message, inner={"code": "ForbiddenByPolicy"})
        del self._documents[f"{vault['name']}/{names[0]}"]


# method, first segment, segments after it, verb at the end -> handler, data action (reference.md 1.3)
_ROUTES: dict[tuple[str, str, int, str], tuple[Any, str]] = {
    ("GET", "secrets", 0, ""): (Secrets._list, "readMetadata"),
    ("PUT", "secrets", 1, ""): (Secrets._put, "setSecret"),
    ("GET", "secrets", 1, ""): (Secrets._get, "getSecret"),
    ("GET", "secrets", 2, ""): (Secrets._get, "getSecret"),
    ("PATCH", "secrets", 1, ""): (Secrets._patch, "update"),
    ("PATCH", "secrets", 2, ""): (Secrets._patch, "update"),
    ("GET", "secrets", 2, "versions"): (Secrets._list_versions, "readMetadata"),
    ("DELETE", "secrets", 1, ""): (Secrets._delete, "delete"),
    ("GET", "deletedsecrets", 0, ""): (Secrets._list_deleted, "readMetadata"),
    ("GET", "deletedsecrets", 1, ""): (Secrets._get_deleted, "readMetadata"),
    ("POST", "deletedsecrets", 2, "recover"): (Secrets._recover, "recover"),
    ("DELETE", "deletedsecrets", 1, ""): (Secrets._purge, "purge"),
}


def _json(body: bytes) -> dict[str, Any]:
    try:
        sent = json.loads(body or b"{}")
    except ValueError as error:
        raise AzureError(400, "BadParameter", "The request body is not valid JSON.") from error
    return sent if isinstance(sent, dict) else {}


def _is_verb(segment: str) -> bool:
    return segment.lower() in ("versions", "recover")


def _check_network(vault: Document) -> None:
    properties = vault["properties"]
    closed = str(properties.get("publicNetworkAccess", "Enabled")).lower() == "disabled"
    rules = properties.get("networkAcls") or {}
    denied = str(rules.get("defaultAction", "Allow")).lower() == "deny" and not rules.get("ipRules")
    if closed:
        message = (
            "Public network access is disabled and request is not from a trusted service nor via an approved private link.\r\n"
            f"Caller: not shown\r\nVault: {vault['name']};location={vault['location']}"
        )
        raise AzureError(403, "Forbidden", message, inner={"code": "ForbiddenByConnection"})
    if denied:
        message = (
            "Client address is not authorized and caller is not a trusted service.\r\nClient address: 127.0.0.1\r\n"
            f"Vault: {vault['name']};location={vault['location']}"
        )
        raise AzureError(403, "Forbidden", message, inner={"code": "ForbiddenByFirewall"})


def _policy_allows(vault: Document, principal_id: str, word: str) -> bool:
    for policy in vault["properties"].get("accessPolicies") or []:
        granted = {str(permission).lower() for permission in (policy.get("permissions") or {}).get("secrets") or []}
        if policy.get("objectId") == principal_id and granted & {word.lower(), "all"}:
            return True
    return False


def _shown(made: Document, *, value: bool = True) -> Document:
    return {word: content for word, content in made.items() if value or word != "value"}


def _without_version(item: Document) -> Document:
    return {**item, "id": item["id"].rpartition("/")[0]}


def _shown_deleted(vault: Document, document: Document) -> Document:
    recovery = f"{vault['properties']['vaultUri']}deletedsecrets/{document['name']}"
    return {"recoveryId": recovery, **document["deleted"], **_shown(document["versions"][-1], value=False)}


def _page(request: web.Request, items: list[Document]) -> Document:
    size = min(int(request.query.get("maxresults", _PAGE)), _PAGE)
    start = int(request.query.get("$skiptoken", "0"))
    following = start + size
    link = None
    if following < len(items):
        version = request.query.get("api-version", "")
        link = f"https://{request.host}{request.path}?api-version={version}&$skiptoken={following}&maxresults={size}"
    return {"value": items[start:following], "nextLink": link}


def _refusal(refusal: AzureError, headers: dict[str, str] | None = None) -> web.Response:
    return web.json_response(refusal.body(), status=refusal.status, headers={**(headers or {}), **refusal.headers})
