"""Let the app in: the identity it has, and the roles that let it take its image and read its secrets.

With ``identity = "system"`` the app has its own, which is made with it (the section of the app). With ``identity = "user"`` one is
made here, before the app, so that everything can be granted in one round (reference 1.10 B).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.platform.language import N_, _
from wizard.sections.section import Section

if TYPE_CHECKING:
    from wizard.engine.step import Step
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot


def steps(answers: Answers) -> list[Step]:
    """The identity where it is made apart, its right to the image, and to the secrets when there are any."""
    from wizard.state.resources import Targets
    from wizard.steps.identity import IdentityStep, RoleStep

    targets = Targets.named(answers, answers.sign_in.subscription)
    assert targets.registry and targets.vault
    found: list[Step] = [IdentityStep(answers, targets.identity)] if targets.identity else []
    registry_needs = () if targets.registry.existing else ("registry.registry",)
    found.append(RoleStep(answers, "acr_pull", "AcrPull", targets.registry, registry_needs, _("Your app may take its image")))
    if answers.key_vault.secrets:
        needs = () if targets.vault.existing else ("key_vault.vault",)
        found.append(RoleStep(answers, "secrets_user", "Key Vault Secrets User", targets.vault, needs, _("Your app may read its secrets")))
    return found


async def recover(snapshot: Snapshot) -> dict[str, Any]:
    """Which identity the app has is one of the answers of its own section."""
    return {}


SECTION = Section(
    name="identity",
    title=N_("Let the app in"),
    azure_term="Managed identity, roles",
    why=N_("Your app needs the right to take its image and to read its secrets, without any password."),
    steps=steps,
    recover=recover,
)
