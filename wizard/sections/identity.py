"""Let the app in."""

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
    name="identity",
    title=N_("Let the app in"),
    azure_term="Managed identity, roles",
    why=N_("Your app needs the right to take its image and to read its secrets, without any password."),
    steps=steps,
    recover=recover,
)
