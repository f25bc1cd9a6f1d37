"""What a storage account says of itself: made from what was sent, with Azure's defaults for the rest."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from wizard.practice.arm.regions import region_of
from wizard.practice.arm.resources import body_of, system_data
from wizard.practice.kernel.clock import Clock
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.requests import Request
from wizard.practice.kernel.store import Document
from wizard.practice.storage.share_folders import ACCOUNTS

_KINDS = ("Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage")
_SKU = re.compile(r"(Standard|Premium|StandardV2|PremiumV2)_(LRS|ZRS|GRS|GZRS|RAGRS|RAGZRS)")
_KEPT = [
    "accessTier",
    "allowBlobPublicAccess",
    "allowCrossTenantReplication",
    "allowSharedKeyAccess",
    "allowSharedKeyAccessForServices",
    "defaultToOAuthAuthentication",
    "isHnsEnabled",
    "isNfsV3Enabled",
    "largeFileSharesState",
    "minimumTlsVersion",
    "networkAcls",
    "publicNetworkAccess",
    "supportsHttpsTrafficOnly",
]


def new_account(request: Request, account_id: str, location: str, clock: Clock) -> Document:
    """An account as it is while it is being created, from what a PUT sent (recorded)."""
    body, name = body_of(request), request.names["name"]
    properties = body.get("properties") or {}
    now = clock.timestamp()
    zone = f"z{int(hashlib.sha256(name.encode()).hexdigest(), 16) % 40 + 1}"
    encrypted = {"keyType": "Account", "enabled": True, "lastEnabledTime": now}
    return {
        "sku": sku_of(body["sku"]),
        "kind": body["kind"],
        "id": account_id,
        "name": name,
        "type": ACCOUNTS,
        "location": location,
        "tags": body.get("tags") or {},
        "systemData": system_data(clock, request.caller),
        "properties": {
            "keyCreationTime": {"key1": now, "key2": now},
            "allowCrossTenantReplication": False,
            "privateEndpointConnections": [],
            "minimumTlsVersion": "TLS1_0",
            "allowBlobPublicAccess": False,
            "supportsHttpsTrafficOnly": True,
            **kept(properties),
            "networkAcls": network_rules(properties.get("networkAcls")),
            "encryption": {"services": {"file": encrypted, "blob": encrypted}, "keySource": "Microsoft.Storage"},
            "accessTier": properties.get("accessTier") or "Hot",
            "provisioningState": "ResolvingDNS",
            "creationTime": now,
            "primaryEndpoints": {
                **{kind: f"https://{name}.{kind}.core.windows.net/" for kind in ("dfs", "blob", "queue", "table", "file")},
                "web": f"https://{name}.{zone}.web.core.windows.net/",
            },
            "primaryLocation": location,
            "statusOfPrimary": "available",
            **_secondary(body["sku"]["name"], name, location),
        },
    }


def kept(properties: dict[str, Any]) -> dict[str, Any]:
    """Of the properties that were sent, those that an account keeps as they are."""
    return {name: properties[name] for name in _KEPT if properties.get(name) is not None}


def check_unchanged(account: Document, body: dict[str, Any]) -> None:
    """Refuse another value for what an account is given once and for all.

    Quoted: FinOps toolkit's list of errors; cloudfoundry/bosh-azure-cpi-release issue 415 of the kind, which may become StorageV2 alone
    (specification).
    """
    for name in ("isHnsEnabled", "isNfsV3Enabled"):
        value = (body.get("properties") or {}).get(name)
        if value is not None and value != account["properties"].get(name, False):
            message = f"The property '{name}' was specified in the input, but it cannot be updated as it is read-only. "
            message = f"{message}For more information, see - https://aka.ms/storageaccountupdate"
            raise AzureError(400, "AccountPropertyCannotBeUpdated", message)
    if body.get("kind") not in (None, account["kind"], "StorageV2"):
        message = "The property 'kind' was specified in the input, but it cannot be updated."
        raise AzureError(400, "AccountPropertyCannotBeUpdated", message)


def check(body: dict[str, Any]) -> None:
    """Raise ARM's 400 when `body` has no usable kind or SKU."""
    if body.get("kind") not in _KINDS:
        raise AzureError(400, "InvalidValuesForRequestParameters", "Values for request parameters are invalid: kind.")
    sku_of(body.get("sku"))


def sku_of(sku: dict[str, Any] | None) -> dict[str, str]:
    """A SKU with its tier. Raises ARM's 400 for one that is none."""
    name = str((sku or {}).get("name"))
    if not _SKU.fullmatch(name):
        raise AzureError(400, "InvalidValuesForRequestParameters", "Values for request parameters are invalid: sku.")
    return {"name": name, "tier": name.split("_")[0].removesuffix("V2")}


def _secondary(sku: str, name: str, location: str) -> Document:
    """Where a geo-redundant account has its second copy: the region's pair; its addresses are told where the copy can be read (RA-)."""
    region = region_of(location)
    if not {"GRS", "GZRS"} & {kind.removeprefix("RA") for kind in sku.upper().split("_")} or region is None or not region.paired:
        return {}
    where = {"secondaryLocation": region.paired, "statusOfSecondary": "available"}
    if "_RA" not in sku.upper():
        return where
    hosts = {kind: f"https://{name}-secondary.{kind}.core.windows.net/" for kind in ("dfs", "blob", "queue", "table")}
    return {**where, "secondaryEndpoints": hosts}


def network_rules(sent: dict[str, Any] | None) -> dict[str, Any]:
    """An account's rules with what was not sent (recorded)."""
    nothing: dict[str, Any] = {
        "ipv6Rules": [],
        "bypass": "AzureServices",
        "virtualNetworkRules": [],
        "ipRules": [],
        "defaultAction": "Allow",
    }
    return {**nothing, **{name: value for name, value in (sent or {}).items() if value is not None}}
