"""The secrets of all vaults as documents: versions, soft deletion, recovery.

Secret values live in the collection ``vault_secrets`` and nowhere else, also those of deleted secrets and deleted vaults.
"""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.store import Document

_NAME = re.compile(r"[0-9A-Za-z-]{1,127}")
_LARGEST = 25 * 1024  # bytes of one value
_SETTABLE = ("enabled", "nbf", "exp")


def store_value(cloud: PracticeCloud, vault: Document, name: str, sent: dict[str, Any]) -> Document:
    """Set a secret through the control plane; answers its new version without the value."""
    return without_value(SecretDocuments(cloud, vault).set(name, sent))


def forget(cloud: PracticeCloud, vault_name: str) -> None:
    """Destroy every secret of a purged vault."""
    secrets = cloud.store.collection("vault_secrets")
    for key in [key for key in secrets if key.lower().startswith(f"{vault_name.lower()}/")]:
        del secrets[key]


class SecretDocuments:
    """The secrets of one vault.

    Documents: ``VAULT/SECRET`` -> ``{"name", "versions": [{"value", "id", "attributes", "tags", "contentType"}], "deleted"}``, the
    newest version last; `deleted` is None or ``{"deletedDate", "scheduledPurgeDate"}``, unix seconds.
    """

    def __init__(self, cloud: PracticeCloud, vault: Document) -> None:
        self._documents = cloud.store.collection("vault_secrets")
        self._vault = vault

    def live(self) -> list[Document]:
        """The newest version of every secret, by name, each with the secret's own id."""
        return [_without_version(without_value(document["versions"][-1])) for document in self._all(deleted=False)]

    def deleted(self) -> list[Document]:
        """Every deleted secret, by name."""
        return [_without_version(self._shown_deleted(document)) for document in self._all(deleted=True)]

    def versions(self, name: str) -> list[Document]:
        """Every version of a secret, without values; raises SecretNotFound."""
        self._find(name, "")
        return [without_value(version) for version in self._documents[self._key(name)]["versions"]]

    def version(self, name: str, version: str) -> Document:
        """One version of a secret with its value, the newest for ""; raises SecretNotFound, or Forbidden when it is disabled."""
        document = self._find(name, version)
        if not document["attributes"]["enabled"]:
            raise AzureError(403, "Forbidden", "Operation get is not allowed on a disabled secret.", inner={"code": "SecretDisabled"})
        return document

    def set(self, name: str, sent: dict[str, Any]) -> Document:
        """Add a version; raises BadParameter, or 409 while a deleted secret holds the name."""
        check_name(name)
        value = sent.get("value")
        if not isinstance(value, str) or len(value.encode()) > _LARGEST:
            raise AzureError(400, "BadParameter", "The request body has a missing value, or one of more than 25 KB.")
        document = self._documents.get(self._key(name), {"name": name, "versions": [], "deleted": None})
        if document["deleted"] is not None:
            message = (
                f"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the "
                "secret can only be recovered or purged."
            )
            raise AzureError(409, "Conflict", message, inner={"code": "ObjectIsDeletedButRecoverable"})
        now = int(time.time())
        version: Document = {
            "value": value,
            "id": f"{self._vault['properties']['vaultUri']}secrets/{name}/{uuid.uuid4().hex}",
            "attributes": {"enabled": True, "created": now, "updated": now, **_settable(sent), **self._recovery()},
        }
        version.update({word: sent[word] for word in ("contentType", "tags") if sent.get(word) is not None})
        document["versions"].append(version)
        self._documents[self._key(name)] = document
        return version

    def update(self, name: str, version: str, sent: dict[str, Any]) -> Document:
        """Change what is known about a version, which keeps its value."""
        document = self._find(name, version)
        document["attributes"].update(_settable(sent), updated=int(time.time()))
        document.update({word: sent[word] for word in ("contentType", "tags") if sent.get(word) is not None})
        self._documents[self._key(name)] = self._documents[self._key(name)]
        return without_value(document)

    def delete(self, name: str) -> Document:
        """Delete a secret softly."""
        self._find(name, "")
        document = self._documents[self._key(name)]
        now = int(time.time())
        days = self._vault["properties"]["softDeleteRetentionInDays"]
        document["deleted"] = {"deletedDate": now, "scheduledPurgeDate": now + days * 86400}
        self._documents[self._key(name)] = document
        return self._shown_deleted(document)

    def get_deleted(self, name: str) -> Document:
        """A deleted secret; raises SecretNotFound."""
        return self._shown_deleted(self._find_deleted(name))

    def recover(self, name: str) -> Document:
        """Bring a deleted secret back."""
        document = self._find_deleted(name)
        document["deleted"] = None
        self._documents[self._key(name)] = document
        return without_value(document["versions"][-1])

    def purge(self, name: str) -> None:
        """Destroy a deleted secret; raises Forbidden in a vault with purge protection."""
        self._find_deleted(name)
        if self._vault["properties"].get("enablePurgeProtection"):
            message = (
                'Operation "purge" is not allowed because purge protection is enabled for this vault. Key Vault service will '
                "automatically purge it after the retention period has passed"
            )
            raise AzureError(403, "Forbidden", message, inner={"code": "ForbiddenByPolicy"})
        del self._documents[self._key(name)]

    def _key(self, name: str) -> str:
        return f"{self._vault['name']}/{name}"

    def _all(self, *, deleted: bool) -> list[Document]:
        prefix = self._key("").lower()
        mine = [document for key, document in self._documents.items() if key.lower().startswith(prefix)]
        return sorted((d for d in mine if (d["deleted"] is not None) == deleted), key=lambda document: str(document["name"]).lower())

    def _find(self, name: str, version: str) -> Document:
        document = self._documents.get(self._key(name))
        if document is not None and document["deleted"] is None:
            for version_document in reversed(document["versions"]):
                if version in ("", version_document["id"].split("/")[-1]):
                    newest: Document = version_document
                    return newest
        message = (
            f"A secret with (name/id) {name}{f'/{version}' if version else ''} was not found in this key vault. If you recently deleted "
            "this secret you may be able to recover it using the correct recovery command. For help resolving this issue, please see "
            "https://go.microsoft.com/fwlink/?linkid=2125182"
        )
        raise AzureError(404, "SecretNotFound", message)

    def _find_deleted(self, name: str) -> Document:
        document = self._documents.get(self._key(name))
        if document is None or document["deleted"] is None:
            raise AzureError(404, "SecretNotFound", f"Deleted Secret not found: {name}")
        return document

    def _recovery(self) -> Document:
        days = self._vault["properties"]["softDeleteRetentionInDays"]
        purgeable = "" if self._vault["properties"].get("enablePurgeProtection") else "+Purgeable"
        return {"recoveryLevel": f"{'Customized' if days < 90 else ''}Recoverable{purgeable}", "recoverableDays": days}

    def _shown_deleted(self, document: Document) -> Document:
        recovery = f"{self._vault['properties']['vaultUri']}deletedsecrets/{document['name']}"
        return {"recoveryId": recovery, **document["deleted"], **without_value(document["versions"][-1])}


def check_name(name: str) -> None:
    """Raise BadParameter for a name that no secret can have."""
    if not _NAME.fullmatch(name):
        raise AzureError(400, "BadParameter", f"The request URI contains an invalid name: {name}")


def without_value(version: Document) -> Document:
    """A version as lists and changes show it."""
    return {word: content for word, content in version.items() if word != "value"}


def _without_version(item: Document) -> Document:
    return {**item, "id": item["id"].rpartition("/")[0]}


def _settable(sent: dict[str, Any]) -> Document:
    return {word: value for word, value in (sent.get("attributes") or {}).items() if word in _SETTABLE and value is not None}
