"""Secrets it reads: which of the vault's secrets the app refers to.

It has no steps of its own: the references are part of the app's one payload (`wizard.steps.app.payload`), and what differs in them
is told by the step of the first version, labelled with this section (`wizard.steps.app.differences`).
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
    """None of its own, see above."""
    return []


async def recover(snapshot: Snapshot) -> dict[str, Any]:
    """The references follow from the variables that hold them."""
    return {}


async def leftovers(answers: Answers, snapshot: Snapshot) -> list[str]:
    """Secrets of the app that no variable of the answers holds: they are kept, whoever put them there."""
    from wizard.steps.app.payload import used_secrets

    app = await snapshot.app()
    configuration = app.properties.configuration if app and app.properties else None
    others = [str(it.name) for it in (configuration.secrets if configuration else None) or [] if it.name not in used_secrets(answers)]
    return [_("Your app also has the secret {name}, which no variable here holds: it is kept.").format(name=name) for name in others]


SECTION = Section(
    name="secrets",
    title=N_("Secrets it reads"),
    azure_term="Key Vault references",
    why=N_("Your app reads its passwords and keys from the key vault; Azure never shows them."),
    steps=steps,
    recover=recover,
    leftovers=leftovers,
)
