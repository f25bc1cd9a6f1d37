"""Secrets it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.language import N_

from .section import Section

if TYPE_CHECKING:
    from wizard.answers import Answers
    from wizard.snapshot import Snapshot
    from wizard.step import Step


def steps(answers: Answers) -> list[Step]:
    return []


async def recover(snapshot: Snapshot) -> dict[str, Any]:
    return {}


SECTION = Section(
    name="secrets",
    title=N_("Secrets it reads"),
    azure_term="Key Vault references",
    why=N_("Your app reads its passwords and keys from the key vault; Azure never shows them."),
    steps=steps,
    recover=recover,
)
