"""Let the app in: the identity it has, and the roles that let it take its image and read its secrets.

With ``identity = "system"`` the app has its own, which is made with it (the section of the app). With ``identity = "user"`` one is
made here, before the app, so that everything can be granted in one round (reference 1.10 B).
"""

from __future__ import annotations

from wizard.platform.language import N_
from wizard.sections.section import Section

SECTION = Section(
    name="identity",
    title=N_("Let the app in"),
    azure_term="Managed identity, roles",
    why=N_("Your app needs the right to take its image and to read its secrets, without any password."),
)
