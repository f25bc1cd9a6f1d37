"""Firewalls: whether key vault, storage account and registry let the app in, which comes to them from the internet."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, TypeVar

from wizard.doctor.evidence import Evidence
from wizard.doctor.verdict import Fix, Verdict, later
from wizard.platform.language import _
from wizard.steps.app.payload import used_secrets

T = TypeVar("T")


def is_closed(resource: Any, rules: Any, *, certainly: bool = False) -> bool:
    """Whether a vault, account or registry lets in nobody but those that are named.

    :param rules: its network rules, or None.
    :param certainly: nobody is named either, neither an address nor a network.
    """
    denies = rules is not None and _word(rules.default_action) == "Deny"
    named = [*(resource.private_endpoint_connections or [])]
    for kind in ("ip_rules", "virtual_network_rules"):
        named += getattr(rules, kind, None) or []
    return (_word(resource.public_network_access) == "Disabled" or denies) and not (certainly and named)


async def vault_firewall(evidence: Evidence) -> Verdict | None:
    """The vault lets nobody in at all, and variables hold secrets of it."""
    vault = await _read(evidence.plan.snapshot.vault()) if used_secrets(evidence.answers) else None
    if vault is None or vault.properties is None or not is_closed(vault.properties, vault.properties.network_acls, certainly=True):
        return None
    return vault_closed(evidence, ())


async def storage_firewall(evidence: Evidence) -> Verdict | None:
    """The storage account lets nobody in at all, and shares of it are mounted."""
    account = await _read(evidence.plan.snapshot.storage_account()) if evidence.answers.storage.shares else None
    if account is None or not is_closed(account, account.network_rule_set, certainly=True):
        return None
    return storage_closed(evidence, ())


async def registry_firewall(evidence: Evidence) -> Verdict | None:
    """The registry lets nobody in at all."""
    registry = await _read(evidence.plan.snapshot.registry())
    if registry is None or not is_closed(registry, registry.network_rule_set, certainly=True):
        return None
    return registry_closed(evidence, ())


def vault_closed(evidence: Evidence, lines: tuple[str, ...]) -> Verdict:
    """The vault's firewall is the cause; opening it is for a person to decide."""
    name = evidence.answers.key_vault.name
    detail = _("The key vault's firewall does not let your app in, so it cannot read its secrets.") + later(evidence)
    command = f"az keyvault update --name {name} --public-network-access Enabled --default-action Allow"
    return Verdict("vault-firewall", detail, _shown(name, lines), _opened(evidence, command))


def storage_closed(evidence: Evidence, lines: tuple[str, ...]) -> Verdict:
    """The same for the storage account."""
    name = evidence.answers.storage.account
    detail = _("The storage account's firewall does not let your app in, so its files cannot be connected.") + later(evidence)
    command = f"az storage account update --name {name} --public-network-access Enabled --default-action Allow"
    return Verdict("storage-firewall", detail, _shown(name, lines), _opened(evidence, command))


def registry_closed(evidence: Evidence, lines: tuple[str, ...]) -> Verdict:
    """The same for the registry."""
    name = evidence.answers.registry.name
    detail = _("The registry's firewall does not let your app in, so it cannot fetch its image.") + later(evidence)
    command = f"az acr update --name {name} --public-network-enabled true --default-action Allow"
    return Verdict("registry-firewall", detail, _shown(name, lines), _opened(evidence, command))


def _word(value: Any) -> str:
    """A word of Azure's, which some of its packages give as text and some as an enumeration."""
    return str(getattr(value, "value", value))


def _shown(name: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    return lines or (_("{name}: closed to the internet, and nobody is named who may come in all the same").format(name=name),)


def _opened(evidence: Evidence, command: str) -> Fix:
    sentence = _("Whoever answers for it opens it: {command}")
    return Fix(sentence.format(command=command), "apply", str(evidence.answers.file))


async def _read(reading: Awaitable[T | None]) -> T | None:
    """What was read; None also when it may not be read."""
    from azure.core.exceptions import HttpResponseError

    try:
        return await reading
    except HttpResponseError:
        return None
