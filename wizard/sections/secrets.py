"""Secrets it reads: which of the vault's secrets the app refers to.

It has no steps of its own: the references are part of the app's one payload (`wizard.steps.app.payload`), and what differs in them
is told by the step of the first version, labelled with this section (`wizard.steps.app.differences`).
"""

from __future__ import annotations

from wizard.platform.language import N_
from wizard.sections.section import Explanation, Section

SECTION = Section(
    name="secrets",
    title=N_("Secrets it reads"),
    azure_term="Key Vault references",
    why=N_("Your app reads its passwords and keys from the key vault; Azure never shows them."),
    explanation=Explanation(
        what=N_(
            "Your app gets a reference to each secret of the vault, never the value itself. Azure fetches the values when a copy starts."
        ),
        cost=N_("Nothing extra."),
        article=N_("Adds each secret under Secrets as a Key Vault reference with the address <vault>/secrets/<name>."),
        portal=N_("Portal: your app › Settings › Secrets"),
    ),
)
