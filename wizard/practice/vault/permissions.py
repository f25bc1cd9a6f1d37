"""Who may do what inside a vault: roles, or access policies in a vault that has them, and the vault's network rules."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.store import Document

_ACTION = "Microsoft.KeyVault/vaults/secrets/{}/action"
# what an access policy calls the permission that a data action stands for
_POLICY_WORDS = {"readMetadata": "list", "getSecret": "get", "setSecret": "set", "update": "set"}


def check_right(cloud: PracticeCloud, vault: Document, principal_id: str, app_id: str, action: str, name: str) -> None:
    """Raise 403 unless the principal may do `action` (``getSecret``) in the vault, with the whole message of errors.md 35."""
    caller = f"appid={app_id};oid={principal_id};iss=https://sts.windows.net/{cloud.tenant_id}/"
    if not vault["properties"].get("enableRbacAuthorization"):
        _check_policies(vault, principal_id, caller, _POLICY_WORDS.get(action, action))
        return
    if cloud.access.allowed(principal_id, _ACTION.format(action), vault["id"], data=True):
        return
    message = (
        "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were "
        f"changed recently, please observe propagation time.\r\nCaller: {caller}\r\nAction: '{_ACTION.format(action)}'\r\n"
        f"Resource: '{vault['id'].lower()}{f'/secrets/{name}' if name else ''}'\r\nAssignment: (not found)\r\n"
        f"DenyAssignmentId: null\r\nDecisionReason: null \r\n{_where(vault)}\r\n"
    )
    raise AzureError(403, "Forbidden", message, inner={"code": "ForbiddenByRbac"})


def check_network(vault: Document, address: str = "") -> None:
    """Raise 403 when the vault is closed to the public network, or to addresses that it does not name (errors.md 37).

    :param address: where an app's request comes from, since Container Apps is no trusted service of Key Vault
        (microsoft/azure-container-apps#888); "" for this computer, whose own address in the internet any rule stands for.
    """
    properties = vault["properties"]
    if str(properties.get("publicNetworkAccess", "Enabled")).lower() == "disabled":
        message = (
            "Public network access is disabled and request is not from a trusted service nor via an approved private link.\r\n"
            f"{_where(vault)}"
        )
        raise AzureError(403, "Forbidden", message, inner={"code": "ForbiddenByConnection"})
    rules = properties.get("networkAcls") or {}
    named = [str(rule["value"]) for rule in rules.get("ipRules") or []]
    if str(rules.get("defaultAction", "Allow")).lower() == "deny" and not _is_named(address, named):
        message = (
            "Client address is not authorized and caller is not a trusted service.\r\n"
            f"Client address: {address or '127.0.0.1'}\r\n{_where(vault)}"
        )
        raise AzureError(403, "Forbidden", message, inner={"code": "ForbiddenByFirewall"})


def _is_named(address: str, rules: list[str]) -> bool:
    return any(ip_address(address) in ip_network(rule, strict=False) for rule in rules) if address else bool(rules)


def _check_policies(vault: Document, principal_id: str, caller: str, word: str) -> None:
    for policy in vault["properties"]["accessPolicies"]:
        granted = {str(permission).lower() for permission in (policy.get("permissions") or {}).get("secrets") or []}
        if policy.get("objectId") == principal_id and granted & {word, "all"}:
            return
    message = (
        f"The user, group or application '{caller}' does not have secrets {word} permission on key vault "
        f"'{vault['name']};location={vault['location']}'. For help resolving this issue, please see "
        "https://go.microsoft.com/fwlink/?linkid=2125287"
    )
    raise AzureError(403, "Forbidden", message, inner={"code": "AccessDenied"})


def _where(vault: Document) -> str:
    return f"Vault: {vault['name']};location={vault['location']}"
