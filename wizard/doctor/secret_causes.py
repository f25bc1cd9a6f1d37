"""Secrets: whether each that a variable holds is in the vault, and the app's identity may read it."""

from __future__ import annotations

from wizard.desired_app import used_secrets
from wizard.doctor.evidence import Evidence
from wizard.doctor.roles import is_on_its_way, principal
from wizard.doctor.verdict import Cure, Verdict, apply_again
from wizard.language import _
from wizard.running import RevisionState
from wizard.step import Found

START = ("app.revision", "app.running")


async def secret_unusable(evidence: Evidence) -> Verdict | None:
    """A secret that is deleted, or switched off."""
    from azure.core.exceptions import HttpResponseError

    snapshot = evidence.plan.snapshot
    try:
        kept = await snapshot.secret_properties()
    except HttpResponseError:
        return None  # the person may not look; what the platform says decides
    for name in used_secrets(evidence.answers):
        if name not in kept:
            return await _missing(evidence, name)
        if kept[name].enabled is False:
            vault = evidence.answers.key_vault.name
            detail = _("The secret {name} in the key vault is switched off, so your app cannot read it.").format(name=name) + _later(
                evidence
            )
            command = f"az keyvault secret set-attributes --vault-name {vault} --name {name} --enabled true"
            return Verdict("secret-disabled", detail, (_("secret {name}: not enabled").format(name=name),), Cure(command))
    return None


async def _missing(evidence: Evidence, name: str) -> Verdict:
    detail = _("The key vault has no secret {name}, which a variable of your app holds.").format(name=name) + _later(evidence)
    lines: tuple[str, ...] = (_("secret {name}: not in {vault}").format(name=name, vault=evidence.answers.key_vault.name),)
    if evidence.plan.snapshot.given(name) is not None:
        return Verdict("secret-missing", detail, lines, apply_again(evidence, *START))
    if await _deleted(evidence, name):
        lines += (_("the vault keeps the deleted one and can take it back"),)
        return Verdict("secret-missing", detail, lines, apply_again(evidence, *START, secrets=(name,)))
    variable = name.upper().replace("-", "_")
    words = _("Give it a value: AZWIZARD_SECRET_{variable}=... azwizard apply {file}").format(variable=variable, file=evidence.answers.file)
    return Verdict("secret-missing", detail, lines, Cure(words))


async def _deleted(evidence: Evidence, name: str) -> bool:
    from azure.core.exceptions import HttpResponseError

    vault = await evidence.plan.snapshot.vault()
    if vault is None or vault.properties is None:
        return False
    try:
        return bool(await evidence.cloud.secrets(str(vault.properties.vault_uri)).get_deleted_secret(name))
    except HttpResponseError:
        return False


def may_not_read_secrets(evidence: Evidence) -> Verdict | None:
    """The role Key Vault Secrets User was taken away."""
    look = evidence.looks.get("identity.secrets_user")
    if look is None or look.found is not Found.MISSING or not used_secrets(evidence.answers):
        return None
    detail = _("Your app's identity has no right to read the secrets of its key vault.") + _later(evidence)
    lines = (_("no role Key Vault Secrets User on {vault}").format(vault=evidence.answers.key_vault.name),)
    return Verdict("secret-role-missing", detail, lines, apply_again(evidence, *_unless_running(evidence)))


async def unreadable(evidence: Evidence, lines: tuple[str, ...]) -> Verdict:
    """Secret and role are there, and the platform still cannot read it: too early, or a firewall."""
    snapshot = evidence.plan.snapshot
    vault = await snapshot.vault()
    if vault is not None and await is_on_its_way(snapshot, str(vault.id), await principal(evidence)):
        detail = _("The right of your app to read its secrets was given minutes ago and has not taken effect yet.")
        return Verdict("role-propagating", detail, lines, apply_again(evidence, *START))
    rules = vault.properties.network_acls if vault and vault.properties else None
    closed = vault is not None and vault.properties is not None and vault.properties.public_network_access == "Disabled"
    if closed or (rules is not None and str(rules.default_action) == "Deny"):
        detail = _("The key vault's firewall does not let your app in, so it cannot read its secrets.")
        command = f"az keyvault update --name {evidence.answers.key_vault.name} --public-network-access Enabled --default-action Allow"
        return Verdict("vault-firewall", detail, lines, Cure(command))
    detail = _("A secret of the key vault could not be read when your API was started.")
    return Verdict("secret-unreadable", detail, lines, apply_again(evidence, *START))


def _unless_running(evidence: Evidence) -> tuple[str, ...]:
    """What is to be started again once the right is back; nothing while it still runs."""
    return () if runs(evidence.state) else START


def _later(evidence: Evidence) -> str:
    return " " + _("It still runs with what it read before; its next start would fail.") if runs(evidence.state) else ""


def runs(state: RevisionState | None) -> bool:
    return state is not None and state.works
