"""Secrets it reads: which of the vault's secrets the app refers to.

It has no steps of its own: the references are part of the app's one payload (`wizard.steps.app.payload`), and what differs in them
is told by the step of the first version, labelled with this section (`wizard.steps.app.differences`).
"""

from __future__ import annotations

from wizard.platform.language import N_
from wizard.sections.section import Section

SECTION = Section(
    name="secrets",
    title=N_("Secrets it reads"),
    azure_term="Key Vault references",
    why=N_("Your app reads its passwords and keys from the key vault; Azure never shows them."),
)
