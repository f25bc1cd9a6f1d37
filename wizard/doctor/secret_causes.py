"""Secrets: whether each that a variable holds is in the vault, and the app's identity may read it."""

from __future__ import annotations

from wizard.doctor.evidence import Evidence
from wizard.doctor.firewall_causes import is_closed, vault_closed
from wizard.doctor.identity_causes import is_on_its_way
from wizard.doctor.verdict import START, Fix, Verdict, apply_again, asked_for, later, start_unless_running
from wizard.engine.step import Status
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.steps.app.payload import used_secrets


async def vault_missing(evidence: Evidence) -> Verdict | None:
    """The vault itself was deleted; Azure keeps it for a while."""
    look = evidence.looks.get(step_ids.VAULT)
    if look is None or not used_secrets(evidence.answers) or await evidence.plan.snapshot.vault() is not None:
        return None
    name = evidence.answers.key_vault.name
    detail = _("The key vault {name} with the secrets of your app is not there any more.").format(name=name) + later(evidence)
    cure = Fix(look.remedy, "apply", str(evidence.answers.file)) if look.remedy else apply_again(evidence, *START)
    lines = (look.detail if look.remedy else _("{name}: not there").format(name=name),)
    return Verdict("vault-missing", detail, lines, cure)


async def secret_unusable(evidence: Evidence) -> Verdict | None:
    """A secret that is deleted, or switched off."""
    from azure.core.exceptions import HttpResponseError

    snapshot = evidence.plan.snapshot
    try:
        stored = await snapshot.secret_properties()
    except HttpResponseError:
        return None  # the person may not look; what the platform says decides
    for name in used_secrets(evidence.answers):
        if name not in stored:
            return await _missing(evidence, name)
        if stored[name].enabled is False:
            vault = evidence.answers.key_vault.name
            detail = _("The secret {name} in the key vault is switched off, so your app cannot read it.").format(name=name) + later(
                evidence
            )
            command = f"az keyvault secret set-attributes --vault-name {vault} --name {name} --enabled true"
            return Verdict("secret-disabled", detail, (_("secret {name}: not enabled").format(name=name),), Fix(command, "doctor"))
    return None


async def _missing(evidence: Evidence, name: str) -> Verdict:
    detail = _("The key vault has no secret {name}, which a variable of your app holds.").format(name=name) + later(evidence)
    lines: tuple[str, ...] = (_("secret {name}: not in {vault}").format(name=name, vault=evidence.answers.key_vault.name),)
    if evidence.plan.snapshot.given(name) is not None:
        return Verdict("secret-missing", detail, lines, apply_again(evidence, *START))
    if await _deleted(evidence, name):
        lines += (_("the vault keeps the deleted one and can take it back"),)
        return Verdict("secret-missing", detail, lines, apply_again(evidence, *START, secrets=(name,)))
    variable = name.upper().replace("-", "_")
    words = _("Give it a value; a command line reads it from AZWIZARD_SECRET_{variable}.").format(variable=variable)
    return Verdict("secret-missing", detail, lines, Fix(words, "apply", str(evidence.answers.file), ("key_vault",)))


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
    if look is None or look.found is not Status.MISSING or not used_secrets(evidence.answers):
        return None
    detail = _("Your app's identity has no right to read the secrets of its key vault.") + later(evidence)
    lines = (_("no role Key Vault Secrets User on {vault}").format(vault=evidence.answers.key_vault.name),)
    return Verdict("secret-role-missing", detail, lines, apply_again(evidence, *start_unless_running(evidence)))


async def unreadable(evidence: Evidence, lines: tuple[str, ...]) -> Verdict:
    """Secret and role are there, and the platform still cannot read it: too early, a firewall, or access policies."""
    snapshot = evidence.plan.snapshot
    vault = await snapshot.vault()
    if vault is not None and await is_on_its_way(evidence, str(vault.id)):
        detail = _("The right of your app to read its secrets was given minutes ago and has not taken effect yet.")
        return Verdict("role-propagating", detail, lines, apply_again(evidence, *START))
    if vault is not None and vault.properties is not None and is_closed(vault.properties, vault.properties.network_acls):
        return vault_closed(evidence, lines)
    detail = _("A secret of the key vault could not be read when your API was started.")
    if vault is not None and vault.properties is not None and not vault.properties.enable_rbac_authorization:
        detail = _("The key vault goes by access policies now, not by roles (RBAC), so that the role of your app opens nothing there.")
    return Verdict("secret-unreadable", detail, lines, asked_for(evidence, step_ids.VAULT) or apply_again(evidence, *START))
