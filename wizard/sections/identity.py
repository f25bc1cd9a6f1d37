"""Let the app in: the identity it has, and the roles that let it take its image and read its secrets.

With ``identity = "system"`` the app has its own, which is made with it (the section of the app). With ``identity = "user"`` one is
made here, before the app, so that everything can be granted in one round (reference 1.10 B).
"""

from __future__ import annotations

from wizard.platform.language import N_
from wizard.sections.section import Explanation, Section

SECTION = Section(
    name="identity",
    title=N_("Let the app in"),
    azure_term="Managed identity, roles",
    why=N_("Your app needs the right to take its image and to read its secrets, without any password."),
    explanation=Explanation(
        what=N_(
            "Instead of a password, your app gets an identity of its own in Azure. It is let in by roles: AcrPull to take "
            "its image, Key Vault Secrets User to read its secrets. A role needs up to some minutes until it holds."
        ),
        cost=N_("Nothing."),
        article=N_("Turns on the system-assigned identity and adds the role Key Vault Secrets User on the vault."),
        portal=N_("Portal: your app › Settings › Identity, and the vault › Access control (IAM)"),
    ),
)
