"""Passwords and keys: the vault that locks them away, the right to fill it, and the secrets in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.engine.contribution import Contribution
from wizard.platform.language import _
from wizard.steps.vault.administrator import AdministratorStep
from wizard.steps.vault.secret import SecretStep
from wizard.steps.vault.vault import VaultStep

if TYPE_CHECKING:
    from wizard.engine.step import Step
    from wizard.setup.answers import Answers
    from wizard.state.resource_snapshot import ResourceSnapshot
    from wizard.state.snapshot import Snapshot


def steps(answers: Answers) -> list[Step]:
    """The vault, the right to fill it, and each secret."""
    return [VaultStep(answers), AdministratorStep(answers), *(SecretStep(answers, name) for name in answers.key_vault.secrets)]


async def recover(snapshot: ResourceSnapshot) -> dict[str, Any]:
    """The table ``[key_vault]``: the vault, and the secrets that carry the setup's tag or that its app refers to."""
    target = snapshot.targets.vault
    if target is None:
        return {}
    app: Any = await snapshot.app()
    referred = [str(item.key_vault_url) for item in (app.properties.configuration.secrets or [] if app else []) if item.key_vault_url]
    names = {url.rstrip("/").partition("/secrets/")[2].partition("/")[0] for url in referred}
    names |= {name for name, secret in (await snapshot.secret_properties()).items() if snapshot.is_ours(secret)}
    table: dict[str, Any] = {"name": target.name, "secrets": sorted(names)}
    return table | {"existing": True, "resource_group": target.group} if target.existing else table


async def leftover_notes(answers: Answers, snapshot: Snapshot) -> list[str]:
    """Secrets of this setup that the answers no longer name."""
    from azure.core.exceptions import HttpResponseError

    try:
        secrets = await snapshot.secret_properties()
    except HttpResponseError:
        return []
    names = [name for name, secret in secrets.items() if snapshot.is_ours(secret) and name not in answers.key_vault.secrets]
    return [_("The secret {name} is no longer named and stays in the key vault.").format(name=name) for name in names]


CONTRIBUTION = Contribution(section="key_vault", steps=steps, recover=recover, leftover_notes=leftover_notes)
